"""BEIR ``corpus.jsonl`` → documents: one JSON object a line, ``{"_id", "title", "text", "metadata"}``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chatbot.domain import EVIDENCE_KINDS, Document, Jurisdiction, Kind, Reference, Section
from chatbot.errors import SourceError
from chatbot.readers.text_file import storable

_MAX_LINE_CHARACTERS = 50_000_000


class _Record(BaseModel):
    """A line. Metadata beyond what a reference holds is allowed and left unread."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: str = Field(alias="_id", min_length=1, max_length=500)
    title: str = ""
    text: str
    metadata: dict[str, Any] | None = None


def read_beir(path: Path, kind: Kind | None, fail: Callable[[SourceError], None]) -> Iterator[Document]:
    """A document per line, in the file's order; a line that is none goes to ``fail`` with its number.

    The kind is ``metadata.kind`` where that names one ("label", "research abstract"), else ``kind``, else research.
    Lines without text are skipped. Constant memory.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as stream:
            for number, line in enumerate(iter(lambda: stream.readline(_MAX_LINE_CHARACTERS), ""), start=1):
                if not line.strip():
                    continue
                try:
                    record = _Record.model_validate_json(storable(line))
                except ValidationError as error:
                    fail(SourceError(path, _explain(error), number))
                    continue
                if record.text.strip():
                    yield _document(record, kind)
    except OSError as error:
        fail(SourceError(path, f"cannot be read ({error.strerror}); check its permissions"))


def _document(record: _Record, kind: Kind | None) -> Document:
    metadata = record.metadata or {}

    def value(*names: str) -> str:
        found = (metadata[name] for name in names if isinstance(metadata.get(name), str | int))
        return storable(str(next(found, "")))

    stated = value("kind")
    found_kind = _named_kind(stated) or kind or Kind.RESEARCH
    year = re.match(r"\d{4}\b", value("year", "date", "date_released"))
    reference = Reference(
        id=storable(record.id),
        kind=found_kind,
        title=storable(record.title).strip(),
        authors=_authors(metadata.get("authors")),
        body=value("developer").splitlines()[0].split(" - ")[0] if value("developer") else "",
        container=value("journal"),
        year=int(year.group()) if year else None,
        pmid=value("pmid"),
        doi=value("doi"),
        pmcid=value("pmcid"),
        set_id=value("set_id"),
        url=value("url") if value("url").startswith(("http://", "https://")) else "",
        jurisdiction=_jurisdiction(stated) if found_kind is Kind.LABEL else None,
        drugs=(value("product", "drug"),) if value("product", "drug") else (),
        topics=(value("topic", "focus"),) if value("topic", "focus") else (),
    )
    text = storable(record.text).replace("\r\n", "\n")
    return Document(reference, text, (Section("", 0, len(text)),))


def _named_kind(stated: str) -> Kind | None:
    named = [kind for kind in EVIDENCE_KINDS if re.search(rf"\b{kind.value}\b", stated, re.IGNORECASE)]
    return named[0] if len(named) == 1 else None


def _jurisdiction(stated: str) -> Jurisdiction | None:
    return next((j for j in Jurisdiction if re.search(rf"\b{j.value}\b", stated)), None)


def _authors(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in re.split(r"[;,]", storable(value)) if part.strip())
    if isinstance(value, list):
        return tuple(storable(str(part)) for part in value)
    return ()


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    place = f"field {field}: " if field else ""
    return f'{place}{first["msg"]}; a line is {{"_id": …, "title": …, "text": …}}'
