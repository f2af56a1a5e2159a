"""Stable JSON: what the commands read and write. A key is only ever added."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chatbot.domain import Answer, Citation, Claim, Conversation, Kind, Passage, Reference, Statement, Turn
from chatbot.errors import SourceError
from chatbot.evidence_tags import tag, tags_of
from chatbot.expansion import Added
from chatbot.retrieval import Hit


class PastClaim(BaseModel):
    """A claim of an earlier answer, with what is known of its source: for "the second one" and "that trial"."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str
    kind: Kind
    title: str
    study: str = ""

    @property
    def statement(self) -> Statement:
        """As the domain knows it; the source is told from others by its title."""
        return Statement(self.text, Reference(self.title, self.kind, self.title, study=self.study))


class PastTurn(BaseModel):
    """A turn of a history. Only the question is needed; the more is given, the more can be referred to."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    question: str
    answer: str = ""
    claims: tuple[PastClaim, ...] = ()


class Task(BaseModel):
    """A line of a batch. ``text`` and ``question`` are the same; search sets write the first, turns the second."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: str = Field(alias="_id")
    text: str = ""
    question: str = ""
    history: tuple[PastTurn, ...] = ()

    @property
    def asked(self) -> str:
        return self.question or self.text

    @property
    def conversation(self) -> Conversation:
        return as_conversation(self.history)


def as_conversation(history: Iterable[PastTurn]) -> Conversation:
    """The conversation that a history stands for."""
    return Conversation(
        tuple(
            Turn(turn.question, answer=turn.answer, statements=tuple(claim.statement for claim in turn.claims))
            for turn in history
        )
    )


def read_tasks(path: Path) -> Iterator[Task]:
    """The tasks of a batch file in order; blank lines are skipped. Raises SourceError with the line."""
    for number, line in enumerate(_lines(path), start=1):
        if line.strip():
            try:
                yield Task.model_validate_json(line)
            except ValidationError as error:
                problem = f'{error.errors()[0]["msg"]}; a line is {{"_id": …, "question": …, "history": […]}}'
                raise SourceError(path, problem, number) from error


def read_history(path: Path | None) -> Conversation:
    """The conversation of a history file; without a file an empty one. Raises SourceError."""
    if path is None:
        return Conversation()
    try:
        return as_conversation(TypeAdapter(tuple[PastTurn, ...]).validate_json("\n".join(_lines(path))))
    except ValidationError as error:
        problem = f'{error.errors()[0]["msg"]}; write [{{"question": …, "answer": …}}, …]'
        raise SourceError(path, problem) from error


def write_lines(path: Path | None, objects: Iterable[dict[str, Any]]) -> None:
    """One object a line, to a file (whole or not at all) or to stdout. Raises SourceError."""
    if path is None:
        for item in objects:
            sys.stdout.write(json.dumps(item, ensure_ascii=False) + "\n")
        return
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8") as stream:
            for item in objects:
                stream.write(json.dumps(item, ensure_ascii=False) + "\n")
        partial.replace(path)
    except OSError as error:
        raise SourceError(path, f"cannot be written ({error.strerror}); choose another file") from error
    finally:
        partial.unlink(missing_ok=True)


def hits_object(task_id: str, hits: Iterable[tuple[Hit, float]], added: Iterable[Added] = ()) -> dict[str, Any]:
    """The results of a search, and what was searched for beside the question."""
    return {
        "_id": task_id,
        "added": [{"typed": more.typed, "words": more.words, "why": more.why.value} for more in added],
        "results": [
            {
                "document": hit.passage.document.id,
                "passage": hit.passage.id,
                "score": round(score, 6),
                "standing": hit.passage.document.reference.standing,
            }
            for hit, score in hits
        ],
    }


def answer_object(answer: Answer) -> dict[str, Any]:
    """An answer whole, with every quote's exact place."""
    return {
        "question": answer.question,
        "resolved": answer.resolved,
        "carried": list(answer.carried),
        "withheld": answer.withheld,
        "notice": answer.notice,
        "choices": list(answer.choices),
        "sections": [
            {
                "kind": section.kind.value,
                "jurisdiction": section.jurisdiction.value if section.jurisdiction else None,
                "withheld": section.withheld,
                "reason": section.reason,
                "silence": section.silence.value if section.silence else None,
                "nearest": _place_object(section.nearest) if section.nearest else None,
                "score": round(section.score, 4),
                "claims": [_claim_object(claim, answer.citations) for claim in section.claims],
                "more": [_claim_object(claim, answer.citations) for claim in section.more],
                "left_out": [_reference_object(reference) for reference in section.left_out],
            }
            for section in answer.sections
        ],
        "citations": [_citation_object(citation) for citation in answer.citations],
        "references": [_reference_object(reference) for reference in answer.references],
    }


def _citation_object(citation: Citation) -> dict[str, Any]:
    passage = citation.passage
    return {
        "number": citation.number,
        "document": passage.document.id,
        "passage": passage.id,
        "section": passage.section.heading,
        "page": citation.page,
        "tag": tag(passage.document.reference, passage.section),
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "lead": [{"start": span.start, "end": span.end, "quote": passage.quote(span)} for span in citation.lead],
    }


def _reference_object(reference: Reference) -> dict[str, Any]:
    """What the source gives, and its standing where anything has been published about it since."""
    given = {key: value for key, value in asdict(reference).items() if value not in ("", None, ())}
    return {**given, "standing": reference.standing.value} if reference.standing else given


def _place_object(passage: Passage) -> dict[str, str]:
    return {
        "document": passage.document.id,
        "passage": passage.id,
        "title": passage.document.reference.title,
        "heading": passage.section.heading,
    }


def _claim_object(claim: Claim, citations: Sequence[Citation]) -> dict[str, Any]:
    return {
        "text": claim.text,
        "heading": claim.heading,
        "tags": list(tags_of(claim, citations)),
        "citations": list(claim.citations),
        "lead": list(claim.lead),
    }


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").split("\n")  # JSON may hold other line separators
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(path, f"cannot be read ({error}); name a file of UTF-8 JSON") from error
