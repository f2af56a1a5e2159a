"""How indexing stands, on the page: the last run, what failed and why, the run at work, and the way to start one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from chatbot.errors import ChatbotError
from chatbot.index.overview import Overview, overview
from chatbot.people import Role
from chatbot.settings import load_settings
from chatbot.ui import render
from chatbot.ui.index_run import IndexState, Phase, cancel, start, state
from chatbot.ui.person import current_person
from chatbot.ui.render.indexing import failures_html, outcome_html, step_words
from chatbot.ui.results import place

__all__ = ["show_indexing", "start", "state"]

_TROUBLE, _WATCHED = "indexing-trouble", "indexing-watched"
_LOOKED_AT = "1s"  # how often a run at work is looked at
_WHAT_IT_DOES = (
    "Reads what is new or changed in the folders behind this library. Questions are answered meanwhile from what was "
    "indexed before; the page takes up the new state when it is complete."
)


def show_indexing() -> None:
    """Shows it. Raises IndexUnavailable where what was indexed cannot be read, and SettingsError."""
    with st.container(key="indexing", gap="small"):
        now = state()
        if now.phase is Phase.RUNNING:
            st.fragment(_show_running, run_every=_LOOKED_AT)()
        else:
            _show_ended(now, overview(load_settings()))


def _show_ended(now: IndexState, seen: Overview) -> None:
    is_newest = seen.last_run is None or now.event is None or now.event.at > seen.last_run.ended_at
    if now.phase is Phase.FAILED and is_newest:
        st.error(render.sentence(now.error))
    elif now.phase is Phase.CANCELLED and is_newest:
        st.info("The run was cancelled. What it had done is kept, and the next one goes on from there.")
    if st.session_state.pop(_WATCHED, False) and now.phase is Phase.DONE:
        st.success("Indexing is complete. Questions are answered from the new state.")
    if seen.last_run:
        st.html(outcome_html(seen.last_run))
    place(failures_html(seen.failures) if seen.files else "")
    if now.phase is Phase.ELSEWHERE:
        st.info("A run that was not started here is at work on this index: from the command line, or another server.")
    elif current_person().may(Role.ADMIN):
        st.button("Index again", key="index-again", on_click=_start, icon=":material/sync:")
        st.html(render.note_html(_WHAT_IT_DOES))
    trouble = st.session_state.pop(_TROUBLE, "")
    if trouble:
        st.error(render.sentence(trouble))


def _show_running() -> None:
    """The run at work; when it has ended, the page is drawn anew with what has changed."""
    now = state()
    if now.phase is not Phase.RUNNING:
        st.session_state[_WATCHED] = True
        st.rerun()
    event = now.event
    share = event.done / event.total if event and event.total else 0.0
    st.progress(min(1.0, share), text=step_words(event, time.time()))
    st.html(render.note_html("You may leave this page: the run goes on. Questions are answered meanwhile."))
    if current_person().may(Role.ADMIN):
        st.button("Cancel", key="cancel-indexing", on_click=_cancel, type="tertiary")


def _start() -> None:
    with _said_in_the_next_run():
        start(load_settings(), current_person())


def _cancel() -> None:
    with _said_in_the_next_run():
        cancel(current_person())


@contextmanager
def _said_in_the_next_run() -> Iterator[None]:
    try:
        yield
    except ChatbotError as error:
        st.session_state[_TROUBLE] = str(error)
