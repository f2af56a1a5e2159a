"""A question that seems to carry personal data waits for its person before it is asked or kept.

What waits is in ``st.session_state`` alone: memory of this session, which nothing writes to a file or a log.
"""

from __future__ import annotations

import streamlit as st

from chatbot.safety.personal import personal_data, without_personal_data
from chatbot.ui.render.safety import held_back_html


def held_back(question: str, key: str) -> bool:
    """Whether a question waits: shown then are what it seems to hold, the question to edit, and the ways on.

    Called in every run, with "" where nothing was asked in it; ``key`` names the chat. A new question takes the place
    of one that waits. What the person lets go comes out of ``let_go(key)`` in the next run, which is to be asked like a
    typed question: as it was it passes here, edited it is looked through again.
    """
    held, passed = _held(key), st.session_state.pop(_passed(key), None)
    if question:
        if question == passed or not personal_data(question):
            st.session_state.pop(held, None)
            return False
        st.session_state[held] = question
        st.session_state[_words(key)] = without_personal_data(question)
    if held not in st.session_state:
        return False
    _show(st.session_state[held], key)
    return True


def let_go(key: str) -> str | None:
    """The question that the person has sent on, once; None: there is none."""
    words: str | None = st.session_state.pop(_gone(key), None)
    return words


def _show(question: str, key: str) -> None:
    with st.container(border=True, key=f"held-back-{key}", gap="small"):
        st.html(held_back_html(personal_data(question)))
        st.text_area("Your question without it", key=_words(key), height="content")
        with st.container(horizontal=True, gap="small"):
            st.button("Ask without it", key=f"held-edited-{key}", type="primary", on_click=_ask_edited, args=(key,))
            st.button("Ask as it is", key=f"held-as-is-{key}", on_click=_ask_as_it_is, args=(key,))
            st.button("Do not ask", key=f"held-drop-{key}", type="tertiary", on_click=_drop, args=(key,))


def _ask_edited(key: str) -> None:
    words = st.session_state.get(_words(key), "").strip()
    if words:
        st.session_state[_gone(key)] = words
        st.session_state.pop(_held(key), None)


def _ask_as_it_is(key: str) -> None:
    question = st.session_state.pop(_held(key), "")
    st.session_state[_gone(key)] = st.session_state[_passed(key)] = question


def _drop(key: str) -> None:
    st.session_state.pop(_held(key), None)


def _held(key: str) -> str:
    return f"held-question-{key}"


def _words(key: str) -> str:
    return f"held-words-{key}"


def _gone(key: str) -> str:
    return f"held-let-go-{key}"


def _passed(key: str) -> str:
    return f"held-passed-{key}"
