"""How well each sentence of the passages found answers, by itself and beside those that are quoted already.

By itself: .5 · (cosine − .55 · cosine to the bare topic) + .2 · share of the question that it and its heading cover
+ .1 · share of what is asked of the topic + 1.5 · its passage's score. Taking off the topic keeps out sentences that
only say the topic again. Where a known aspect of a topic that documents name is asked, .4 is taken off what does not
name it, nor its heading: in an answer on side effects, a sentence that is merely near ("treatment was mostly
symptomatic") is worse than none. (On BioASQ, whose snippets name no topics, it would cost .02 of ROUGE-2 recall.)

Beside others: what several sources say is worth more than what one says, and saying it twice adds nothing. Pairs of
neighbouring words stand for what is said, as in concept-based summarization (Gillick and Favre 2009, "A Scalable
Global Model for Summarization"); a pair weighs as much as the best sentences that hold it, one of each document. On
BioASQ (400 questions of the dev half) that lifts ROUGE-2 recall of three sentences from .479 to .501; the weights of
the sum were tried there too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, sqrt

import numpy as np

from chatbot.answering.asked import aspects_in
from chatbot.answering.aspects import sections_for
from chatbot.answering.context import is_row, lead_of
from chatbot.answering.gate import Terms
from chatbot.answering.readable import HAS_AMOUNT, is_statement
from chatbot.answering.studies import is_finding
from chatbot.domain import Kind, Passage, Sentence
from chatbot.evidence_tags import is_boxed_warning
from chatbot.index.reader import Index
from chatbot.retrieval import Floats, Hit

_COSINE, _COVERAGE, _ASKED, _PASSAGE = 0.5, 0.2, 0.1, 1.5
_ASPECT = (
    0.4  # of a topic's aspect ("side effects of sirolimus"): a sentence that is near but not on it answers nothing
)
_AGREEMENT, _SHARPNESS = 0.25, 4.0  # of what is said; a sentence .17 below the best counts half as a witness
_CONTRAST = 0.55  # of the cosine to the bare topic is taken off: what only says the topic again answers nothing
_OWN_SECTION = 0.15  # a label's section for what is asked, before sentences elsewhere that hold the word
_AMOUNT = 0.1  # where a dose is asked, of a sentence that has one
_FINDING = 0.5  # where a study is asked for by its name: what it found goes before why and how it was done
LAY = 0.15  # is taken off what a label says to patients in other words than to those who prescribe
LAY_ROLES = frozenset({"medication guide", "patient information", "patient counseling", "instructions for use"})
_SAME, _SAME_WORDS = 0.9, 0.7  # a repetition: this near, and this share of the words of one stand in the other


@dataclass(frozen=True, eq=False)
class Scored:
    """A sentence of a passage and how well it answers by itself.

    ``vector`` has length 1; ``words`` are the indexed ones, ``pairs`` those that are neighbours; ``boxed``: it is of a
    boxed warning that bears on the question; ``suits`` is what the reader adds to the score (``answering.suiting``).
    """

    passage: Passage
    sentence: Sentence
    score: float
    vector: Floats
    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    boxed: bool
    suits: float = 0.0

    def repeats(self, other: Scored) -> bool:
        """Whether it says what the other says. Nearness alone is not enough: two lists of side effects are near."""
        shared = len(self.words & other.words) / max(1, min(len(self.words), len(other.words)))
        return shared >= _SAME_WORDS and float(self.vector @ other.vector) > _SAME


class Agreement:
    """What the sentences say between them, and how much of it one of them would add."""

    def __init__(self, items: Sequence[Scored]) -> None:
        best = max((item.score for item in items), default=0.0)
        witnesses: dict[tuple[str, str], dict[str, float]] = {}
        for item in items:
            weight = exp(_SHARPNESS * (item.score - best))
            for pair in item.pairs:
                of = witnesses.setdefault(pair, {})
                of[item.passage.document.id] = max(of.get(item.passage.document.id, 0.0), weight)
        self._left = {pair: sum(of.values()) for pair, of in witnesses.items()}

    def with_new(self, item: Scored) -> float:
        """A sentence's score with what it would add, and how well it suits the reader."""
        new = sum(self._left[pair] for pair in item.pairs)
        return item.score + item.suits + _AGREEMENT * new / sqrt(1 + len(item.pairs))

    def take(self, item: Scored) -> None:
        """What a quoted sentence says is new no longer."""
        self._left.update(dict.fromkeys(item.pairs, 0.0))


def scored(index: Index, terms: Terms, hit: Hit) -> Iterator[Scored]:
    """The sentences of a passage that say something, in reading order.

    An item of a list shares in the score of the line that introduces it: "Pregnancy" answers what is contraindicated
    only below "Contraindicated in:". A row of a table says what its header says, too.
    """
    heading = frozenset(index.words.terms(hit.passage.section.heading))
    asked = terms.rest or None
    wants_findings = bool(terms.study) and hit.passage.document.kind is Kind.RESEARCH
    is_own = _is_own_section(terms, hit.passage)
    wants_amount = "dose" in terms.asked and (is_own or hit.passage.document.kind is not Kind.LABEL)
    own = _PASSAGE * hit.score + _OWN_SECTION * is_own
    own -= LAY * (hit.passage.section.role in LAY_ROLES)
    boxed = terms.on_use and is_boxed_warning(hit.passage)
    wanted = terms.asked if any(map(index.words.topic_frequency, terms.topic)) else frozenset()
    introduction: tuple[Sentence, float, frozenset[str]] | None = None
    for number, sentence in enumerate(hit.passage.sentences):
        text = hit.passage.quote(sentence)
        cosine = hit.sentence_scores[number] - _CONTRAST * hit.sentence_topics[number]
        said = index.words.terms(text)
        words = frozenset(said)
        if text.endswith(":"):
            introduction = sentence, cosine, words
        if not is_statement(text):
            continue
        known = words | heading
        if introduction is not None and introduction[0] in lead_of(hit.passage, sentence):
            cosine = max(cosine, (cosine + introduction[1]) / 2)
            known |= introduction[2]
        if is_row(hit.passage, sentence):
            known |= {
                term for span in lead_of(hit.passage, sentence) for term in index.words.terms(hit.passage.quote(span))
            }
        covered = _COVERAGE * terms.covered(known) + _ASKED * terms.covered(known, asked)
        if wanted and wanted.isdisjoint(aspects_in(index.words, known)):
            covered -= _ASPECT
        vector = hit.vectors[number + 1] / np.linalg.norm(hit.vectors[number + 1])
        pairs = frozenset(pairwise(said))
        if wants_findings and is_finding(hit.passage, sentence):
            covered += _FINDING
        amount = _AMOUNT if wants_amount and HAS_AMOUNT.search(text) else 0.0
        yield Scored(hit.passage, sentence, _COSINE * cosine + covered + own + amount, vector, words, pairs, boxed)


def _is_own_section(terms: Terms, passage: Passage) -> bool:
    """Whether a label's section is the one that is there to answer what is asked."""
    if passage.document.kind is not Kind.LABEL:
        return False
    return any(heading.search(passage.section.heading) for heading in sections_for(terms.rest))
