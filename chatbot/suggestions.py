"""Which follow-up questions to suggest: those that the index is known to answer and that nobody has asked yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from chatbot.answering.asked import asked_of, aspects_in
from chatbot.answering.compose import Quote, choose
from chatbot.answering.gate import question_terms
from chatbot.answering.looking import look_in_turn
from chatbot.answering.studies import study_named
from chatbot.answering.underspecified import unsaid
from chatbot.domain import Answer, Conversation, Kind
from chatbot.followup import resolve
from chatbot.index.reader import Index
from chatbot.next_questions import next_questions
from chatbot.pipeline import Chatbot
from chatbot.resolving.asked import AskedQuestion
from chatbot.resolving.topic import topic_of

_FEWEST = 3
_MOST_TRIED = 10  # each is looked for as if it were asked, which takes as long; only to reach the fewest are more tried
_OF_DRUGS_ALONE = frozenset(
    {"side effects", "dose", "interactions", "contraindications", "warnings", "overdose", "storage", "missed dose"}
)
"""Aspects that only a drug has: asked without one, they were answered for the drug at hand."""


def suggestions(
    chatbot: Chatbot,
    answer: Answer,
    asked: Collection[str],
    limit: int = 5,
    before: Conversation = Conversation(),  # noqa: B008 - frozen
) -> tuple[str, ...]:
    """At most ``limit`` full questions, each answered when it is asked after ``answer``; the same for the same input.

    None asks what ``asked`` or the turns so far ask, in those or other words, and no two ask the same aspect while
    there are others. ``before`` is the conversation without ``answer``'s own turn. Fewer than three: no more of what
    could be asked is answered. An answer that asks back has choices of its own: none. Raises IndexUnavailable.
    """
    if answer.choices:
        return ()
    index = chatbot.index
    conversation = before.then(answer.turn)
    turns = (text for turn in conversation.turns for text in (turn.question, turn.reading))
    known = [_meaning(index, text) for text in dict.fromkeys((*asked, *turns))]
    candidates = (_meaning(index, text) for text in next_questions(index, answer, before.turns))
    found: list[_Meaning] = []
    held = _Held(chatbot, index, conversation)
    for tried, meaning in enumerate(_varied(candidates, known, found)):
        if tried >= _MOST_TRIED and len(found) >= _FEWEST:
            break
        if held.answers(meaning):
            found.append(meaning)
        if len(found) >= limit:
            break
    return tuple(meaning.text for meaning in found)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a question asks, and of what: indexed words, with every name of a drug."""

    text: str
    words: frozenset[str]
    aspects: frozenset[str]
    topic: frozenset[str]
    names_drug: bool
    study: str

    def repeats(self, other: _Meaning) -> bool:
        """Whether the other asks the same, in these or other words. One that names no topic was asked of this one."""
        if self.words == other.words:
            return True
        if self.study or other.study:
            return self.study == other.study
        if not self.aspects or self.aspects != other.aspects:
            return False
        of_any_drug = self.names_drug and not other.names_drug and self.aspects <= _OF_DRUGS_ALONE
        return of_any_drug or not other.topic or not self.topic.isdisjoint(other.topic)


def _meaning(index: Index, text: str) -> _Meaning:
    words = index.words
    named = topic_of(AskedQuestion(text, words))
    topic = frozenset(named.telling(words)) if named.is_known else frozenset()
    said = frozenset(words.terms(text)) - words.filler_terms
    topic |= {same for term in topic for same in words.same_drug.get(term, ())}
    asked = asked_of(words, text, topic)
    return _Meaning(text, said, asked, topic, not topic.isdisjoint(words.drug_terms), study_named(text))


class _Held:
    """What the index holds on questions asked at the end of a conversation."""

    def __init__(self, chatbot: Chatbot, index: Index, conversation: Conversation) -> None:
        self._index, self._conversation = index, conversation
        self._pool = chatbot.pool(index, conversation)
        self._limit = chatbot.settings.answer.max_claims

    def answers(self, meaning: _Meaning) -> bool:
        """Whether a kind of evidence passes the gate, and what would be shown of it is on what is asked.

        Looked in is first the kind that is likeliest to answer; the others only while none does.
        """
        index = self._index
        resolved = resolve(meaning.text, self._conversation, index.words)
        terms = question_terms(index, resolved)
        if unsaid(index, resolved, terms) is not None:
            return False
        for found in look_in_turn(index, resolved, terms, self._pool, _likeliest(meaning)):
            shown = choose(index, terms, found.hits, self._limit).shown if found.answers else ()
            if any(self._is_on(meaning, quote) for quote in shown):
                return True
        return False

    def _is_on(self, meaning: _Meaning, quote: Quote) -> bool:
        """Whether a quote is of the study, or holds the topic and what is asked of it: near enough is not enough."""
        document, words = quote.passage.document, self._index.words
        if meaning.study:
            return meaning.study in f"{document.reference.title} {document.reference.authors} {document.text}"
        said = f"{quote.passage.quote(quote.sentence)} {quote.passage.section.heading}"
        on_aspect = not meaning.aspects.isdisjoint(aspects_in(words, set(words.terms(said))))
        return on_aspect and not meaning.topic.isdisjoint(words.held_terms(quote.passage))


def _likeliest(meaning: _Meaning) -> tuple[Kind, ...]:
    if meaning.study:
        return (Kind.RESEARCH,)
    if meaning.names_drug:
        return (Kind.LABEL, Kind.GUIDELINE, Kind.RESEARCH)
    return (Kind.GUIDELINE, Kind.RESEARCH, Kind.LABEL)


def _varied(candidates: Iterable[_Meaning], known: list[_Meaning], found: list[_Meaning]) -> Iterator[_Meaning]:
    """Those not known, in order; one whose aspect was found already waits until there is nothing else."""
    waiting = []
    for candidate in candidates:
        if any(candidate.repeats(other) for other in known):
            continue
        if any(candidate.aspects and candidate.aspects == other.aspects for other in found):
            waiting.append(candidate)
        else:
            yield candidate
    yield from waiting
