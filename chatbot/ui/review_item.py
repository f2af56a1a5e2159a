"""One item on the review desk: its statements beside their quotes, a mark for each, and the decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from chatbot.errors import ChatbotError
from chatbot.people import LOCAL, Person
from chatbot.review.stages import Stage
from chatbot.settings import load_settings
from chatbot.ui import render
from chatbot.ui.kept import preferences
from chatbot.ui.render.article import moved_html, sent_back_html
from chatbot.ui.render.review import (
    history_html,
    item_head_html,
    marked_html,
    silent_sections_html,
    statement_html,
)
from chatbot.ui.visits import begin_visit

if TYPE_CHECKING:
    from chatbot.index.reader import Index
    from chatbot.review.desk import Desk, Item

_SAID = "review-said"  # what came of the last decision, until it is shown
_TROUBLE = "review-trouble"
_SIGNED = "signed as"  # the preference under which the name of a person without login is remembered
_MARKS = ("Supported", "Not supported")


def show_item(desk: Desk, person: Person, item_id: str, index: Index) -> None:
    """Shows the item. Raises KeepingError where it is none that this person may read."""
    item = desk.item(person, item_id, index)
    st.set_page_config(page_title=item.content.question)
    st.button("All that waits", type="tertiary", icon=":material/arrow_back:", on_click=st.query_params.clear)
    said, trouble = st.session_state.pop(_SAID, ""), st.session_state.pop(_TROUBLE, "")
    begin_visit("item", item_id, again=bool(said or trouble))
    if said:
        st.success(render.sentence(said))
    if trouble:
        st.error(render.sentence(trouble))
    st.html(item_head_html(item))
    _show_what_moved(item)
    is_deciding = item.stage is Stage.UNDER_REVIEW and item.may_be_decided_by(person)
    _show_state(desk, person, item, index)
    marks = _show_statements(desk, person, item, is_deciding=is_deciding)
    if is_deciding:
        _show_decision(desk, person, replace(item, marks=marks), index)
    if item.history:
        st.html(history_html(item.history))


def _show_what_moved(item: Item) -> None:
    if item.stands is not None and (item.stands.is_sent_back or item.stands.unsigned):
        st.html(sent_back_html(item.stands))
    elif item.content.moved:
        st.error(render.sentence("quotes of this draft no longer stand in their sources"))
        st.html(moved_html(item.content.moved))


def _show_state(desk: Desk, person: Person, item: Item, index: Index) -> None:
    """What can be done with it, in a sentence, and the beginning of a review."""
    if item.stage is Stage.APPROVED:
        if item.article and item.stands is None:
            st.html(render.note_html("It is approved, and read in the library once the index is up to date."))
        return
    if not item.may_be_decided_by(person):
        st.html(render.note_html("This is your own draft: another reviewer decides on it."))
    elif item.stage is Stage.SUBMITTED:
        st.button("Begin the review", type="primary", on_click=_begin, args=(desk, person, item, index))
    elif item.stage is Stage.RETURNED:
        st.html(render.note_html("It was returned, and waits for its author."))
    elif item.history and item.history[-1].name != person.name:
        st.html(render.note_html(f"{item.history[-1].name} has it open. The first decision counts."))


def _show_statements(desk: Desk, person: Person, item: Item, *, is_deciding: bool) -> dict[int, bool]:
    """The marks as they are set now."""
    by_number = {citation.number: citation for citation in item.content.answer.citations}
    marks = dict(item.marks)
    for number, (section, claim) in enumerate(item.content.claims, start=1):
        with st.container(border=True, key=f"statement-{number}", gap="small"):
            cited = [by_number[place] for place in claim.citations]
            st.html(statement_html(number, section, claim, cited))
            if is_deciding and (supported := _show_mark(item, number)) is not None:
                marks[number] = supported
    if silent := silent_sections_html(item.content.answer.sections):
        st.html(silent)
    for number, supported in marks.items():
        # Not in a callback of each: of several that are set while the page runs, some would be lost.
        if item.marks.get(number) is not supported:
            desk.mark(person, item.id, item.content.hash, number, supported)
    return marks


def _show_mark(item: Item, number: int) -> bool | None:
    key = f"mark-{item.id}-{item.content.hash[:16]}-{number}"
    marked = item.marks.get(number)
    if marked is not None:
        st.session_state.setdefault(key, _MARKS[0 if marked else 1])
    chosen = st.radio(f"Do the quotes say statement {number}?", _MARKS, index=None, key=key, horizontal=True)
    return None if chosen is None else chosen == _MARKS[0]


def _show_decision(desk: Desk, person: Person, item: Item, index: Index) -> None:
    """The note, the name where nobody is logged in, and the two ways on; approving only when all is supported."""
    note_key, name_key = f"note-{item.id}", "review-name"
    with st.container(border=True, key="decision"):
        st.html(render.part_title_html("Decision"))
        st.html(marked_html(item.marks, len(item.content.claims)))
        st.text_area("Note to the author (needed to return it)", key=note_key, max_chars=4000)
        if person == LOCAL:
            st.session_state.setdefault(name_key, preferences().get(person.id, _SIGNED) or "")
            st.text_input("Your name, as the approved article shows it", key=name_key, max_chars=200)
        with st.container(horizontal=True):
            st.button(
                "Approve",
                type="primary",
                disabled=not item.is_supported,
                on_click=_approve,
                args=(desk, person, item, index, name_key),
            )
            st.button("Return with the note", on_click=_hand_back, args=(desk, person, item, index, note_key))


def _begin(desk: Desk, person: Person, item: Item, index: Index) -> None:
    _try(lambda: desk.open(person, item.id, index))


def _hand_back(desk: Desk, person: Person, item: Item, index: Index, note_key: str) -> None:
    note = st.session_state.get(note_key, "")
    if _try(lambda: desk.hand_back(person, item.id, item.content.hash, note, index)):
        st.session_state[_SAID] = "It is returned with your note."
        st.session_state[note_key] = ""


def _approve(desk: Desk, person: Person, item: Item, index: Index, name_key: str) -> None:
    """Approves, and has the index brought up to date, whoever approved: else the approval would be seen by nobody."""
    from chatbot.ui.index_run import begin

    signed = st.session_state.get(name_key, "")
    if not _try(lambda: desk.approve(person, item.id, item.content.hash, index, signed)):
        return
    if person == LOCAL:
        _try(lambda: preferences().set(person.id, _SIGNED, signed))
    st.session_state[_SAID] = "It is approved and written to the corpus. The index is being brought up to date"
    try:
        begin(load_settings())
    except ChatbotError as error:
        st.session_state[_SAID] = f"It is approved, and read in the library after the next index run: {error}"


def _try(what: Callable[[], object]) -> bool:
    """Whether it was done; else why not is shown above the item."""
    try:
        what()
    except ChatbotError as error:
        st.session_state[_TROUBLE] = str(error)
        return False
    return True
