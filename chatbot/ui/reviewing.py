"""What the pages ask about reviews: the store of the settings in force, and the status of an article in force."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import streamlit as st

from chatbot.approved import Effective, effective_status
from chatbot.domain import Reference, ReviewStatus
from chatbot.settings import load_settings

if TYPE_CHECKING:  # the page's frame is drawn before the stores are imported
    from chatbot.index.reader import Index
    from chatbot.pipeline import Chatbot
    from chatbot.review.reviews import Reviews


def reviews() -> Reviews:
    """The drafts and reviews of everybody: every call names its person. Raises SettingsError."""
    from chatbot.review.reviews import Reviews

    settings = load_settings()
    return Reviews(settings.data, settings.corpus)


def stands(chatbot: Chatbot, article_id: str) -> Effective:
    """How an article stands by the newest index, worked out once per snapshot; one that is not there is Submitted."""
    index = chatbot.index
    known = _known().setdefault(index, {})
    if article_id not in known:
        document = index.document(article_id)
        known[article_id] = effective_status(document, index) if document else Effective(ReviewStatus.SUBMITTED)
    return known[article_id]


def with_status(article: Reference, found: Effective) -> Reference:
    """The article with the status that is in force now: what a reviewer has opened is Under Review.

    Raises KeepingError.
    """
    status = found.status
    if status is ReviewStatus.SUBMITTED and article.id in reviews().desk.under_review():
        status = ReviewStatus.UNDER_REVIEW
    return replace(article, status=status)


@st.cache_resource(show_spinner=False)
def _known() -> WeakKeyDictionary[Index, dict[str, Effective]]:
    return WeakKeyDictionary()
