"""A new question: what answers it becomes a draft article; what does not is talked about here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from chatbot.audience import Audience
from chatbot.domain import Answer, Conversation
from chatbot.people import Person
from chatbot.ui import render
from chatbot.ui.chat import Asking, show_chat
from chatbot.ui.kept import preferences
from chatbot.ui.person import current_person
from chatbot.ui.reviewing import reviews
from chatbot.ui.state import plain_errors, the_chatbot

if TYPE_CHECKING:
    from chatbot.review.drafts import DraftListed

_SHOWN = 5


def main() -> None:
    """Shows the page. Raises what opening the index raises."""
    chatbot, person = the_chatbot(), current_person()
    audience = preferences().audience(person.id) or Audience.CLINICIAN
    head = render.question_head_html(chatbot.index.counts)
    asking = Asking(audience=audience, answered=partial(_begin_draft, person))
    show_chat(chatbot, "", Conversation(), head, "Ask a question", asking)
    with plain_errors():
        _show_drafts(reviews().drafts.drafts(person))


def _begin_draft(person: Person, answer: Answer) -> bool:
    """Opens the draft that the answer has become. One that cannot be kept is shown here, with the reason."""
    with plain_errors():
        draft = reviews().drafts.begin(person, answer)
        st.switch_page("article_page.py", query_params={"draft": draft})
    return False


def _show_drafts(drafts: list[DraftListed]) -> None:
    """The person's own, quietly: the newest, and the others folded away."""
    if not drafts:
        return
    st.html(render.part_title_html("Your drafts"))
    for draft in drafts[:_SHOWN]:
        _show_link(draft)
    if len(drafts) > _SHOWN:
        with st.expander(f"{len(drafts) - _SHOWN} older drafts"):
            for draft in drafts[_SHOWN:]:
                _show_link(draft)


def _show_link(draft: DraftListed) -> None:
    label = f"{render.markdown_text(draft.question)} · {draft.stage}"
    st.page_link("article_page.py", label=label, query_params={"draft": draft.id}, icon=":material/edit_note:")


if __name__ == "__main__":
    main()
