"""References as reference managers know them, format aside: what sort of publication, whose, when, where.

Nothing is made up: what the reference does not give has no field. A name is taken apart only where it is written as
MEDLINE writes names ("McCormack FX"); any other is kept whole.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from chatbot.bibliography import kind_name, links, same_text, standing_lines, whose_words, written_date
from chatbot.domain import Kind, Reference
from chatbot.takeaway.paper import one_line

_PERSON = re.compile(r"(.+?) (\S{1,4})(?: (Jr|Sr|2nd|3rd|4th|II|III|IV))?")
_GROUP = re.compile(
    r"\b(?:group|committee|network|collaborat\w*|consortium|society|association|organi[sz]ation|institute|centers?|"
    r"investigators|panel|force|team|university|department|agency|board|council|college|academy|foundation)\b",
    re.IGNORECASE,
)
_ISSUE = re.compile(r"([^()]+)\(([^()]+)\)")
_PAGES = re.compile(r"(\w+)\s*[-–]+\s*(\w+)")
_NO_KEY = re.compile(r"[^A-Za-z0-9.:-]+")
_MOST_KEY = 60


class Sort(StrEnum):
    """What a reference is to a reference manager."""

    PAPER = "paper"
    REPORT = "report"
    LABEL = "label"
    PAGE = "page"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Author:
    """A person by surname, initials ("FX") and suffix, or a name that is kept whole: then the rest is empty."""

    name: str
    initials: str = ""
    suffix: str = ""

    @property
    def given(self) -> str:
        """The initials as they are printed: "F. X."."""
        return " ".join(f"{letter}." for letter in self.initials)


@dataclass(frozen=True, slots=True)
class Published:
    """A reference as it is given in a list of references. Texts are of one line; dates ISO 8601, as far as given."""

    key: str
    sort: Sort
    title: str
    authors: tuple[Author, ...]
    more_authors: bool
    issuer: str
    container: str
    year: str
    date: str
    volume: str
    issue: str
    pages: tuple[str, ...]
    doi: str
    pmid: str
    pmcid: str
    set_id: str
    version: str
    address: str
    notes: tuple[str, ...]


def published(reference: Reference) -> Published:
    """What a list of references says of a reference."""
    names = [one_line(name) for name in reference.authors]
    named = [name for name in names if name.strip(" .").lower() != "et al"]
    volume, issue = _volume(reference.volume)
    pages = _PAGES.fullmatch(one_line(reference.pages))
    year = str(reference.year) if reference.year else reference.date[:4]
    given = {
        name: one_line(str(getattr(reference, name)))
        for name in ("container", "date", "doi", "pmid", "pmcid", "set_id", "version")
    }
    return Published(
        key=key_of(reference),
        title=one_line(reference.title).removesuffix("."),
        sort=_sort(reference),
        authors=tuple(author(name) for name in named),
        more_authors=len(named) < len(names),
        issuer=one_line(_issuer(reference)),
        year=year if year.isdecimal() else "",
        volume=volume,
        issue=issue,
        pages=pages.groups() if pages else tuple(filter(None, [one_line(reference.pages)])),
        address=next((address for _, address in links(reference)), ""),
        notes=_notes(reference),
        **given,
    )


def key_of(reference: Reference) -> str:
    """The key of a reference: its id, which the index has once and keeps; letters, digits, ``.``, ``:`` and ``-`` only.

    An id that has others or is long gets a part of its hash behind it, so that two ids never share a key.
    """
    key = _NO_KEY.sub("-", reference.id).strip("-")[:_MOST_KEY]
    if key == reference.id:
        return key
    return f"{key or 'reference'}-{hashlib.sha256(reference.id.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def author(name: str) -> Author:
    """A name of one line taken apart where MEDLINE's form says how, else whole."""
    found = _PERSON.fullmatch(name)
    if not found or not found[2].isalpha() or not found[2].isupper() or _GROUP.search(name):
        return Author(name)
    return Author(found[1].rstrip(","), found[2], found[3] or "")


def _issuer(reference: Reference) -> str:
    """Whose label it is, else whose guideline or page."""
    if reference.kind is Kind.LABEL:
        return reference.manufacturer or reference.body
    return reference.body


def _sort(reference: Reference) -> Sort:
    """A guideline in a journal is a paper, any other a report; what PubMed lists is a paper, journal given or not."""
    if reference.kind is Kind.LABEL:
        return Sort.LABEL
    if reference.container:
        return Sort.PAPER
    if reference.kind is Kind.GUIDELINE:
        return Sort.REPORT
    if reference.pmid:
        return Sort.PAPER
    return Sort.PAGE if reference.url else Sort.OTHER


def _volume(volume: str) -> tuple[str, str]:
    """Volume and issue, where both stand in one: "62(RR-10)"."""
    found = _ISSUE.fullmatch(one_line(volume))
    return (found[1].strip(), found[2].strip()) if found else (one_line(volume), "")


def _notes(reference: Reference) -> tuple[str, ...]:
    """What has become of it since, first; then what a list of references has no field for."""
    of_label = []
    if reference.kind is Kind.LABEL:
        of_label = [
            kind_name(reference),
            f"Set id {reference.set_id}" if reference.set_id else "",
            f"Version {reference.version}" if reference.version else "",
            f"Revised {written_date(reference.date)}" if reference.date else "",
        ]
    lines = (
        *(words for _, words in standing_lines(reference)),
        *of_label,
        whose_words(reference) if reference.facts_from else "",
        same_text(reference),
    )
    return tuple(one_line(line) for line in lines if line)
