"""What an index knows of words: their frequency, what is a topic, what is a drug, what says the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from chatbot.domain import Passage, Reference
from chatbot.embedding import Encoder
from chatbot.index.lexical import LexicalStore
from chatbot.passages import headings, topic_words
from chatbot.words import FILLERS, SAME_ASPECT

_PASSAGES_REMEMBERED = 20_000


class KnownWords:
    """The ``Vocabulary`` of one snapshot. "Words" are those of the lexical index: lower case, folded, stemmed."""

    def __init__(self, lexical: LexicalStore, references: Sequence[Reference], encoder: Encoder) -> None:
        self._lexical = lexical
        self._references = references
        self._encoder = encoder
        self._held: dict[str, frozenset[str]] = {}

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
        return self._lexical.together(term, topic, named=named)

    @cached_property
    def same_drug(self) -> dict[str, frozenset[str]]:
        """Indexed word of a drug or brand name → the words of every name of that drug, from documents on one drug."""
        same: dict[str, frozenset[str]] = {}
        for reference in self._references:
            if len(reference.drugs) == 1 and reference.brands:
                names = frozenset(term for name in (*reference.drugs, *reference.brands) for term in self.terms(name))
                for term in names:
                    same[term] = same.get(term, frozenset()) | names
        return same

    @cached_property
    def topic_entries(self) -> frozenset[tuple[str, ...]]:
        """Every topic, drug and brand that a document names, as its indexed words; numbers left out."""
        named = {
            name for reference in self._references for name in (*reference.topics, *reference.drugs, *reference.brands)
        }
        return frozenset(tuple(term for term in self.terms(name) if not term.isdigit()) for name in named) - {()}

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
    def drug_terms(self) -> frozenset[str]:
        """The indexed words of every drug and brand name that a document is about."""
        names = {name for reference in self._references for name in (*reference.drugs, *reference.brands)}
        return frozenset(term for name in names for term in self.terms(name))

    def is_common(self, word: str) -> bool:
        """Whether the embedding model's vocabulary holds the word among its most frequent ones."""
        return self._encoder.is_common(word)
