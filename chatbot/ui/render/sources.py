"""References and citations → markup: what kind of source it is, whose, how old, where to read it, and what it says."""

from __future__ import annotations

import re

from chatbot.bibliography import (
    missing,
    notice_word,
    notices_of_leaving_out,
    same_text,
    standing_lines,
)
from chatbot.domain import Citation, Jurisdiction, Kind, Notice, Reference, ReviewStatus, Standing
from chatbot.evidence_tags import tag
from chatbot.ui.render.escape import html_text, in_address, link

_MONTHS = "January February March April May June July August September October November December".split()
_KINDS = {Kind.GUIDELINE: "Guideline", Kind.LABEL: "Drug label", Kind.RESEARCH: "Research", Kind.ARTICLE: "Article"}
_REVIEW = {
    ReviewStatus.SUBMITTED: "Pending review",
    ReviewStatus.UNDER_REVIEW: "Under review",
    ReviewStatus.APPROVED: "Approved",
}
_GRAVE = frozenset({Standing.RETRACTED, Standing.CONCERN, Standing.SUPERSEDED})
_AUTHORS_NAMED = 3
_WRAP = re.compile(r"(?<!\n)\n(?!(?:<mark>)?\s*(?:\n|[-*+|#]|\d+[.)]))")
"""A line break inside running text, which HTML reads as a space; those of lists and tables stay."""


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
    name = _KINDS[reference.kind]
    return f"{name} ({reference.jurisdiction.value})" if reference.jurisdiction else name


def byline(reference: Reference) -> str:
    """Who, where, when: authors or body, container with volume and pages, year or date.

    Unknown parts are left out; those a clinician would look for are said to be missing.
    """
    parts = (_who(reference), _where(reference), _when(reference), *missing(reference))
    return " · ".join(part for part in parts if part)


def links_html(reference: Reference) -> str:
    """Links to the source itself; its address only where no identifier leads there."""
    found = []
    if reference.pmid:
        found.append(_pmid_link(reference.pmid))
    if reference.doi:
        found.append(link(f"DOI {reference.doi}", f"https://doi.org/{in_address(reference.doi)}"))
    if reference.set_id and reference.jurisdiction is Jurisdiction.US:
        address = f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={in_address(reference.set_id)}"
        found.append(link(f"DailyMed {reference.set_id}", address))
    if not found and reference.url:
        found.append(link("Source", reference.url))
    return "".join(f"<span>{item}</span>" for item in found if item)


def left_out_html(reference: Reference) -> str:
    """Which source is not used and why, with links to it and to the notices that say so."""
    why, notices = notices_of_leaving_out(reference)
    known = f"<span>({links_html(reference)})</span>" if links_html(reference) else ""
    given = ", ".join(filter(None, map(_notice_html, notices)))
    told = f"; {notice_word(why)}: {given}" if given else ""
    title = html_text(reference.title.rstrip("."))
    return f'<p class="mf-left-out" dir="auto"><b>Left out:</b> “{title}” {known}, {html_text(why)}{told}.</p>'


def references_html(citations: tuple[Citation, ...], prefix: str, level: int) -> str:
    """The cited references, each once, by kind and first citation, with the numbers it is cited by. None: nothing."""
    cited: dict[str, list[Citation]] = {}
    references: dict[str, Reference] = {}
    for citation in citations:
        reference = citation.passage.document.reference
        references.setdefault(reference.id, reference)
        cited.setdefault(reference.id, []).append(citation)
    if not references:
        return ""
    kinds = list(Kind)
    by_kind = sorted(references.values(), key=lambda reference: kinds.index(reference.kind))
    items = "".join(_reference_html(reference, cited[reference.id], prefix) for reference in by_kind)
    return f'<section class="mf-references"><h{level}>References</h{level}><ol>{items}</ol></section>'


def markers_html(numbers: tuple[int, ...] | list[int], prefix: str) -> str:
    """The numbers as buttons; each opens its citation's panel."""
    buttons = "".join(
        f'<button type="button" class="mf-cite" popovertarget="{prefix}-c{number}" '
        f'aria-label="Citation {number}: show the quote">{number}</button>'
        for number in numbers
    )
    return f'<span class="mf-cites">{buttons}</span>'


