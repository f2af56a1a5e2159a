"""What a publication's record says of it: the study type, what has been published about it since, and its dates.

Links between publications come under three names: ``RefType`` of PubMed's XML (the DTD's list), the tags of MEDLINE
text (PubMed Help, "Comment Correction Type"), and JATS's ``related-article-type``. The first stands for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatbot.domain import Notice, Standing
from chatbot.readers.front_matter import Study

_PHASES = (f"clinical trial, phase {number}" for number in ("i", "ii", "iii", "iv"))
_STUDIES: tuple[tuple[Study, frozenset[str]], ...] = (
    ("meta-analysis", frozenset({"meta analysis", "network meta analysis", "systematic review and meta analysis"})),
    ("systematic review", frozenset({"systematic review"})),
    ("randomised trial", frozenset({"randomized controlled trial", "randomised controlled trial"})),
    ("clinical trial", frozenset({"clinical trial", "controlled clinical trial", *_PHASES})),
    ("case report", frozenset({"case reports", "case report"})),
    ("review", frozenset({"review", "review article", "scoping review"})),
)
"""First come, first served: what pools studies before single ones, and a named design before a mere review."""

_OF_MESH: tuple[tuple[Study, str], ...] = (("case-control", "Case-Control Studies"), ("cohort", "Cohort Studies"))
"""Indexers add these headings to a study of that design; with a star they are what a paper on methods is about."""

_NO_RESULTS = frozenset({"clinical trial protocol", "study protocol"})
_NOTICE_TYPES = frozenset(
    {
        "retraction of publication",  # until 2024, "Retraction Notice" since; JATS: "retraction", "correction"
        "retraction notice",
        "retraction",
        "partial retraction",
        "published erratum",
        "erratum",
        "corrigendum",
        "correction",
        "addendum",
        "expression of concern",
    }
)
_RETRACTED_TYPES = frozenset({"retracted publication", "retracted article"})

_ABOUT_THIS = {
    "RetractionIn": Standing.RETRACTED,
    "RetractedandRepublishedIn": Standing.RETRACTED,
    "PartialRetractionIn": Standing.CORRECTED,  # errata by the NLM's policy since October 2016
    "ExpressionOfConcernIn": Standing.CONCERN,
    "CorrectedandRepublishedIn": Standing.SUPERSEDED,  # the corrected version is another publication
    "ErratumIn": Standing.CORRECTED,
    "UpdateIn": Standing.UPDATED,
}
_BY_THIS = {
    "RetractionOf": Standing.RETRACTED,
    "RetractedandRepublishedFrom": Standing.RETRACTED,
    "PartialRetractionOf": Standing.CORRECTED,
    "ExpressionOfConcernFor": Standing.CONCERN,
    "CorrectedandRepublishedFrom": Standing.SUPERSEDED,
    "ErratumFor": Standing.CORRECTED,
    "UpdateOf": Standing.UPDATED,
}
"""Left out on purpose, because they change nothing: comments, patient summaries, reprints (RPI, RPF), what is cited."""

OF_MEDLINE = {
    "RIN": "RetractionIn",
    "RRI": "RetractedandRepublishedIn",
    "PRIN": "PartialRetractionIn",
    "ECI": "ExpressionOfConcernIn",
    "CRI": "CorrectedandRepublishedIn",
    "EIN": "ErratumIn",
    "UIN": "UpdateIn",
    "ROF": "RetractionOf",
    "RRF": "RetractedandRepublishedFrom",
    "PROF": "PartialRetractionOf",
    "ECF": "ExpressionOfConcernFor",
    "CRF": "CorrectedandRepublishedFrom",
    "EFR": "ErratumFor",
    "UOF": "UpdateOf",
}
OF_JATS = {
    "retraction-forward": "RetractionIn",
    "concern-forward": "ExpressionOfConcernIn",
    "expression-of-concern": "ExpressionOfConcernIn",
    "correction-forward": "ErratumIn",
    "addendum": "ErratumIn",
    "update": "UpdateIn",
    "retracted-article": "RetractionOf",
    "partial-retraction": "PartialRetractionOf",
    "object-of-concern": "ExpressionOfConcernFor",
    "corrected-article": "ErratumFor",
    "addended-article": "ErratumFor",
    "updated-article": "UpdateOf",
}

_MARKED = re.compile(r"\W*(RETRACTED|RETRACTED ARTICLE|WITHDRAWN)\b\W{0,2}[:.\]]", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}  # fmt: skip
_YEAR = re.compile(r"(?:1[6-9]|20|21)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Link:
    """A publication that a record links to: ``relation`` is a RefType of PubMed's XML."""

    relation: str
    citation: str = ""
    pmid: str = ""


