"""Answers: claims with their citations, by kind of evidence, and the conversations they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from chatbot.domain.sources import Jurisdiction, Kind, Passage, Reference, Sentence


class Silence(StrEnum):
    """Why a section is withheld: none of its kind is indexed, none is on the topic, none answers, no topic is named, or
    only what was retracted answers."""

    KIND = "kind"
    TOPIC = "topic"
    ASPECT = "aspect"
    UNDERSPECIFIED = "underspecified"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Citation:
    """A number of an answer → passage → exact quoted span of its document.

    ``lead`` are the spans of the same section that the quote cannot be read without, in reading order, all before it:
    the line a list item belongs to, the header row of a table, the sentence that "it" refers to. Mostly none.
    """

    number: int
    passage: Passage
    start: int
    end: int
    lead: tuple[Sentence, ...] = ()

    @property
    def quote(self) -> str:
        return self.passage.document.text[self.start : self.end]

    @property
    def page(self) -> int | None:
        """The page of the source, from 1, on which the quote begins; None where the source has no pages."""
        return self.passage.document.page_at(self.start)

    @property
    def leads(self) -> tuple[str, ...]:
        """The lead, each span verbatim."""
        return tuple(self.passage.quote(span) for span in self.lead)


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer and the numbers of the citations that support it, ascending.

    ``lead`` is shown before it: what the quote of its citation cannot be read without, span by span, verbatim.
    """

    text: str
    citations: tuple[int, ...]
    heading: str = ""
    lead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """What one kind of evidence says; when ``withheld`` it has no claims, and ``reason`` is the honest line.

    A section that shows less than its sources hold says so in ``reason`` too, beside its claims.
    ``score`` is the gate's, between 0 and 1: comparable between kinds, questions and corpora. ``more`` answers too,
    and is folded away so that the claims are read in half a minute; a section without claims has none.
    ``nearest`` is the passage nearest to the question where the kind does not answer, on its topic (``silence`` is then
    ``ASPECT``) or not; it was not judged to answer. None: nothing was found, or nobody looked.
    ``left_out`` would have been read, but are retracted, or replaced by a newer source that is read instead.
    """

    kind: Kind
    claims: tuple[Claim, ...] = ()
    jurisdiction: Jurisdiction | None = None
    withheld: bool = False
    reason: str = ""
    score: float = 0.0
    more: tuple[Claim, ...] = ()
    silence: Silence | None = None
    nearest: Passage | None = None
    left_out: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's answer: the sections in the order they are shown, and every citation, numbered from 1.

    ``evidence`` are ids of the passages that were best, cited or not: where the next turn looks as well. ``choices``
    are full questions, each of which is answered, to one that does not say what it is about.
    """

    question: str
    resolved: str
    sections: tuple[AnswerSection, ...]
    citations: tuple[Citation, ...] = ()
    notice: str = ""
    carried: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def withheld(self) -> bool:
        """Whether no kind of evidence answers."""
        return all(section.withheld for section in self.sections)

    @property
    def references(self) -> tuple[Reference, ...]:
        """The cited references, each once, in the order of their first citation."""
        seen = {c.passage.document.id: c.passage.document.reference for c in self.citations}
        return tuple(seen.values())

    @property
    def turn(self) -> Turn:
        """What a conversation keeps of it."""
        claims = [claim for section in self.sections for claim in section.claims]
        said = " ".join(part for claim in claims for part in (*claim.lead, claim.text))
        sources = {citation.number: citation.passage.document.reference for citation in self.citations}
        statements = tuple(Statement(c.text, sources[n]) for c in claims for n in c.citations[:1] if n in sources)
        return Turn(self.question, self.resolved, said, self.evidence, statements)


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim as a conversation remembers it: what was said, and the source that it cites first."""

    text: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation as it was typed, how it was read, and the text of what was answered.

    ``statements`` are the claims as they were shown; one that comes without them is not referred into ("that trial").
    """

    question: str
    resolved: str = ""
    answer: str = ""
    evidence: tuple[str, ...] = field(default=())
    statements: tuple[Statement, ...] = field(default=())

    @property
    def reading(self) -> str:
        return self.resolved or self.question


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns so far, oldest first. A new turn makes a new conversation; nothing is shared or changed."""

    turns: tuple[Turn, ...] = ()

    def then(self, turn: Turn) -> Conversation:
        return Conversation((*self.turns, turn))
