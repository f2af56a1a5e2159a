"""The parts of the page around an answer → markup. The words that the page says itself stand here."""

from __future__ import annotations

from collections.abc import Mapping

from chatbot.domain import Kind, Reference, ReviewStatus
from chatbot.ui.render.escape import html_text
from chatbot.ui.render.sources import written_date

_NOTICES = {
    ReviewStatus.SUBMITTED: "Educational purpose only · content is pending human review",
    ReviewStatus.UNDER_REVIEW: "Educational purpose only · content is pending human review",
    ReviewStatus.APPROVED: "Educational purpose only · content was reviewed and approved",
}
_REVIEWED = {
    ReviewStatus.SUBMITTED: "Nobody has reviewed this article yet.",
    ReviewStatus.UNDER_REVIEW: "A review of this article has begun and is not finished.",
    ReviewStatus.APPROVED: "This article was approved in the wording shown here.",
}
_POLICY = (
    "Every statement names the text that supports it. Choose a number to read the exact quote where it stands. "
    "A statement without a source is left out.",
    "Sources are kept apart by kind. Where guidelines, drug labels or research do not answer, that section says so "
    "and stays empty.",
    "Answers to follow-up questions are put together by software from sentences of the indexed sources, word for "
    "word. No editor sees them before you do.",
    "A source may be indexed as a summary in this library’s own words. Each citation says whether you read a summary "
    "or the source itself; read the original before you rely on it.",
)
_AUDIENCES = {
    "Clinician": "Check each statement against its source and the patient in front of you before it guides care.",
    "Trainee": "Open the citations to see what each statement rests on, and settle decisions with your supervisor.",
    "Patient or carer": "This page is written for health professionals. Do not start, stop or change a treatment "
    "because of it: take your questions to your doctor or pharmacist. In an emergency, call your local emergency "
    "number.",
}
_DISCLAIMER = (
    "This page supports health professionals and does not replace their judgement. It can be incomplete, out of date "
    "or wrong. Before acting on anything here, read the cited source, check it against current guidance and the "
    "official product information, and weigh it for the individual patient. Those who make and run this software "
    "accept no liability for decisions based on it."
)
_HOLDINGS = {
    Kind.GUIDELINE: ("guideline", "guidelines"),
    Kind.LABEL: ("drug label", "drug labels"),
    Kind.RESEARCH: ("research source", "research sources"),
    Kind.ARTICLE: ("article", "articles"),
}
AUDIENCES = tuple(_AUDIENCES)


def head_html(article: Reference) -> str:
    """Question, editorial notice, review status, date of the last update, editorial policy: the top of an article."""
    updated = f"Last updated: {html_text(written_date(article.date))}" if article.date else ""
    return (
        f'<header class="mf-head"><h1>{html_text(article.title)}</h1>'
        f'<p class="mf-caution">{_NOTICES[article.status]}</p>'
        f'<p id="mf-status" class="mf-label">Article Review Status</p>{_steps_html(article.status)}'
        f'<p class="mf-meta"><span>{updated}</span>'
        '<button type="button" class="mf-link" popovertarget="mf-policy">View editorial policy</button></p>'
        f"{_policy_html(article.status)}</header>"
    )


def audience_html(audience: str | None) -> str:
    """What a reader of this kind should know; empty where none was chosen."""
    words = _AUDIENCES.get(audience or "")
    return f'<p class="mf-note">{words}</p>' if words else ""


def closing_html() -> str:
    """The professional disclaimer."""
    return f'<aside class="mf-disclaimer"><h2>Professional Medical Disclaimer</h2><p>{_DISCLAIMER}</p></aside>'


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


def card_html(article: Reference) -> str:
    """What stands below an article's question in the library."""
    updated = f"<span>Updated {html_text(written_date(article.date))}</span>" if article.date else ""
    status = article.status.value
    dot = f"mf-is-{status.split()[0].lower()}"
    return f'<p class="mf-card-meta"><span class="mf-status {dot}">{status}</span>{updated}</p>'


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
    """Moves a question just asked to the top of the window. The page's only script; nothing but a number varies."""
    return (
        "<script>requestAnimationFrame(() => document.getElementById("
        f'"mf-turn-{int(turn)}")?.scrollIntoView({{block: "start"}}))</script>'
    )


def _steps_html(status: ReviewStatus) -> str:
    reached = list(ReviewStatus).index(status)
    items = ""
    for place, step in enumerate(ReviewStatus):
        state = (
            ' class="mf-done"' if place < reached else ' class="mf-now" aria-current="step"' if place == reached else ""
        )
        items += f"<li{state}><span>{step.value}</span></li>"
    return f'<ol class="mf-steps" aria-labelledby="mf-status">{items}</ol>'


def _policy_html(status: ReviewStatus) -> str:
    points = "".join(f"<li>{words}</li>" for words in (_REVIEWED[status], *_POLICY))
    return (
        '<div id="mf-policy" class="mf-panel" popover="auto" role="dialog" aria-label="Editorial policy">'
        '<div class="mf-panel-top"><span class="mf-panel-title">Editorial policy</span><button type="button" '
        'class="mf-close" popovertarget="mf-policy" popovertargetaction="hide" aria-label="Close editorial policy">×'
        f"</button></div><ul>{points}</ul></div>"
    )
