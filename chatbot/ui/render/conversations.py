"""The list of conversations → markup. The words that the page says itself stand here."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from chatbot.conversations import Listed
from chatbot.ui.render.escape import html_text
from chatbot.ui.render.sources import written_date

_RECENT_DAYS = ((1, "Today"), (2, "Yesterday"), (7, "Last 7 days"), (30, "Last 30 days"))


def conversations_head_html() -> str:
    """The top of the page."""
    return (
        '<header class="mf-head"><h1>Conversations</h1><p class="mf-lead">Every question that you asked, with the '
        "answer and the quotes as you read them.</p></header>"
    )


def no_conversations_html() -> str:
    """What stands where nothing was asked yet."""
    return (
        '<div class="mf-empty"><h2>Nothing here yet</h2><p>Ask a question, or read an article and ask what it leaves '
        "open. What you ask is kept here, so that you can go on where you stopped.</p></div>"
    )


def conversations_foot_html() -> str:
    """Who can read them, and what deleting does."""
    return (
        '<p class="mf-quietly">Other people who use this page cannot see your conversations; whoever runs its server '
        "can. A conversation that you delete is removed from the server’s files at once.</p>"
    )


def conversation_html(listed: Listed, about: str, zone: tzinfo) -> str:
    """What a conversation is about, how many questions it holds, and the day of the last one."""
    parts = (about, questions(listed.questions), written_date(listed.changed.astimezone(zone).date().isoformat()))
    return f'<p class="mf-card-meta">{"".join(f"<span>{html_text(part)}</span>" for part in parts if part)}</p>'


def when(changed: datetime, today: date, zone: tzinfo) -> str:
    """The heading that a conversation stands under: how long ago it was, or its month."""
    day = changed.astimezone(zone).date()
    days = (today - day).days
    return next((name for most, name in _RECENT_DAYS if days < most), f"{day:%B %Y}")


def questions(count: int) -> str:
    """How many, in words that fit."""
    return {0: "No question", 1: "1 question"}.get(count, f"{count:,} questions")


def deleting_html(title: str, count: int) -> str:
    """What is about to be deleted, and that it is for good."""
    return (
        f'<p class="mf-named" dir="auto">{html_text(title)}</p><p>{questions(count)}, with what was answered. '
        "Deleting cannot be undone.</p>"
    )


def deleting_all_html(conversations: int, count: int) -> str:
    """As ``deleting_html``, for all."""
    number = "1 conversation" if conversations == 1 else f"All {conversations:,} conversations"
    return f"<p>{number} with {questions(count)}, and what was answered. Deleting cannot be undone.</p>"
