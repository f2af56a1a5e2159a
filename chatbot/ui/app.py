"""The page's entry: ``streamlit run chatbot/ui/app.py``. Sets up what every page has and runs the one that is open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from chatbot.people import LOCAL, Person, Role
from chatbot.ui.login import show_account, show_login
from chatbot.ui.person import leave_nothing_to_another, person_logged_in
from chatbot.ui.state import plain_errors

NAME = "Medical follow-up"
_FOLDER = Path(__file__).parent


def main() -> None:
    """Runs the page of the address. An error of the chatbot ends in its sentence."""
    st.set_page_config(page_title=NAME, page_icon=str(_FOLDER / "icon.svg"), layout="centered")
    st.logo(str(_FOLDER / "icon.svg"), size="small")
    st.html(f"<style>{_scheme()}{_styles()}</style>")
    with plain_errors():
        person = person_logged_in()
        leave_nothing_to_another(person)
        page = st.navigation(_pages(person), position="top" if person else "hidden")
        if person and person is not LOCAL:
            show_account(person)
        page.run()


@dataclass(frozen=True, slots=True)
class _Place:
    """A page: its file, its name in the menu, whether it stands there, and who may open it."""

    path: str
    title: str
    in_menu: bool = True
    role: Role = Role.READER

    @property
    def file(self) -> str:
        return f"{self.path}_page.py"


_PLACES = (
    _Place("library", "Library"),
    _Place("question", "Ask a question"),
    _Place("conversations", "Conversations"),
    _Place("sources", "Sources"),
    _Place("review", "Review", role=Role.REVIEWER),
    _Place("article", "Article", in_menu=False),
    _Place("source", "Source", in_menu=False),
)


def _pages(person: Person | None) -> list[StreamlitPage]:
    """A page for every address, in the order of the menu: the login where nobody is, a refusal where a role is missing.

    An address without a page would open the library with a complaint.
    """
    pages = []
    for place in _PLACES:
        default = place is _PLACES[0]
        if person is None:
            pages.append(st.Page(show_login, title="Log in", url_path=place.path, default=default))
        elif person.may(place.role):
            visibility: Literal["visible", "hidden"] = "visible" if place.in_menu else "hidden"
            pages.append(
                st.Page(place.file, title=place.title, url_path=place.path, default=default, visibility=visibility)
            )
        else:
            pages.append(st.Page("refused_page.py", title=place.title, url_path=place.path, visibility="hidden"))
    return pages


def _scheme() -> str:
    """Has dialogs and menus, which Streamlit puts beside its application, follow the theme as well."""
    return f":root {{ color-scheme: {st.context.theme.type or 'light dark'}; }}\n"


@cache
def _styles() -> str:
    """Every style sheet of the page, by name."""
    return "\n".join(sheet.read_text("utf-8") for sheet in sorted((_FOLDER / "styles").glob("*.css")))


if __name__ == "__main__":
    main()
