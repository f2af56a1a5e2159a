"""The gate: does anything found answer the question? Asked of each kind of evidence, on one scale.

The score is a logistic regression over how near the best passages are to the question, how much of the question's
information (idf) they cover, and whether a heading names what is asked. Its weights, none below zero, were fitted once
on development halves (scripts/fit_gate.py prints them); ranking by it transfers between corpora, thresholds do not, so
the threshold is calibrated on each index (chatbot.answering.calibration) and stored with it.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from math import exp, log

from chatbot.answering.asked import asked_of, headed, is_of_use
from chatbot.answering.studies import study_named
from chatbot.domain import Kind
from chatbot.followup import Resolved
from chatbot.index.reader import Index
from chatbot.passages import topic_words
from chatbot.retrieval import Hit
from chatbot.words import DRUG_ENDINGS

FEATURES = (
    "cosine",  # of the best passage
    "coverage",  # share of the question's information that one passage, with its headings, holds
    "score",  # the best passage's score of the search, in which sentences and BM25 have a part
    "cosine × coverage",  # near and about the same words, in one passage
    "aspect",  # coverage by what stands under a heading that names what is asked; 0: none does, .5: cannot be told
)
WEIGHTS = (3.07, 2.54, 6.37, 1.68, 0.56)
BIAS = -7.70
_NOTHING = (0.0,) * len(FEATURES)
_WHOLE = 0.999
_OWN_SECTION = 0.9
"""Of a label that holds the whole question under the heading that is there to answer it: however far its telegraphic
words are from a question's, there is no better place to look ("side effects?" of a disease that one drug treats).
Looked for in all that is found: a whole label has a hundred passages that name the drug oftener."""
_LOOKED_AT = 5  # best passages
_HEADINGS_LOOKED_AT = 12
_ON_TOPIC = 0.5  # share of the topic's information that a passage must hold


@dataclass(frozen=True)
class Terms:
    """The indexed words of a question with their information in nats, and those of them that name its topic.

    ``drugs`` are the words of the topic that name drugs; ``same`` gives a drug's other names; ``unseen`` are the words
    of the topic that the index does not hold; ``own`` are those of the topic that the question itself names, not
    carried over from before; ``asked`` are the aspects that it asks for; ``on_use``: it is about using a drug, or its
    safety; ``study`` is what may be the name of a study that it asks for.
    """

    information: dict[str, float]
    topic: frozenset[str]
    drugs: frozenset[str]
    same: dict[str, frozenset[str]]
    unseen: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    on_use: bool = False
    study: str = ""

    def covered(self, held: Set[str], terms: frozenset[str] | None = None) -> float:
        """The share of the information that ``held`` covers, 0 to 1; of nothing to cover, .5: it says nothing."""
        wanted = self.information if terms is None else {term: self.information[term] for term in terms}
        total = sum(wanted.values())
        return sum(weight for term, weight in wanted.items() if self._is_held(term, held)) / total if total else 0.5

    @property
    def rest(self) -> frozenset[str]:
        """What is asked of the topic."""
        return frozenset(self.information) - self.topic

    @property
    def is_unknown(self) -> bool:
        """Whether the index does not hold what is named: no word of its own topic, or not the drug asked for.

        Another drug's dose is the most dangerous answer there is, so a word that ends like a drug's name and that the
        index has never seen decides alone, unless the question names a drug that is indexed beside it.
        """
        drug = any(term.endswith(_DRUG_STEMS) for term in self.unseen)
        return (drug and not self.drugs) or bool(self.own and self.own <= self.unseen)

    def on_topic(self, held: Set[str], about: Set[str]) -> bool:
        """Whether a passage holds most of the topic and, where drugs are named, one of them."""
        return self.names_a_drug(about) and (not self.topic or self.covered(held, self.topic) >= _ON_TOPIC)

    def names_a_drug(self, about: Set[str]) -> bool:
        """Whether ``about``, the words of what a passage is about, name a drug that is asked for, if any is."""
        return not self.drugs or any(self._is_held(term, about) for term in self.drugs)

    def _is_held(self, term: str, held: Set[str]) -> bool:
        return term in held or not held.isdisjoint(self.same.get(term, ()))


_DRUG_STEMS = tuple({end.removesuffix("e") for end in DRUG_ENDINGS if len(end) > 3} | {"mab", "nib", "vir"})
"""Endings of drug names as the index stems them; of the shorter ones those that no everyday word ends on."""


def question_terms(index: Index, resolved: Resolved) -> Terms:
    """The words of a resolved question that carry information."""
    words = index.words
    named = {term for word in resolved.about for term in words.terms(word)}
    information = {
        term: log((words.size + 1) / (words.document_frequency(term) + 0.5))
        for term in words.terms(resolved.text)
        if term not in words.filler_terms
    }
    topic = frozenset(named & information.keys())
    unseen = frozenset(term for term in topic if not words.document_frequency(term))
    asked = asked_of(words, resolved.text, topic)
    carried = {term for word in resolved.carried for term in words.terms(word)}
    on_use = is_of_use(words, resolved.text, asked)
    return Terms(
        information,
        topic,
        topic & words.drug_terms,
        words.same,
        unseen,
        topic - carried,
        asked,
        on_use,
        study_named(resolved.text),
    )


@dataclass(frozen=True)
class Judgement:
    """The hits that may be quoted, best first, the values of ``FEATURES``, and the score they make, 0 to 1.

    ``is_on_topic``: the hits hold the topic; else there are none that do, and the others may be near all the same.
    """

    hits: tuple[Hit, ...]
    values: tuple[float, ...]
    score: float
    is_on_topic: bool = False


def judge(index: Index, terms: Terms, kind: Kind, hits: Sequence[Hit]) -> Judgement:
    """Which hits of a kind may answer, and how likely they do. None that may: score 0.

    A label must be that of a drug that is named; where none is, it must be on the topic. Of other sources every passage
    that names the drug counts for the score, because a topic guessed wrongly must not refuse what is near (MTRAG-UN:
    AUROC .85 with passages on the topic only, .87 with all). Quoted are those on the topic, if there are any.
    """
    if terms.is_unknown:
        return Judgement((), _NOTHING, 0.0)
    near = on_topic(index, terms, hits)
    needs_topic = kind is Kind.LABEL and not terms.drugs
    allowed = near if needs_topic else [hit for hit in hits if terms.names_a_drug(_about(index, hit))]
    if not allowed:
        return Judgement((), _NOTHING, 0.0)
    values = features(index, terms, allowed)
    score = gate_score(values)
    if kind is Kind.LABEL and terms.asked and _aspect(index, terms, allowed) > _WHOLE:
        score = max(score, _OWN_SECTION)
    return Judgement(tuple(near or allowed), values, score, bool(near))


def on_topic(index: Index, terms: Terms, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that are on the question's topic, in their order: near words about another drug are no answer."""
    return [hit for hit in hits if terms.on_topic(index.words.held_terms(hit.passage), _about(index, hit))]


