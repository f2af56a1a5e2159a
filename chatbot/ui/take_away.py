"""One quiet control that opens the downloads of an answer, an article or a whole conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import streamlit as st

from chatbot.audience import Audience
from chatbot.domain import Answer, Conversation, Reference
from chatbot.takeaway.formats import FORMATS, Format, file_name
from chatbot.takeaway.taken import Taken
from chatbot.ui import render
from chatbot.ui.render.take_away import focus_html
from chatbot.ui.state import plain_errors, the_chatbot

_HOLDS_TURNS = "The card also holds what was asked and answered before: without it the question reads otherwise."
_PRIVATE = "Files hold questions as they were typed: look through them before you pass them on."


def show_take_away(
    answers: Sequence[Answer],
    conversation: Conversation,
    name: str,
    key: str,
    *,
    article: Reference | None = None,
    audience: Audience = Audience.CLINICIAN,
) -> None:
    """Shows the control; no answers: nothing.

    ``conversation`` is what preceded the first answer; files are called after ``name``; ``key`` is the page's own for
    this control. ``article``: the reference of the article that the first answer is. ``audience``: whom the answers
    were chosen for.
    """
    if answers:
        made = datetime.now().astimezone()
        _control(Taken(tuple(answers), name, made, conversation, article, audience), key)


@st.fragment
def _control(taken: Taken, key: str) -> None:
    """Opening it runs this alone, and only then are there buttons: a long conversation has many of these."""
    with st.container(key=f"take-away-{key}", width="content"), plain_errors():
        opened = st.popover(
            "Take it away" if len(taken.answers) == 1 else "Take it all away",
            type="tertiary",
            icon=":material/download:",
            key=f"take-away-open-{key}",
            on_change="rerun",
        )
        with opened:
            if opened.open:
                _downloads(taken, key)


def _downloads(taken: Taken, key: str) -> None:
    offered = [format_ for format_ in FORMATS if format_.is_for(taken)]
    for format_ in offered:
        st.download_button(
            f"**{format_.name}** {render.markdown_text(format_.purpose)}",
            _maker(format_, taken),
            file_name(taken.name, format_),
            format_.mime,
            key=f"take-away-{key}-{format_.suffix}",
            on_click="ignore",
            type="tertiary",
            width="stretch",
        )
    has_turns = bool(taken.before.turns) and any(format_.of_one for format_ in offered)
    st.html(render.note_html(f"{_PRIVATE} {_HOLDS_TURNS}" if has_turns else _PRIVATE))
    st.html(focus_html(), unsafe_allow_javascript=True)


def _maker(format_: Format, taken: Taken) -> Callable[[], bytes]:
    """What makes the file when it is asked for; Streamlit calls it in a thread of its own."""
    chatbot = the_chatbot()
    return lambda: format_.make(replace(taken, made=datetime.now().astimezone()), chatbot)
