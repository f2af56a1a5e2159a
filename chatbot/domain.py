"""What the software talks about: references, documents, passages, questions and answers.

Plain frozen data, no input or output, no third-party import. Evidence carries its source all the way
(``citation.passage.document.reference``), so nothing downstream looks an identifier up again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What sort of source a document is. The first three are evidence; an article is found, never cited."""

    GUIDELINE = "guideline"
    LABEL = "label"
    RESEARCH = "research"
    ARTICLE = "article"


EVIDENCE_KINDS = (Kind.GUIDELINE, Kind.LABEL, Kind.RESEARCH)


class Jurisdiction(StrEnum):
    """Whose drug label it is. A leaflet of one is never shown as a label of the other."""

    US = "US"
    EU = "EU"


class ReviewStatus(StrEnum):
    """How far the editorial review of a text has come, in this order."""

    SUBMITTED = "Submitted"
    UNDER_REVIEW = "Under Review"
    APPROVED = "Approved"


@dataclass(frozen=True, slots=True)
class Reference:
    """The bibliographic identity of a source. What the source at hand does not give is empty, never guessed."""

    id: str
    kind: Kind
    title: str
    authors: tuple[str, ...] = ()
    body: str = ""
    container: str = ""
    year: int | None = None
    date: str = ""
    volume: str = ""
    pages: str = ""
    pmid: str = ""
    doi: str = ""
    pmcid: str = ""
    set_id: str = ""
    version: str = ""
    manufacturer: str = ""
    url: str = ""
    jurisdiction: Jurisdiction | None = None
    drugs: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    study: str = ""
    topics: tuple[str, ...] = ()
    status: ReviewStatus = ReviewStatus.SUBMITTED
    facts_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A span of a document under one heading: ``document.text[start:end]``, heading excluded."""

    heading: str
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """One parsed source: reference, text, and sections in reading order that do not overlap."""

    reference: Reference
    text: str
    sections: tuple[Section, ...]

    @cached_property
    def hash(self) -> str:
        """SHA-256, in hexadecimal, over everything an index keeps of the document."""
        content = repr((self.reference, self.text, self.sections))
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def id(self) -> str:
        return self.reference.id

    @property
    def version(self) -> str:
        """The id and a part of the hash: another text is another version."""
        return f"{self.id}:{self.hash[:16]}"

    @property
    def kind(self) -> Kind:
        return self.reference.kind


@dataclass(frozen=True, slots=True)
class Sentence:
    """A span of a document that is quoted whole: ``document.text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """What is retrieved: consecutive sentences of one section of one document."""

    document: Document
    section: Section
    sentences: tuple[Sentence, ...]

    @property
    def start(self) -> int:
        return self.sentences[0].start

    @property
    def end(self) -> int:
        return self.sentences[-1].end

    @property
    def text(self) -> str:
        return self.document.text[self.start : self.end]

    @cached_property
    def id(self) -> str:
        """Document id and a hash of kind, span, headings and text: the same text at the same place keeps its id."""
        parts = (self.document.kind, self.document.reference.title, self.section.heading, self.start, self.text)
        digest = hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return f"{self.document.id}:{digest}"

    def quote(self, sentence: Sentence) -> str:
        """The sentence, verbatim."""
        return self.document.text[sentence.start : sentence.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """A number of an answer → passage → exact quoted span of its document."""

    number: int
    passage: Passage
    start: int
    end: int

    @property
    def quote(self) -> str:
        return self.passage.document.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer and the numbers of the citations that support it, ascending."""

    text: str
    citations: tuple[int, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """What one kind of evidence says; when ``withheld`` it has no claims, and ``reason`` is the honest line.

    ``score`` is the gate's, between 0 and 1: comparable between kinds, questions and corpora.
    """

    kind: Kind
    claims: tuple[Claim, ...] = ()
    jurisdiction: Jurisdiction | None = None
    withheld: bool = False
    reason: str = ""
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's answer: the sections in the order they are shown, and every citation, numbered from 1.

    ``evidence`` are ids of the passages that were best, cited or not: where the next turn looks as well.
    """

    question: str
    resolved: str
    sections: tuple[AnswerSection, ...]
    citations: tuple[Citation, ...] = ()
    notice: str = ""
    carried: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

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
        said = " ".join(claim.text for section in self.sections for claim in section.claims)
        return Turn(self.question, self.resolved, said, self.evidence)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation as it was typed, how it was read, and the text of what was answered."""

    question: str
    resolved: str = ""
    answer: str = ""
    evidence: tuple[str, ...] = field(default=())

    @property
    def reading(self) -> str:
        return self.resolved or self.question


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns so far, oldest first. A new turn makes a new conversation; nothing is shared or changed."""

    turns: tuple[Turn, ...] = ()

    def then(self, turn: Turn) -> Conversation:
        return Conversation((*self.turns, turn))
