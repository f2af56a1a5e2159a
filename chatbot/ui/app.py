"""The page's entry: ``streamlit run chatbot/ui/app.py``. Sets up what every page has and runs the one that is open."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from chatbot.ui.state import plain_errors

NAME = "Medical follow-up"
_FOLDER = Path(__file__).parent


def main() -> None:
    """Runs the page of the address. An error of the chatbot ends in its sentence."""
    st.set_page_config(page_title=NAME, page_icon=str(_FOLDER / "icon.svg"), layout="centered")
    st.logo(str(_FOLDER / "icon.svg"), size="small")
    st.html(_FOLDER / "style.css")
    page = st.navigation(
        [
            st.Page("library_page.py", title="Library", url_path="library", default=True),
            st.Page("question_page.py", title="Ask a question", url_path="question"),
            st.Page("article_page.py", title="Article", url_path="article", visibility="hidden"),
        ],
        position="top",
    )
    with plain_errors():
        page.run()


if __name__ == "__main__":
    main()
