"""Who has the page open."""

from __future__ import annotations

from chatbot.people import LOCAL, Person


def current_person() -> Person:
    """The person of this session: without a login, the one who sits at this machine."""
    return LOCAL
