"""What an index knows of words: their frequency, what is a topic, what is a drug, what says the same."""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import cached_property

from chatbot.domain import Jurisdiction, Kind, Passage
from chatbot.embedding import Encoder
from chatbot.index.lexical import LexicalStore
from chatbot.index.rows import Subject
from chatbot.passages import headings, topic_words
from chatbot.words import ASPECTS, FILLERS, SAME_ASPECT

_PASSAGES_REMEMBERED = 20_000


class KnownWords:
    """The ``Vocabulary`` of one snapshot. "Words" are those of the lexical index: lower case, folded, stemmed."""

    def __init__(self, lexical: LexicalStore, subjects: Sequence[Subject], encoder: Encoder) -> None:
        self._lexical = lexical
        self._subjects = subjects
        self._encoder = encoder
        self._held: dict[str, frozenset[str]] = {}
        self._together: dict[tuple[str, tuple[str, ...], bool], bool] = {}

    @property
    def size(self) -> int:
        """Passages, about: those deleted lately may still count."""
        return self._lexical.size

    def terms(self, text: str) -> list[str]:
        """The words of a text as they are indexed, in order."""
        return self._lexical.terms(text)

    def document_frequency(self, term: str) -> int:
        """Passages that hold an indexed word."""
        return self._lexical.document_frequency(term)

    def held_terms(self, passage: Passage) -> frozenset[str]:
        """The indexed words of a passage, its headings, and what its document is about."""
        if passage.id not in self._held:
            if len(self._held) >= _PASSAGES_REMEMBERED:
                self._held.clear()
            text = f"{headings(passage)} {passage.text} {topic_words(passage.document.reference)}"
            self._held[passage.id] = frozenset(self.terms(text))
        return self._held[passage.id]

    def topic_frequency(self, term: str) -> int:
        """Passages whose document names an indexed word among its topics."""
        return self._lexical.topic_frequency(term)

    def together(self, term: str, topic: Sequence[str], *, named: bool) -> bool:
        """Whether a passage of a document on any of the topic words holds the word; ``named``: among its topics."""
        key = (term, tuple(topic), named)
        if key not in self._together:
            if len(self._together) >= _PASSAGES_REMEMBERED:
                self._together.clear()
            self._together[key] = self._lexical.together(term, topic, named=named)
        return self._together[key]

    @cached_property
    def same_drug(self) -> dict[str, frozenset[str]]:
        """Indexed word of a drug or brand name → the words of every name of that drug, from documents on one drug."""
        same: dict[str, frozenset[str]] = {}
        for subject in self._subjects:
            if len(subject.drugs) == 1 and subject.brands:
                names = frozenset(term for name in (*subject.drugs, *subject.brands) for term in self.terms(name))
                for term in names:
                    same[term] = same.get(term, frozenset()) | names
        return same

    @cached_property
    def topic_entries(self) -> frozenset[tuple[str, ...]]:
        """Every topic, drug and brand that a document names, as its indexed words; numbers left out."""
        named = {name for subject in self._subjects for name in (*subject.topics, *subject.drugs, *subject.brands)}
        return frozenset(tuple(term for term in self.terms(name) if not term.isdigit()) for name in named) - {()}

    @cached_property
    def has_topics(self) -> bool:
        """Whether any document names what it is about."""
        return any(s.titled or s.topics or s.drugs or s.brands for s in self._subjects)

    @cached_property
    def drug_names(self) -> frozenset[str]:
        """The indexed words that alone name a drug: its first word, unless that begins something else as well.

        "tenofovir" of "tenofovir disoproxil fumarate", but not "hepatitis" of "hepatitis B vaccine".
        """
        drugs = {name for subject in self._subjects for name in (*subject.drugs, *subject.brands)}
        entries = {tuple(self.terms(name)) for name in drugs} - {()}
        topics = {tuple(self.terms(name)) for subject in self._subjects for name in subject.topics} - {()}
        others = {topic[0] for topic in topics - entries} | {term for word in ASPECTS for term in self.terms(word)}
        return frozenset(entry[0] for entry in entries if len(entry) == 1 or entry[0] not in others)

    @cached_property
    def filler_terms(self) -> frozenset[str]:
        """The indexed words of talk."""
        return frozenset(term for word in FILLERS for term in self.terms(word))

    @cached_property
    def same(self) -> dict[str, frozenset[str]]:
        """Indexed word → the words that say the same: of an aspect, and the names of a drug."""
        same: dict[str, frozenset[str]] = {}
        for row in SAME_ASPECT:
            terms = frozenset(self.terms(row))
            for term in terms:
                same[term] = same.get(term, frozenset()) | terms
        return {**same, **self.same_drug}

    @cached_property
    def drugs(self) -> tuple[tuple[str, tuple[frozenset[str], ...]], ...]:
        """Every drug that documents are about, in the index's order, and of each of its names the indexed words.

        A brand names a drug where a document is about that drug alone.
        """
        names: dict[str, dict[str, None]] = {}
        for subject in self._subjects:
            for drug in subject.drugs:
                brands = subject.brands if len(subject.drugs) == 1 else ()
                names.setdefault(drug, {}).update(dict.fromkeys((drug, *brands)))
        words = ((drug, (frozenset(self.terms(name)) for name in of_drug)) for drug, of_drug in names.items())
        return tuple((drug, tuple(name for name in of_drug if name)) for drug, of_drug in words)

    @cached_property
    def _named_by(self) -> dict[str, tuple[tuple[int, str, frozenset[str]], ...]]:
        """Indexed word → (rank, drug, words) of the names in which it is the alphabetically first one."""
        found: dict[str, list[tuple[int, str, frozenset[str]]]] = {}
        for rank, (drug, names) in enumerate(self.drugs):
            for name in names:
                found.setdefault(min(name), []).append((rank, drug, name))
        return {term: tuple(entries) for term, entries in found.items()}

    def drugs_named(self, terms: Set[str]) -> list[str]:
        """The drugs of which the indexed words hold a whole name, generic or brand, in the index's order."""
        found = {(rank, drug) for term in terms for rank, drug, name in self._named_by.get(term, ()) if name <= terms}
        return [drug for _, drug in sorted(found)]

    @cached_property
    def labelled_drugs(self) -> dict[Jurisdiction, frozenset[str]]:
        """Jurisdiction → the drugs of its labels and of those that name none; no key where there is no such label."""
        labels = [subject for subject in self._subjects if subject.kind is Kind.LABEL]
        named: dict[Jurisdiction, frozenset[str]] = {}
        for jurisdiction in Jurisdiction:
            of_it = [label for label in labels if label.jurisdiction in {jurisdiction, None}]
            if of_it:
                named[jurisdiction] = frozenset(drug for label in of_it for drug in label.drugs)
        return named

    @cached_property
    def drug_terms(self) -> frozenset[str]:
        """The indexed words of every drug and brand name that a document is about."""
        names = {name for subject in self._subjects for name in (*subject.drugs, *subject.brands)}
        return frozenset(term for name in names for term in self.terms(name))

    def is_common(self, word: str) -> bool:
        """Whether the embedding model's vocabulary holds the word among its most frequent ones."""
        return self._encoder.is_common(word)
