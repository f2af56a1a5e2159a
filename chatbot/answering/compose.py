"""The extractive composer: which sentences are quoted, how many of them, in which order and under which sub-headings.

Nothing is rewritten: a claim is a quote, and what it cannot be read without is quoted before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot.answering.boxed import asks_boxed_warning
from chatbot.answering.context import lead_of
from chatbot.answering.gate import Terms
from chatbot.answering.ranking import Agreement, Scored, scored
from chatbot.answering.readable import HAS_AMOUNT, reads_alone
from chatbot.domain import Citation, Claim, Passage, Sentence
from chatbot.evidence_tags import is_boxed_warning
from chatbot.index.reader import Index
from chatbot.retrieval import Hit

WORDS_READ = 120
"""What is read in half a minute: 238 words a minute for English non-fiction (Brysbaert 2019,
doi:10.1016/j.jml.2019.104047), rounded."""

# How far below the best a sentence may be to be shown at once. On BioASQ (dev) every .05 more costs .01 of the share
# inside a gold snippet and brings .006 of ROUGE-2 recall.
_CLOSE_TO_BEST = 0.4
_RELATED = 0.6  # and to be folded away; what is further below answers something else
_BOXED_RELATED = 0.9  # what else a boxed warning says is worth reading even where it answers in other words
_PER_SOURCE = 3
_GENERIC = re.compile(
    r"^(?:background|introduction|objectives?|methods?|results?|findings|conclusions?|discussion|summary)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Quote:
    """A sentence chosen, the spans quoted before it, and the heading it is shown under."""

    passage: Passage
    sentence: Sentence
    heading: str
    score: float
    lead: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """What is shown, and what answers too but would make it longer than half a minute's reading. In reading order."""

    shown: tuple[Quote, ...] = ()
    more: tuple[Quote, ...] = ()


def choose(index: Index, terms: Terms, hits: Sequence[Hit], limit: int) -> Chosen:
    """At most ``limit`` sentences to show and as many to fold away, each the one that then adds most.

    What is shown has at most ``WORDS_READ`` words with its leads (more only where the best sentence alone has more)
    and at most three sentences of one source unless it is the only one. None repeats another, and each can be read as
    it is quoted. A boxed warning that bears on the question is shown first, with at least its first sentence; who asks
    for it is shown that of each of its sections, and nothing else. No hits: none.
    """
    items = [item for hit in hits for item in scored(index, terms, hit)]
    if "dose" in terms.asked and not any(HAS_AMOUNT.search(item.passage.quote(item.sentence)) for item in items):
        return Chosen()  # a dose is a number: "how is it dosed?" of a disease's guideline has no answer without one
    asks_boxed = asks_boxed_warning(index, terms)
    if asks_boxed:
        items = [item for item in items if item.boxed] or items
    opening = _opening(items, every_section=asks_boxed)
    opens_it = {id(item) for item, _ in opening}
    close = [pair for pair in _related_to_best(items) if id(pair[0]) not in opens_it]
    best = close[0][0].score if close else 0.0
    agreement = Agreement([item for item, _ in (*opening, *close)])
    per_source = limit if len({quote.passage.document.id for _, quote in close}) <= 1 else _PER_SOURCE
    taken: list[Scored] = []
    shown: list[Quote] = []
    more: list[Quote] = []
    left = WORDS_READ
    while (opening or close) and len(taken) < 2 * limit:
        opens = bool(opening)
        pairs = opening or close
        places = range(1 if opens else len(pairs))
        item, quote = pairs.pop(max(places, key=lambda place: agreement.with_new(pairs[place][0])))
        if any(item.repeats(other) for other in taken):
            continue
        same_source = sum(other.passage.document.id == quote.passage.document.id for other in shown)
        words = _words(quote)
        has_room = len(shown) < limit and same_source < per_source and (words <= left or not shown)
        if has_room and (opens or item.score >= best - _CLOSE_TO_BEST):
            shown.append(quote)
            left -= words
        elif len(more) < limit:
            more.append(quote)
        else:
            continue
        taken.append(item)
        agreement.take(item)
    return Chosen(_in_order(shown), _in_order(more))


def cite(quotes: Sequence[Quote], citations: list[Citation]) -> tuple[Claim, ...]:
    """Claims for the quotes; appends their citations, numbered on from those already there, one per span."""
    claims = []
    for quote in quotes:
        span = quote.sentence
        citation = Citation(len(citations) + 1, quote.passage, span.start, span.end, quote.lead)
        citations.append(citation)
        claims.append(Claim(citation.quote, (citation.number,), quote.heading, citation.leads))
    return tuple(claims)


def _related_to_best(items: list[Scored]) -> list[tuple[Scored, Quote]]:
    """Those that can be quoted and are near enough to the best of them to answer the same question, best first."""
    close: list[tuple[Scored, Quote]] = []
    for item in sorted(items, key=lambda item: (-item.score, item.passage.id, item.sentence.start)):
        distance = _BOXED_RELATED if item.boxed else _RELATED
        if not close or item.score >= close[0][0].score - distance:
            close += _quotable(item)
    return close


def _opening(items: list[Scored], *, every_section: bool) -> list[tuple[Scored, Quote]]:
    """The first sentence of a boxed warning that bears on the question: it says what the warning is about.

    ``every_section``: that of each of its sections. No such warning: none.
    """
    first: dict[object, tuple[Scored, Quote]] = {}
    for item in sorted((item for item in items if item.boxed), key=lambda item: item.sentence.start):
        place = item.passage.section if every_section else item.passage.document.id
        if place not in first:
            first.update((place, pair) for pair in _quotable(item))
    return list(first.values())[: None if every_section else 1]


def _quotable(item: Scored) -> list[tuple[Scored, Quote]]:
    """The sentence with what it cannot be read without; nothing where it cannot be read even so."""
    lead = lead_of(item.passage, item.sentence)
    if not reads_alone(item.passage, item.sentence, lead):
        return []
    return [(item, Quote(item.passage, item.sentence, _heading(item.passage), item.score, lead))]


def _words(quote: Quote) -> int:
    return sum(len(quote.passage.quote(span).split()) for span in (*quote.lead, quote.sentence))


def _in_order(chosen: list[Quote]) -> tuple[Quote, ...]:
    """Boxed warnings, then headings by their best sentence; within a heading of a source, as in the source.

    A quote that follows the very sentence it needs does not bring it again.
    """
    ranks: dict[str, int] = {}
    for quote in sorted(chosen, key=lambda quote: not is_boxed_warning(quote.passage)):
        ranks.setdefault(quote.heading, len(ranks))
    documents: dict[str, int] = {}
    for quote in chosen:
        documents.setdefault(quote.passage.document.id, len(documents))
    ordered = sorted(chosen, key=lambda q: (ranks[q.heading], documents[q.passage.document.id], q.sentence.start))
    return tuple(_after(quote, ordered[place - 1] if place else None) for place, quote in enumerate(ordered))


def _after(quote: Quote, previous: Quote | None) -> Quote:
    if previous is None or previous.passage.document.id != quote.passage.document.id:
        return quote
    return replace(quote, lead=()) if quote.lead and quote.lead[-1] == previous.sentence else quote


def _heading(passage: Passage) -> str:
    heading = passage.section.heading.strip()
    return passage.document.reference.title if _GENERIC.match(heading) else heading
