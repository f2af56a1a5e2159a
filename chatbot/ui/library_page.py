"""The library: what was read last, every article, and a search over articles and sources while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from chatbot.domain import Kind, ReviewStatus
from chatbot.library import Found, Library, Wanted
from chatbot.people import Person
from chatbot.ui import render
from chatbot.ui.chat.wanted import box_key
from chatbot.ui.kept import preferences
from chatbot.ui.person import current_person
from chatbot.ui.render.results import KINDS, many_html, results_title_html
from chatbot.ui.results import place, show_articles, show_sources
from chatbot.ui.shelf import library_of, statuses
from chatbot.ui.state import plain_errors, the_chatbot

if TYPE_CHECKING:
    from chatbot.index.reader import Index

_ARTICLES_SHOWN, _SOURCES_SHOWN = 60, 30
_TOPICS_OFFERED = 200  # the most frequent ones: a longer list is searched more quickly in the search box
_PAUSE = "100ms"  # after a key, so that a word typed quickly is looked for once


def main() -> None:
    """Shows the page."""
    st.html(render.library_head_html())
    _show_library()


@st.fragment
def _show_library() -> None:
    """All below the title: run alone when something is typed."""
    with plain_errors():
        index = the_chatbot().index
        library = library_of(index)
        wanted = _ask_what(library, index)
        if wanted.is_open:
            _show_all(index, current_person())
        else:
            _show_found(index, library.find(wanted, _ARTICLES_SHOWN, _SOURCES_SHOWN), wanted.words)


def _ask_what(library: Library, index: Index) -> Wanted:
    """The search box, the filters, and the way to a new question."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="library-bar"):
        label = "Find an article or a source"
        words = st.text_input(
            label,
            placeholder="Question, drug, author, PMID …",
            type="search",
            live=_PAUSE,
            key="library-words",
            persist_state="session",
        )
        if st.button("Ask a new question", type="primary"):
            if words:
                st.session_state[box_key("")] = words
            st.switch_page("question_page.py")
    with st.container(horizontal=True, vertical_alignment="center", key="library-filters"):
        kinds = st.pills(
            "Kind",
            [kind for kind in KINDS if kind in index.counts],
            selection_mode="multi",
            format_func=KINDS.__getitem__,
            label_visibility="collapsed",
            key="library-kinds",
            persist_state="session",
        )
        topics, chosen = _ask_more(library)
    among = None
    if chosen:
        among = frozenset(article for article, status in statuses(index).items() if status in chosen)
    return Wanted(words or "", frozenset(kinds), frozenset(topics), among=among)


def _ask_more(library: Library) -> tuple[list[str], list[ReviewStatus]]:
    """Topics and review statuses, in a box of their own: most who come look for words."""
    held = len(st.session_state.get("library-topics", [])) + len(st.session_state.get("library-status", []))
    with st.popover(f"Filters · {held}" if held else "Filters", icon=":material/tune:", key="library-more"):
        topics = st.multiselect(
            "Topic",
            library.topics[:_TOPICS_OFFERED],
            placeholder="Any topic",
            key="library-topics",
            persist_state="session",
        )
        chosen = st.pills(
            "Review status of articles",
            list(ReviewStatus),
            selection_mode="multi",
            format_func=lambda status: status.value,
            key="library-status",
            persist_state="session",
        )
    return topics, chosen


def _show_all(index: Index, person: Person) -> None:
    """What is there before anything is looked for."""
    found = library_of(index).find(Wanted(kinds=frozenset({Kind.ARTICLE})), _ARTICLES_SHOWN, 0)
    known = statuses(index)
    recent = [article for article in preferences().recently_read(person.id) if article in known]
    if recent:
        with st.container(key="recently-read", gap="xxsmall"):
            st.html(render.part_title_html("Recently read"))
            for article_id in recent:
                document = index.document(article_id)
                if document:
                    label = render.markdown_text(document.reference.title)
                    st.page_link("article_page.py", label=label, query_params={"id": article_id})
        st.html(render.part_title_html("All articles"))
    if not found.articles:
        st.html(render.note_html("No article is indexed yet. Search the sources above, or ask a new question."))
    show_articles(index, found.articles, known)
    place(many_html(len(found.articles), found.all_articles, "articles"))
    st.html(render.holdings_html(index.counts))


def _show_found(index: Index, found: Found, words: str) -> None:
    if found.articles:
        st.html(results_title_html("Articles", found.all_articles))
        show_articles(index, found.articles, statuses(index))
        place(many_html(len(found.articles), found.all_articles, "articles"))
    if found.sources:
        st.html(results_title_html("Sources", found.all_sources))
        show_sources(index, found.sources)
        place(many_html(len(found.sources), found.all_sources, "sources"))
    if not found.articles and not found.sources:
        what = f"matches “{words.strip()}”" if words.strip() else "fits these filters together"
        way = "Try fewer words, or ask it as a new question." if words.strip() else "Take one of them away."
        st.html(render.note_html(f"No article and no source {what}. {way}"))


if __name__ == "__main__":
    main()
