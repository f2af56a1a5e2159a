"""What is indexed, by kind and standing; how indexing stands; and every source, to be searched."""

from __future__ import annotations

import streamlit as st

from chatbot.domain import EVIDENCE_KINDS, Standing
from chatbot.library import Library, Wanted
from chatbot.ui import render
from chatbot.ui.indexing import show_indexing
from chatbot.ui.render.results import (
    KINDS,
    STANDINGS,
    many_html,
    results_title_html,
    sources_head_html,
    standing_table_html,
)
from chatbot.ui.results import place, show_sources
from chatbot.ui.shelf import library_of
from chatbot.ui.state import plain_errors, the_chatbot

_SHOWN = 30
_PAUSE = "100ms"  # after a key, as in the library


def main() -> None:
    """Shows the page. Raises SettingsError, and IndexUnavailable where what was indexed cannot be read."""
    st.html(sources_head_html())
    is_indexed = False
    with plain_errors():  # where there is no index, it can be made below
        st.html(standing_table_html(library_of(the_chatbot().index).standings))
        is_indexed = True
    show_indexing()
    if is_indexed:
        st.html(render.part_title_html("All sources"))
        _show_sources()


@st.fragment
def _show_sources() -> None:
    """The search and what it finds: run alone when something is typed."""
    with plain_errors():
        index = the_chatbot().index
        library = library_of(index)
        wanted = _ask_what(library)
        found = library.find(wanted, 0, _SHOWN)
        st.html(results_title_html("Found" if wanted.words or wanted.standings else "Indexed", found.all_sources))
        show_sources(index, found.sources)
        place(many_html(len(found.sources), found.all_sources, "sources"))


def _ask_what(library: Library) -> Wanted:
    words = st.text_input(
        "Find a source",
        placeholder="Title, drug, author, PMID …",
        type="search",
        live=_PAUSE,
        key="sources-words",
        persist_state="session",
    )
    counts = library.standings
    kinds = st.pills(
        "Kind",
        [kind for kind in EVIDENCE_KINDS if any(key[0] is kind for key in counts)],
        selection_mode="multi",
        format_func=KINDS.__getitem__,
        label_visibility="collapsed",
        key="sources-kinds",
    )
    told = [standing for standing in Standing if any(key[1] is standing for key in counts)]
    standings: list[Standing] = []
    if told:
        label = "Only those of which was published since"
        standings = st.pills(
            label, told, selection_mode="multi", format_func=STANDINGS.__getitem__, key="sources-standings"
        )
    return Wanted(words or "", frozenset(kinds or EVIDENCE_KINDS), standings=frozenset(standings))


if __name__ == "__main__":
    main()