def is_headed(index: Index, terms: Terms, hit: Hit) -> bool:
    """Whether a passage stands under a heading that names what is asked."""
    return not terms.asked.isdisjoint(headed(index.words, hit.passage)) if terms.asked else False


def _about(index: Index, hit: Hit) -> Set[str]:
    """What must name a drug that is asked for: a label's own topics; of other sources, anything the passage holds."""
    if hit.passage.document.kind is Kind.LABEL:
        return set(index.words.terms(topic_words(hit.passage.document.reference)))
    return index.words.held_terms(hit.passage)


def features(index: Index, terms: Terms, hits: Sequence[Hit]) -> tuple[float, ...]:
    """The values of ``FEATURES`` for the best passages of a kind, each between -1 and 1. No hits: zeros."""
    top = hits[:_LOOKED_AT]
    if not top:
        return _NOTHING
    coverage = [terms.covered(_held(index, hit)) for hit in top]
    return (
        max(hit.cosine for hit in top),
        max(coverage),
        top[0].score,
        max(hit.cosine * share for hit, share in zip(top, coverage, strict=True)),
        _aspect(index, terms, hits[:_HEADINGS_LOOKED_AT]),
    )


def gate_score(values: Sequence[float]) -> float:
    """The probability that the passages answer, 0 to 1."""
    return 1 / (1 + exp(-(BIAS + sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True)))))


def _aspect(index: Index, terms: Terms, hits: Sequence[Hit]) -> float:
    """How much of the question the passages hold whose heading, on the topic, names what is asked.

    0 where headings name other things, .5 where nothing known is asked or no heading tells.
    """
    near = [hit for hit in hits if not terms.topic or terms.covered(_held(index, hit), terms.topic) >= _ON_TOPIC]
    named = [(hit, aspects) for hit in near if (aspects := headed(index.words, hit.passage))]
    if not terms.asked or not named:
        return 0.5
    return max((terms.covered(_held(index, hit)) for hit, aspects in named if aspects & terms.asked), default=0.0)


def _held(index: Index, hit: Hit) -> frozenset[str]:
    return index.words.held_terms(hit.passage)
