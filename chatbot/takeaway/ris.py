"""References as RIS, which Zotero, EndNote, Mendeley and Citavi read. Written by rispy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chatbot.domain import Reference
from chatbot.takeaway.references import Author, Published, Sort, published

_TYPES = {
    Sort.PAPER: "JOUR",
    Sort.REPORT: "RPRT",
    Sort.LABEL: "PAMP",  # a pamphlet: the leaflet in the box, which no reference manager has a type for
    Sort.PAGE: "ELEC",
    Sort.OTHER: "GEN",
}


def as_ris(references: Iterable[Reference]) -> str:
    """An entry per reference in their order; no references: an empty text."""
    import rispy
    from rispy.writer import RisWriter

    class Unnumbered(RisWriter):  # type: ignore[misc]  # rispy has no types
        """Writes no line of its own above an entry: the format has none."""

        def set_header(self, count: int) -> str:  # noqa: ARG002 - the name is the library's
            return ""

    entries = [_entry(published(reference)) for reference in references]
    return str(rispy.dumps(entries, implementation=Unnumbered)) if entries else ""


def _entry(source: Published) -> dict[str, Any]:
    first, *last = source.pages or ("",)
    given: dict[str, Any] = {
        "type_of_reference": _TYPES[source.sort],
        "id": source.key,
        "title": source.title,
        "authors": [_author(author) for author in source.authors],
        "secondary_title": source.container,
        "publisher": source.issuer,
        "year": source.year,
        "date": _date(source.date),
        "volume": source.volume,
        "number": source.issue,
        "start_page": first,
        "end_page": last[0] if last else "",
        "edition": source.version,
        "doi": source.doi,
        "accession_number": source.set_id if source.sort is Sort.LABEL else source.pmid,
        "custom2": source.pmcid,
        "urls": [source.address] if source.address else [],
        "notes": list(source.notes),
    }
    return {name: value for name, value in given.items() if value}


def _author(author: Author) -> str:
    """``Surname, F. X., Jr``; a name that is kept whole as it stands."""
    return ", ".join(part for part in (author.name, author.given, author.suffix) if part)


def _date(iso: str) -> str:
    """``YYYY/MM/DD/``, parts that are not given left empty."""
    parts = iso.split("-")
    if not all(part.isdecimal() for part in parts) or len(parts) > 3:
        return ""
    return "/".join((*parts, "", "", "")[:4])
