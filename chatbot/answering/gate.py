"""The gate: does anything found answer the question? Asked of each kind of evidence, on one scale.

The score is a logistic regression over how near the best passages and sentences are to the question, and how much of
the question's information (idf) their words cover. Its weights were fitted once (scripts/fit_gate.py prints them);
ranking by it transfers between corpora, thresholds do not, so the threshold is calibrated on each index
(chatbot.answering.calibration) and stored with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np

from chatbot.domain import Kind
from chatbot.followup import Resolved
from chatbot.index.reader import Index
from chatbot.passages import headings, topic_words
from chatbot.retrieval import Hit
from chatbot.words import FILLERS, SAME_ASPECT

FEATURES = ("cosine", "sentence", "contrast", "coverage", "best coverage", "topic coverage", "rest coverage")
WEIGHTS = (4.12, 2.59, 0.25, 1.29, 1.79, 1.86, 1.97)
BIAS = -7.84
_LOOKED_AT = 5  # best passages
_ON_TOPIC = 0.5  # share of the topic's information that a passage must hold


@dataclass(frozen=True)
class Terms:
    """The indexed words of a question with their information in nats, and those of them that name its topic.

    ``drugs`` are the words of the topic that name drugs; ``same`` gives a drug's other names.
    """

    information: dict[str, float]
    topic: frozenset[str]
    drugs: frozenset[str]
    same: dict[str, frozenset[str]]

    def covered(self, held: set[str], terms: frozenset[str] | None = None) -> float:
        """The share of the information that ``held`` covers, 0 to 1; of nothing to cover, .5: it says nothing."""
        wanted = self.information if terms is None else {term: self.information[term] for term in terms}
        total = sum(wanted.values())
        return sum(weight for term, weight in wanted.items() if self._is_held(term, held)) / total if total else 0.5

    @property
    def rest(self) -> frozenset[str]:
        """What is asked of the topic."""
        return frozenset(self.information) - self.topic

    def on_topic(self, held: set[str], about: set[str]) -> bool:
        """Whether a passage may answer: it holds most of the topic and, where drugs are named, one of them.

        ``about`` are the words of what its document is about. A label must be that drug's own.
        """
        if self.drugs and not any(self._is_held(term, about) for term in self.drugs):
            return False
        return not self.topic or self.covered(held, self.topic) >= _ON_TOPIC

    def _is_held(self, term: str, held: set[str]) -> bool:
        return term in held or not held.isdisjoint(self.same.get(term, ()))


def question_terms(index: Index, resolved: Resolved) -> Terms:
    """The words of a resolved question that carry information."""
    fillers = {term for word in FILLERS for term in index.terms(word)}
    named = {term for word in (*resolved.topic, *resolved.carried) for term in index.terms(word)}
    information = {
        term: log((index.size + 1) / (index.document_frequency(term) + 0.5))
        for term in index.terms(resolved.text)
        if term not in fillers
    }
    topic = frozenset(named & information.keys())
    return Terms(information, topic, topic & index.drug_terms, {**_same_aspect(index), **index.same_drug})


def _same_aspect(index: Index) -> dict[str, frozenset[str]]:
    same: dict[str, frozenset[str]] = {}
    for row in SAME_ASPECT:
        terms = frozenset(index.terms(row))
        for term in terms:
            same[term] = same.get(term, frozenset()) | terms
    return same


def on_topic(index: Index, terms: Terms, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that are on the question's topic, in their order: near words about another drug are no answer."""
    return [hit for hit in hits if terms.on_topic(held_terms(index, hit), _about(index, hit))]


def _about(index: Index, hit: Hit) -> set[str]:
    """What must name a drug that is asked for: a label's own topics; of other sources, anything the passage holds."""
    if hit.passage.document.kind is Kind.LABEL:
        return set(index.terms(topic_words(hit.passage.document.reference)))
    return held_terms(index, hit)


def held_terms(index: Index, hit: Hit) -> set[str]:
    """The indexed words of a passage, its headings, and what its document is about."""
    passage = hit.passage
    text = f"{headings(passage)} {passage.text} {topic_words(passage.document.reference)}"
    return set(index.terms(text))


def features(index: Index, terms: Terms, hits: Sequence[Hit]) -> tuple[float, ...]:
    """The values of ``FEATURES`` for the best passages of a kind, each between -1 and 1. No hits: zeros."""
    top = hits[:_LOOKED_AT]
    if not top:
        return (0.0,) * len(FEATURES)
    held = [held_terms(index, hit) for hit in top]
    return (
        max(hit.cosine for hit in top),
        max(max(hit.sentence_scores) for hit in top),
        max(max(np.subtract(hit.sentence_scores, hit.sentence_topics)) for hit in top) if terms.topic else 0.2,
        max(terms.covered(words) for words in held),
        terms.covered(held[0]),
        max(terms.covered(words, terms.topic) for words in held),
        max(terms.covered(words, terms.rest) for words in held),
    )


def gate_score(values: Sequence[float]) -> float:
    """The probability that the passages answer, 0 to 1."""
    return 1 / (1 + exp(-(BIAS + sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True)))))
