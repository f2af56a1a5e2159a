"""One turn: the question, how it was read, the answer, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chatbot.domain import Answer, Conversation, Reference
from chatbot.people import Person
from chatbot.ui import render
from chatbot.ui.chat.rating import show_rating
from chatbot.ui.chat.shown import Shown, shown
from chatbot.ui.chat.talk import Exchange, Talk, mirrored
from chatbot.ui.chat.urgent import show_urgent_advice
from chatbot.ui.chat.wanted import (
    Asking,
    Wanted,
    begin_editing,
    choose,
    choose_edited,
    edit_key,
    stop_editing,
)
from chatbot.ui.take_away import show_take_away


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a turn go: Edit, the answer, what can be done with it, which questions could follow.

    They stand in the page before they are filled, and are emptied before anything else is shown below.
    """

    edit: DeltaGenerator
    answer: DeltaGenerator
    actions: DeltaGenerator
    offers: DeltaGenerator


@dataclass(frozen=True, slots=True)
class Scene:
    """What every turn of a page is shown with: whose it is, which conversation, what came before its first turn."""

    person: Person
    talk: Talk
    opening: Conversation
    asking: Asking


def lay_out(turn: int, question: str, *, scroll: bool = False, edited: str | None = None) -> Places:
    """The question of a turn, with the advice that it calls for above it, and the places of all that follows.

    ``scroll`` moves it to the top of the window. ``edited`` is the subject of a chat while this, its last question, is
    being edited.
    """
    show_urgent_advice(question)
    with st.container(horizontal=True, key=f"asked-{turn}", vertical_alignment="center", gap="xsmall"):
        if edited is not None:
            st.html(render.editing_html(f"mf-turn-{turn}"))
            st.chat_input("Edit your question", key=edit_key(edited), on_submit=choose_edited, args=(edited,))
        else:
            with st.chat_message("user"):
                st.html(render.question_html(question, f"mf-turn-{turn}"))
        edit = st.empty()
    place = st.empty()
    if scroll:
        place.html(render.scroll_html(turn), unsafe_allow_javascript=True)
    return Places(edit, st.empty(), st.empty(), st.empty())


def show_edit(subject: str, question: str, places: Places, *, edited: bool) -> None:
    """The way into editing the last question, or out of it."""
    if edited:
        places.edit.button("Cancel", key=f"cancel-{subject}", on_click=stop_editing, args=(subject,), type="tertiary")
    else:
        edit, icon = partial(begin_editing, subject, question), ":material/edit:"
        places.edit.button("Edit", key=f"edit-question-{subject}", on_click=edit, type="tertiary", icon=icon)


def show_exchange(scene: Scene, turn: int, exchange: Exchange, places: Places) -> None:
    """The answer, how its question was read, and the articles near it."""
    answer = exchange.answer
    with places.answer.container(), st.chat_message("assistant"):
        _show_reading(scene, turn, answer)
        st.html(_shown(scene, turn, exchange).html)
        if exchange.related:
            st.html(render.note_html("Related articles"))
            show_links(exchange.related)


def show_actions(scene: Scene, turn: int, exchange: Exchange, places: Places) -> None:
    """What can be done with an answer: copy it, take it away, say what it is worth."""
    with places.actions.container(horizontal=True, key=f"actions-{turn}", vertical_alignment="center", gap="small"):
        answer, before = exchange.answer, scene.talk.after(scene.opening, turn)
        st.html(render.copy_html(_shown(scene, turn, exchange).copied, f"turn-{turn}-text"), width="content")
        show_take_away([answer], before, answer.resolved, f"take-{exchange.key}", audience=scene.asking.audience)
        if scene.talk.id:
            show_rating(scene.person, scene.talk.subject, turn)


def show_links(articles: tuple[Reference, ...]) -> None:
    """A link to each article, which keeps the session."""
    for article in articles:
        label = render.markdown_text(article.title)
        st.page_link("article_page.py", label=label, query_params={"id": article.id}, icon=":material/article:")


def _shown(scene: Scene, turn: int, exchange: Exchange) -> Shown:
    return shown(exchange, turn, scene.talk.after(scene.opening, turn), scene.asking.audience)


def _show_reading(scene: Scene, turn: int, answer: Answer) -> None:
    """How the question was read, where that is not as it was typed, and a way to have it read as typed.

    The last answer gives way to that one; below an earlier one others have been built, so there it comes last.
    """
    if not (reading := render.reading_html(answer)):
        return
    with st.container(horizontal=True, key=f"reading-{turn}", vertical_alignment="center", gap="xsmall"):
        st.html(reading, width="content")
        ask = partial(_ask_as_typed, scene, turn, answer.question)
        st.button("Ask as typed", key=f"typed-{turn}", on_click=ask, type="tertiary")


def _ask_as_typed(scene: Scene, turn: int, question: str) -> None:
    subject = scene.talk.subject
    last = turn == len(mirrored(scene.person, subject).exchanges) - 1
    choose(subject, Wanted(question, as_typed=True, replaces=last, offered=True))
