"""What the library and the sources page say of what they list → markup."""

from __future__ import annotations

from collections.abc import Mapping

from chatbot.bibliography import byline, written_date
from chatbot.domain import Kind, Reference, ReviewStatus, Standing
from chatbot.ui.render.escape import html_text
from chatbot.ui.render.sources import kind_html

KINDS = {
    Kind.ARTICLE: "Articles",
    Kind.GUIDELINE: "Guidelines",
    Kind.LABEL: "Drug labels",
    Kind.RESEARCH: "Research",
}
"""What a page calls the documents of a kind together."""

STANDINGS = {
    Standing.RETRACTED: "Retracted",
    Standing.CONCERN: "Expression of concern",
    Standing.SUPERSEDED: "Superseded",
    Standing.CORRECTED: "Corrected",
    Standing.UPDATED: "Updated",
}
"""What a page calls the sources of which something was published since."""

_GRAVE = frozenset({Standing.RETRACTED, Standing.CONCERN, Standing.SUPERSEDED})


def sources_head_html() -> str:
    """The top of the sources page."""
    return (
        '<header class="mf-head"><h1>Sources</h1><p class="mf-lead">What answers are quoted from. Open one to read it '
        "whole.</p></header>"
    )


def article_line_html(article: Reference, status: ReviewStatus) -> str:
    """What stands below an article's question: the status in force, and when it was last updated."""
    updated = f"<span>Updated {html_text(written_date(article.date))}</span>" if article.date else ""
    dot = f"mf-is-{status.value.split()[0].lower()}"
    return f'<p class="mf-card-meta"><span class="mf-status {dot}">{status.value}</span>{updated}</p>'


def source_line_html(source: Reference) -> str:
    """What stands below a source's title: its kind, its standing, whose it is and when."""
    standing = ""
    if source.standing:
        name = "mf-warn" if source.standing in _GRAVE else "mf-rests"
        standing = f'<span class="{name}">{STANDINGS[source.standing]}</span>'
    return f'<p class="mf-card-meta">{kind_html(source)}{standing}<span>{html_text(byline(source))}</span></p>'


def many_html(shown: int, found: int, what: str) -> str:
    """How many were found, and how to see fewer; empty where all are shown."""
    if found <= shown:
        return ""
    words = f"{found - shown:,} more {what} match. Add a word or a filter to see fewer."
    return f'<p class="mf-quietly">{html_text(words)}</p>'


def results_title_html(title: str, count: int) -> str:
    """The heading of a list of results."""
    return f'<h2 class="mf-results">{html_text(title)} <span>{count:,}</span></h2>'


def standing_table_html(counts: Mapping[tuple[Kind, Standing | None], int]) -> str:
    """How many documents of each kind are indexed, and of how many something was published since."""
    told = [standing for standing in Standing if any(key[1] is standing for key in counts)]
    head = "".join(f'<th scope="col">{STANDINGS[standing]}</th>' for standing in told)
    rows = ""
    for kind, name in KINDS.items():
        total = sum(count for key, count in counts.items() if key[0] is kind)
        cells = "".join(f"<td>{counts.get((kind, standing), 0) or '–'}</td>" for standing in told)
        if total:
            rows += f'<tr><th scope="row">{name}</th><td>{total:,}</td>{cells}</tr>'
    if not rows:
        return '<p class="mf-quietly">Nothing is indexed.</p>'
    return (
        '<div class="mf-table mf-holdings-table" tabindex="0"><table><thead><tr><th scope="col">Kind</th>'
        f'<th scope="col">Indexed</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )
