"""An answer card, checked again: does every source still say it, and is the question still answered alike?

Each difference is a line that a person can read. What explains differences without being one, such as an index that has
grown, is told apart from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot import __version__
from chatbot.bibliography import identifier, standing_lines, written_date
from chatbot.domain import Document, Reference
from chatbot.settings import Settings
from chatbot.takeaway.card import AnswerCard, DocumentRecord, QuoteRecord
from chatbot.takeaway.carding import index_record
from chatbot.takeaway.comparing import answer_lines
from chatbot.takeaway.paper import one_line
from chatbot.wishes import Wishes

if TYPE_CHECKING:
    from chatbot.index.reader import Index
    from chatbot.pipeline import Chatbot

_SHOWN = 90  # characters of a quote in a line about it


@dataclass(frozen=True, slots=True)
class Checked:
    """What differs, as lines: of the quotes, of the sources, of the answer. ``notes`` explain and are no difference.

    ``stand`` counts the quotes that stand where they stood.
    """

    stand: int
    quotes: tuple[str, ...]
    sources: tuple[str, ...]
    answer: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether anything that the card says is different now."""
        return bool(self.quotes or self.sources or self.answer)


def settings_of(card: AnswerCard, settings: Settings) -> Settings:
    """The settings in force with those of the card for what is found and said."""
    return settings.model_copy(update={"answer": card.settings.answer, "retrieval": card.settings.retrieval})


def check(card: AnswerCard, chatbot: Chatbot) -> Checked:
    """What differs between a card and what the chatbot's index holds and answers now.

    The question is asked again after the same turns, for the same reader; ``chatbot`` should have ``settings_of`` the
    card. Raises IndexUnavailable and QuestionError.
    """
    index = chatbot.index
    held = {document.id: index.document(document.id) for document in card.documents}
    cited = {quote.document for quote in card.quotes}
    sources = [
        line
        for document in card.documents
        if document.id in cited
        for line in _source_lines(document, held[document.id])
    ]
    quotes = [list(_quote_lines(quote, card, held[quote.document])) for quote in card.quotes]
    return Checked(
        quotes.count([]),
        tuple(line for lines in quotes for line in lines),
        tuple(sources),
        tuple(_answer_lines(card, chatbot)),
        tuple(_notes(card, index, held)),
    )


def _quote_lines(quote: QuoteRecord, card: AnswerCard, document: Document | None) -> Iterator[str]:
    """Nothing where the quote and its lead stand where they stood, in a source that may be quoted."""
    name = f"[{quote.number}] “{_shortened(quote.text)}”"
    source = _source_name(next(d.reference for d in card.documents if d.id == quote.document))
    if document is None:
        yield f"{name}: {source} is not in the index any more."
        return
    if not document.reference.is_quotable:
        notices = ", ".join(words for _, words in standing_lines(document.reference))
        yield f"{name}: {source} may not be quoted any more ({notices})."
    spans = (
        (quote.start, quote.end, quote.text, ""),
        *((p.start, p.end, p.text, "What leads to ") for p in quote.lead),
    )
    for start, end, text, what in spans:
        if line := _place_line(document.text, text, start, end):
            yield f"{what}{name}: {source} {line}"


def _place_line(text: str, quote: str, start: int, end: int) -> str:
    """What a source does instead of having a quote at its place; empty where it has it there."""
    if text[start:end] == quote:
        return ""
    if places := list(_places(text, quote)):
        nearest = min(places, key=lambda place: abs(place - start))
        return f"says it elsewhere now, at character {nearest:,} instead of {start:,}."
    if one_line(quote) in one_line(text):
        return "says it with other spacing or line breaks now."
    return "was changed and does not say it any more."


def _places(text: str, quote: str) -> Iterator[int]:
    place = text.find(quote) if quote else -1
    while place >= 0:
        yield place
        place = text.find(quote, place + 1)


def _source_lines(then: DocumentRecord, now: Document | None) -> Iterator[str]:
    """What a reader must know of a source that has become another: its version, its date, its standing, who it is."""
    if now is None:
        return
    before, after = then.reference, now.reference
    name = _source_name(before)
    if one_line(before.title) != one_line(after.title):
        yield f"{name} is called “{one_line(after.title)}” now."
    for what, old, new in (
        ("version", before.version, after.version),
        ("date", written_date(before.date), written_date(after.date)),
        ("identifier", identifier(before), identifier(after)),
        ("review status", before.status.value, after.status.value),
    ):
        if old != new:
            yield f"{name}: its {what} is {new or 'not given'} now; it was {old or 'not given'}."
    old_lines = {words for _, words in standing_lines(before)}
    for _, words in standing_lines(after):
        if words not in old_lines:
            yield f"{name}: {words}, which the card does not say."


def _answer_lines(card: AnswerCard, chatbot: Chatbot) -> Iterator[str]:
    if card.asked.article is None:
        wishes = Wishes(card.asked.audience, card.asked.as_typed)
        now = chatbot.ask(card.answer.question, card.conversation, wishes)
    else:
        found = chatbot.article(card.asked.article)
        if found is None:
            yield f"The article “{one_line(card.answer.question)}” is not in the index any more."
            return
        now = found
    yield from answer_lines(card, now)


def _notes(card: AnswerCard, index: Index, held: dict[str, Document | None]) -> Iterator[str]:
    now = index_record(index)
    if card.index.holds != now.holds:
        yield (
            f"The index holds other documents than when the card was made ({now.documents:,} now, "
            f"{card.index.documents:,} then)."
        )
    if card.index.built != now.built:
        names = [name for name in now.built if now.built[name] != card.index.built.get(name)]
        yield f"The index was built otherwise than the card's: other {', '.join(names) or 'rules'}."
    if card.index.gate != now.gate:
        yield "What counts as an answer was measured anew on this index."
    if card.software != __version__:
        yield f"This is version {__version__} of the software; the card was made by {one_line(card.software)[:40]}."
    for document in card.documents:
        found = held[document.id]
        if found is not None and found.text_hash != document.text_sha256:
            yield f"The text of {_source_name(document.reference)} has changed since, be it elsewhere."
    if not card.asked.again:
        yield "When the card was made, the question was not answered alike any more: the index had changed meanwhile."


def _source_name(reference: Reference) -> str:
    number = identifier(reference)
    return f"“{_shortened(reference.title.rstrip('.'))}”{f' ({number})' if number else ''}"


def _shortened(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN].rstrip()} …"
