"""What to do at once, where a question tells of an emergency."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chatbot.safety.red_flags import red_flag
from chatbot.ui.render.safety import red_flag_html


def show_urgent_advice(question: str, place: DeltaGenerator | None = None) -> None:
    """The advice, here or in ``place``; nothing where the question tells of no emergency."""
    if flag := red_flag(question):
        (place.html if place else st.html)(red_flag_html(flag))
