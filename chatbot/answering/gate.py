"""The gate: does anything found answer the question? Asked of each kind of evidence, on one scale.

The score is a logistic regression over how near the best passages and sentences are to the question, and how much of
the question's information (idf) their words cover. Its weights were fitted once (scripts/fit_gate.py prints them);
ranking by it transfers between corpora, thresholds do not, so the threshold is calibrated on each index
(chatbot.answering.calibration) and stored with it.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from math import exp, log

import numpy as np

from chatbot.domain import Kind
from chatbot.followup import Resolved
from chatbot.index.reader import Index
from chatbot.passages import topic_words
from chatbot.retrieval import Hit

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

    def covered(self, held: Set[str], terms: frozenset[str] | None = None) -> float:
        """The share of the information that ``held`` covers, 0 to 1; of nothing to cover, .5: it says nothing."""
        wanted = self.information if terms is None else {term: self.information[term] for term in terms}
        total = sum(wanted.values())
        return sum(weight for term, weight in wanted.items() if self._is_held(term, held)) / total if total else 0.5

    @property
    def rest(self) -> frozenset[str]:
        """What is asked of the topic."""
        return frozenset(self.information) - self.topic

    def on_topic(self, held: Set[str], about: Set[str]) -> bool:
        """Whether a passage may answer: it holds most of the topic and, where drugs are named, one of them.

        ``about`` are the words of what its document is about. A label must be that drug's own.
        """
        if self.drugs and not any(self._is_held(term, about) for term in self.drugs):
            return False
        return not self.topic or self.covered(held, self.topic) >= _ON_TOPIC

    def _is_held(self, term: str, held: Set[str]) -> bool:
        return term in held or not held.isdisjoint(self.same.get(term, ()))


def question_terms(index: Index, resolved: Resolved) -> Terms:
    """The words of a resolved question that carry information."""
    named = {term for word in resolved.about for term in index.words.terms(word)}
    information = {
        term: log((index.words.size + 1) / (index.words.document_frequency(term) + 0.5))
        for term in index.words.terms(resolved.text)
        if term not in index.words.filler_terms
    }
    topic = frozenset(named & information.keys())
    return Terms(information, topic, topic & index.words.drug_terms, index.words.same)


def on_topic(index: Index, terms: Terms, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that are on the question's topic, in their order: near words about another drug are no answer."""
    return [hit for hit in hits if terms.on_topic(index.words.held_terms(hit.passage), _about(index, hit))]


def _about(index: Index, hit: Hit) -> Set[str]:
    """What must name a drug that is asked for: a label's own topics; of other sources, anything the passage holds."""
    if hit.passage.document.kind is Kind.LABEL:
        return set(index.words.terms(topic_words(hit.passage.document.reference)))
    return index.words.held_terms(hit.passage)


def features(index: Index, terms: Terms, hits: Sequence[Hit]) -> tuple[float, ...]:
    """The values of ``FEATURES`` for the best passages of a kind, each between -1 and 1. No hits: zeros."""
    top = hits[:_LOOKED_AT]
    if not top:
        return (0.0,) * len(FEATURES)
    held = [index.words.held_terms(hit.passage) for hit in top]
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
