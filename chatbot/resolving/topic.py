"""What a conversation is about: the names it has been given, each as it was written."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot.vocabulary import Vocabulary
from chatbot.words import GENERIC, OF_CONDITIONS, OF_DRUGS, QUALIFIERS

if TYPE_CHECKING:
    from chatbot.resolving.asked import AskedQuestion, Word

_WITHIN_A_NAME = re.compile(r"[\s,()/&-]*(?:(?:and|or|of|the|a|an|with|in|after)\b[\s,()/&-]*)?", re.IGNORECASE)
_NUMBER = re.compile(
    r"[\s,]*(?:type[\s,]+)?(?:\d{1,2}[a-z]?|[IVX]{1,4}|[A-E]|[b-e])\b(?![\w%]|\s*(?:mg|kg|ml|mcg|years?)\b)"
)
_OF_A_STATE = re.compile(r"\s+of (?:the )?(?:pregnancy|newborns?|infancy|childhood|prematurity)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """A thing that is talked about, as it was written, and its words; ``known``: no mere guess."""

    text: str
    words: tuple[str, ...]
    drug: bool
    known: bool = True


@dataclass(frozen=True, slots=True)
class Topic:
    """The names, in the order they were written."""

    names: tuple[Name, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for name in self.names for word in name.words))

    @property
    def drugs(self) -> tuple[Name, ...]:
        return tuple(name for name in self.names if name.drug)

    @property
    def conditions(self) -> tuple[Name, ...]:
        """Whatever is no drug."""
        return tuple(name for name in self.names if not name.drug)

    @property
    def is_known(self) -> bool:
        """Whether any of it is more than what a question seemed to be about."""
        return any(name.known for name in self.names)

    def terms(self, vocabulary: Vocabulary) -> frozenset[str]:
        """Its indexed words."""
        return frozenset(term for word in self.words for term in vocabulary.terms(word))

    def telling(self, vocabulary: Vocabulary) -> list[str]:
        """Its indexed words that say which topic it is: not "disease", letters or numbers, if there are others."""
        words = [word for word in self.words if word.lower() not in GENERIC]
        telling = {t for word in words for t in vocabulary.terms(word) if len(t) > 1 and not t.isdigit()}
        return sorted(telling or self.terms(vocabulary))

    def without(self, terms: Set[str], vocabulary: Vocabulary) -> Topic:
        """What is left of it when words are already said; a name is kept with the words that are not."""
        kept = []
        for name in self.names:
            missing = tuple(word for word in name.words if not set(vocabulary.terms(word)) <= terms)
            if len(missing) == len(name.words):
                kept.append(name)
            elif any(word.lower() not in QUALIFIERS for word in missing):  # of "acute pain", "acute" says nothing
                kept.append(Name(" ".join(missing), missing, name.drug, name.known))
        return Topic(tuple(kept))

    def shares(self, terms: Set[str], vocabulary: Vocabulary) -> int:
        """How many telling words it has among ``terms``."""
        return len(terms & set(self.telling(vocabulary)))


NO_TOPIC = Topic()


def topic_of(asked: AskedQuestion, words: Sequence[Word] | None = None) -> Topic:
    """The topic that a question's own words (or some of them) name: neighbours of one sort are one name.

    A qualifier before a name ("chronic pain") or within it, and a number behind it ("type II"), belong to it.
    """
    own = [word for word in asked.words if word.strong] if words is None else list(words)
    groups: list[list[Word]] = []
    for word in own:
        if groups and groups[-1][-1].drug == word.drug and _is_within(asked, groups[-1][-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    names = [_name(asked, group) for group in groups if not all(word.lower in GENERIC for word in group)]
    return Topic(tuple({name.text.lower(): name for name in names}.values()))


def subject_of(asked: AskedQuestion) -> Topic:
    """The topic without what a question only puts beside it: of "viagra with nitrates", viagra."""
    own = [word for word in asked.words if word.strong]
    beside = [word for word in own if asked.is_with(word)]
    return topic_of(asked, [word for word in own if word not in beside]) if len(beside) < len(own) else topic_of(asked)


def _is_within(asked: AskedQuestion, one: Word, other: Word) -> bool:
    between = asked.text[one.end : other.start]
    if one.drug:
        return not between.strip(" ()")  # "sirolimus and everolimus" are two
    inner = [word for word in asked.words if one.end <= word.start < other.start and word.is_content]
    if sum(word.lower not in QUALIFIERS for word in inner) > 1 or any(
        word.lower in OF_DRUGS | OF_CONDITIONS for word in inner
    ):
        return False
    for word in inner:  # "glycogen storage disease"
        between = between.replace(word.text, "")
    return bool(_WITHIN_A_NAME.fullmatch(between)) or between == "."


def _name(asked: AskedQuestion, group: Sequence[Word]) -> Name:
    start, end = group[0].start, group[-1].end
    ahead = [word for word in asked.words if word.end <= start]
    while ahead and ahead[-1].lower in QUALIFIERS and asked.text[ahead[-1].end : start].isspace() and not group[0].drug:
        start = ahead.pop().start
    while ahead and ahead[-1].lower.isdigit() and asked.text[ahead[-1].end : start] in {",", "-", "."}:
        start = ahead.pop().start  # "48,XXYY syndrome"
    if not group[-1].drug:
        number = _NUMBER.match(asked.text, end)
        end = number.end() if number else end
        state = _OF_A_STATE.match(asked.text, end)
        end = state.end() if state else end
    inside = asked.text[start:end]
    if inside.count("(") > inside.count(")") and asked.text[end : end + 1] == ")":
        end += 1
    words = tuple(word.text for word in asked.words if start <= word.start < end and word.terms)
    return Name(asked.text[start:end], words, group[0].drug, not all(word.guessed for word in group))
