"""The words of one question against a topic: which set a topic, which belong to the one at hand, which refer back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import log

from chatbot.resolving.naming import WORD, named_whole, names_drug, telling
from chatbot.resolving.topic import NO_TOPIC, Topic
from chatbot.vocabulary import Vocabulary
from chatbot.words import (
    ASPECTS,
    BACK_REFERENCES,
    BESIDE,
    DISEASE_ENDINGS,
    DRUG_ENDINGS,
    FILLERS,
    GENERIC,
    IMPERSONAL,
    JOINED,
    MODIFIERS,
    PERSONS,
    QUALIFIERS,
    VERBS,
)

POINTS_BACK = (
    r"\b(?:this|that|these|those|the same) "
    r"(?:condition|disease|disorder|syndrome|illness|problem|drug|medicine|medication|agent|treatment|therapy)s?\b"
)
_ABBREVIATION = 4  # unseen words up to this long may be abbreviations of anything ("LFTs"): they set no topic
_STRAYING = 2  # a single unknown detail ("biopsy?") is asked of the topic
_TELLING = 2.0  # nats of information that make a word part of a topic, and …
_INTRODUCING = 3.5  # … that make it introduce one, where documents name no topics; both from prototypes
_TAKEN_WITH = re.compile(r"(?:\b(?:with|plus)|\+)\s*(?:an? |the )?$", re.IGNORECASE)
_OF_A_DISEASE = re.compile(r"(?:['’]s)?\s+(?:disease|syndrome|disorder|fever|virus|infection)s?\b", re.IGNORECASE)
_SHORTEST_WORD = 3  # shorter ones are units and numbers
_SHORTEST_STEM = 7  # shorter words end like a drug or a disease by chance ("april")
_MODIFIERS = frozenset(word for row in MODIFIERS for word in row.split())
_SENTENCE_LIKE = r"\b(?:is|are|was|do|does|did|can|should|to|of|for|in|on|the|an?|be|i|we|you|they|he|she)\b"
_SOUGHT = frozenset("which what any".split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question and what the index knows of it."""

    text: str
    start: int
    terms: tuple[str, ...]
    strong: bool  # sets a topic: named by the index, or rare and unknown to it
    named: bool
    drug: bool
    whole: bool  # is, or is part of, a topic that the question names whole
    guessed: bool = False  # sets a topic for its rarity alone, where nothing better does

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def is_content(self) -> bool:
        """Whether it says anything: neither talk, nor a pronoun, nor a stop word."""
        return bool(self.terms) and self.lower not in FILLERS | BACK_REFERENCES

    @property
    def is_aspect(self) -> bool:
        """Whether it asks for something, rather than says in which circumstances."""
        return self.lower in ASPECTS and self.lower not in _MODIFIERS


