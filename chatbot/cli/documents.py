"""Stable JSON: what the commands read and write. A key is only ever added."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chatbot.domain import Answer, Conversation, Turn
from chatbot.errors import SourceError
from chatbot.retrieval import Hit


class PastTurn(BaseModel):
    """A turn of a history."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    question: str
    answer: str = ""


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
    return Conversation(tuple(Turn(turn.question, answer=turn.answer) for turn in history))


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


def hits_object(task_id: str, hits: Iterable[tuple[Hit, float]]) -> dict[str, Any]:
    """The results of a search."""
    return {
        "_id": task_id,
        "results": [
            {"document": hit.passage.document.id, "passage": hit.passage.id, "score": round(score, 6)}
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
        "sections": [
            {
                "kind": section.kind.value,
                "jurisdiction": section.jurisdiction.value if section.jurisdiction else None,
                "withheld": section.withheld,
                "reason": section.reason,
                "score": round(section.score, 4),
                "claims": [
                    {"text": claim.text, "heading": claim.heading, "citations": list(claim.citations)}
                    for claim in section.claims
                ],
            }
            for section in answer.sections
        ],
        "citations": [
            {
                "number": citation.number,
                "document": citation.passage.document.id,
                "passage": citation.passage.id,
                "start": citation.start,
                "end": citation.end,
                "quote": citation.quote,
            }
            for citation in answer.citations
        ],
        "references": [
            {key: value for key, value in asdict(reference).items() if value not in ("", None, ())}
            for reference in answer.references
        ],
    }


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").split("\n")  # JSON may hold other line separators
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(path, f"cannot be read ({error}); name a file of UTF-8 JSON") from error
