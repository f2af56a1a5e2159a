"""Lists of articles and of sources, each of which opens what it names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import streamlit as st

from chatbot.domain import ReviewStatus
from chatbot.ui import render
from chatbot.ui.render.results import article_line_html, source_line_html

if TYPE_CHECKING:
    from chatbot.index.reader import Index


def show_articles(index: Index, ids: Iterable[str], statuses: dict[str, ReviewStatus]) -> None:
    """A card for each article."""
    for article_id in ids:
        document = index.document(article_id)
        if document is None:
            continue
        article = document.reference
        with st.container(border=True, key=f"card-{article.id}", gap="xxsmall"):
            st.page_link("article_page.py", label=render.markdown_text(article.title), query_params={"id": article.id})
            st.html(article_line_html(article, statuses.get(article.id, ReviewStatus.SUBMITTED)))


def show_sources(index: Index, ids: Iterable[str]) -> None:
    """A card for each source."""
    for source_id in ids:
        document = index.document(source_id)
        if document is None:
            continue
        source = document.reference
        with st.container(border=True, key=f"card-source-{source.id}", gap="xxsmall"):
            label = render.markdown_text(source.title.strip() or source.id)
            st.page_link("source_page.py", label=label, query_params={"id": source.id})
            st.html(source_line_html(source))


def place(markup: str) -> None:
    """Places markup where there is any."""
    if markup:
        st.html(markup)