def panel_html(citation: Citation, prefix: str) -> str:
    """What a marker opens: the quote in its passage, and whose words they are."""
    passage, reference = citation.passage, citation.passage.document.reference
    name = f"{prefix}-c{citation.number}"
    heading = passage.section.heading.strip()
    places = (f"Section: {heading}" if heading else "", f"p. {citation.page}" if citation.page else "")
    place = " · ".join(part for part in places if part)
    where = f'<p class="mf-where">{html_text(place)}</p>' if place else ""
    links = links_html(reference)
    return (
        f'<div id="{name}" class="mf-panel" popover="auto" role="dialog" aria-label="Citation {citation.number}">'
        f'<div class="mf-panel-top"><span class="mf-number">{citation.number}</span>{_kind_html(reference)}'
        f"{_rests_html(citation)}"
        f'<button type="button" class="mf-close" popovertarget="{name}" popovertargetaction="hide" '
        f'aria-label="Close citation {citation.number}">×</button></div>'
        f'<p class="mf-source">{html_text(reference.title)}</p><p class="mf-byline">{html_text(byline(reference))}</p>'
        f"{_since_html(reference)}{where}<blockquote>{_quoted_html(citation)}</blockquote>"
        f'<p class="mf-standing">{_whose_words(reference)}</p>'
        + (f'<p class="mf-links">{links}</p>' if links else "")
        + "</div>"
    )


def _reference_html(reference: Reference, citations: list[Citation], prefix: str) -> str:
    details = html_text(byline(reference))
    numbers = [citation.number for citation in citations]
    pages = sorted({citation.page for citation in citations if citation.page})
    where = f"<span>p. {', '.join(map(str, pages))}</span>" if pages else ""
    study = f'<span class="mf-study">{html_text(reference.study.capitalize())}</span>' if reference.study else ""
    return (
        f'<li>{_kind_html(reference)}{study}<p class="mf-source">{html_text(reference.title)}</p>'
        + (f'<p class="mf-byline">{details}</p>' if details else "")
        + _since_html(reference)
        + f'<p class="mf-links">{links_html(reference)}{where}{_review_html(reference)}'
        f'<span class="mf-cited">Cited as {markers_html(numbers, prefix)}</span></p></li>'
    )


def _kind_html(reference: Reference) -> str:
    return f'<span class="mf-tag mf-{reference.kind.value}">{kind_name(reference)}</span>'


def _rests_html(citation: Citation) -> str:
    """What a quote rests on, where that says more than which kind of source it is."""
    words = tag(citation.passage.document.reference, citation.passage.section)
    is_kind = words.startswith(_KINDS[citation.passage.document.kind])
    return "" if is_kind else f'<span class="mf-study">{html_text(words)}</span>'


def _since_html(reference: Reference) -> str:
    """What has been published about the source since, gravest first, and which sources say the same."""
    lines = "".join(
        f'<p class="{"mf-warned" if standing in _GRAVE else "mf-since"}">{html_text(words)}</p>'
        for standing, words in standing_lines(reference)
    )
    same = same_text(reference)
    return lines + (f'<p class="mf-since">{html_text(same)}</p>' if same else "")


def _notice_html(notice: Notice) -> str:
    cited = html_text(notice.citation.strip().rstrip("."))
    return ", ".join(part for part in (cited, _pmid_link(notice.pmid) if notice.pmid else "") if part)


def _pmid_link(pmid: str) -> str:
    return link(f"PMID {pmid}", f"https://pubmed.ncbi.nlm.nih.gov/{in_address(pmid)}/")


def _quoted_html(citation: Citation) -> str:
    """The passage with the quote marked and its lead underlined; a lead that stands further up comes before " … ".

    The quote alone where it reaches beyond the passage.
    """
    passage, text = citation.passage, citation.passage.document.text
    marked, place = "", passage.start
    for span in citation.lead:
        gap = html_text(text[place : span.start]) if span.start >= place else ""
        lead = f'<span class="mf-lead-in">{html_text(passage.quote(span))}</span>'
        marked += gap + lead + (" … " if span.end <= passage.start else "")
        place = max(place, span.end)
    before, after = text[place : citation.start], text[citation.end : passage.end]
    marked += f"{html_text(before)}<mark>{html_text(citation.quote)}</mark>{html_text(after)}"
    return _WRAP.sub(" ", marked)


def _review_html(reference: Reference) -> str:
    """How far the review of a summary has come; the source itself is nobody's to review here."""
    return f"<span>{_REVIEW[reference.status]}</span>" if reference.facts_from else ""


def _whose_words(reference: Reference) -> str:
    """A text written here from a source must not look like the source's own words."""
    if not reference.facts_from:
        return "Quoted from the source"
    return f"Quoted from this library’s summary of the source · {_REVIEW[reference.status]}"


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
