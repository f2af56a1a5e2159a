"""openFDA's drug labels (JSON) → documents: one record, a reply of the interface, or a bulk file of any size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson

from chatbot.domain import Document, Jurisdiction, Kind, Reference
from chatbot.errors import SourceError
from chatbot.readers.label_wording import brand_names, drug_names, ingredients, iso_date, product_name, without_salt
from chatbot.readers.openfda_text import Fields, label_text
from chatbot.readers.source_file import MOST_BYTES, UNREADABLE, Fail, SourceFile

_BOM = b"\xef\xbb\xbf"
_SET_ID = re.compile(r"[\w.-]{1,100}")
_OF_A_LABEL = frozenset({"set_id", "openfda", "effective_time", "spl_product_data_elements", "indications_and_usage"})
_MOST_FAILED = 100  # records before the first label: a file that begins so is of something else
_OTHER_JSON = "is JSON, but no drug label of openFDA; labels are at api.fda.gov/drug/label.json, other JSON is not read"


def read_openfda(source: SourceFile, fail: Fail) -> Iterator[Document]:
    """A document per record, in the file's order; a record that is no label goes to ``fail`` with its number.

    Memory is bounded by the largest record. Raises SourceError where the file is no JSON or holds no label, and, after
    the documents before it, where it is cut short.
    """
    if not source.head().strip():
        raise source.error("is empty; remove it, or fetch it again")
    try:
        path = _path_of_records(source)
        with source.open() as stream:
            yield from _documents(source, fail, _records(_Bounded(stream), path))
    except (ijson.JSONError, ValueError, OverflowError) as error:  # ijson lets wrong UTF-8 and numbers through
        raise source.error(f"is not whole JSON ({_brief(error)}); fetch it again") from error
    except UNREADABLE as error:
        raise source.unreadable(error) from error


def _documents(source: SourceFile, fail: Fail, records: Iterator[Any]) -> Iterator[Document]:
    """Of a file without a single label one thing is wrong, not as many as it has records."""
    held: list[SourceError] = []
    found = False
    for number, record in enumerate(records, start=1):
        try:
            document = _document(record)
        except ValueError as error:
            failure = source.error(f"record {number} {error}")
            if found:
                fail(failure)
                continue
            held.append(failure)
            if len(held) == _MOST_FAILED:
                break
            continue
        found = True
        while held:
            fail(held.pop(0))
        yield document
    if not found:
        raise held[0] if len(held) == 1 else source.error(_OTHER_JSON)


class _Bounded:
    """A stream that ends with an error where one record alone is larger than any file that is read whole."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._since = 0
        self._is_first = True

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(size)
        if self._is_first and size:
            content, self._is_first = content.removeprefix(_BOM), False
            content = content or self._stream.read(size)
        self._since += len(content)
        if self._since > MOST_BYTES:
            raise ijson.JSONError(f"a record of more than {MOST_BYTES // 2**20} MB")
        return content

    def next_record(self) -> None:
        self._since = 0


def _records(stream: _Bounded, path: str) -> Iterator[Any]:
    for record in ijson.items(stream, path, use_float=True):
        stream.next_record()
        yield record


def _path_of_records(source: SourceFile) -> str:
    """Where the records stand: "results.item" of a reply or bulk file, "item" of a list, "" where the file is one."""
    with source.open() as stream:
        depth = 0
        key = ""
        for event, value in ijson.basic_parse(_Bounded(stream), use_float=True):
            if depth == 0 and event not in ("start_map", "start_array"):
                raise source.error(_OTHER_JSON)
            if depth == 1 and event == "map_key":
                key = value
                if key in _OF_A_LABEL:
                    return ""
            elif depth == 1 and event == "start_array" and key == "results":
                return "results.item"
            elif depth == 0 and event == "start_array":
                return "item"
            elif depth == 1 and event == "start_map" and key == "error":
                raise source.error("is an error reply of openFDA instead of labels; fetch it again")
            depth += event in ("start_map", "start_array")
            depth -= event in ("end_map", "end_array")
    raise source.error(_OTHER_JSON)


def _document(record: Any) -> Document:
    """The document of a record. Raises ValueError, with what is wrong and what to do, where it is no label."""
    if not isinstance(record, dict) or not _OF_A_LABEL & record.keys():
        raise ValueError("is no drug label; only labels of drugs (drug/label) are read")
    fields = Fields(record)
    set_id = (fields.text("set_id") or fields.first("spl_set_id")).lower()
    if not _SET_ID.fullmatch(set_id):
        raise ValueError("names no set id, which every published label has; fetch it again")
    written = label_text(fields)
    if not written.sections:
        raise ValueError(f"(set id {set_id}) holds no section with text; fetch it again, or leave it out")
    return Document(_reference(fields, set_id), written.text, written.sections)


def _reference(fields: Fields, set_id: str) -> Reference:
    generics = [name for text in fields.named("generic_name") for name in ingredients(text)]
    substances = fields.named("substance_name") or generics
    drugs = drug_names([without_salt(name) for name in substances], generics)
    brands = brand_names(fields.named("brand_name"), drugs)
    date = iso_date(fields.text("effective_time"))
    return Reference(
        id=f"label-{set_id}",
        kind=Kind.LABEL,
        title=product_name(brands, generics or substances, "") or f"Drug label {set_id}",
        year=int(date[:4]) if date else None,
        date=date,
        set_id=set_id,
        version=fields.text("version"),
        manufacturer=fields.first("manufacturer_name"),
        jurisdiction=Jurisdiction.US,
        drugs=drugs,
        brands=brands,
    )


def _brief(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)
    return re.sub(r"[^\x20-\x7e]", "", text.strip().split("\n")[0])[:80].strip(" .") or "cut short"
