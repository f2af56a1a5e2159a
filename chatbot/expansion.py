"""Question → other words for what it names: what an abbreviation stands for, a drug's other names, a misspelt name.

What is added comes from the indexed documents alone, is searched for beside what was typed with less weight, and is
told (``Query.added``, ``chatbot search --json``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

WORD = re.compile(r"[^\W_]+(?:[-/+.'’][^\W_]+)*\+?")
_LONGEST_NAME = 6  # words of a question that may be a name together
_MOST_ADDED = 6  # more would be another question; those that stand first in it are kept
_SHORTEST_CORRECTED = 6  # letters; shorter names are one letter from too many others


class Why(StrEnum):
    """Why words were added."""

    ABBREVIATION = "abbreviation"
    DRUG_NAME = "drug name"
    SPELLING = "spelling"


@dataclass(frozen=True, slots=True)
class Added:
    """``words`` are searched for as well, because the question says ``typed``."""

    typed: str
    words: str
    why: Why


class Names(Protocol):
    """What an index knows of names."""

    def long_form(self, short: str) -> str:
        """What an abbreviation stands for in the indexed documents; empty where it is none or not clear."""

    def short_form(self, phrase: str) -> str:
        """The abbreviation of a phrase; empty where it has none or that stands for something else as well."""

    def other_names(self, phrase: str) -> Sequence[str]:
        """A drug's other names, generic before brand; none where the phrase names no drug."""

    def corrected(self, word: str) -> str:
        """The name of a topic that a word nobody uses is a misspelling of; empty where there is none near."""


def expand(question: str, names: Names) -> tuple[Added, ...]:
    """What to search for besides the question, in its order, at most six; nothing that the question says itself."""
    said = question.casefold()
    added: dict[str, Added] = {}
    for more in _found(question, names):
        key = more.words.casefold()
        if key not in said:
            added.setdefault(key, more)
    return tuple(added.values())[:_MOST_ADDED]


def with_added(question: str, added: Sequence[Added]) -> str:
    """The question with what is added in brackets behind it, as it is embedded."""
    if not added:
        return question
    return f"{question.rstrip(' .?')} ({'; '.join(more.words for more in added)})"


def _found(question: str, names: Names) -> Iterator[Added]:
    spans = [match.span() for match in WORD.finditer(question)]
    for first, (start, _) in enumerate(spans):
        for _, end in reversed(spans[first : first + _LONGEST_NAME]):
            typed = question[start:end]
            yield from (Added(typed, other, Why.DRUG_NAME) for other in names.other_names(typed))
            if short := names.short_form(typed):
                yield Added(typed, short, Why.ABBREVIATION)
        typed = question[slice(*spans[first])]
        if long := names.long_form(typed):
            yield Added(typed, long, Why.ABBREVIATION)
        elif len(typed) >= _SHORTEST_CORRECTED and typed.isalpha() and (name := names.corrected(typed)):
            yield Added(typed, name, Why.SPELLING)
