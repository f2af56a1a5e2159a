"""One question against the topic before it: which words set a topic, which refer back, what must be carried over."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatbot.vocabulary import Vocabulary
from chatbot.words import ASPECTS, BACK_REFERENCES, CONTRAST, FILLERS, IMPERSONAL, JOINED

WORD = re.compile(r"[^\W_](?:[\w'’/-]*[^\W_])?")
_ABBREVIATION = 4  # unseen words up to this long may be abbreviations of anything ("LFTs"): they set no topic
_CONTRASTED = 2  # "and X?" with more topic words than this is a question of its own
_LONGEST_TOPIC = 8
_STRAYING = 2  # a single unknown detail ("biopsy?") is asked of the topic


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


class AskedQuestion:
    """One question against the topic before it."""

    def __init__(self, question: str, topic: tuple[str, ...], before: str, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._topic = topic
        self._before = before
        self._topic_terms = [term for word in topic for term in vocabulary.terms(word)]
        self._text = question
        whole = _named_whole(question, vocabulary)
        self.words = [self._classify(match, whole) for match in WORD.finditer(question)]
        self.own = [word for word in self.words if word.strong]
        self._foreign = self._other_topics()
        self._is_contrast = bool(re.match(CONTRAST, question, re.IGNORECASE)) and len(self._foreign) <= _CONTRASTED

    @property
    def refers_back(self) -> bool:
        """Whether a pronoun stands for something said before.

        One with no topic word ahead of it to stand for, or one that the question puts beside its topic ("with it").
        """
        if re.search(IMPERSONAL, self._text, re.IGNORECASE):
            return False
        first = min((word.start for word in self.own if word.named), default=len(self._text))
        for before, word in zip([None, *self.words], self.words, strict=False):
            if word.text.lower() not in BACK_REFERENCES:
                continue
            if word.start < first or (before is not None and before.text.lower() in JOINED):
                return True
        return False

    @property
    def carried(self) -> tuple[str, ...]:
        """The words of the topic that the question needs from before."""
        terms = {term for word in self.words for term in word.terms}
        missing = tuple(word for word in self._topic if not set(self._vocabulary.terms(word)) & terms)
        if self.refers_back:
            return missing
        if self._foreign:
            if self._is_contrast:
                return self._contrasted(missing)
            return missing if all(self._is_joined(word) for word in self._foreign) else ()
        names_the_topic = len(missing) < len(self._topic)
        return () if names_the_topic or self._strays else missing

    @property
    def _strays(self) -> bool:
        """Whether it asks of details only, none of which the topic's passages hold ("the capital of France")."""
        asked = [word for word in self.words if word.terms and word.text.lower() not in FILLERS | BACK_REFERENCES]
        if len(asked) < _STRAYING or any(word.strong or word.text.lower() in ASPECTS for word in asked):
            return False
        return not any(self._is_detail(word.terms) for word in asked)

    @property
    def topic_after(self) -> tuple[str, ...]:
        """What the conversation is about once this is asked."""
        own = tuple(dict.fromkeys(word.text for word in self.own))
        if not self._topic:
            return own
        if not self._foreign:
            return self._topic
        replaced = self._is_contrast and any(word.drug for word in self._foreign)
        carried = self.carried
        if carried and not replaced:
            return self._topic
        return tuple(dict.fromkeys([*own, *(word for word in carried if word in self._topic)]))

    def _contrasted(self, missing: tuple[str, ...]) -> tuple[str, ...]:
        """ "And X?": the last question again with X; a drug takes the place of the drugs before it."""
        if not any(word.drug for word in self._foreign):
            return missing
        kept = [word for word in missing if not set(self._vocabulary.terms(word)) & self._vocabulary.drug_terms]
        previous = AskedQuestion(self._before, (), "", self._vocabulary)
        skip = {word.lower() for word in (*self._topic, *(own.text for own in self.own))}
        details = [
            word.text
            for word in previous.words
            if word.terms and word.text.lower() not in FILLERS | BACK_REFERENCES | skip and not word.drug
        ]
        return tuple(dict.fromkeys([*kept, *details]))

    def _other_topics(self) -> list[Word]:
        """The topic words that do not belong to the topic at hand; neighbours of one that does ("muscle aches") do."""
        going_on = [self._continues(word) for word in self.own]
        foreign = []
        for number, word in enumerate(self.own):
            beside = [
                other
                for other in (number - 1, number + 1)
                if 0 <= other < len(self.own) and self._text[slice(*_between(word, self.own[other]))].isspace()
            ]
            alone = word.drug or word.whole or not any(going_on[other] for other in beside)
            if not going_on[number] and alone:
                foreign.append(word)
        return foreign

    def _continues(self, word: Word) -> bool:
        """Whether a topic word belongs to the topic at hand rather than to another one."""
        if not self._topic_terms:
            return False
        if set(word.terms) <= set(self._topic_terms):
            return True
        named = word.drug or word.whole
        return any(self._vocabulary.together(term, self._topic_terms, named=named) for term in word.terms)

    def _is_joined(self, word: Word) -> bool:
        before = [other.text.lower() for other in self.words if other.start < word.start]
        return bool(JOINED & set(before[-3:])) and not any(
            other.start < word.start and not self._is_joined(other) for other in self.own
        )

    def _classify(self, match: re.Match[str], whole: frozenset[str]) -> Word:
        text = match.group()
        lower = text.lower()
        terms = tuple(self._vocabulary.terms(text))
        is_whole = bool(terms) and whole.issuperset(terms)
        plain = lower in FILLERS or lower in BACK_REFERENCES or lower in ASPECTS or lower.isdigit()
        if not terms or plain or len(lower) < 2:
            return Word(text, match.start(), terms, strong=False, named=False, drug=False, whole=False)
        drug = any(term in self._vocabulary.drug_terms for term in terms)
        known = any(self._vocabulary.topic_frequency(term) for term in terms)
        rare = not self._vocabulary.is_common(lower)
        unseen = all(not self._vocabulary.document_frequency(term) for term in terms)
        abbreviation = bool(self._topic) and len(lower) <= _ABBREVIATION
        strange = rare and (not abbreviation if unseen else not self._is_detail(terms))
        named = drug or known
        return Word(text, match.start(), terms, named or strange, named, drug, is_whole)

    def _is_detail(self, terms: tuple[str, ...]) -> bool:
        """Whether a word that names no topic is at home in the topic at hand, or there is none."""
        if not self._topic_terms:
            return True
        return any(self._vocabulary.together(term, self._topic_terms, named=False) for term in terms)


def _between(one: Word, other: Word) -> tuple[int, int]:
    first, second = sorted((one, other), key=lambda word: word.start)
    return first.start + len(first.text), second.start


def _named_whole(question: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The words of the topics, drugs and brands that a question names in full."""
    terms = [term for term in vocabulary.terms(question) if not term.isdigit()]
    spans = (terms[i:j] for i in range(len(terms)) for j in range(i + 1, min(i + _LONGEST_TOPIC, len(terms)) + 1))
    return frozenset(term for span in spans if tuple(span) in vocabulary.topic_entries for term in span)