def study_of(types: Sequence[str], mesh: Sequence[str] = ()) -> str:
    """The study type by publication types, then by unstarred MeSH headings; "" where neither says one.

    Types that say less than one of the names ("Observational Study", "Multicenter Study") give none, nor does a
    protocol: it has no results.
    """
    named = {_plain(name) for name in types}
    if named & _NO_RESULTS:
        return ""
    of_types = next((study for study, names in _STUDIES if names & named), "")
    return of_types or next((study for study, heading in _OF_MESH if heading in mesh), "")


def is_notice(types: Sequence[str]) -> bool:
    """Whether a publication only says something of another: a retraction, an erratum, an expression of concern."""
    return any(_plain(name) in _NOTICE_TYPES for name in types)


def notices_of(
    links: Iterable[Link], types: Sequence[str], title: str
) -> tuple[tuple[Notice, ...], tuple[Notice, ...]]:
    """(what was published about the record, what it is about), in the links' order, each once.

    A type "Retracted Publication", or a title that begins "RETRACTED:" or "WITHDRAWN:", is a retraction without a link;
    on a notice such a title is that of the work it retracts.
    """
    about: dict[Notice, None] = {}
    issued: dict[Notice, None] = {}
    for link in links:
        if link.relation in _ABOUT_THIS:
            about[Notice(_ABOUT_THIS[link.relation], link.citation, link.pmid)] = None
        elif link.relation in _BY_THIS:
            issued[Notice(_BY_THIS[link.relation], link.citation, link.pmid)] = None
    if not any(notice.standing is Standing.RETRACTED for notice in about):
        marked = _MARKED.match(title) if not is_notice(types) else None
        if any(_plain(name) in _RETRACTED_TYPES for name in types):
            about[Notice(Standing.RETRACTED)] = None
        elif marked:
            about[Notice(Standing.RETRACTED, f"marked “{marked[1]}” in the record's title")] = None
    return tuple(about), tuple(issued)


def year_of(text: str) -> int | None:
    """The first year in a date as it is printed ("1998 Dec-1999 Jan", "Spring 2000"); None without one."""
    found = _YEAR.search(text)
    return int(found[0]) if found else None


def iso_date(year: str, month: str = "", day: str = "") -> str:
    """YYYY-MM-DD or YYYY-MM, as far as the parts say it in numbers or English names; "" where no month does."""
    number = _MONTHS.get(month.strip().lower()[:3]) or (int(month) if _is_number(month) else 0)
    if not (_YEAR.fullmatch(year.strip()) and 1 <= number <= 12):
        return ""
    exact = f"-{int(day):02}" if _is_number(day) and 1 <= int(day) <= 31 else ""
    return f"{year.strip()}-{number:02}{exact}"


def pages_of(first: str, last: str) -> str:
    """Pages as a range, one page alone, or ""."""
    return f"{first}-{last}" if first and last and first != last else first or last


def volume_of(volume: str, issue: str) -> str:
    """Volume with its issue in brackets: "7(2)"."""
    return f"{volume}({issue})" if volume and issue else volume or issue


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name.strip().lower())


def _is_number(text: str) -> bool:
    return text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= 2
