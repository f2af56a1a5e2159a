"""The extractive composer: which sentences of the passages answer, in which order, under which sub-headings.

Sentence score = .7 · (cosine − .55 · cosine to the bare topic) + .3 · share of what is asked that it and its heading
cover + .5 · its passage's score. The sum is the one that was most often inside a gold snippet on BioASQ questions;
taking off the topic keeps out sentences that only say the topic again. Nothing is rewritten: a claim is a quote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chatbot.answering.gate import Terms
from chatbot.domain import Citation, Claim, Kind, Passage, Sentence
from chatbot.index.reader import Index
from chatbot.retrieval import Floats, Hit

_COSINE, _COVERAGE, _PASSAGE = 0.7, 0.3, 0.5
_CONTRAST = 0.55  # of the cosine to the bare topic is taken off: what only says the topic again answers nothing
_CLOSE_TO_BEST = 0.18  # a sentence this much below the best one answers something else
_SAFETY_CLOSE_TO_BEST = 0.45  # a boxed warning is worth reading even when it answers in other words
_SAME, _SAME_WORDS = 0.9, 0.7  # a repetition: this near, and this share of the words of one stand in the other
_PER_SOURCE = 2
_FEWEST_WORDS = 4
_BOXED = re.compile(r"\bboxed warnings?\b", re.IGNORECASE)
_GENERIC = re.compile(
    r"^(?:background|introduction|objectives?|methods?|results?|findings|conclusions?|discussion|summary)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Quote:
    """A sentence chosen, with the heading it is shown under."""

    passage: Passage
    sentence: Sentence
    heading: str
    score: float


@dataclass(frozen=True)
class _Scored:
    quote: Quote
    vector: Floats
    words: frozenset[str]
    boxed: bool

    def repeats(self, other: _Scored) -> bool:
        """Whether it says what the other says. Nearness alone is not enough: two lists of side effects are near."""
        shared = len(self.words & other.words) / max(1, min(len(self.words), len(other.words)))
        return shared >= _SAME_WORDS and float(self.vector @ other.vector) > _SAME


def choose(index: Index, terms: Terms, hits: Sequence[Hit], limit: int) -> list[Quote]:
    """At most ``limit`` sentences that answer: boxed warnings first, then by score, one heading after the other.

    At most two of one source unless it is the only one; none that repeats another. No hits: none.
    """
    scored = [sentence for hit in hits for sentence in _scored(index, terms, hit)]
    if not scored:
        return []
    scored.sort(key=lambda item: (-item.quote.score, item.quote.passage.id, item.quote.sentence.start))
    best = scored[0].quote.score
    sources = {item.quote.passage.document.id for item in scored if _is_close(item, best)}
    per_source = limit if len(sources) == 1 else _PER_SOURCE
    chosen: list[_Scored] = []
    for item in scored:
        if len(chosen) == limit:
            break
        same_source = sum(c.quote.passage.document.id == item.quote.passage.document.id for c in chosen)
        repeats = any(item.repeats(other) for other in chosen)
        if _is_close(item, best) and same_source < per_source and not repeats:
            chosen.append(item)
    return _in_order(chosen)


def cite(quotes: Sequence[Quote], citations: list[Citation]) -> tuple[Claim, ...]:
    """Claims for the quotes; appends their citations, numbered on from those already there, one per span."""
    claims = []
    for quote in quotes:
        citation = Citation(len(citations) + 1, quote.passage, quote.sentence.start, quote.sentence.end)
        citations.append(citation)
        claims.append(Claim(citation.quote, (citation.number,), quote.heading))
    return tuple(claims)


def is_boxed_warning(passage: Passage) -> bool:
    """Whether a passage stands in a label's boxed warning."""
    return passage.document.kind is Kind.LABEL and bool(_BOXED.search(passage.section.heading))


def _scored(index: Index, terms: Terms, hit: Hit) -> list[_Scored]:
    found = []
    heading = index.words.terms(hit.passage.section.heading)
    asked = terms.rest or None
    for number, sentence in enumerate(hit.passage.sentences):
        text = hit.passage.quote(sentence)
        if len(text.split()) < _FEWEST_WORDS or text.rstrip().endswith((":", "?")):
            continue  # lead-ins and questions say nothing by themselves
        words = frozenset(index.words.terms(text))
        covered = terms.covered(words.union(heading), asked)
        cosine = hit.sentence_scores[number] - _CONTRAST * hit.sentence_topics[number]
        score = _COSINE * cosine + _COVERAGE * covered + _PASSAGE * hit.score
        quote = Quote(hit.passage, sentence, _heading(hit.passage), score)
        vector = hit.vectors[number + 1]
        found.append(_Scored(quote, vector / np.linalg.norm(vector), words, is_boxed_warning(hit.passage)))
    return found


def _is_close(item: _Scored, best: float) -> bool:
    return item.quote.score >= best - (_SAFETY_CLOSE_TO_BEST if item.boxed else _CLOSE_TO_BEST)


def _in_order(chosen: list[_Scored]) -> list[Quote]:
    """Boxed warnings, then headings by their best sentence; within a heading of a source, as in the source."""
    ranks: dict[str, int] = {}
    for item in sorted(chosen, key=lambda item: not item.boxed):
        ranks.setdefault(item.quote.heading, len(ranks))
    documents: dict[str, int] = {}
    for item in chosen:
        documents.setdefault(item.quote.passage.document.id, len(documents))
    quotes = [item.quote for item in chosen]
    return sorted(quotes, key=lambda q: (ranks[q.heading], documents[q.passage.document.id], q.sentence.start))


def _heading(passage: Passage) -> str:
    heading = passage.section.heading.strip()
    return passage.document.reference.title if _GENERIC.match(heading) else heading
