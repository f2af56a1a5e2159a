"""A page that is not for the person who opened its address."""

from __future__ import annotations

import streamlit as st

from chatbot.ui.render.people import refused_html


def main() -> None:
    """Shows the page."""
    st.html(refused_html("Review"))
    st.page_link("library_page.py", label="Go to the library", icon=":material/arrow_back:")


if __name__ == "__main__":
    main()
