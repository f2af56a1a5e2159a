"""References and citations → markup: what kind of source it is, whose, how old, where to read it, and what it says."""

from __future__ import annotations

import re

from chatbot.bibliography import (
    KIND_NAMES,
    REVIEW_NAMES,
    byline,
    kind_name,
    links,
    notice_word,
    notices_of_leaving_out,
    pubmed_address,
    same_text,
    standing_lines,
    whose_words,
    written_date,
)
from chatbot.domain import Citation, Kind, Notice, Reference, Standing
from chatbot.evidence_tags import tag
from chatbot.ui.render.escape import html_text, link
from chatbot.ui.source_place import address_of, address_of_quote

__all__ = ["byline", "kind_name", "written_date"]  # the words beside a source, for those who make its markup

_WHOLE = "Read it in the whole source"
_GRAVE = frozenset({Standing.RETRACTED, Standing.CONCERN, Standing.SUPERSEDED})
_WRAP = re.compile(r"(?<!\n)\n(?!(?:<mark>)?\s*(?:\n|[-*+|#]|\d+[.)]))")
"""A line break inside running text, which HTML reads as a space; those of lists and tables stay."""


def links_html(reference: Reference) -> str:
    """Links to the source itself; its address only where no identifier leads there."""
    found = (link(label, address) for label, address in links(reference))
    return "".join(f"<span>{item}</span>" for item in found if item)


def left_out_html(reference: Reference) -> str:
    """Which source is not used and why, with links to it and to the notices that say so."""
    why, notices = notices_of_leaving_out(reference)
    known = f"<span>({links_html(reference)})</span>" if links_html(reference) else ""
    given = ", ".join(filter(None, map(_notice_html, notices)))
    told = f"; {notice_word(why)}: {given}" if given else ""
    title = _in_new_tab(address_of(reference.id), reference.title.rstrip(".") or reference.id)
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
    name = f"{prefix}-c{citation.number}"
    return (
        f'<div id="{name}" class="mf-panel" popover="auto" role="dialog" aria-label="Citation {citation.number}">'
        f'<div class="mf-panel-top"><span class="mf-number">{citation.number}</span>{rests_html(citation)}'
        f'<button type="button" class="mf-close" popovertarget="{name}" popovertargetaction="hide" '
        f'aria-label="Close citation {citation.number}">×</button></div>{cited_html(citation)}</div>'
    )


def cited_html(citation: Citation) -> str:
    """Which source, what was published about it since, the quote in its passage, and links to the whole of it."""
    reference, heading = citation.passage.document.reference, citation.passage.section.heading.strip()
    places = (f"Section: {heading}" if heading else "", f"p. {citation.page}" if citation.page else "")
    place = " · ".join(part for part in places if part)
    where = f'<p class="mf-where">{html_text(place)}</p>' if place else ""
    return (
        f'<p class="mf-source">{html_text(reference.title)}</p><p class="mf-byline">{html_text(byline(reference))}</p>'
        f"{since_html(reference)}{where}<blockquote>{_quoted_html(citation)}</blockquote>"
        f'<p class="mf-standing">{whose_words(reference)}</p>'
        f'<p class="mf-links"><span>{_in_new_tab(address_of_quote(citation), _WHOLE)}</span>'
        f"{links_html(reference)}</p>"
    )


def _reference_html(reference: Reference, citations: list[Citation], prefix: str) -> str:
    details = html_text(byline(reference))
    numbers = [citation.number for citation in citations]
    pages = sorted({citation.page for citation in citations if citation.page})
    where = f"<span>p. {', '.join(map(str, pages))}</span>" if pages else ""
    study = f'<span class="mf-study">{html_text(reference.study.capitalize())}</span>' if reference.study else ""
    return (
        f'<li>{kind_html(reference)}{study}<p class="mf-source">{html_text(reference.title)}</p>'
        + (f'<p class="mf-byline">{details}</p>' if details else "")
        + since_html(reference)
        + f'<p class="mf-links"><span>{_in_new_tab(address_of(reference.id), _WHOLE)}</span>'
        f"{links_html(reference)}{where}{_review_html(reference)}"
        f'<span class="mf-cited">Cited as {markers_html(numbers, prefix)}</span></p></li>'
    )


def kind_html(reference: Reference) -> str:
    """What kind of source it is, as a tag."""
    return f'<span class="mf-tag mf-{reference.kind.value}">{kind_name(reference)}</span>'


def rests_html(citation: Citation) -> str:
    """What kind of source a quote is from, and what it rests on where that says more."""
    words = tag(citation.passage.document.reference, citation.passage.section)
    is_kind = words.startswith(KIND_NAMES[citation.passage.document.kind])
    more = "" if is_kind else f'<span class="mf-study">{html_text(words)}</span>'
    return kind_html(citation.passage.document.reference) + more


def since_html(reference: Reference) -> str:
    """What has been published about the source since, gravest first, and which sources say the same."""
    lines = "".join(
        f'<p class="{"mf-warned" if standing in _GRAVE else "mf-since"}">{html_text(words)}</p>'
        for standing, words in standing_lines(reference)
    )
    same = same_text(reference)
    return lines + (f'<p class="mf-since">{html_text(same)}</p>' if same else "")


def _in_new_tab(address: str, words: str) -> str:
    """A link to another page of ours, beside this one: what has been asked here stays."""
    return f'<a href="{html_text(address)}" target="_blank" rel="noopener">{html_text(words)}</a>'


def _notice_html(notice: Notice) -> str:
    cited = html_text(notice.citation.strip().rstrip("."))
    return ", ".join(part for part in (cited, _pmid_link(notice.pmid) if notice.pmid else "") if part)


def _pmid_link(pmid: str) -> str:
    return link(f"PMID {pmid}", pubmed_address(pmid))


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
    return f"<span>{REVIEW_NAMES[reference.status]}</span>" if reference.facts_from else ""
