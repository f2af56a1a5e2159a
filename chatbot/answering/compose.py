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
from chatbot.answering.suiting import is_kept, suited
from chatbot.audience import Audience
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
_FREE_CLAIMS, _FREE_WORDS = 2, 60  # for another reader than a clinician: a quarter of a minute at the most
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


_Pair = tuple[Scored, Quote]


@dataclass(frozen=True)
class Chosen:
    """What is shown, and what answers too but would make it longer than half a minute's reading. In reading order."""

    shown: tuple[Quote, ...] = ()
    more: tuple[Quote, ...] = ()


def choose(
    index: Index, terms: Terms, hits: Sequence[Hit], limit: int, audience: Audience = Audience.CLINICIAN
) -> Chosen:
    """At most ``limit`` sentences to show and as many to fold away, each the one that then adds most.

    What is shown has at most ``WORDS_READ`` words with its leads (more only where the best sentence alone has more)
    and at most three sentences of one source unless it is the only one. None repeats another, and each can be read as
    it is quoted. A boxed warning that bears on the question is shown first, with at least its first sentence; who asks
    for it is shown that of each of its sections, and nothing else. No hits: none.

    That is what a clinician is shown. Another reader is shown first whatever of it ``is_kept`` for everybody, then
    what suits them among the rest: two sentences or 60 words more where that leaves no room. The others are folded
    away. Whether there is anything is the same for all.
    """
    items = [item for hit in hits for item in scored(index, terms, hit)]
    if "dose" in terms.asked and not any(HAS_AMOUNT.search(item.passage.quote(item.sentence)) for item in items):
        return Chosen()  # a dose is a number: "how is it dosed?" of a disease's guideline has no answer without one
    asks_boxed = asks_boxed_warning(index, terms)
    if asks_boxed:
        items = [item for item in items if item.boxed] or items
    opening = _opening(items, every_section=asks_boxed)
    usual = _select(opening, _besides(opening, items), _Room(limit, WORDS_READ, limit))
    if audience is Audience.CLINICIAN:
        return Chosen(_in_order(usual.shown), _in_order(usual.more))
    return _for_reader(usual, suited(index.words, items, audience), limit)


def _for_reader(usual: _Selection, items: list[Scored], limit: int) -> Chosen:
    """What another reader is shown, given what a clinician is."""
    of_span = {(item.passage.id, item.sentence): item for item in items}
    order = _in_order(usual.shown)
    places = {(quote.passage.id, quote.sentence): place for place, quote in enumerate(order)}
    shown = sorted(usual.shown, key=lambda quote: places[quote.passage.id, quote.sentence])
    kept = [(of_span[q.passage.id, q.sentence], q) for q in shown if is_kept(q.passage, q.sentence, q.lead)]
    left = WORDS_READ - sum(_words(quote) for _, quote in kept)
    room = _Room(max(limit - len(kept), _FREE_CLAIMS), max(left, _FREE_WORDS), limit, forced=True)
    chosen = _select(list(kept), _besides(kept, items), room)
    held = {(quote.passage.id, quote.sentence) for quote in chosen.shown}
    folded = [quote for quote in shown if (quote.passage.id, quote.sentence) not in held]
    known = held | {(quote.passage.id, quote.sentence) for quote in folded}
    folded += [quote for quote in chosen.more if (quote.passage.id, quote.sentence) not in known]
    return Chosen(_in_order(chosen.shown, usual.shown), _in_order(folded[:limit]))


def cite(quotes: Sequence[Quote], citations: list[Citation]) -> tuple[Claim, ...]:
    """Claims for the quotes; appends their citations, numbered on from those already there, one per span."""
    claims = []
    for quote in quotes:
        span = quote.sentence
        citation = Citation(len(citations) + 1, quote.passage, span.start, span.end, quote.lead)
        citations.append(citation)
        claims.append(Claim(citation.quote, (citation.number,), quote.heading, citation.leads))
    return tuple(claims)


@dataclass(frozen=True)
class _Room:
    """How many quotes and words may be shown, and how many quotes folded away.

    ``forced``: what opens is shown whatever room it takes, and takes none of this.
    """

    quotes: int
    words: int
    folded: int
    forced: bool = False


