"""Retrieval sets in BEIR's layout: questions and the documents that answer them.

``corpus.jsonl``, ``queries.jsonl`` or ``queries_SPLIT.jsonl``, and ``qrels.tsv``, ``qrels_SPLIT.tsv`` or
``qrels/SPLIT.tsv`` (a header, then query id, document id, grade). A set whose judgements are in one file is halved into
dev and test by a hash of the question's id, so that the halves are the same on every machine and in every run.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chatbot.errors import EvaluationError, SourceError

Split = Literal["test", "dev", "train", "all"]
_COLUMNS = 3


class Query(BaseModel):
    """A line of a queries file; its metadata is left unread here."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: str = Field(alias="_id", min_length=1)
    text: str = Field(min_length=1)


@dataclass(frozen=True)
class RetrievalSet:
    """Questions by id, and per question the grades (above 0) of the documents that answer it; none without one."""

    name: str
    questions: dict[str, str]
    judged: dict[str, dict[str, int]]

    @property
    def documents(self) -> set[str]:
        """Every document that answers a question."""
        return {document for grades in self.judged.values() for document in grades}


def is_retrieval_set(path: Path) -> bool:
    """Whether a folder holds queries and judgements."""
    return path.is_dir() and any(path.glob("queries*.jsonl")) and bool(_judgements(path))


def corpus_of(path: Path) -> Path | None:
    """The documents that come with a set, or None."""
    corpus = path / "corpus.jsonl"
    return corpus if corpus.is_file() else None


def half_of(item: str) -> Literal["dev", "test"]:
    """The half that an item of a set without splits belongs to: test where the CRC-32 of its id is odd."""
    return "test" if zlib.crc32(item.encode()) % 2 else "dev"


def sample(items: list[str], limit: int | None) -> list[str]:
    """At most ``limit`` of the items in their order: the same ones in every run, and spread over the set."""
    if limit is None or len(items) <= limit:
        return items
    drawn = sorted(items, key=lambda item: zlib.crc32(f"{item} drawn".encode()))[:limit]
    kept = set(drawn)
    return [item for item in items if item in kept]


def read_retrieval_set(folder: Path, split: Split = "test", limit: int | None = None) -> RetrievalSet:
    """The questions of a split that have an answer, in the files' order.

    Raises SourceError with file and line where a file is not what it should be, EvaluationError where the set has no
    such split or nothing in it is judged.
    """
    files = _judgements(folder)
    halved = list(files) == [""]
    known = {"all", "dev", "test"} if halved else {"all", *files}
    if split not in known:
        raise EvaluationError(f"{folder} has no {split} split; choose one of {', '.join(sorted(known))} with --split")
    chosen = files if halved or split == "all" else {split: files[split]}
    questions: dict[str, str] = {}
    judged: dict[str, dict[str, int]] = {}
    for name, path in chosen.items():
        asked = _queries(folder, name)
        for query, grades in _grades(path, asked).items():
            if not halved or split in ("all", half_of(query)):
                questions[query] = asked[query]
                judged[query] = grades
    if not questions:
        raise EvaluationError(
            f"{folder}: no question of its {split} split has a relevant document; see its qrels files"
        )
    kept = sample(list(questions), limit)
    return RetrievalSet(folder.name, {q: questions[q] for q in kept}, {q: judged[q] for q in kept})


def _judgements(folder: Path) -> dict[str, Path]:
    """Split → file, by name; a file without a split is named by the empty text and used alone."""
    if (folder / "qrels.tsv").is_file():
        return {"": folder / "qrels.tsv"}
    beside = {path.stem.removeprefix("qrels_"): path for path in sorted(folder.glob("qrels_*.tsv"))}
    return beside or {path.stem: path for path in sorted((folder / "qrels").glob("*.tsv"))}


def _queries(folder: Path, split: str) -> dict[str, str]:
    own = folder / f"queries_{split}.jsonl"
    path = own if own.is_file() else folder / "queries.jsonl"
    questions = {}
    for number, line in _lines(path):
        try:
            query = Query.model_validate_json(line)
        except ValidationError as error:
            problem = f'{error.errors()[0]["msg"]}; a line is {{"_id": …, "text": …}}'
            raise SourceError(path, problem, number) from error
        questions[query.id] = query.text
    return questions


def _grades(path: Path, asked: dict[str, str]) -> dict[str, dict[str, int]]:
    """Question → document → grade, of grades above 0."""
    judged: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        cells = line.split("\t")
        if number == 1 and not cells[-1].strip().lstrip("-").isdigit():
            continue  # the header
        if len(cells) != _COLUMNS or not cells[2].strip().lstrip("-").isdigit():
            raise SourceError(path, "a line is query id, document id and a whole number, separated by tabs", number)
        query, document, grade = cells[0], cells[1], int(cells[2])
        if query not in asked:
            raise SourceError(path, f"question {query} is judged, but the queries file does not have it", number)
        if grade > 0:
            judged.setdefault(query, {})[document] = grade
    return judged


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        for number, line in enumerate(path.read_text("utf-8-sig").split("\n"), start=1):
            if line.strip():
                yield number, line.rstrip("\r")
    except FileNotFoundError as error:
        raise SourceError(path, "is missing; a set has a queries file for its judgements") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(path, f"cannot be read as UTF-8 text ({error})") from error
