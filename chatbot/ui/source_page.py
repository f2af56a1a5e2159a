"""A source whole (``?id=…``), with a quote marked and scrolled to where the address names one (``source_place``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from chatbot.domain import Document, Kind, Reference
from chatbot.ui import render
from chatbot.ui.render.source_head import finding_html, quote_scroll_html, source_head_html, whole_source_html
from chatbot.ui.shelf import cited_by
from chatbot.ui.source_place import Place, place_of
from chatbot.ui.state import the_chatbot
from chatbot.ui.visits import begin_visit

if TYPE_CHECKING:
    from chatbot.index.reader import Index


def main() -> None:
    """Shows the page. Raises what opening the index raises."""
    index = the_chatbot().index
    place = place_of(st.query_params)
    document = index.document(place.document) if place.document else None
    if document is None:
        _show_missing(place)
        return
    st.set_page_config(page_title=document.reference.title or document.id)
    begin_visit("id", document.id)
    _show(document, place, index)


def _show(document: Document, place: Place, index: Index) -> None:
    span, finding = place.found_in(document)
    with st.container(key="source", gap="small"):
        st.html(source_head_html(document.reference))
        if document.kind is Kind.ARTICLE:
            label = "Read it as an article, with its citations"
            st.page_link("article_page.py", label=label, query_params={"id": document.id}, icon=":material/article:")
        _show_citing(cited_by(index).get(document.id, ()))
        note = finding_html(finding)
        if note:
            st.html(note)
        st.html(whole_source_html(document, span))
        if span:
            st.html(quote_scroll_html(place), unsafe_allow_javascript=True)


def _show_citing(articles: tuple[Reference, ...]) -> None:
    if not articles:
        return
    with st.container(key="cited-by", gap=None):
        st.html(render.note_html("Cited by"))
        for article in articles:
            label = render.markdown_text(article.title)
            st.page_link("article_page.py", label=label, query_params={"id": article.id}, icon=":material/article:")


def _show_missing(place: Place) -> None:
    if place.document:
        said = f"There is no source “{place.document}” in the index. It may have been removed since it was quoted."
    else:
        said = "This address names no source. Choose one in the library."
    st.error(render.sentence(said))
    st.page_link("library_page.py", label="Library", icon=":material/arrow_back:")


if __name__ == "__main__":
    main()
