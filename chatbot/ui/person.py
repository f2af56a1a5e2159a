"""Who has the page open."""

from __future__ import annotations

import streamlit as st

from chatbot.claims import person_of
from chatbot.errors import ServeError
from chatbot.people import LOCAL, Person
from chatbot.settings import load_settings
from chatbot.ui import login

_WHOSE = "whose-session"


def current_person() -> Person:
    """The person of this session: who is logged in, or, where no login is configured, the one at this machine.

    Raises ServeError where nobody is logged in, and where others could reach a page without login; SettingsError where
    the login does not say who somebody is.
    """
    person = person_logged_in()
    if person is None:
        raise ServeError("you are not logged in; open the page again and log in")
    return person


def person_logged_in() -> Person | None:
    """As ``current_person``; None where a login is configured and nobody is logged in, which is never LOCAL."""
    settings = load_settings()
    if not login.is_configured():
        login.refuse_strangers_without_login(settings)
        return LOCAL
    claims = login.claims_in_force(settings)
    return person_of(claims, settings.people) if claims is not None else None


def leave_nothing_to_another(person: Person | None) -> None:
    """Empties the session where it was another person's until now."""
    whose = person.id if person else ""
    if st.session_state.get(_WHOSE, whose) != whose:
        st.session_state.clear()
    st.session_state[_WHOSE] = whose
