"""MEDLINE text as PubMed saves it ("PubMed" format, ``.nbib``, ``.txt``) → documents, parsed by Biopython."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from chatbot.domain import Document, Reference
from chatbot.readers.evidence_kind import kind_of
from chatbot.readers.publications import (
    OF_MEDLINE,
    Link,
    is_notice,
    iso_date,
    notices_of,
    study_of,
    volume_of,
    year_of,
)
from chatbot.readers.sectioned import SectionedText, label_case
from chatbot.readers.source_file import UNREADABLE, Fail, SourceFile
from chatbot.readers.text_file import storable

_MOST_LINE_BYTES = 1 << 20
_MOST_RECORD_CHARACTERS = 10_000_000  # the longest records, with thousands of investigators, have under one million

_FIELD = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)")
_DOI = re.compile(r"(10\.[0-9]{4,9}/\S+) \[doi\]")
_NUMBER_BEHIND = re.compile(r"\.?\s*PMID:\s*(\d{1,9})\.?\s*\Z")
_LABEL = re.compile(r"(?:\A|(?<=[.!?)\]”\"] ))([A-Z][A-Z ,&/()'’-]{2,70}?):(?: |\Z)")
_LABEL_WORD = re.compile(r"[A-Z]{4}|(?:AIM|USE)\Z")  # shorter ones are abbreviations: "CT:", "HIV:"

_Record = Mapping[str, Any]


def read_medline(source: SourceFile, fail: Fail) -> Iterator[Document]:
    """A document per record, in the file's order; a record that cannot be read goes to ``fail`` with its line.

    UTF-8, line by line Windows' Western encoding where that fails. Memory is bounded by the longest record. Raises
    SourceError where the file holds no record.
    """
    from Bio import Medline

    parse: Callable[[list[str]], _Record] = Medline.read
    found = False
    try:
        with source.open() as stream:
            for number, lines in _records(stream):
                found = True
                wrong = _wrong_line(lines)
                if wrong is not None:
                    problem = "a line is neither a field of MEDLINE nor goes on with one; fetch the record again"
                    fail(source.error(problem, number + wrong))
                    continue
                record = parse(_unfolded(lines))
                pmid = _first(record, "PMID").strip()
                if pmid.isascii() and pmid.isdigit() and len(pmid) <= 9:
                    yield _document(record, pmid, source)
                else:
                    fail(source.error(f"a record has no PMID ({pmid[:20]!r}); fetch it again", number))
    except UNREADABLE as error:
        raise source.unreadable(error) from error
    if not found:
        raise source.error("holds no MEDLINE record (PMID- …); save the result again in the format PubMed")


def _records(stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """(line number, lines) of each record; blank lines and what stands before the first PMID are left out."""
    lines: list[str] = []
    begun = size = 0
    for number, content in enumerate(iter(lambda: stream.readline(_MOST_LINE_BYTES), b""), 1):
        line = _decoded(content.removeprefix(b"\xef\xbb\xbf") if number == 1 else content).rstrip()
        if line.lstrip().startswith("PMID") and _FIELD.match(line.lstrip()):
            if lines:
                yield begun, lines
            lines, begun, size = [line.lstrip()], number, 0
        elif lines:
            size += len(line)
            if size <= _MOST_RECORD_CHARACTERS:
                lines.append(line)
    if lines:
        yield begun, lines


def _decoded(line: bytes) -> str:
    try:
        return storable(line.decode("utf-8"))
    except UnicodeDecodeError:
        return storable(line.decode("cp1252", "replace"))


def _wrong_line(lines: Sequence[str]) -> int | None:
    return next((n for n, line in enumerate(lines) if line and not line[0].isspace() and not _FIELD.match(line)), None)


def _unfolded(lines: Sequence[str]) -> list[str]:
    """A line per field: Biopython takes the lines that a repeated field goes on in for further values."""
    fields: list[tuple[str, list[str]]] = []
    for line in lines:
        field = _FIELD.match(line)
        if field:
            fields.append((field[1], [field[2]]))
        elif line:
            fields[-1][1].append(line.strip())
    return [f"{tag:<4}- {' '.join(' '.join(parts).split())}\n" for tag, parts in fields]


def _document(record: _Record, pmid: str, source: SourceFile) -> Document:
    types, mesh = tuple(_all(record, "PT")), tuple(_all(record, "MH"))
    chapter, book = _title(record), _without_stop(_first(record, "BTI"))
    notices, issued = notices_of(_links(record), types, chapter or book)
    year, date = _published(_first(record, "DP"))
    doi = _DOI.search(" ".join((*_all(record, "LID"), *_all(record, "AID"))))
    revised = _first(record, "LR")
    pmcid = _first(record, "PMC").strip()
    reference = Reference(
        id=f"pmid-{pmid}",
        kind=kind_of(source, types=types),
        title=chapter or book,
        authors=(*_all(record, "AU"), *_all(record, "CN")),
        body=_first(record, "PB") if book else "",
        container=_first(record, "TA") or _first(record, "JT") or (book if chapter else ""),
        year=year,
        date=date,
        volume=volume_of(_first(record, "VI"), _first(record, "IP")),
        pages=_first(record, "PG"),
        pmid=pmid,
        doi=doi[1] if doi else "",
        pmcid=pmcid if re.fullmatch(r"PMC[0-9]+", pmcid) else "",
        study=study_of(types, mesh),
        revised=iso_date(revised[:4], revised[4:6], revised[6:8]),
        mesh=mesh,
        publication_types=types,
        notices=notices,
        issued=issued,
    )
    sectioned = SectionedText()
    for heading, text in [] if is_notice(types) else labelled(_first(record, "AB")):
        sectioned.add(heading, text)
    return Document(reference, sectioned.text, sectioned.sections)


def labelled(abstract: str) -> Iterator[tuple[str, str]]:
    """(heading, text) of each part of an abstract that begins with a label, capitals and a colon; else ("", all).

    Further labels are such words at the beginning of a sentence. One has four capitals in a row at least, or is "AIM"
    or "USE", so that "CT:" and "HIV:" remain words of the text.
    """
    labels = [found for found in _LABEL.finditer(abstract) if _LABEL_WORD.search(found[1])]
    if not labels or labels[0].start() > 0:
        yield "", abstract
        return
    ends = [*(label.start() for label in labels[1:]), len(abstract)]
    for label, end in zip(labels, ends, strict=True):
        yield label_case(label[1]), abstract[label.end() : end].strip()


def _title(record: _Record) -> str:
    title = _first(record, "TI")
    is_missing = title.strip("[]. ").lower() in ("", "not available")
    return _without_stop(_first(record, "TT") if is_missing else title)


def _without_stop(title: str) -> str:
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title


def _links(record: _Record) -> Iterator[Link]:
    for tag, relation in OF_MEDLINE.items():
        for value in _all(record, tag):
            number = _NUMBER_BEHIND.search(value)
            yield Link(relation, value[: number.start()] if number else value, number[1] if number else "")


def _published(date: str) -> tuple[int | None, str]:
    """(year, ISO date) of "2012 Oct 5"; of "1998 Dec-1999 Jan" or "2000 Spring" the year alone."""
    exact = re.fullmatch(r"(\d{4})(?: ([A-Z][a-z]{2})(?: (\d{1,2}))?)?", date.strip())
    return year_of(date), iso_date(exact[1], exact[2] or "", exact[3] or "") if exact else ""


def _first(record: _Record, tag: str) -> str:
    return next(iter(_all(record, tag)), "")


def _all(record: _Record, tag: str) -> list[str]:
    """The values of a field; Biopython gives some fields as text and others as lists."""
    value = record.get(tag, [])
    return [text for text in ([value] if isinstance(value, str) else value) if text]
