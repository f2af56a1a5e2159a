"""The chat of one session: what was asked and answered on a subject, and asking the next question.

A subject is an article's id, or empty for questions without an article. Everything is kept in ``st.session_state``,
which Streamlit holds per browser tab.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chatbot.domain import Answer, Conversation, Reference
from chatbot.ui import render
from chatbot.ui.state import others, plain_errors

if TYPE_CHECKING:
    from chatbot.pipeline import Chatbot

_STATE = "exchanges"
_CHOSEN = "chosen"  # a question that was clicked, until it is asked
_RELATED = 2


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question's answer and the articles near it."""

    answer: Answer
    related: tuple[Reference, ...]


def show_chat(chatbot: Chatbot, subject: str, opening: Conversation, head: str, placeholder: str) -> None:
    """The exchanges so far and the box for the next question, which is read as following ``opening`` and them."""
    exchanges = _exchanges(subject)
    top = st.container(horizontal=True, key="chat-head")
    top.html(head)
    chat = st.container(key="chat")
    # In a container of its own: at the foot of the page Streamlit would open every page at its end.
    with st.container(key="ask"):
        question = st.chat_input(placeholder, key=f"ask-{subject}") or st.session_state.pop(
            f"{_CHOSEN}-{subject}", None
        )
    with chat:
        for turn, exchange in enumerate(exchanges):
            with _turn(turn):
                _show_question(turn, exchange.answer.question, scroll=False)
                with st.empty().container():
                    _show_answer(turn, exchange)
        if question:
            with _turn(len(exchanges)):
                _answer(chatbot, subject, opening, question)
    if _exchanges(subject):
        with chat:
            _show_choices(subject, _exchanges(subject)[-1].answer)
        top.button("Start over", on_click=_forget, args=(subject,), type="tertiary", icon=":material/restart_alt:")


def show_links(articles: tuple[Reference, ...]) -> None:
    """A link to each article, which keeps the session."""
    for article in articles:
        label = render.markdown_text(article.title)
        st.page_link("article_page.py", label=label, query_params={"id": article.id}, icon=":material/article:")


def _answer(chatbot: Chatbot, subject: str, opening: Conversation, question: str) -> None:
    """Asks, shows and keeps. A question that fails shows why and leaves the conversation as it was."""
    exchanges = _exchanges(subject)
    turn = len(exchanges)
    _show_question(turn, question, scroll=True)
    place = st.empty()
    with place.container(), plain_errors():
        with st.spinner("Looking through guidelines, drug labels and research …"):
            conversation = _after(opening, exchanges)
            answer = chatbot.ask(question, conversation)
            related = others(chatbot.related_articles(answer, _RELATED + 1), subject, _RELATED)
        exchange = Exchange(answer, related)
        st.session_state[_STATE][subject] = (*exchanges, exchange)
        _show_answer(turn, exchange)


def _turn(turn: int) -> DeltaGenerator:
    return st.container(key=f"turn-{turn}", gap="xsmall")


def _show_question(turn: int, question: str, *, scroll: bool) -> None:
    with st.chat_message("user"):
        st.html(render.question_html(question, f"mf-turn-{turn}"))
    place = st.empty()
    if scroll:
        place.html(render.scroll_html(turn), unsafe_allow_javascript=True)


def _show_answer(turn: int, exchange: Exchange) -> None:
    with st.chat_message("assistant"):
        st.html(render.answer_html(exchange.answer, f"turn-{turn}", level=3))
        if exchange.related:
            st.html(render.note_html("Related articles"))
            show_links(exchange.related)


def _show_choices(subject: str, answer: Answer) -> None:
    """A button for each full question that the last answer asks back with."""
    with st.container(gap="xsmall"):
        for choice in answer.choices:
            label = render.markdown_text(choice)
            st.button(label, key=f"choice-{subject}-{choice}", on_click=_choose, args=(subject, choice))


def _choose(subject: str, question: str) -> None:
    st.session_state[f"{_CHOSEN}-{subject}"] = question


def _after(opening: Conversation, exchanges: tuple[Exchange, ...]) -> Conversation:
    for exchange in exchanges:
        opening = opening.then(exchange.answer.turn)
    return opening


def _exchanges(subject: str) -> tuple[Exchange, ...]:
    kept: dict[str, tuple[Exchange, ...]] = st.session_state.setdefault(_STATE, {})
    return kept.get(subject, ())


def _forget(subject: str) -> None:
    st.session_state[_STATE].pop(subject, None)
