"""The top of an article or a draft → markup: its question, how far its review has come, and what has moved since."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from chatbot.approved import Effective, Moved
from chatbot.domain import Reference, ReviewStatus
from chatbot.editorial import NOTICES, REVIEWED
from chatbot.ui.render.escape import html_text
from chatbot.ui.render.sources import links_html, written_date

_UNSENT = "Educational purpose only · nobody has reviewed this content"
_UNSENT_REVIEWED = (
    "This is a draft: its statements are quotes that were found for its question. Nobody has reviewed it."
)
_POLICY = (
    "Every statement names the text that supports it. Choose a number to read the exact quote where it stands. "
    "A statement without a source is left out.",
    "Sources are kept apart by kind. Where guidelines, drug labels or research do not answer, that section says so "
    "and stays empty.",
    "An article is approved by a person who has read every statement beside its quotes. The approval holds for those "
    "words alone: when the article or a cited quote changes, or a source is retracted, the article goes back to "
    "Submitted and says what moved.",
    "Answers to follow-up questions are put together by software from sentences of the indexed sources, word for "
    "word. No editor sees them before you do.",
    "A source may be indexed as a summary in this library’s own words. Each citation says whether you read a summary "
    "or the source itself; read the original before you rely on it.",
)
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def head_html(article: Reference, said: Sequence[str] = (), *, is_sent: bool = True) -> str:
    """Question, editorial notice, review status, date of the last update, editorial policy: the top of an article.

    ``article.status`` is the status in force; one that is not sent to review has no step. ``said`` are lines below the
    steps: who approved it, who is reviewing it.
    """
    updated = f"<span>Last updated: {html_text(written_date(article.date))}</span>" if article.date else ""
    lines = "".join(f"<span>{html_text(line)}</span>" for line in said)
    notice, reviewed = (NOTICES[article.status], REVIEWED[article.status]) if is_sent else (_UNSENT, _UNSENT_REVIEWED)
    return (
        f'<header class="mf-head"><h1>{html_text(article.title)}</h1>'
        f'<p class="mf-caution">{notice}</p>'
        f'<p id="mf-status" class="mf-label">Article Review Status</p>{steps_html(article.status if is_sent else None)}'
        f'<p class="mf-meta">{updated}{lines}'
        '<button type="button" class="mf-link" popovertarget="mf-policy">View editorial policy</button></p>'
        f"{_policy_html(reviewed)}</header>"
    )


def steps_html(status: ReviewStatus | None) -> str:
    """The three steps of the review, the current one marked; None: none is reached."""
    reached = list(ReviewStatus).index(status) if status else -1
    items = ""
    for place, step in enumerate(ReviewStatus):
        state = (
            ' class="mf-done"' if place < reached else ' class="mf-now" aria-current="step"' if place == reached else ""
        )
        items += f"<li{state}><span>{step.value}</span></li>"
    return f'<ol class="mf-steps" aria-labelledby="mf-status">{items}</ol>'


def sent_back_html(stands: Effective) -> str:
    """Why an approval does not hold any more, each cited quote as it was beside how it is now; empty where it does."""
    if stands.unsigned:
        words = "Its file says that this article is approved, and not by whom and what. It counts as submitted."
        return f'<section class="mf-moved"><p>{words}</p></section>'
    if not stands.is_sent_back or stands.approval is None:
        return ""
    approved = f"It was approved by {html_text(stands.approval.by)} on {html_text(written_date(stands.approval.on))}. "
    if stands.edited:
        why = "Its text was changed after that, so nobody has reviewed what it says now."
    else:
        count = len(stands.moved)
        moved = "One cited quote has" if count == 1 else f"{count} cited quotes have"
        why = f"{moved} changed since. What rested on {'it' if count == 1 else 'them'} alone is not shown."
    return (
        '<section class="mf-moved"><h2>Back to Submitted: this article has to be reviewed again</h2>'
        f"<p>{approved}{why}</p>{moved_html(stands.moved)}</section>"
    )


def moved_html(moved: Sequence[Moved]) -> str:
    """Each cited quote that moved: which source, what became of it, its words then and now, what differs marked."""
    return "".join(map(_moved_html, moved))


def _moved_html(moved: Moved) -> str:
    title = moved.reference.title if moved.reference else moved.span.reference
    links = f" <span>({links_html(moved.reference)})</span>" if moved.reference and links_html(moved.reference) else ""
    before, after = _compared(moved.span.quote, moved.nearest)
    which = f"<b>{html_text(moved.change)}:</b> “{html_text(title.rstrip('.'))}”{links}"
    gone = f'<p class="mf-quietly">{html_text(moved.change)}.</p>'
    now = f"<blockquote>{after}</blockquote>" if after else gone
    return (
        f'<article class="mf-moved-one"><p>{which}</p>'
        f'<div class="mf-was-is"><div><h3>Was, as approved</h3><blockquote>{before}</blockquote></div>'
        f"<div><h3>Is now</h3>{now}</div></div></article>"
    )


def _compared(before: str, after: str) -> tuple[str, str]:
    """Both texts escaped, the words that only one of them has marked."""
    if not after:
        return html_text(before), ""
    was, now = _WORDS.findall(before), _WORDS.findall(after)
    left = right = ""
    for how, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        old, new = html_text("".join(was[i:j])), html_text("".join(now[k:m]))
        left += old if how == "equal" or not old.strip() else f"<del>{old}</del>"
        right += new if how == "equal" or not new.strip() else f"<ins>{new}</ins>"
    return left, right


def _policy_html(reviewed: str) -> str:
    points = "".join(f"<li>{words}</li>" for words in (reviewed, *_POLICY))
    return (
        '<div id="mf-policy" class="mf-panel" popover="auto" role="dialog" aria-label="Editorial policy">'
        '<div class="mf-panel-top"><span class="mf-panel-title">Editorial policy</span><button type="button" '
        'class="mf-close" popovertarget="mf-policy" popovertargetaction="hide" aria-label="Close editorial policy">×'
        f"</button></div><ul>{points}</ul></div>"
    )
