"""What an answer is shown and copied as, made once in a session: a page runs anew for every question."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from chatbot.audience import Audience
from chatbot.domain import Conversation
from chatbot.takeaway.markdown import as_markdown
from chatbot.takeaway.taken import Taken
from chatbot.ui import render
from chatbot.ui.audience import glossary_for
from chatbot.ui.chat.talk import Exchange

_STATE = "shown-answers"
_REMEMBERED = 200  # answers of a session, some 30 KB each


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as HTML, and as the Markdown that is copied."""

    html: str
    copied: str


def shown(exchange: Exchange, turn: int, before: Conversation, audience: Audience) -> Shown:
    """The answer that becomes a turn; ``before`` is the conversation that its question was read in."""
    made: dict[tuple[str, int, Audience], Shown] = st.session_state.setdefault(_STATE, {})
    key = (exchange.key, turn, audience)
    if key not in made:
        answer, glossary = exchange.answer, glossary_for(audience)
        taken = Taken((answer,), answer.resolved, exchange.asked, before, audience=audience)
        made[key] = Shown(render.answer_html(answer, f"turn-{turn}", level=3, glossary=glossary), as_markdown(taken))
        for oldest in list(made)[:-_REMEMBERED]:
            del made[oldest]
    return made[key]
