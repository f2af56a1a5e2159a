"""What a reader is told of a source beside its title: whose it is, how old, where it is read, its standing and gaps."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from chatbot.domain import Jurisdiction, Kind, Notice, Reference, ReviewStatus, Standing

KIND_NAMES = {
    Kind.GUIDELINE: "Guideline",
    Kind.LABEL: "Drug label",
    Kind.RESEARCH: "Research",
    Kind.ARTICLE: "Article",
}
REVIEW_NAMES = {
    ReviewStatus.SUBMITTED: "Pending review",
    ReviewStatus.UNDER_REVIEW: "Under review",
    ReviewStatus.APPROVED: "Approved",
}
_MONTHS = "January February March April May June July August September October November December".split()
_AUTHORS_NAMED = 3
_SAME_NAMED = 3  # of labels that say the same; a generic may have a hundred, which are in the JSON
_WORDS = {
    Standing.RETRACTED: "Retracted",
    Standing.CONCERN: "Expression of concern",
    Standing.SUPERSEDED: "Superseded by",
    Standing.CORRECTED: "Corrected",
    Standing.UPDATED: "Updated by",
}
_ALONE = {Standing.SUPERSEDED: "Superseded", Standing.UPDATED: "Updated"}


def identifier(reference: Reference) -> str:
    """The identifier by which a source is looked up: PMID, DOI or set id; empty where it has none."""
    names = (("PMID", reference.pmid), ("doi", reference.doi), ("set id", reference.set_id))
    return next((f"{name} {value}" for name, value in names if value), "")


def standing_lines(reference: Reference) -> tuple[tuple[Standing, str], ...]:
    """What has been published about a source since, gravest first, in plain words; each with no more than its notice
    gives. Nothing: none.
    """
    order = list(Standing)
    told = sorted(dict.fromkeys(reference.notices), key=lambda notice: order.index(notice.standing))
    return tuple((notice.standing, _line(notice)) for notice in told)


def notices_of_leaving_out(reference: Reference) -> tuple[str, tuple[Notice, ...]]:
    """Why a source is left out, and the notices that say so: retracted, superseded or updated. None of it: nothing."""
    for standing in (Standing.RETRACTED, Standing.SUPERSEDED, Standing.UPDATED):
        notices = tuple(notice for notice in reference.notices if notice.standing is standing)
        if notices:
            return standing.value, notices
    return "", ()


def left_out_line(reference: Reference) -> str:
    """Which source is left out and why: ``Left out: “Title” (PMID 1), retracted; notice: PMID 2.``"""
    number = identifier(reference)
    why, notices = notices_of_leaving_out(reference)
    given = ", ".join(filter(None, map(published_in, notices)))
    told = f"; {notice_word(why)}: {given}" if given else ""
    return f"Left out: “{reference.title.rstrip('.')}”{f' ({number})' if number else ''}, {why}{told}."


def notice_word(why: str) -> str:
    """What the publication is called that leaves a source out."""
    return "notice" if why == Standing.RETRACTED else "newer"


def published_in(notice: Notice) -> str:
    """How a notice is cited and its PMID, as far as it gives them; empty where it gives nothing."""
    return ", ".join(
        part for part in (notice.citation.strip().rstrip("."), notice.pmid and f"PMID {notice.pmid}") if part
    )


def same_text(reference: Reference) -> str:
    """The sources that say the same and were left out for it; empty where there are none."""
    named, rest = reference.also[:_SAME_NAMED], len(reference.also) - _SAME_NAMED
    more = f"; and {rest:,} more" if rest > 0 else ""
    return f"The same text: {'; '.join(named)}{more}" if named else ""


def missing(reference: Reference) -> tuple[str, ...]:
    """What a clinician would look for and the source does not give, in plain words.

    Nothing is missing of an article, nor of a text that was written here: what it leaves out, its author left out.
    """
    if reference.kind is Kind.ARTICLE or reference.facts_from:
        return ()
    is_label = reference.kind is Kind.LABEL
    whose = reference.authors or reference.body or (is_label and reference.manufacturer)
    gaps = (
        ("no title given", reference.title.strip()),
        ("no manufacturer given" if is_label else "no author given", whose),
        ("no revision date given" if is_label else "no date given", reference.date or reference.year),
    )
    return tuple(words for words, given in gaps if not given)


def written_date(iso: str) -> str:
    """``2026-11-23`` → 23 November 2026; a month or year alone stays that; anything else comes back as it is."""
    parts = iso.split("-")
    if not all(part.isdecimal() for part in parts) or len(parts) > 3:
        return iso
    if len(parts) == 1:
        return iso
    month = int(parts[1])
    if not 1 <= month <= 12:
        return iso
    day = [str(int(parts[2]))] if len(parts) == 3 else []
    return " ".join([*day, _MONTHS[month - 1], parts[0]])


def kind_name(reference: Reference) -> str:
    """Guideline, Drug label (US), Drug label (EU) or Research."""
    name = KIND_NAMES[reference.kind]
    return f"{name} ({reference.jurisdiction.value})" if reference.jurisdiction else name


def byline(reference: Reference) -> str:
    """Who, where, when: authors or body, container with volume and pages, year or date.

    Unknown parts are left out; those a clinician would look for are said to be missing.
    """
    parts = (_who(reference), _where(reference), _when(reference), *missing(reference))
    return " · ".join(part for part in parts if part)


def links(reference: Reference) -> tuple[tuple[str, str], ...]:
    """(label, address) of where the source itself is read; its own address only where no identifier leads there."""
    found = []
    if reference.pmid:
        found.append((f"PMID {reference.pmid}", pubmed_address(reference.pmid)))
    if reference.doi:
        found.append((f"DOI {reference.doi}", f"https://doi.org/{quote(reference.doi)}"))
    if reference.set_id and reference.jurisdiction is Jurisdiction.US:
        address = f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={quote(reference.set_id)}"
        found.append((f"DailyMed {reference.set_id}", address))
    if not found and reference.url:
        found.append(("Source", reference.url))
    return tuple((label, address) for label, address in found if urlsplit(address).scheme in {"http", "https"})


def pubmed_address(pmid: str) -> str:
    """Where PubMed shows a record."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{quote(pmid)}/"


