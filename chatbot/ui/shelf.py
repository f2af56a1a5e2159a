"""What is worked out once per snapshot of the index for everybody: what is searched in, who cites a source, and how far
the review of each article has come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import streamlit as st

from chatbot.domain import Kind, Reference, ReviewStatus
from chatbot.ui.reviewing import reviews

if TYPE_CHECKING:  # the page's frame is drawn before the stores are imported
    from chatbot.index.reader import Index
    from chatbot.library import Library


def library_of(index: Index) -> Library:
    """Everything that is indexed, to be searched."""
    from chatbot.library import Library

    held = _libraries()
    if index not in held:
        held[index] = Library(reference for kind in index.counts for reference in index.references_of(kind))
    return held[index]


def cited_by(index: Index) -> dict[str, tuple[Reference, ...]]:
    """Id of a source → the articles that cite it."""
    from chatbot.cited_by import citing_articles

    held = _citing()
    if index not in held:
        held[index] = citing_articles(index)
    return held[index]


def statuses(index: Index) -> dict[str, ReviewStatus]:
    """Id of an article → the status in force: its file's, unless a cited quote has moved or a review has begun.

    Raises KeepingError.
    """
    from chatbot.approved import effective_status

    held = _statuses()
    if index not in held:
        documents = (index.document(article.id) for article in index.references_of(Kind.ARTICLE))
        held[index] = {found.id: effective_status(found, index).status for found in documents if found}
    begun = set(reviews().desk.under_review())
    return {
        article: ReviewStatus.UNDER_REVIEW if status is ReviewStatus.SUBMITTED and article in begun else status
        for article, status in held[index].items()
    }


@st.cache_resource(show_spinner=False)
def _libraries() -> WeakKeyDictionary[Index, Library]:
    return WeakKeyDictionary()


@st.cache_resource(show_spinner=False)
def _citing() -> WeakKeyDictionary[Index, dict[str, tuple[Reference, ...]]]:
    return WeakKeyDictionary()


@st.cache_resource(show_spinner=False)
def _statuses() -> WeakKeyDictionary[Index, dict[str, ReviewStatus]]:
    return WeakKeyDictionary()
