"""Which best describes the reader: asked on the page, remembered for each person."""

from __future__ import annotations

import streamlit as st

from chatbot.audience import Audience
from chatbot.glossary import NO_GLOSSARY, Glossary, glossary
from chatbot.people import Person
from chatbot.settings import load_settings
from chatbot.ui import render
from chatbot.ui.kept import preferences
from chatbot.ui.state import plain_errors

_PILLS = "audience"
_CHOSEN = "audience-chosen"  # what the pills showed last: they can be emptied, the choice cannot
_SAME_FOR_ALL = (
    "This article and every quote read the same for everybody. Your choice decides which sentences answer your "
    "follow-up questions first, and whether terms are explained."
)


def choose_audience(person: Person) -> Audience:
    """The pills "Which best describes you?" and what is chosen; the clinician where nothing was.

    A choice that cannot be kept holds for the visit, and why it is not kept is shown.
    """
    if _CHOSEN not in st.session_state:
        st.session_state[_CHOSEN] = st.session_state[_PILLS] = _remembered(person) or Audience.CLINICIAN
    st.pills("Which best describes you?", list(Audience), key=_PILLS, persist_state="session", on_change=_never_empty)
    st.html(render.note_html(_SAME_FOR_ALL))
    chosen = Audience(st.session_state[_PILLS])
    if chosen is not st.session_state[_CHOSEN]:
        st.session_state[_CHOSEN] = chosen
        with plain_errors():
            preferences().choose_audience(person.id, chosen)
    return chosen


def glossary_for(audience: Audience) -> Glossary:
    """What is explained beside an answer to this reader: nothing to a clinician. A broken one says why."""
    found = NO_GLOSSARY
    if audience is not Audience.CLINICIAN:
        with plain_errors():
            found = glossary(load_settings().corpus)
    return found


def _never_empty() -> None:
    """A click on what is chosen would leave nothing chosen."""
    if st.session_state[_PILLS] is None:
        st.session_state[_PILLS] = st.session_state[_CHOSEN]


def _remembered(person: Person) -> Audience | None:
    with plain_errors():
        return preferences().audience(person.id)
    return None
