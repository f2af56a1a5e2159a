"""The page's entry: ``streamlit run chatbot/ui/app.py``. Sets up what every page has and runs the one that is open."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from chatbot.people import Person, Role
from chatbot.ui.person import current_person
from chatbot.ui.state import plain_errors

NAME = "Medical follow-up"
_FOLDER = Path(__file__).parent


def main() -> None:
    """Runs the page of the address. An error of the chatbot ends in its sentence."""
    st.set_page_config(page_title=NAME, page_icon=str(_FOLDER / "icon.svg"), layout="centered")
    st.logo(str(_FOLDER / "icon.svg"), size="small")
    st.html(f"<style>{_styles()}</style>")
    with plain_errors():
        person = current_person()
        page = st.navigation(_pages(person), position="top")
        page.run()


def _pages(person: Person) -> list[StreamlitPage]:
    """The pages in the order of the menu; those that are opened from others stand in none."""
    shown = [
        st.Page("library_page.py", title="Library", url_path="library", default=True),
        st.Page("question_page.py", title="Ask a question", url_path="question"),
        st.Page("conversations_page.py", title="Conversations", url_path="conversations"),
        st.Page("sources_page.py", title="Sources", url_path="sources"),
    ]
    if person.may(Role.REVIEWER):
        shown.append(st.Page("review_page.py", title="Review", url_path="review"))
    return [
        *shown,
        st.Page("article_page.py", title="Article", url_path="article", visibility="hidden"),
        st.Page("source_page.py", title="Source", url_path="source", visibility="hidden"),
    ]


@cache
def _styles() -> str:
    """Every style sheet of the page, by name."""
    return "\n".join(sheet.read_text("utf-8") for sheet in sorted((_FOLDER / "styles").glob("*.css")))


if __name__ == "__main__":
    main()
