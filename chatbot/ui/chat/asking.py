"""Asking one question: urgent advice first, the steps while it is worked on, Stop, and errors as sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chatbot.domain import Answer, Conversation
from chatbot.errors import ChatbotError
from chatbot.ui import render
from chatbot.ui.chat.urgent import show_urgent_advice
from chatbot.ui.chat.wanted import Asking, Wanted
from chatbot.ui.safety import held_back, let_go
from chatbot.wishes import Step, Wishes

if TYPE_CHECKING:
    from chatbot.pipeline import Chatbot


def _nothing_to_do() -> None:
    """Nobody wants a stopped question back."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where a person waits for an answer: what shows the steps, the name of its widgets, what happens on Stop."""

    place: DeltaGenerator
    key: str
    on_stop: Callable[[], None] = _nothing_to_do


def ask_first(chatbot: Chatbot, question: str, asking: Asking = Asking(), key: str = "first") -> Answer | None:  # noqa: B008
    """The answer to a question without a conversation; what is shown on the way stands where this is called.

    Call it in every run, with "" where nothing was asked in it: a question that seems to carry personal data waits for
    its person over several. None: nothing was asked, it waits, it was stopped, or it cannot be answered and says why.
    """
    question = question or let_go(key) or ""
    if question:
        show_urgent_advice(question)
    if held_back(question, key) or not question:
        return None
    place = st.empty()
    try:
        return answered(chatbot, Wanted(question), Conversation(), asking, Waiting(place, key))
    except ChatbotError as error:
        place.error(render.sentence(str(error)))
        return None


def answered(chatbot: Chatbot, wanted: Wanted, conversation: Conversation, asking: Asking, waiting: Waiting) -> Answer:
    """The answer; meanwhile the place of ``waiting`` shows the step at work and Stop.

    Stop ends the work at its next step: ``on_stop`` runs, and then the page anew, without the question. Raises what
    asking raises.
    """
    with waiting.place.container(horizontal=True, vertical_alignment="center", key=f"working-{waiting.key}"):
        line = st.empty()
        line.html(render.step_html(Step.READ))
        st.button(
            "Stop",
            key=f"stop-{waiting.key}",
            on_click=waiting.on_stop,
            type="tertiary",
            icon=":material/stop_circle:",
        )

    def tell(step: Step) -> None:
        # Writing to the page is also where Streamlit ends a run that somebody stopped.
        line.html(render.step_html(step))

    answer = chatbot.ask(wanted.question, conversation, Wishes(asking.audience, wanted.as_typed, tell))
    waiting.place.empty()
    return answer
