"""An article (``?id=lam-treatment``), read from top to bottom, and the follow-up questions to it."""

from __future__ import annotations

import streamlit as st

from chatbot.domain import Conversation
from chatbot.ui import render
from chatbot.ui.conversation import show_chat, show_links
from chatbot.ui.render.page import AUDIENCES
from chatbot.ui.state import BoundArticle, bound_article, the_chatbot

_FOLLOW_UP = "It is read in the light of this article, and answered with quotes that no editor has seen."


def main() -> None:
    """Shows the page. Raises what opening the index raises."""
    article_id = st.query_params.get("id", "")
    chatbot = the_chatbot()
    article = bound_article(chatbot, article_id)
    if article is None:
        st.error(render.sentence(f"There is no article “{article_id}” in the index. Choose one in the library."))
        st.page_link("library_page.py", label="Library", icon=":material/arrow_back:")
        return
    st.set_page_config(page_title=article.reference.title)
    _show_article(article)
    head = render.part_title_html("Have a follow-up question?", _FOLLOW_UP)
    show_chat(chatbot, article_id, Conversation((article.answer.turn,)), head, "Ask a follow-up question")


def _show_article(article: BoundArticle) -> None:
    st.html(render.head_html(article.reference))
    audience = st.pills("Which best describes you?", AUDIENCES, key="audience", persist_state="session")
    note = render.audience_html(audience)
    if note:
        st.html(note)
    st.html(render.answer_html(article.answer, "article"))
    st.html(render.closing_html())
    if article.related:
        st.html(render.part_title_html("Related articles"))
        show_links(article.related)


if __name__ == "__main__":
    main()