def whose_words(reference: Reference) -> str:
    """A text written here from a source must not look like the source's own words."""
    if not reference.facts_from:
        return "Quoted from the source"
    return f"Quoted from this library’s summary of the source · {REVIEW_NAMES[reference.status]}"


def _line(notice: Notice) -> str:
    given = published_in(notice)
    if not given:
        return _ALONE.get(notice.standing, _WORDS[notice.standing])
    colon = "" if notice.standing in _ALONE else ":"
    return f"{_WORDS[notice.standing]}{colon} {given}"


def _who(reference: Reference) -> str:
    names = [name for name in reference.authors if name.strip(" .").lower() != "et al"]
    cut = len(names) > _AUTHORS_NAMED or len(names) < len(reference.authors)
    authors = ", ".join(names[:_AUTHORS_NAMED]) + (", et al." if cut else "")
    if reference.kind is Kind.LABEL:
        return reference.manufacturer or reference.body or authors
    return reference.body or authors if reference.kind is Kind.GUIDELINE else authors or reference.body


def _where(reference: Reference) -> str:
    if reference.kind is Kind.LABEL and reference.version:
        return f"Version {reference.version}"
    place = ", ".join(part for part in (reference.volume, reference.pages) if part)
    return f"{reference.container} {place}".strip() if reference.container else ""


def _when(reference: Reference) -> str:
    if reference.kind is Kind.LABEL and reference.date:
        return f"Revised {written_date(reference.date)}"
    return str(reference.year) if reference.year else written_date(reference.date)
