"""The chat of a page, from its head to the box for the next question."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chatbot.domain import Conversation
from chatbot.errors import ChatbotError, KeepingError
from chatbot.ui import render
from chatbot.ui.chat.asking import Waiting, answered
from chatbot.ui.chat.offers import Offered, show_offers
from chatbot.ui.chat.talk import Exchange, kept, opened, start_over
from chatbot.ui.chat.turns import Places, Scene, lay_out, show_actions, show_edit, show_exchange
from chatbot.ui.chat.wanted import (
    Asking,
    Wanted,
    box_key,
    chosen,
    fill_box,
    fill_edit_box,
    give_back,
    is_editing,
    let_pass,
    take_trouble,
)
from chatbot.ui.person import current_person
from chatbot.ui.state import others
from chatbot.ui.take_away import show_take_away

if TYPE_CHECKING:
    from chatbot.pipeline import Chatbot

_RELATED = 2


def show_chat(
    chatbot: Chatbot,
    subject: str,
    opening: Conversation,
    head: str,
    placeholder: str,
    asking: Asking = Asking(),  # noqa: B008 - frozen
) -> None:
    """The exchanges so far and the box for the next question, which is read as following ``opening`` and them.

    A subject is an article's id, ``draft-<id>``, or empty for questions without an article.
    """
    person = current_person()
    talk, said = opened(chatbot, person, subject)
    scene = Scene(person, talk, opening, asking)
    top = st.container(horizontal=True, key="chat-head")
    top.html(head)
    notice, first, chat = st.empty(), st.empty(), st.container(key="chat")
    if said:
        notice.info(render.sentence(said), icon=":material/link_off:")
    wanted = _wanted(subject, placeholder)
    with chat:
        places = _show_turns(scene, wanted)
        if wanted:
            scene, places = _ask(chatbot, scene, wanted)
    if scene.talk.exchanges:
        with top:
            _show_ways_out(scene)
    _show_offers(chatbot, scene, places.offers if places else first)


def _show_ways_out(scene: Scene) -> None:
    """What can be done with the conversation as a whole: take it away, begin another one."""
    answers = [exchange.answer for exchange in scene.talk.exchanges]
    if len(answers) > 1:
        name = f"Conversation {answers[0].question}"
        show_take_away(answers, scene.opening, name, "conversation", audience=scene.asking.audience)
    forget = partial(start_over, scene.person, scene.talk.subject)
    st.button("Start over", on_click=forget, type="tertiary", icon=":material/restart_alt:")


def _wanted(subject: str, placeholder: str) -> Wanted | None:
    """The box, in a container of its own: at the foot of the page Streamlit would open every page at its end.

    Above it stands what keeps a question from being asked, so that it is seen wherever the page is scrolled to.
    """
    with st.container(key="ask"):
        above = st.container(key="ask-notes")
        fill_box(subject)
        typed = st.chat_input(placeholder, key=box_key(subject))
        st.html(render.COPYING, unsafe_allow_javascript=True)
    with above:
        if trouble := take_trouble(subject):
            st.error(render.sentence(trouble))
        return let_pass(subject, Wanted(typed) if typed else chosen(subject))


def _show_turns(scene: Scene, wanted: Wanted | None) -> Places | None:
    """The turns so far, without the one that is being replaced; the places of the last one, None without any."""
    exchanges, subject, places = scene.talk.exchanges, scene.talk.subject, None
    for turn, exchange in enumerate(exchanges[:-1] if wanted and wanted.replaces else exchanges):
        is_last = wanted is None and turn == len(exchanges) - 1
        edited = is_last and is_editing(subject)
        with st.container(key=f"turn-{turn}", gap="xsmall"):
            scroll = edited and fill_edit_box(subject)
            places = lay_out(turn, exchange.answer.question, scroll=scroll, edited=subject if edited else None)
            show_exchange(scene, turn, exchange, places)
            show_actions(scene, turn, exchange, places)
            if is_last:
                show_edit(subject, exchange.answer.question, places, edited=edited)
    return places


def _ask(chatbot: Chatbot, scene: Scene, wanted: Wanted) -> tuple[Scene, Places | None]:
    """Asks, shows, then keeps. A question that fails goes back to its box with the reason; nothing else changes."""
    talk = scene.talk
    turn = len(talk.exchanges) - (1 if wanted.replaces else 0)
    with st.container(key=f"turn-{turn}", gap="xsmall"):
        places = lay_out(turn, wanted.question, scroll=True)
        waiting = Waiting(places.answer, talk.subject, lambda: give_back(talk.subject, wanted))
        try:
            answer = answered(chatbot, wanted, talk.after(scene.opening, turn), scene.asking, waiting)
            if scene.asking.answered and not answer.withheld and scene.asking.answered(answer):
                return scene, places
            exchange = Exchange(answer, others(chatbot.related_articles(answer, _RELATED + 1), talk.subject, _RELATED))
        except ChatbotError as error:
            give_back(talk.subject, wanted, str(error))
            st.rerun()
        show_exchange(scene, turn, exchange, places)
        try:
            talk = kept(scene.person, talk, exchange, replaces=wanted.replaces)
        except KeepingError as error:
            st.error(render.sentence(f"the answer is shown, and not kept: {error}"))
        scene = replace(scene, talk=talk)
        show_actions(scene, turn, exchange, places)
        show_edit(talk.subject, answer.question, places, edited=False)
    return scene, places


def _show_offers(chatbot: Chatbot, scene: Scene, place: DeltaGenerator) -> None:
    """Comes last: an answer is not kept waiting for questions to go on with."""
    talk, article = scene.talk, scene.asking.article
    if talk.exchanges:
        exchange = talk.exchanges[-1]
        before = talk.after(scene.opening, len(talk.exchanges) - 1)
        show_offers(chatbot, Offered(talk.subject, exchange.answer, before, exchange.key), place)
    elif article is not None:
        key = f"{talk.subject}-{chatbot.index.generation}"
        show_offers(chatbot, Offered(talk.subject, article, Conversation(), key), place)
