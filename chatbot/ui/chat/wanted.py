"""What a page tells its chat, and the question on its way: typed, clicked, edited, stopped or let go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from chatbot.audience import Audience
from chatbot.domain import Answer
from chatbot.ui.chat.urgent import show_urgent_advice
from chatbot.ui.safety import held_back, let_go


@dataclass(frozen=True, slots=True)
class Asking:
    """How a page wants its questions asked.

    ``article`` is the answer above the chat, whose follow-ups are suggested before the first question. ``answered`` is
    told an answer to which some kind of evidence has something to say, before it is shown or kept: where it returns
    True (or leaves for another page), the page has taken the answer over and the chat keeps nothing of it.
    """

    audience: Audience = Audience.CLINICIAN
    article: Answer | None = None
    answered: Callable[[Answer], bool] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question on its way.

    ``as_typed``: it is read without its conversation. ``replaces``: its answer takes the last one's place. ``offered``:
    the page made it itself of what had been asked, so that nobody need look through it for personal data again.
    """

    question: str
    as_typed: bool = False
    replaces: bool = False
    offered: bool = False


def box_key(subject: str) -> str:
    """The name of the box at the foot of the page."""
    return f"ask-{subject}"


def edit_key(subject: str) -> str:
    """The name of the box in which the last question is edited."""
    return f"edit-{subject}"


def choose(subject: str, wanted: Wanted) -> None:
    """Has a question asked in the next run."""
    st.session_state[f"wanted-{subject}"] = wanted
    st.session_state.pop(f"editing-{subject}", None)


def choose_edited(subject: str) -> None:
    """Has the edited question asked in the place of the last one."""
    choose(subject, Wanted(st.session_state[edit_key(subject)], replaces=True))


def chosen(subject: str) -> Wanted | None:
    """The question that was chosen since the last run, once."""
    wanted: Wanted | None = st.session_state.pop(f"wanted-{subject}", None)
    return wanted


def begin_editing(subject: str, question: str) -> None:
    """Shows the last question in a box of its own from the next run on."""
    st.session_state[f"editing-{subject}"] = question


def stop_editing(subject: str) -> None:
    """Leaves the last question as it was."""
    st.session_state.pop(f"editing-{subject}", None)


def is_editing(subject: str) -> bool:
    """Whether the last question is being edited."""
    return f"editing-{subject}" in st.session_state


def fill_edit_box(subject: str) -> bool:
    """Puts the last question into the box in which it is edited; to be called before that is shown. False: they are."""
    words = st.session_state[f"editing-{subject}"]
    if words:
        st.session_state[edit_key(subject)] = words
        st.session_state[f"editing-{subject}"] = ""
    return bool(words)


def give_back(subject: str, wanted: Wanted, trouble: str = "") -> None:
    """Puts a question that was not answered back to where it was typed: nobody types it twice.

    ``trouble`` is why it was not, said above the box in the next run.
    """
    st.session_state[f"trouble-{subject}"] = trouble
    if wanted.as_typed:
        return
    if wanted.replaces:
        begin_editing(subject, wanted.question)
    else:
        st.session_state[f"back-{subject}"] = wanted.question


def take_trouble(subject: str) -> str:
    """Why the last question was not answered, once; empty: it was."""
    trouble: str = st.session_state.pop(f"trouble-{subject}", "")
    return trouble


def fill_box(subject: str) -> None:
    """Puts what is given back into the box; to be called before the box is shown."""
    words = st.session_state.pop(f"back-{subject}", None)
    if words:
        st.session_state[box_key(subject)] = words


def let_pass(subject: str, wanted: Wanted | None) -> Wanted | None:
    """The question if it may be asked now: one that seems to carry personal data waits until its person lets it go.

    Called in every run, where what it seems to hold is to be shown.
    """
    held_key, waiting = f"chat-{subject}", f"held-{subject}"
    released = let_go(held_key)
    if wanted is None and released:
        wanted = replace(st.session_state.pop(waiting, Wanted(released)), question=released)
    if wanted and wanted.offered:
        return wanted
    urgent = st.empty()
    if not held_back(wanted.question if wanted else "", held_key):
        return wanted
    if wanted:
        st.session_state[waiting] = wanted
    show_urgent_advice(st.session_state[waiting].question, urgent)
    return None
