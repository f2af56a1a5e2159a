"""Sources: references, documents, and the passages and sentences they are cut into."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
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
