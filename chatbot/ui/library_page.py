"""The library: every article, a filter, the way to a new question, and what is indexed."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from chatbot.domain import Reference
from chatbot.ui import render
from chatbot.ui.state import the_chatbot

_SHOWN = 60


def main() -> None:
    """Shows the page. Raises what opening the index raises."""
    chatbot = the_chatbot()
    articles, counts = chatbot.articles(), chatbot.index.counts
    st.html(render.library_head_html())
    with st.container(horizontal=True, vertical_alignment="bottom", key="library-bar"):
        words = st.text_input("Find an article", placeholder="Question or topic", type="search", live=True)
        if st.button("Ask a new question", type="primary"):
            st.switch_page("question_page.py")
    found = matching(articles, words or "")
    for article in found[:_SHOWN]:
        _show_card(article)
    if not articles:
        st.html(render.note_html("No article is indexed yet."))
    elif not found:
        st.html(render.note_html(f"No article matches “{words}”. Ask it as a new question instead."))
    elif len(found) > _SHOWN:
        st.html(render.note_html(f"{len(found) - _SHOWN:,} more articles match. Add a word to see fewer."))
    st.html(render.holdings_html(counts))


def matching(articles: Sequence[Reference], words: str) -> list[Reference]:
    """The articles in whose question or topics every word begins some word, in their order; no words: all of them."""
    wanted = [re.compile(rf"(?<!\w){re.escape(word)}") for word in words.casefold().split()]
    texts = [" ".join((article.title, *article.topics)).casefold() for article in articles]
    return [a for a, text in zip(articles, texts, strict=True) if all(word.search(text) for word in wanted)]


def _show_card(article: Reference) -> None:
    with st.container(border=True, key=f"card-{article.id}", gap="xxsmall"):
        st.page_link("article_page.py", label=render.markdown_text(article.title), query_params={"id": article.id})
        st.html(render.card_html(article))


if __name__ == "__main__":
    main()
