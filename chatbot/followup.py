"""A follow-up and its conversation → the question it stands for, without a language model.

Words are told apart by what the index knows of them. A *topic word* stands in the title, topics, drugs or brands of
some document, or is a rare word that the index has never seen; *aspect words* (dose, pregnancy …) can be asked of
anything; the rest are details. A question without a topic word of its own, or that refers back, carries over the topic
of the latest turn that set one, and nothing more; a question with one lets go of the old topic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from chatbot.asking import WORD, AskedQuestion
from chatbot.domain import Conversation
from chatbot.vocabulary import Vocabulary
from chatbot.words import ASPECTS, SHORTHAND

_ANSWER_WORDS = 2

# Weights of the readings of a follow-up: the best of a prototype's grid on rule-derived follow-ups over MedQuAD.
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

    @property
    def about(self) -> tuple[str, ...]:
        """The topic words of this question itself: what the conversation is about may be something it has let go of."""
        reading = self.text.lower()
        return tuple(word for word in dict.fromkeys((*self.topic, *self.carried)) if word.lower() in reading)


def resolve(question: str, conversation: Conversation, vocabulary: Vocabulary) -> Resolved:
    """What the question stands for after the conversation; without one it is itself, shorthand spelled out."""
    topic: tuple[str, ...] = ()
    before = ""
    for turn in conversation.turns:
        said = _spell_out(turn.question)
        topic = AskedQuestion(said, topic, before, vocabulary).topic_after
        before = said
    text = _spell_out(question)
    asked = AskedQuestion(text, topic, before, vocabulary)
    carried = asked.carried
    if not carried:
        return Resolved(text, (), asked.topic_after, (Reading(text, 1.0),))
    resolved = _insert(text, carried, asked.refers_back)
    answer = conversation.turns[-1].answer
    expanded = " ".join([resolved, *_answer_words(answer, resolved, vocabulary)])
    readings = (Reading(text, _TYPED), Reading(resolved, _RESOLVED), Reading(expanded, _ANSWERED))
    return Resolved(resolved, carried, asked.topic_after, readings)


def _spell_out(question: str) -> str:
    """The question with clinicians' shorthand as sources print it ("tx" → "treatment")."""
    return WORD.sub(lambda match: SHORTHAND.get(match.group().lower(), match.group()), question)


def _insert(question: str, carried: tuple[str, ...], refers_back: bool) -> str:
    """The question with the carried words: in the place of its "it", else behind it."""
    phrase = topic_phrase(carried)
    if refers_back:
        replaced, count = re.subn(r"\bit\b(?!['’]s)", lambda match: phrase, question, count=1, flags=re.IGNORECASE)
        if count:
            return replaced
    return f"{question.rstrip()} – about {phrase}"


def topic_phrase(words: Sequence[str]) -> str:
    """Topic words as they are read: an abbreviation behind what it stands for in brackets."""
    phrase = ""
    for word in words:
        stands_for = phrase and word.isupper() and _abbreviates(word.lower(), phrase.lower())
        phrase += f" ({word})" if stands_for else f" {word}"
    return phrase.strip()


def _abbreviates(short: str, phrase: str) -> bool:
    letters = iter(phrase.lstrip())
    return phrase.lstrip().startswith(short[0]) and all(letter in letters for letter in short if letter.isalnum())


def _answer_words(answer: str, text: str, vocabulary: Vocabulary) -> list[str]:
    """The words of an answer that stand out most (tf-idf) and that the question does not hold, at most two."""
    known = set(vocabulary.terms(text)) | {term for word in ASPECTS for term in vocabulary.terms(word)}
    counts: dict[str, int] = {}
    spelled: dict[str, str] = {}
    for match in WORD.finditer(answer):
        for term in vocabulary.terms(match.group()):
            if term not in known and not term.isdigit():
                counts[term] = counts.get(term, 0) + 1
                spelled.setdefault(term, match.group())
    frequencies = {term: vocabulary.document_frequency(term) for term in counts}

    def weight(term: str) -> float:
        return counts[term] * log((vocabulary.size + 1) / (frequencies[term] + 1)) if frequencies[term] else 0.0

    best = sorted(counts, key=lambda term: (-weight(term), term))[:_ANSWER_WORDS]
    return [spelled[term] for term in best]
