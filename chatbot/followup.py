"""A follow-up and its conversation → the question it stands for, without a language model.

Words are told apart by what the index knows of them. A *topic word* stands in the title, topics, drugs or brands of
some document, or is a rare word that the index has never seen; *aspect words* (dose, pregnancy …) can be asked of
anything; the rest are details. A question without a topic word of its own, or that refers back, carries over the topic
of the latest turn that set one, and nothing more; a question with one lets go of the old topic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import log

from chatbot.domain import Conversation
from chatbot.vocabulary import Vocabulary
from chatbot.words import ASPECTS, BACK_REFERENCES, CONTRAST, FILLERS, IMPERSONAL, JOINED, SHORTHAND

_WORD = re.compile(r"[^\W_](?:[\w'’/-]*[^\W_])?")
_ANSWER_WORDS = 2
_ABBREVIATION = 4  # unseen words up to this long may be abbreviations of anything ("LFTs"): they set no topic
_CONTRASTED = 2  # "and X?" with more topic words than this is a question of its own
_LONGEST_TOPIC = 8

# Weights of the readings of a follow-up, tuned on rule-derived follow-ups over 16,407 documents (findings: R4).
_TYPED, _RESOLVED, _ANSWERED = 0.3, 0.4, 0.3


@dataclass(frozen=True, slots=True)
class Reading:
    """A text to search for and its share of the score."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Resolved:
    """A follow-up as it is understood: ``text`` stands alone, ``carried`` are the words taken from before.

    ``readings`` are what is searched for; ``topic`` is what the conversation is about once this is asked.
    """

    text: str
    carried: tuple[str, ...]
    topic: tuple[str, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    terms: tuple[str, ...]
    strong: bool  # sets a topic: named by the index, or rare and unknown to it
    named: bool
    drug: bool
    whole: bool  # is, or is part of, a topic that the question names whole


def resolve(question: str, conversation: Conversation, vocabulary: Vocabulary) -> Resolved:
    """What the question stands for after the conversation; without one it is itself, shorthand spelled out."""
    topic: tuple[str, ...] = ()
    before = ""
    for turn in conversation.turns:
        said = _spell_out(turn.question)
        topic = _Question(said, topic, before, vocabulary).topic_after
        before = said
    text = _spell_out(question)
    asked = _Question(text, topic, before, vocabulary)
    carried = asked.carried
    if not carried:
        return Resolved(text, (), asked.topic_after, (Reading(text, 1.0),))
    resolved = _insert(text, carried, asked.refers_back)
    answer = conversation.turns[-1].answer
    expanded = " ".join([resolved, *_answer_words(answer, resolved, vocabulary)])
    readings = (Reading(text, _TYPED), Reading(resolved, _RESOLVED), Reading(expanded, _ANSWERED))
    return Resolved(resolved, carried, asked.topic_after, readings)


class _Question:
    """One question against the topic before it."""

    def __init__(self, question: str, topic: tuple[str, ...], before: str, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._topic = topic
        self._before = before
        self._topic_terms = [term for word in topic for term in vocabulary.terms(word)]
        self._text = question
        whole = _named_whole(question, vocabulary)
        self.words = [self._classify(match, whole) for match in _WORD.finditer(question)]
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
        return () if names_the_topic else missing

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
        previous = _Question(self._before, (), "", self._vocabulary)
        skip = {word.lower() for word in (*self._topic, *(own.text for own in self.own))}
        details = [
            word.text
            for word in previous.words
            if word.terms and word.text.lower() not in FILLERS | BACK_REFERENCES | skip and not word.drug
        ]
        return tuple(dict.fromkeys([*kept, *details]))

    def _other_topics(self) -> list[_Word]:
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

    def _continues(self, word: _Word) -> bool:
        """Whether a topic word belongs to the topic at hand rather than to another one."""
        if not self._topic_terms:
            return False
        if set(word.terms) <= set(self._topic_terms):
            return True
        named = word.drug or word.whole
        return any(self._vocabulary.together(term, self._topic_terms, named=named) for term in word.terms)

    def _is_joined(self, word: _Word) -> bool:
        before = [other.text.lower() for other in self.words if other.start < word.start]
        return bool(JOINED & set(before[-3:])) and not any(
            other.start < word.start and not self._is_joined(other) for other in self.own
        )

    def _classify(self, match: re.Match[str], whole: frozenset[str]) -> _Word:
        text = match.group()
        lower = text.lower()
        terms = tuple(self._vocabulary.terms(text))
        is_whole = bool(terms) and whole.issuperset(terms)
        plain = lower in FILLERS or lower in BACK_REFERENCES or lower in ASPECTS or lower.isdigit()
        if not terms or plain or len(lower) < 2:
            return _Word(text, match.start(), terms, strong=False, named=False, drug=False, whole=False)
        drug = any(term in self._vocabulary.drug_terms for term in terms)
        known = any(self._vocabulary.topic_frequency(term) for term in terms)
        rare = not self._vocabulary.is_common(lower)
        unseen = all(not self._vocabulary.document_frequency(term) for term in terms)
        abbreviation = bool(self._topic) and len(lower) <= _ABBREVIATION
        strange = rare and (not abbreviation if unseen else not self._is_detail(terms))
        named = drug or known
        return _Word(text, match.start(), terms, named or strange, named, drug, is_whole)

    def _is_detail(self, terms: tuple[str, ...]) -> bool:
        """Whether a word that names no topic is at home in the topic at hand, or there is none."""
        if not self._topic_terms:
            return True
        return any(self._vocabulary.together(term, self._topic_terms, named=False) for term in terms)


def _between(one: _Word, other: _Word) -> tuple[int, int]:
    first, second = sorted((one, other), key=lambda word: word.start)
    return first.start + len(first.text), second.start


def _named_whole(question: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The words of the topics, drugs and brands that a question names in full."""
    terms = [term for term in vocabulary.terms(question) if not term.isdigit()]
    spans = (terms[i:j] for i in range(len(terms)) for j in range(i + 1, min(i + _LONGEST_TOPIC, len(terms)) + 1))
    return frozenset(term for span in spans if tuple(span) in vocabulary.topic_entries for term in span)


def _spell_out(question: str) -> str:
    """The question with clinicians' shorthand as sources print it ("tx" → "treatment")."""
    return _WORD.sub(lambda match: SHORTHAND.get(match.group().lower(), match.group()), question)


def _insert(question: str, carried: tuple[str, ...], refers_back: bool) -> str:
    """The question with the carried words: in the place of its "it", else behind it."""
    phrase = " ".join(carried)
    if refers_back:
        replaced, count = re.subn(r"\bit\b(?!['’]s)", lambda match: phrase, question, count=1, flags=re.IGNORECASE)
        if count:
            return replaced
    return f"{question.rstrip()} ({phrase})"


def _answer_words(answer: str, text: str, vocabulary: Vocabulary) -> list[str]:
    """The words of an answer that stand out most (tf-idf) and that the question does not hold, at most two."""
    known = set(vocabulary.terms(text)) | {term for word in ASPECTS for term in vocabulary.terms(word)}
    counts: dict[str, int] = {}
    spelled: dict[str, str] = {}
    for match in _WORD.finditer(answer):
        for term in vocabulary.terms(match.group()):
            if term not in known and not term.isdigit():
                counts[term] = counts.get(term, 0) + 1
                spelled.setdefault(term, match.group())
    frequencies = {term: vocabulary.document_frequency(term) for term in counts}

    def weight(term: str) -> float:
        return counts[term] * log((vocabulary.size + 1) / (frequencies[term] + 1)) if frequencies[term] else 0.0

    best = sorted(counts, key=lambda term: (-weight(term), term))[:_ANSWER_WORDS]
    return [spelled[term] for term in best]
