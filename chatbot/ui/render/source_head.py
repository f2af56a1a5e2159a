"""What stands around a source's text on its own page: whose it is, its standing, what became of the quote."""

from __future__ import annotations

from zlib import crc32

from chatbot.bibliography import byline, standing_lines
from chatbot.domain import Document, Reference, Standing
from chatbot.ui.render.escape import html_text
from chatbot.ui.render.source_blocks import headings_of
from chatbot.ui.render.source_text import QUOTE_ID, outline_html, text_html
from chatbot.ui.render.sources import kind_html, links_html, since_html
from chatbot.ui.source_place import Finding, Place

_STANDS = {
    Standing.RETRACTED: "This source was retracted. It is kept here to be read, and no answer quotes it.",
    Standing.CONCERN: "An expression of concern was published about this source.",
    Standing.SUPERSEDED: "A newer source has taken the place of this one.",
    Standing.CORRECTED: "A correction of this source was published.",
    Standing.UPDATED: "An update of this source was published.",
}
_GRAVE = frozenset({Standing.RETRACTED, Standing.CONCERN, Standing.SUPERSEDED})
_FINDINGS = {
    Finding.MOVED: "The text of this source has changed since it was quoted. The quoted words are still in it, and are "
    "marked below.",
    Finding.GONE: "The text of this source has changed since it was quoted. The quoted words are no longer in it.",
}


def source_head_html(reference: Reference) -> str:
    """The top of a source's page: kind, title, whose it is, where else to read it, what was published since."""
    study = f'<span class="mf-study">{html_text(reference.study.capitalize())}</span>' if reference.study else ""
    links = links_html(reference)
    return (
        f'<header class="mf-head mf-source-head">{kind_html(reference)}{study}'
        f"<h1>{html_text(reference.title or reference.id)}</h1>"
        f'<p class="mf-byline">{html_text(byline(reference))}</p>'
        + (f'<p class="mf-links">{links}</p>' if links else "")
        + f"{_whose_html(reference)}{_standing_html(reference)}</header>"
    )


def finding_html(finding: Finding) -> str:
    """What a reader must know of the quote that was asked for; empty where it stands where it stood."""
    words = _FINDINGS.get(finding)
    return f'<p class="mf-caution" role="status">{words}</p>' if words else ""


def whole_source_html(document: Document, quote: tuple[int, int] | None) -> str:
    """The text with its outline beside it, or folded above it where the window is narrow."""
    outline = outline_html(headings_of(document), quote)
    skip = f'<a href="#{QUOTE_ID}">Go to the quote</a>' if quote else ""
    folded = f'<details class="mf-folded"><summary>Sections</summary>{outline}</details>' if outline else ""
    beside = f'<nav class="mf-outline" aria-label="Sections"><h2>Sections</h2>{outline}</nav>' if outline else ""
    return (
        f'<div class="mf-viewer{"" if outline else " mf-single"}">{beside}<div class="mf-column">'
        f"{f'<p class=mf-skip>{skip}</p>' if skip else ''}{folded}{text_html(document, quote)}</div></div>"
    )


def quote_scroll_html(place: Place) -> str:
    """Moves the quote to the middle of the window, and its section into the outline's. Nothing but a number varies, so
    that each quote is moved to once.
    """
    number = crc32(repr(place).encode("utf-8", "surrogatepass"))
    return (
        "<script>requestAnimationFrame(() => {"
        'document.querySelector(".mf-outline [aria-current]")?.scrollIntoView({block: "center"});'
        f'document.getElementById({QUOTE_ID!r})?.scrollIntoView({{block: "center"}})}}, {number})</script>'
    )


def _whose_html(reference: Reference) -> str:
    if not reference.facts_from:
        return ""
    return (
        '<p class="mf-note">These are this library’s own words: a summary of the source, not the source itself. '
        "Read the original before you rely on it.</p>"
    )


def _standing_html(reference: Reference) -> str:
    """The gravest first as a banner, then every notice with what it gives."""
    lines = since_html(reference)
    if not standing_lines(reference):
        return lines
    assert reference.standing is not None  # there are notices
    name = "mf-banner mf-grave" if reference.standing in _GRAVE else "mf-banner"
    return f'<div class="{name}" role="note"><p><b>{_STANDS[reference.standing]}</b></p>{lines}</div>'
