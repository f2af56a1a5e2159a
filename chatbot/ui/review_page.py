"""The review desk: what waits for a reviewer, and (``?item=…``) one item of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import streamlit as st

from chatbot.people import Person, Role
from chatbot.review.stages import Stage
from chatbot.ui import render
from chatbot.ui.person import current_person
from chatbot.ui.render.review import desk_head_html, waiting_html
from chatbot.ui.review_item import show_item
from chatbot.ui.reviewing import reviews
from chatbot.ui.state import the_chatbot
from chatbot.ui.visits import begin_visit

if TYPE_CHECKING:
    from chatbot.index.reader import Index
    from chatbot.review.desk import Desk, Waiting

_STAGES = (Stage.SUBMITTED, Stage.UNDER_REVIEW, Stage.RETURNED, Stage.APPROVED)
_SHOWN = 50


def main() -> None:
    """Shows the page to reviewers. Raises what opening the index raises, and KeepingError."""
    person = current_person()
    if not person.may(Role.REVIEWER):
        st.error(render.sentence("only reviewers may open this page; ask whoever runs it for the role"))
        return
    index, desk = the_chatbot().index, reviews().desk
    item = st.query_params.get("item", "")
    if item:
        show_item(desk, person, item, index)
    else:
        _show_queue(desk, person, index)


def _show_queue(desk: Desk, person: Person, index: Index) -> None:
    """The items of one status, those that wait longest first."""
    begin_visit("item", "")
    st.html(desk_head_html())
    waiting = desk.queue(person, index)
    counts = Counter(one.stage for one in waiting)
    stage = st.pills(
        "Status",
        _STAGES,
        default=Stage.SUBMITTED,
        format_func=lambda stage: f"{stage} · {counts[stage]}",
        required=True,
        key="review-stage",
        persist_state="session",
    )
    found = [one for one in waiting if one.stage is stage]
    for one in found[:_SHOWN]:
        _show_waiting(one)
    if not found:
        st.html(render.note_html(f"Nothing here is {str(stage).lower()}."))
    if len(found) > _SHOWN:
        st.html(render.note_html(f"{len(found) - _SHOWN:,} more wait behind these."))


def _show_waiting(waiting: Waiting) -> None:
    with st.container(border=True, key=f"card-review-{waiting.id}", gap="xxsmall"):
        label = render.markdown_text(waiting.question)
        st.page_link("review_page.py", label=label, query_params={"item": waiting.id})
        st.html(waiting_html(waiting))


if __name__ == "__main__":
    main()
