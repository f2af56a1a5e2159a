"""The review desk, and what an author sees of a review → markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from chatbot.articles import SECTION_TITLES
from chatbot.domain import AnswerSection, Citation, Claim
from chatbot.review.stages import Event, Stage
from chatbot.ui.render.escape import html_text
from chatbot.ui.render.sources import cited_html, rests_html, written_date

if TYPE_CHECKING:
    from chatbot.review.desk import Item, Waiting


def desk_head_html() -> str:
    """The top of the review desk."""
    return (
        '<header class="mf-head"><h1>Review desk</h1><p class="mf-lead">Read every statement beside its quotes. What '
        "you approve holds for those words alone.</p></header>"
    )


def waiting_html(waiting: Waiting) -> str:
    """What stands below a question in the queue."""
    source = f"Draft by {waiting.author}" if waiting.author else "Article of the corpus"
    since = f"since {written_date(waiting.since[:10])}" if waiting.since else ""
    told = [source, since, f"Open with {waiting.reviewer}" if waiting.reviewer else ""]
    parts = "".join(f"<span>{html_text(part)}</span>" for part in told if part)
    moved = f'<span class="mf-warn">{waiting.moved} cited quotes moved</span>' if waiting.moved else ""
    if waiting.moved == 1:
        moved = '<span class="mf-warn">One cited quote moved</span>'
    return f'<p class="mf-card-meta">{parts}{moved}</p>'


def item_head_html(item: Item) -> str:
    """The question under review, whose it is, and who has it open."""
    whose = f"Draft by {item.author_name}" if item.author else "Article of the corpus"
    told = (whose, f"Last updated: {written_date(item.content.updated)}", f"Status: {item.stage}")
    parts = "".join(f"<span>{html_text(part)}</span>" for part in told)
    return f'<header class="mf-head"><h1>{html_text(item.content.question)}</h1><p class="mf-meta">{parts}</p></header>'


def statement_html(number: int, section: AnswerSection, claim: Claim, citations: Sequence[Citation]) -> str:
    """A statement, and beside it each of its quotes where it stands."""
    title = SECTION_TITLES.get((section.kind, section.jurisdiction), SECTION_TITLES[section.kind, None])
    place = " · ".join(part for part in (title, claim.heading) if part)
    lead = " ".join(f'<span class="mf-lead-in">{html_text(part.strip())}</span>' for part in claim.lead)
    quotes = "".join(
        f'<div class="mf-beside"><p class="mf-rests-on">{rests_html(citation)}</p>{cited_html(citation)}</div>'
        for citation in citations
    )
    return (
        f'<div class="mf-statement"><div><h2>Statement {number}</h2><p class="mf-where">{html_text(place)}</p>'
        f'<p class="mf-stated" dir="auto">{lead} {html_text(claim.text.strip())}</p></div><div>{quotes}</div></div>'
    )


def silent_sections_html(sections: Sequence[AnswerSection]) -> str:
    """The sections of an article that say that they do not answer; empty where there are none."""
    silent = [
        f"<li>{SECTION_TITLES.get((one.kind, one.jurisdiction), SECTION_TITLES[one.kind, None])}: "
        f"{html_text(one.reason)}</li>"
        for one in sections
        if one.withheld
    ]
    return (
        f'<div class="mf-silent"><h2>Sections that do not answer</h2><ul>{"".join(silent)}</ul></div>' if silent else ""
    )


def marked_html(marks: Mapping[int, bool], count: int) -> str:
    """How many statements are marked, and what that allows."""
    not_said = sum(not supported for supported in marks.values())
    words = f"{len(marks)} of {count} statements marked."
    if not_said:
        words += f" {not_said} not supported: return it with a note."
    elif len(marks) < count:
        words += " Mark all of them to approve."
    return f'<p class="mf-quietly" role="status">{words}</p>'


def history_html(events: Sequence[Event]) -> str:
    """What happened, the newest first; nothing yet: nothing."""
    if not events:
        return ""
    items = "".join(map(_event_html, reversed(events)))
    return f'<section class="mf-history"><h2>History</h2><ol>{items}</ol></section>'


def returned_html(event: Event) -> str:
    """Why a draft came back to its author."""
    return (
        '<section class="mf-moved"><h2>Returned with a note</h2>'
        f'<p class="mf-said" dir="auto">{html_text(event.note)}</p>{_unsupported_html(event)}'
        f'<p class="mf-quietly">{html_text(event.name)} · {_day(event)}</p></section>'
    )


def draft_line_html(stage: Stage) -> str:
    """Who may read a draft, and what happens next."""
    words = {
        Stage.DRAFT: "A draft that only you can see. Reviewers read it once you send it.",
        Stage.SUBMITTED: "Sent to review. You and the reviewers can read it.",
        Stage.UNDER_REVIEW: "A reviewer is reading it. You and the reviewers can see it.",
        Stage.RETURNED: "Leave out what cannot stand, and send it again.",
        Stage.APPROVED: "Approved. It stands in the library once the index is up to date.",
    }[stage]
    return f'<p class="mf-quietly">{words}</p>'


def _event_html(event: Event) -> str:
    note = f'<p class="mf-said" dir="auto">{html_text(event.note)}</p>' if event.note else ""
    return (
        f"<li><b>{event.what}</b> · {html_text(event.name)} · "
        f'<time datetime="{event.at.isoformat(timespec="seconds")}">{_day(event)}, {event.at:%H:%M} UTC</time>'
        f"{note}{_unsupported_html(event)}</li>"
    )


def _unsupported_html(event: Event) -> str:
    if not event.unsupported:
        return ""
    which = ", ".join(map(str, event.unsupported))
    return f'<p class="mf-said">Not supported by their quotes: statement {which}.</p>'


def _day(event: Event) -> str:
    return written_date(event.at.date().isoformat())
