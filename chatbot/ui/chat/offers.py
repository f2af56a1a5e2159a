"""Questions to go on with: those that an answer asks back with, else follow-ups that are known to be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chatbot.domain import Answer, Conversation
from chatbot.ui import render
from chatbot.ui.chat.wanted import Wanted, choose
from chatbot.ui.state import plain_errors

if TYPE_CHECKING:
    from chatbot.pipeline import Chatbot

_STATE = "suggested"
_MOST = 5
_REMEMBERED = 50  # answers of a session: more than anybody goes back and forth between


@dataclass(frozen=True, slots=True)
class Offered:
    """What is gone on from: an answer, the conversation before it, and a name of its own for both."""

    subject: str
    answer: Answer
    before: Conversation
    key: str

    @property
    def asked(self) -> tuple[str, ...]:
        """Every question so far, as it was typed and as it was read."""
        turns = (*self.before.turns, self.answer.turn)
        return tuple(text for turn in turns for text in (turn.question, turn.reading))


def show_offers(chatbot: Chatbot, offered: Offered, place: DeltaGenerator) -> None:
    """A button for each question. What is suggested is worked out once for every answer, after its place is shown."""
    choices = offered.answer.choices
    with place.container(key="offers", gap="xsmall"):
        if choices:
            _show_buttons(offered, choices)
            return
        head = st.empty()
        head.html(render.note_html("Looking for questions to go on with …"))
        suggested = _suggested(chatbot, offered)
        if suggested:
            head.html(render.offers_head_html())
            _show_buttons(offered, suggested)
        else:
            head.empty()


def _show_buttons(offered: Offered, questions: Sequence[str]) -> None:
    for question in questions:
        wanted = Wanted(question, offered=True)
        key = f"offer-{offered.key}-{question}"
        st.button(render.markdown_text(question), key=key, on_click=choose, args=(offered.subject, wanted))


def _suggested(chatbot: Chatbot, offered: Offered) -> tuple[str, ...]:
    from chatbot.suggestions import suggestions

    known: dict[str, tuple[str, ...]] = st.session_state.setdefault(_STATE, {})
    if offered.key not in known:
        with plain_errors():
            known[offered.key] = suggestions(chatbot, offered.answer, offered.asked, _MOST, offered.before)
        for oldest in list(known)[:-_REMEMBERED]:
            del known[oldest]
    return known.get(offered.key, ())
