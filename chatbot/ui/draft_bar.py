"""What its author does with a draft: send it to review, leave statements out, delete it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from chatbot.errors import ChatbotError
from chatbot.people import Person
from chatbot.review.stages import Stage, What
from chatbot.ui import render
from chatbot.ui.render.review import draft_line_html, returned_html

if TYPE_CHECKING:
    from chatbot.review.drafts import Draft, Drafts

_TROUBLE = "draft-trouble"


def show_draft_bar(drafts: Drafts, person: Person, draft: Draft, *, is_indexed: bool) -> None:
    """Where the draft stands, and to its author what can be done with it."""
    if trouble := st.session_state.pop(_TROUBLE, ""):
        st.error(render.sentence(trouble))
    last = draft.history[-1] if draft.history else None
    if last and last.what is What.RETURNED:
        st.html(returned_html(last))
    if draft.author != person.id:
        return
    if not draft.is_open:
        st.html(draft_line_html(draft.stage))
        if is_indexed:
            st.page_link(
                "article_page.py",
                label="Read the approved article",
                query_params={"id": draft.article},
                icon=":material/article:",
            )
        return
    with st.container(horizontal=True, vertical_alignment="center", key="draft-bar"):
        st.html(draft_line_html(draft.stage))
        label = "Send to review" if draft.stage is Stage.DRAFT else "Send again"
        st.button(label, type="primary", on_click=_send, args=(drafts, person, draft.id), key="send-draft")
    _show_statements(drafts, person, draft)
    if draft.stage is Stage.DRAFT:
        with st.popover("Delete this draft", type="tertiary", icon=":material/delete:"):
            st.html(render.note_html("It is deleted for good."))
            if st.button("Delete for good", key="delete-draft"):
                drafts.delete(person, draft.id)
                st.switch_page("question_page.py")


def _show_statements(drafts: Drafts, person: Person, draft: Draft) -> None:
    """A box for each statement that was found; what its author unticks is left out, and nothing can be added."""
    from chatbot.review.content import statements_of

    found = statements_of(draft.answer)
    with st.expander(f"Choose what it says: {len(draft.chosen)} of {len(found)} statements", key="choose-statements"):
        st.html(render.note_html("A statement is its source’s own words: leave it out, or leave it as it is."))
        for place, (_, claim) in enumerate(found):
            st.session_state.setdefault(_key(draft, place), place in draft.chosen)
            st.checkbox(
                render.markdown_text(" ".join((*claim.lead, claim.text))),
                key=_key(draft, place),
                on_change=_choose,
                args=(drafts, person, draft, len(found)),
            )


def _choose(drafts: Drafts, person: Person, draft: Draft, count: int) -> None:
    """By what is ticked now: two clicks may come before the page has run once."""
    chosen = [place for place in range(count) if st.session_state[_key(draft, place)]]
    try:
        drafts.choose(person, draft.id, chosen)
    except ChatbotError as error:
        st.session_state[_TROUBLE] = str(error)
        for place in range(count):
            st.session_state[_key(draft, place)] = place in draft.chosen


def _send(drafts: Drafts, person: Person, draft_id: str) -> None:
    try:
        drafts.send(person, draft_id)
    except ChatbotError as error:
        st.session_state[_TROUBLE] = str(error)


def _key(draft: Draft, place: int) -> str:
    return f"keep-{draft.id}-{place}"
