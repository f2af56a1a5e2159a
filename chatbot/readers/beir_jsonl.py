"""BEIR ``corpus.jsonl`` → documents: one JSON object a line, ``{"_id", "title", "text", "metadata"}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chatbot.domain import EVIDENCE_KINDS, Document, Jurisdiction, Kind, Reference, Section
from chatbot.readers.evidence_kind import kind_of
from chatbot.readers.source_file import UNREADABLE, Fail, SourceFile
from chatbot.readers.text_file import storable

_MAX_LINE_BYTES = 50_000_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class _Record(BaseModel):
    """A line. Metadata beyond what a reference holds is allowed and left unread."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: str = Field(alias="_id", min_length=1, max_length=500)
    title: str = ""
    text: str
    metadata: dict[str, Any] | None = None


def read_beir(source: SourceFile, fail: Fail) -> Iterator[Document]:
    """A document per line, in the file's order; a line that is none goes to ``fail`` with its number.

    A kind is stated where ``metadata.kind`` names one ("label", "research abstract"). Lines without text are skipped.
    Constant memory.
    """
    try:
        for number, line in lines(source):
            yield from read_line(source, number, line, fail)
    except UNREADABLE as error:
        fail(source.unreadable(error))


def lines(source: SourceFile) -> Iterator[tuple[int, bytes]]:
    """(number from 1, bytes without the line's end) of each line that is not blank. Raises ``UNREADABLE``."""
    with source.open() as stream:
        for number, line in enumerate(iter(lambda: stream.readline(_MAX_LINE_BYTES), b""), start=1):
            bare = (line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line).rstrip(b"\r\n")
            if bare.strip():
                yield number, bare


def read_line(source: SourceFile, number: int, line: bytes, fail: Fail) -> Iterator[Document]:
    """The document of one line of ``lines``, if it is one; errors as with ``read_beir``."""
    text = line.decode("utf-8", "replace")
    if not text.strip():
        return
    try:
        record = _Record.model_validate_json(storable(text))
    except ValidationError as error:
        fail(source.error(_explain(error), number))
        return
    if record.text.strip():
        yield _document(record, source)


def _document(record: _Record, source: SourceFile) -> Document:
    metadata = record.metadata or {}

    def value(*names: str) -> str:
        found = (metadata[name] for name in names if isinstance(metadata.get(name), str | int))
        return storable(str(next(found, "")))

    stated = value("kind")
    found_kind = kind_of(source, stated=_named_kind(stated))
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