class AskedQuestion:
    """One question against the topic before it (none: the empty one)."""

    def __init__(self, text: str, vocabulary: Vocabulary, topic: Topic = NO_TOPIC) -> None:
        self.text = text
        self.topic = topic
        self._vocabulary = vocabulary
        self._near = topic.telling(vocabulary)
        self.topic_terms = topic.terms(vocabulary)
        whole = named_whole(text, vocabulary)
        matches = list(WORD.finditer(text))
        self._asks_aspect = any(match.group().lower() in ASPECTS for match in matches)
        self.words = tuple(
            self._classify(match, before.group().lower() if before else "", whole)
            for before, match in zip([None, *matches], matches, strict=False)
        )
        if not topic.names and not any(word.strong for word in self.words):
            self.words = tuple(replace(word, strong=self._tells(word), guessed=True) for word in self.words)
        self.own = tuple(word for word in self.words if word.strong and word.lower not in GENERIC)
        self.foreign = self._other_topics()
        if not self.has_verb and not any(
            word.named or word.whole or word.guessed or self.is_unseen(word) for word in self.foreign
        ):
            self.foreign = ()  # "any excess of noncardiac deaths": rare words alone are asked of the topic
        self.terms = frozenset(term for word in self.words for term in word.terms)

    @property
    def drugs(self) -> tuple[Word, ...]:
        """The topic words of its own that name drugs."""
        return tuple(word for word in self.own if word.drug)

    @property
    def content(self) -> tuple[Word, ...]:
        return tuple(word for word in self.words if word.is_content)

    @property
    def aspects(self) -> frozenset[str]:
        """The aspects it asks for."""
        return frozenset(word.lower for word in self.words if word.is_aspect)

    @property
    def refers_back(self) -> bool:
        """Whether a pronoun stands for something said before.

        One with no topic word ahead of it to stand for, or one that the question puts beside its topic ("with it");
        or a determiner with a word for any topic ("this disease"). Persons are no topics: "he", "her" do not count.
        """
        if re.search(POINTS_BACK, self.text, re.IGNORECASE):
            return True
        if re.search(IMPERSONAL, self.text, re.IGNORECASE):
            return False
        first = min((word.start for word in self.own if word.named or word.drug), default=len(self.text))
        for before, word, after in zip([None, *self.words], self.words, [*self.words[1:], None], strict=False):
            if word.lower not in BACK_REFERENCES - PERSONS:
                continue
            if after is not None and after in self.own and word.lower in {"this", "that", "these", "those"}:
                continue  # "those tics" names what it points at
            if word.start < first or (before is not None and before.lower in BESIDE):
                return True
        return False

    @property
    def strays(self) -> bool:
        """Whether it asks of details only, none of which the topic's passages hold ("the capital of France")."""
        asked = self.content
        if len(asked) < _STRAYING or any(word.strong or word.lower in ASPECTS for word in asked):
            return False
        return not any(self.is_at_home(word) for word in asked)

    @property
    def is_fragment(self) -> bool:
        """Whether it only names things or circumstances ("atorvastatin?", "and in children under 40 kg")."""
        classes = {word.start - 1 for word in self.words if word.drug}  # the "alpha" of "alpha blockers" names it too
        asked = [word for word in self.content if not word.strong and word.end not in classes]
        return not self.has_verb and all(
            word.lower in _MODIFIERS | QUALIFIERS or word.lower.isdigit() or len(word.text) < _SHORTEST_WORD
            for word in asked
        )

    @property
    def has_verb(self) -> bool:
        """Whether it holds a word that makes a question of it."""
        return not VERBS.isdisjoint(word.lower for word in self.words)

    @property
    def is_telegraphic(self) -> bool:
        """Whether it does without articles, prepositions and verbs ("how often HIV test?")."""
        return not re.search(_SENTENCE_LIKE, self.text, re.IGNORECASE)

    def is_joined(self, word: Word) -> bool:
        """Whether a topic word is put beside what is asked of ("with lithium"), every one before it too."""
        before = [other.lower for other in self.words if other.start < word.start]
        if before and before[0] == "and":  # opens a contrast
            before = before[1:]
        return bool(JOINED & set(before[-3:])) and all(
            self.is_joined(other) for other in self.own if other.start < word.start
        )

    def is_with(self, word: Word) -> bool:
        """Whether a drug is one that another one is taken with: of "X with Y", Y."""
        others = any(other.drug and other.start < word.start for other in self.own)
        return word.drug and others and bool(_TAKEN_WITH.search(self.text[: word.start]))

    def is_unseen(self, word: Word) -> bool:
        """Whether no passage holds the word."""
        return not any(self._vocabulary.document_frequency(term) for term in word.terms)

    def is_at_home(self, word: Word, *, named: bool = False) -> bool:
        """Whether a passage on the topic holds the word; without a topic everything is at home."""
        if not self._near:
            return not self.topic.names
        return any(self._vocabulary.together(term, self._near, named=named) for term in telling(word.terms))

    def _other_topics(self) -> tuple[Word, ...]:
        """The topic words that do not belong to the topic at hand; neighbours of one that does ("muscle aches") do."""
        going_on = [self._continues(word) for word in self.own]
        foreign = []
        for number, word in enumerate(self.own):
            beside = [
                other
                for other in (number - 1, number + 1)
                if 0 <= other < len(self.own) and self._between(word, self.own[other]).isspace()
            ]
            alone = word.drug or word.whole or not any(going_on[other] for other in beside)
            if not going_on[number] and alone:
                foreign.append(word)
        return tuple(foreign)

    def _continues(self, word: Word) -> bool:
        """Whether a topic word is one of the topic at hand, or a detail of it.

        A drug, or a topic that the question names whole, is a topic of its own even where a document names both.
        """
        if set(telling(word.terms)) <= self.topic_terms:
            return True
        return not (word.drug or word.whole) and self.is_at_home(word)

    def _between(self, one: Word, other: Word) -> str:
        first, second = sorted((one, other), key=lambda word: word.start)
        return self.text[first.end : second.start]

    def _classify(self, match: re.Match[str], before: str, whole: frozenset[str]) -> Word:
        text = match.group()
        lower = text.lower()
        terms = tuple(self._vocabulary.terms(text))
        told = telling(terms)
        is_whole = bool(told) and whole.issuperset(told)
        plain = lower in FILLERS or lower in BACK_REFERENCES or lower in ASPECTS or lower.isdigit()
        if not told or plain:
            return Word(text, match.start(), terms, strong=False, named=False, drug=False, whole=False)
        unseen = all(not self._vocabulary.document_frequency(term) for term in told)
        drug = names_drug(lower, told, self._vocabulary)
        named = drug or any(self._vocabulary.topic_frequency(term) for term in told)
        guessed = not (named or unseen or self._vocabulary.has_topics) and self._rarity(told) >= _INTRODUCING
        strange = self._is_unseen_topic(text, match.start(), before) if unseen else self._is_strange(lower, told)
        return Word(text, match.start(), terms, named or strange or guessed, named, drug, is_whole, guessed)

    def _tells(self, word: Word) -> bool:
        """Whether a word can stand for a topic where none is named: it tells passages apart, and asks nothing."""
        return (
            word.is_content
            and word.lower not in ASPECTS
            and not word.lower.isdigit()
            and self._rarity(word.terms) >= _TELLING
        )

    def _rarity(self, terms: tuple[str, ...]) -> float:
        """The information (idf, in nats) of the rarest of some words."""
        size = self._vocabulary.size + 1
        return max((log(size / (self._vocabulary.document_frequency(term) + 0.5)) for term in terms), default=0.0)

    def _is_strange(self, lower: str, terms: tuple[str, ...]) -> bool:
        """Whether a word that names no topic is rare in the language and not at home in the topic at hand."""
        if self._vocabulary.is_common(lower):
            return False
        return bool(self._near) and not any(self._vocabulary.together(term, self._near, named=False) for term in terms)

    def _is_unseen_topic(self, text: str, start: int, before: str) -> bool:
        """Whether a word that the index has never seen is what the question is about.

        What a drug or a disease is called like, or a name in capitals, is. A word that is sought rather than given
        ("which biosimilars"), a short abbreviation, or a bare word ("biosimilars?") is asked of the topic.
        """
        lower = text.lower()
        if self._vocabulary.is_common(lower):
            return False
        if not self.topic.names or (len(lower) >= _SHORTEST_STEM and lower.endswith((*DRUG_ENDINGS, *DISEASE_ENDINGS))):
            return True
        if _OF_A_DISEASE.match(self.text, start + len(text)):
            return True  # "Lyme disease"
        if len(lower) <= _ABBREVIATION or before in _SOUGHT:
            return False
        is_name = start > 0 and text[0].isupper()
        return is_name or self._asks_aspect
