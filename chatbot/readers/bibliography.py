"""What a file that is no record of a database is called, and by whom: from beside it, from its head, from itself."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from chatbot.domain import Reference
from chatbot.readers.evidence_kind import kind_of
from chatbot.readers.front_matter import StatedFields
from chatbot.readers.sidecar import stated_beside
from chatbot.readers.source_file import SourceFile
from chatbot.readers.text_file import storable

_MOST_SLUG = 80
_NUMERIC_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:T.*|\s.*)?\Z", re.DOTALL)


def reference_of(source: SourceFile, own: Mapping[str, Any], front: StatedFields | None = None) -> Reference:
    """The reference of a file. A sidecar comes before the front matter, and that before the file's ``own`` metadata.

    Without a title it is called by the file's name as it stands. Raises SourceError where the sidecar is wrong.
    """
    beside = stated_beside(source)
    fields: dict[str, Any] = {"id": file_id(source), "title": source.name}
    fields |= {name: value for name, value in own.items() if value}
    for stated in (front, beside):
        fields |= stated.given() if stated else {}
    kind = kind_of(source, stated=fields.pop("kind", None))
    return Reference(kind=kind, **fields)


def file_id(source: SourceFile) -> str:
    """The id of a file that has no identifier of its own: what it is called, and a hash of where it lies."""
    stem = source.name.rsplit(".", 1)[0] or source.name
    letters = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:_MOST_SLUG].strip("-")
    place = f"{source.path.absolute()}!{source.member}" if source.member else str(source.path.absolute())
    digest = hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug or 'file'}-{digest}"


def dated(value: str) -> dict[str, Any]:
    """``year`` and ``date`` (ISO 8601) of a date written in numbers from the year on; {} for any other."""
    found = _NUMERIC_DATE.match(value.strip())
    if not found or not 1800 <= int(found[1]) <= 2200:
        return {}
    parts = [int(part) for part in found.groups() if part]
    if not all(1 <= part <= most for part, most in zip(parts[1:], (12, 31), strict=False)):
        return {"year": parts[0]}
    return {"year": parts[0], "date": "-".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])])}


def one_line(value: str) -> str:
    """The text on one line, as every store can hold it."""
    return " ".join(storable(value).split())
