"""The parts of the page around an answer → markup. The words that the page says itself stand here."""

from __future__ import annotations

from collections.abc import Mapping

from chatbot.domain import Kind
from chatbot.editorial import DISCLAIMER
from chatbot.ui.render.escape import html_text

_AUDIENCES = {
    "Clinician": "Check each statement against its source and the patient in front of you before it guides care.",
    "Trainee": "Open the citations to see what each statement rests on, and settle decisions with your supervisor.",
    "Patient or carer": "This page is written for health professionals. Do not start, stop or change a treatment "
    "because of it: take your questions to your doctor or pharmacist. In an emergency, call your local emergency "
    "number.",
}
_HOLDINGS = {
    Kind.GUIDELINE: ("guideline", "guidelines"),
    Kind.LABEL: ("drug label", "drug labels"),
    Kind.RESEARCH: ("research source", "research sources"),
    Kind.ARTICLE: ("article", "articles"),
}
AUDIENCES = tuple(_AUDIENCES)


def audience_html(audience: str | None) -> str:
    """What a reader of this kind should know; empty where none was chosen."""
    words = _AUDIENCES.get(audience or "")
    return f'<p class="mf-note">{words}</p>' if words else ""


def closing_html() -> str:
    """The professional disclaimer."""
    return f'<aside class="mf-disclaimer"><h2>Professional Medical Disclaimer</h2><p>{DISCLAIMER}</p></aside>'


def part_title_html(title: str, words: str = "") -> str:
    """The heading of a part of the page that Streamlit elements follow, with a line below it."""
    line = f"<p>{html_text(words)}</p>" if words else ""
    return f'<div class="mf-part"><h2>{html_text(title)}</h2>{line}</div>'


def library_head_html() -> str:
    """The top of the library."""
    return (
        '<header class="mf-head"><h1>Clinical questions, answered from their sources</h1>'
        '<p class="mf-lead">Read an article and ask what it leaves open. Every statement shows the sentence it rests '
        "on.</p></header>"
    )


def question_head_html(counts: Mapping[Kind, int]) -> str:
    """The top of the page for a question without an article."""
    return (
        '<header class="mf-head"><h1>Ask a question</h1><p class="mf-lead">The answer is quoted from what is indexed, '
        "with a citation behind every statement. Nobody reviews it before you read it.</p></header>"
        f"{holdings_html(counts)}"
    )


def holdings_html(counts: Mapping[Kind, int]) -> str:
    """How much is indexed, by kind."""
    items = "".join(
        f"<li><b>{counts[kind]:,}</b> {one if counts[kind] == 1 else many}</li>"
        for kind, (one, many) in _HOLDINGS.items()
        if counts.get(kind)
    )
    return f'<div class="mf-holdings"><h2>What is indexed</h2><ul>{items}</ul></div>'


def note_html(words: str) -> str:
    """A line in the page's own quiet voice."""
    return f'<p class="mf-quietly">{html_text(words)}</p>'


def scroll_html(turn: int) -> str:
    """Moves a question just asked to the top of the window, or the urgent advice above it where there is some.

    Nothing but a number varies in the script.
    """
    return (
        "<script>requestAnimationFrame(() => {"
        f'const asked = document.getElementById("mf-turn-{int(turn)}");'
        """const advice = asked?.closest('[class*="st-key-turn-"]')?.querySelector(".mf-alarm");"""
        '(advice ?? asked)?.scrollIntoView({block: "start"});})</script>'
    )


def top_html(visit: int) -> str:
    """Shows a page from its top: a link from a page to itself leaves it where it was scrolled to.

    ``visit`` makes each one new, so that the browser runs it.
    """
    return (
        f"<script>/* {int(visit)} */ "
        'document.querySelector(\'[data-testid="stMain"]\')?.scrollTo({top: 0, behavior: "instant"})</script>'
    )