@dataclass(frozen=True)
class _Selection:
    """Quotes in the order in which they were chosen."""

    shown: list[Quote]
    more: list[Quote]


def _select(opening: list[_Pair], close: list[_Pair], room: _Room) -> _Selection:
    """Takes what opens, then ever the sentence that adds most to what was taken, until nothing is left or no room."""
    best = close[0][0].score if close else 0.0
    agreement = Agreement([item for item, _ in (*opening, *close)])
    per_source = room.quotes if len({quote.passage.document.id for _, quote in close}) <= 1 else _PER_SOURCE
    free = 0 if not room.forced else len(opening)
    taken: list[Scored] = []
    shown: list[Quote] = []
    more: list[Quote] = []
    left = room.words
    while (opening or close) and len(shown) - free + len(more) < room.quotes + room.folded:
        opens = bool(opening)
        pairs = opening or close
        places = range(1 if opens else len(pairs))
        item, quote = pairs.pop(max(places, key=lambda place: agreement.with_new(pairs[place][0])))
        if any(item.repeats(other) for other in taken) and not (opens and room.forced):
            continue
        same_source = sum(other.passage.document.id == quote.passage.document.id for other in shown[free:])
        words = _words(quote)
        has_room = len(shown) - free < room.quotes and same_source < per_source and (words <= left or not shown)
        if opens and room.forced:
            shown.append(quote)
        elif has_room and (opens or item.score >= best - _CLOSE_TO_BEST):
            shown.append(quote)
            left -= words
        elif len(more) < room.folded:
            more.append(quote)
        else:
            continue
        taken.append(item)
        agreement.take(item)
    return _Selection(shown, more)


def _besides(opening: Sequence[_Pair], items: list[Scored]) -> list[_Pair]:
    """What is related to the best sentence and does not open."""
    opens_it = {(item.passage.id, item.sentence) for item, _ in opening}
    return [pair for pair in _related_to_best(items) if (pair[0].passage.id, pair[0].sentence) not in opens_it]


def _related_to_best(items: list[Scored]) -> list[_Pair]:
    """Those that can be quoted and are near enough to the best of them to answer the same question, best first."""
    close: list[_Pair] = []
    for item in sorted(items, key=lambda item: (-item.score, item.passage.id, item.sentence.start)):
        distance = _BOXED_RELATED if item.boxed else _RELATED
        if not close or item.score >= close[0][0].score - distance:
            close += _quotable(item)
    return close


def _opening(items: list[Scored], *, every_section: bool) -> list[_Pair]:
    """The first sentence of a boxed warning that bears on the question: it says what the warning is about.

    ``every_section``: that of each of its sections. No such warning: none.
    """
    first: dict[object, _Pair] = {}
    for item in sorted((item for item in items if item.boxed), key=lambda item: item.sentence.start):
        place = item.passage.section if every_section else item.passage.document.id
        if place not in first:
            first.update((place, pair) for pair in _quotable(item))
    return list(first.values())[: None if every_section else 1]


def _quotable(item: Scored) -> list[_Pair]:
    """The sentence with what it cannot be read without; nothing where it cannot be read even so."""
    lead = lead_of(item.passage, item.sentence)
    if not reads_alone(item.passage, item.sentence, lead):
        return []
    return [(item, Quote(item.passage, item.sentence, _heading(item.passage), item.score, lead))]


def _words(quote: Quote) -> int:
    return sum(len(quote.passage.quote(span).split()) for span in (*quote.lead, quote.sentence))


def _in_order(chosen: list[Quote], before: Sequence[Quote] = ()) -> tuple[Quote, ...]:
    """Boxed warnings, then headings by their best sentence; within a heading of a source, as in the source.

    A quote that follows the very sentence it needs does not bring it again. Sources come as they were chosen, those of
    ``before`` first.
    """
    ranks: dict[str, int] = {}
    for quote in sorted(chosen, key=lambda quote: not is_boxed_warning(quote.passage)):
        ranks.setdefault(quote.heading, len(ranks))
    documents: dict[str, int] = {}
    for quote in (*before, *chosen):
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
