"""An answer ↔ JSON: what is kept of it in conversations, drafts and answer cards.

A record holds everything that the page shows but the documents themselves, which are large, many times cited, and
never change: they are kept once each, under the hash that they had. So an answer that is read again shows what was
quoted then, whatever has been indexed since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pydantic import BaseModel, ConfigDict, TypeAdapter

from chatbot.domain import (
    Answer,
    AnswerSection,
    Citation,
    Claim,
    Document,
    Jurisdiction,
    Kind,
    Passage,
    Reference,
    Section,
    Sentence,
    Silence,
)

_DOCUMENT = TypeAdapter(Document)


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PassageRecord(_Record):
    """Where a passage stands: the hash of its document, its section, the spans of its sentences."""

    document: str
    section: Section
    sentences: tuple[Sentence, ...]


class CitationRecord(_Record):
    """A citation: its number, its passage, and the span of the document that is quoted."""

    number: int
    passage: PassageRecord
    start: int
    end: int
    lead: tuple[Sentence, ...] = ()


class SectionRecord(_Record):
    """A section of an answer, its nearest passage by place."""

    kind: Kind
    claims: tuple[Claim, ...]
    jurisdiction: Jurisdiction | None
    withheld: bool
    reason: str
    score: float
    more: tuple[Claim, ...]
    silence: Silence | None
    nearest: PassageRecord | None
    left_out: tuple[Reference, ...]


class AnswerRecord(_Record):
    """An answer without its documents. ``model_dump_json`` and ``model_validate_json`` write and read it."""

    question: str
    resolved: str
    sections: tuple[SectionRecord, ...]
    citations: tuple[CitationRecord, ...]
    notice: str
    carried: tuple[str, ...]
    evidence: tuple[str, ...]
    choices: tuple[str, ...]


def record_of(answer: Answer) -> AnswerRecord:
    """The record of an answer. Its documents are ``documents_of`` it."""
    return AnswerRecord(
        question=answer.question,
        resolved=answer.resolved,
        sections=tuple(map(_section_record, answer.sections)),
        citations=tuple(
            CitationRecord(number=c.number, passage=_place(c.passage), start=c.start, end=c.end, lead=c.lead)
            for c in answer.citations
        ),
        notice=answer.notice,
        carried=answer.carried,
        evidence=answer.evidence,
        choices=answer.choices,
    )


def documents_of(answer: Answer) -> dict[str, Document]:
    """Every document that the record of an answer needs, by hash."""
    return {passage.document.hash: passage.document for passage in _passages(answer)}


def answer_of(record: AnswerRecord, document: Callable[[str], Document]) -> Answer:
    """The answer as it was; ``document`` gives the document of a hash. Raises what ``document`` raises."""

    def passage(place: PassageRecord) -> Passage:
        return Passage(document(place.document), place.section, place.sentences)

    def section(kept: SectionRecord) -> AnswerSection:
        return AnswerSection(
            kept.kind,
            kept.claims,
            kept.jurisdiction,
            kept.withheld,
            kept.reason,
            kept.score,
            kept.more,
            kept.silence,
            passage(kept.nearest) if kept.nearest else None,
            kept.left_out,
        )

    return Answer(
        record.question,
        record.resolved,
        tuple(map(section, record.sections)),
        tuple(Citation(c.number, passage(c.passage), c.start, c.end, c.lead) for c in record.citations),
        record.notice,
        record.carried,
        record.evidence,
        record.choices,
    )


def write_document(document: Document) -> bytes:
    """A document as JSON in UTF-8."""
    return _DOCUMENT.dump_json(document)


def read_document(written: bytes) -> Document:
    """The document that ``write_document`` wrote. Raises pydantic's ValidationError where it is none."""
    return _DOCUMENT.validate_json(written)


def _passages(answer: Answer) -> Iterator[Passage]:
    yield from (citation.passage for citation in answer.citations)
    yield from (section.nearest for section in answer.sections if section.nearest)


def _section_record(section: AnswerSection) -> SectionRecord:
    return SectionRecord(
        kind=section.kind,
        claims=section.claims,
        jurisdiction=section.jurisdiction,
        withheld=section.withheld,
        reason=section.reason,
        score=section.score,
        more=section.more,
        silence=section.silence,
        nearest=_place(section.nearest) if section.nearest else None,
        left_out=section.left_out,
    )


def _place(passage: Passage) -> PassageRecord:
    return PassageRecord(document=passage.document.hash, section=passage.section, sentences=passage.sentences)
