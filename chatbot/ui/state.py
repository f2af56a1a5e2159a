"""What the pages share: the one Chatbot, articles bound to their sources, errors as sentences.

Nothing here belongs to a person: conversations live in ``st.session_state``, see ``chatbot.ui.chat``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import streamlit as st

from chatbot.domain import Answer, Reference
from chatbot.errors import ChatbotError
from chatbot.settings import Settings, load_settings
from chatbot.ui import render

if TYPE_CHECKING:  # the page's frame is drawn before the stores are imported
    from chatbot.index.reader import Index
    from chatbot.pipeline import Chatbot


@dataclass(frozen=True, slots=True)
class BoundArticle:
    """An article, what it says, and the articles near it, nearest first."""

    reference: Reference
    answer: Answer
    related: tuple[Reference, ...]


def the_chatbot() -> Chatbot:
    """The Chatbot of the settings in force, one for all sessions. Raises SettingsError and ModelError."""
    return _open(load_settings())


def bound_article(chatbot: Chatbot, article_id: str) -> BoundArticle | None:
    """An article as the newest index has it; None: no such one. Binding is done once per article and index."""
    index = chatbot.index
    bound = _bound_articles().setdefault(index, {})
    if article_id not in bound:
        reference = next((r for r in chatbot.articles() if r.id == article_id), None)
        answer = chatbot.article(article_id) if reference else None
        if reference is None or answer is None:
            return None
        bound[article_id] = BoundArticle(reference, answer, others(chatbot.related_articles(answer, 4), article_id, 3))
    return bound[article_id]


def others(articles: list[Reference], article_id: str, limit: int) -> tuple[Reference, ...]:
    """At most ``limit`` of the articles, without the one that is on the page."""
    return tuple(article for article in articles if article.id != article_id)[:limit]


@contextmanager
def plain_errors() -> Iterator[None]:
    """Shows an error that a person can mend as one sentence, and goes on behind the block."""
    try:
        yield
    except ChatbotError as error:
        st.error(render.sentence(str(error)))


@st.cache_resource(show_spinner="Opening the index …", hash_funcs={Settings: repr})
def _open(settings: Settings) -> Chatbot:
    from chatbot.pipeline import Chatbot

    return Chatbot(settings)


@st.cache_resource(show_spinner=False)
def _bound_articles() -> WeakKeyDictionary[Index, dict[str, BoundArticle]]:
    """Per snapshot of an index, so that an article is bound anew when any document has changed."""
    return WeakKeyDictionary()
