"""What is known of words: the port between reading questions and the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Vocabulary(Protocol):
    """What the resolver asks of an index about words, all stemmed as indexed."""

    @property
    def size(self) -> int:
        """Passages."""

    @property
    def has_topics(self) -> bool:
        """Whether documents name what they are about at all (by a title, a topic or a drug)."""

    @property
    def drug_terms(self) -> frozenset[str]:
        """Words of the drug and brand names of the indexed documents."""

    @property
    def drug_names(self) -> frozenset[str]:
        """Words that alone name a drug: the first of its name, unless that begins something else ("hepatitis")."""

    @property
    def same_drug(self) -> Mapping[str, frozenset[str]]:
        """A word of a drug's name → the words of all its names."""

    @property
    def topic_entries(self) -> frozenset[tuple[str, ...]]:
        """Every topic, drug and brand that a document names, as its words; numbers left out."""

    def terms(self, text: str) -> list[str]:
        """Indexed words of a text."""

    def document_frequency(self, term: str) -> int:
        """Passages with the word."""

    def topic_frequency(self, term: str) -> int:
        """Passages whose document names the word among its topics."""

    def together(self, term: str, topic: Sequence[str], *, named: bool) -> bool:
        """Whether a passage on the topic holds the word; ``named``: whether its document names it as a topic too."""

    def is_common(self, word: str) -> bool:
        """Whether it is an everyday word of the language."""
