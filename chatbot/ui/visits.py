"""What a page shows: opened by a link from the page itself, it is shown from its top and named in the address."""

from __future__ import annotations

import streamlit as st

from chatbot.ui import render

_SHOWN = "shown-on-this-page"
_VISITS = "visits"


def begin_visit(parameter: str, value: str, *, again: bool = False) -> None:
    """Names what is shown in the browser's address, and shows the page from its top, where it is another than before.

    Streamlit does neither for a link from a page to itself. ``again``: it is the same, with news at its top.
    """
    known, shown = st.session_state.get(_SHOWN), (parameter, value)
    st.session_state[_SHOWN] = shown
    is_other = known is not None and known != shown
    if is_other and value:
        st.query_params[parameter] = value  # only then: each time would be a step of the browser's history
    if is_other or again:
        st.session_state[_VISITS] = st.session_state.get(_VISITS, 0) + 1
        st.html(render.top_html(st.session_state[_VISITS]), unsafe_allow_javascript=True)
