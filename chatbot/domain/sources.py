"""Sources: references, documents, and the passages and sentences they are cut into."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from chatbot.domain.approvals import Approval


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


class Standing(StrEnum):
    """What has been published about a source since, gravest first. An erratum is no retraction."""

    RETRACTED = "retracted"
    CONCERN = "expression of concern"
    SUPERSEDED = "superseded"
    CORRECTED = "corrected"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class Notice:
    """One publication about another: what it does to it, how it is cited, and the PMID that the record links to.

    Among a reference's ``notices`` the PMID is the notice's own; among those it ``issued``, that of the work concerned.
    """

    standing: Standing
    citation: str = ""
    pmid: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """The bibliographic identity of a source. What the source at hand does not give is empty, never guessed.

    ``revised`` is the day the record itself was last changed, ISO 8601; ``mesh`` the headings as MEDLINE writes them,
    main topics with a star; ``also`` names sources that say the same and were left out for it; ``approval`` is that of
    an article, as its file gives it.
    """

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
    revised: str = ""
    mesh: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    issued: tuple[Notice, ...] = ()
    also: tuple[str, ...] = ()
    approval: Approval | None = field(default=None, repr=False)  # few have one: hashes of all others stay as they were

    @property
    def standing(self) -> Standing | None:
        """The gravest of what has been published about the source; None: nothing that the record names."""
        told = {notice.standing for notice in self.notices}
        return next((standing for standing in Standing if standing in told), None)

    @property
    def is_quotable(self) -> bool:
        """Whether it may be evidence: it is not retracted. (A notice has no text: readers leave nothing to quote.)"""
        return not any(notice.standing is Standing.RETRACTED for notice in self.notices)


@dataclass(frozen=True, slots=True)
class Section:
    """A span of a document under one heading: ``document.text[start:end]``, heading excluded.

    ``role`` is what a drug label's section is by its code ("boxed warning"), else empty.
    """

    heading: str
    start: int
    end: int
    role: str = ""


@dataclass(frozen=True)
class Document:
    """One parsed source: reference, text, and sections in reading order that do not overlap.

    ``pages`` are the offsets at which its pages begin, ascending; none where it has no pages.
    """

    reference: Reference
    text: str
    sections: tuple[Section, ...]
    pages: tuple[int, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The page, from 1, on which a character stands; None where the document has no pages."""
        return bisect_right(self.pages, offset) or None

    @cached_property
    def hash(self) -> str:
        """SHA-256, in hexadecimal, over everything an index keeps of the document."""
        content = repr((self.reference, self.text, self.sections, self.pages))
        content += repr(self.reference.approval) if self.reference.approval else ""
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def text_hash(self) -> str:
        """SHA-256, in hexadecimal, of the text alone in UTF-8: what a quote's offsets are good for."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

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
