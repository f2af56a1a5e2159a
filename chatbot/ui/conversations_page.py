"""Conversations."""

from __future__ import annotations

from chatbot.ui import render


def main() -> None:
    """Shows the page."""
    import streamlit as st

    st.html(render.part_title_html("Conversations"))


if __name__ == "__main__":
    main()
