"""What a person thinks of an answer: a thumb, and why."""

from __future__ import annotations

import streamlit as st

from chatbot.people import Person
from chatbot.ui import render
from chatbot.ui.chat.talk import mirrored, rated
from chatbot.ui.state import plain_errors

_LONGEST = 2000  # characters of a reason: what is kept of it


@st.fragment
def show_rating(person: Person, subject: str, turn: int) -> None:
    """Two thumbs and, once one is chosen, a line for the reason. Choosing runs nothing else of the page."""
    exchanges = mirrored(person, subject).exchanges
    if turn >= len(exchanges):  # started over while this was clicked
        return
    exchange = exchanges[turn]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"rating-{exchange.key}"):
        given = None if exchange.liked is None else int(exchange.liked)
        thumb = st.feedback("thumbs", key=f"thumb-{exchange.key}", default=given)
        liked, reason = None if thumb is None else bool(thumb), ""
        if liked is not None:
            invited = "What was good about it? (optional)" if liked else "What was wrong? (optional)"
            reason = (
                st.text_input(
                    "Why?",
                    exchange.reason,
                    max_chars=_LONGEST,
                    key=f"why-{exchange.key}",
                    placeholder=invited,
                    label_visibility="collapsed",
                )
                or ""
            )
        if (liked, reason) != (exchange.liked, exchange.reason):
            with plain_errors():
                rated(person, subject, turn, liked, reason)
        if liked is not None:
            st.html(render.note_html("Thank you, your reason is kept." if reason else "Kept."), width="content")
