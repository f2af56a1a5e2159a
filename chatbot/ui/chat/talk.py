"""The conversation that a page shows: a mirror, in the session, of what the person's store keeps.

It is kept as soon as its first answer is there, and the address carries its token from then on (``chat=…``), so that a
reload, a bookmark or the list of conversations leads back to it. What the store says wins: a conversation that was
changed or deleted in another window is read again, or is gone, before the next question is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING

import streamlit as st

from chatbot.conversations import Kept
from chatbot.domain import Answer, Conversation, Reference
from chatbot.errors import KeepingError
from chatbot.people import Person
from chatbot.ui.kept import conversations

if TYPE_CHECKING:
    from chatbot.pipeline import Chatbot

_STATE = "talks"
_ADDRESS = "chat"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question's answer, the articles near it, when it was asked (UTC), and what the person thinks of it.

    ``key`` is another one for every answer, also for one that takes the place of another: widgets are named after it.
    """

    answer: Answer
    related: tuple[Reference, ...] = ()
    asked: datetime = field(default_factory=partial(datetime.now, UTC))
    liked: bool | None = None
    reason: str = ""
    key: str = field(default_factory=lambda: token_hex(4))


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation on a subject as it is shown. ``id`` is its token, empty while nothing of it is kept.

    ``changed`` is when the store last changed it, as far as this session knows.
    """

    subject: str
    id: str = ""
    exchanges: tuple[Exchange, ...] = ()
    changed: datetime | None = None

    def after(self, opening: Conversation, turns: int) -> Conversation:
        """What a question is read in that follows the first ``turns`` exchanges."""
        for exchange in self.exchanges[:turns]:
            opening = opening.then(exchange.answer.turn)
        return opening


def opened(chatbot: Chatbot, person: Person, subject: str) -> tuple[Talk, str]:
    """The conversation that the address names, else that of this session, and what there is to say about that.

    One that is not there, is somebody else's or belongs to another page makes a new one, and is said to.
    """
    named, talk, said = st.query_params.get(_ADDRESS, ""), mirrored(person, subject), ""
    try:
        if named and named != talk.id:
            talk = _resumed(chatbot, person, subject, named)
        elif talk.id and conversations().changed(person.id, talk.id) != talk.changed:
            talk = _resumed(chatbot, person, subject, talk.id)
    except KeepingError as error:
        said = f"{error}. Your next question begins a new conversation" if named else ""
        talk = Talk(subject)
    _mirror(person, talk)
    return talk, said


def mirrored(person: Person, subject: str) -> Talk:
    """The conversation of this session on a subject, whatever has become of it elsewhere."""
    talks: dict[tuple[str, str], Talk] = st.session_state.get(_STATE, {})
    return talks.get((person.id, subject), Talk(subject))


def kept(person: Person, talk: Talk, exchange: Exchange, *, replaces: bool) -> Talk:
    """The conversation with one more exchange, or another last one, written to the person's store.

    Raises KeepingError; the session shows the exchange all the same, and the next one is written with it.
    """
    before = talk.exchanges[:-1] if replaces else talk.exchanges
    after = replace(talk, exchanges=(*before, exchange))
    _mirror(person, after, in_address=False)
    store = conversations()
    if not talk.id:
        token = store.begin(person.id, talk.subject, after.exchanges[0].answer.resolved)
        new = after.exchanges
    else:
        token, new = talk.id, (exchange,)
        if replaces:
            store.drop_last(person.id, token)
    for each in new:
        store.add(person.id, token, each.answer, [article.id for article in each.related])
    after = replace(after, id=token, changed=store.changed(person.id, token))
    _mirror(person, after)
    return after


def rated(person: Person, subject: str, turn: int, liked: bool | None, reason: str) -> None:
    """Keeps what the person thinks of an answer. Raises KeepingError."""
    talk = mirrored(person, subject)
    conversations().rate(person.id, talk.id, turn, liked, reason)
    exchanges = list(talk.exchanges)
    exchanges[turn] = replace(exchanges[turn], liked=liked, reason=reason)
    _mirror(person, replace(talk, exchanges=tuple(exchanges)))


def start_over(person: Person, subject: str) -> None:
    """Has the next question begin a new conversation; this one stays among the person's conversations."""
    _mirror(person, Talk(subject))


def _resumed(chatbot: Chatbot, person: Person, subject: str, token: str) -> Talk:
    chat = conversations().chat(person.id, token)
    if chat.subject != subject:
        raise KeepingError("the conversation that this link names belongs to another page; open it from Conversations")
    articles = {article.id: article for article in chatbot.articles()}.get
    exchanges = tuple(_exchange(turn, articles) for turn in chat.turns)
    return Talk(subject, chat.id, exchanges, chat.changed)


def _exchange(turn: Kept, article: Callable[[str], Reference | None]) -> Exchange:
    """The turn as it was; of its related articles those that are still there."""
    related = tuple(filter(None, map(article, turn.related)))
    return Exchange(turn.answer, related, turn.asked, turn.liked, turn.reason)


def _mirror(person: Person, talk: Talk, *, in_address: bool = True) -> None:
    """Remembers the conversation in the session; the address names it without the page being moved."""
    st.session_state.setdefault(_STATE, {})[person.id, talk.subject] = talk
    if not in_address or st.query_params.get(_ADDRESS, "") == talk.id:
        return
    if talk.id:
        st.query_params[_ADDRESS] = talk.id
    else:
        del st.query_params[_ADDRESS]
