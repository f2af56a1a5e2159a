"""What an answer card says against what the question is answered now, section by section, in lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chatbot.answer_record import AnswerRecord, SectionRecord, documents_of, record_of
from chatbot.articles import SECTION_TITLES
from chatbot.bibliography import left_out_line
from chatbot.domain import Answer, Claim
from chatbot.takeaway.card import AnswerCard
from chatbot.takeaway.paper import one_line

_SEEN = 0.0005  # of a score: less is not seen with the three decimals that are shown, and may be a processor's rounding


@dataclass(frozen=True, slots=True)
class _Side:
    """An answer as it is compared: what stands in it, and which document each of its citations is of."""

    record: AnswerRecord
    documents: dict[str, str]

    def sections(self) -> dict[str, SectionRecord]:
        """By title, in the order of the answer."""
        return {_title(section): section for section in self.record.sections}

    def sources(self, claim: Claim) -> set[str]:
        """The ids of the documents that a claim cites."""
        cited = (c for c in self.record.citations if c.number in claim.citations)
        return {self.documents.get(citation.passage.document, "") for citation in cited}


def answer_lines(card: AnswerCard, answer: Answer) -> Iterator[str]:
    """What differs in how the question is read and answered; nothing where nothing does."""
    then = _Side(card.answer, {document.hash: document.id for document in card.documents})
    now = _Side(record_of(answer), {key: document.id for key, document in documents_of(answer).items()})
    for what, old, new in (
        ("It is read as", then.record.resolved, now.record.resolved),
        ("It says", then.record.notice, now.record.notice),
    ):
        if old != new:
            yield f"{what} “{one_line(new)}” now; it was “{one_line(old)}”."
    if then.record.choices != now.record.choices:
        yield "It offers other questions to choose from."
    before, after = then.sections(), now.sections()
    for title in dict.fromkeys((*before, *after)):
        yield from _section_lines(title, before.get(title), after.get(title), then, now)


def _section_lines(
    title: str, old: SectionRecord | None, new: SectionRecord | None, then: _Side, now: _Side
) -> Iterator[str]:
    if old is None or new is None:
        yield f"“{title}” is {'not there any more' if new is None else 'a section that was not there'}."
        return
    if old.withheld != new.withheld:
        yield f"“{title}” {'does not answer any more' if new.withheld else 'answers now, and did not'}."
    if old.reason != new.reason:
        yield f"“{title}” says “{one_line(new.reason)}” now; it said “{one_line(old.reason)}”."
    yield from _claim_lines(title, old, new, then, now)
    if abs(old.score - new.score) >= _SEEN:
        yield f"“{title}” scores {new.score:.3f} now; it scored {old.score:.3f}."
    for reference in new.left_out:
        if reference.id not in {left.id for left in old.left_out}:
            yield f"“{title}”: {left_out_line(reference)}"


def _claim_lines(title: str, old: SectionRecord, new: SectionRecord, then: _Side, now: _Side) -> Iterator[str]:
    before, after = _claims(old), _claims(new)
    for words in (words for words in before if words not in after):
        yield f"“{title}” does not say any more: “{words}”"
    for words in (words for words in after if words not in before):
        yield f"“{title}” says now, and did not: “{words}”"
    both = [words for words in before if words in after]
    for words in both:
        if then.sources(before[words]) != now.sources(after[words]):
            yield f"“{title}” has other sources for: “{words}”"
    shown = {words for words, claim in before.items() if claim in old.claims}
    for words in both:
        if (words in shown) != (after[words] in new.claims):
            yield f"“{title}” {'folds away now' if words in shown else 'shows at once now'}: “{words}”"
    if both != [words for words in after if words in before]:
        yield f"“{title}” says it in another order."


def _claims(section: SectionRecord) -> dict[str, Claim]:
    """The claims, shown and folded away, by their words with what leads to them."""
    return {one_line(" … ".join((*claim.lead, claim.text))): claim for claim in (*section.claims, *section.more)}


def _title(section: SectionRecord) -> str:
    return SECTION_TITLES.get((section.kind, section.jurisdiction), SECTION_TITLES[section.kind, None])
