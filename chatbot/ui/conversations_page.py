"""A person's conversations: found again, gone on with, renamed, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from chatbot.conversations import Conversations, Listed
from chatbot.errors import ChatbotError
from chatbot.people import Person
from chatbot.ui.kept import conversations
from chatbot.ui.person import current_person
from chatbot.ui.render import conversations as markup
from chatbot.ui.render import markdown_text, note_html, part_title_html
from chatbot.ui.state import plain_errors, the_chatbot

_SHOWN_AT_ONCE = 40
_SHOWN = "conversations-shown"
_RENAME, _DELETE = "Rename", "Delete"
_DRAFT = "draft-"


def main() -> None:
    """Shows the page. Raises what reading the conversations raises."""
    person, kept = current_person(), conversations()
    st.html(markup.conversations_head_html())
    everything = kept.listed(person.id)
    if not everything:
        _show_nothing_yet()
        return
    words = st.text_input(
        "Find a conversation", placeholder="Word in a title, question or answer", type="search", live=True
    )
    found = kept.listed(person.id, words) if words else everything
    if not found:
        st.html(note_html(f"No conversation of yours holds “{words}”."))
    _show_list(person, kept, found)
    with st.container(key="conversations-foot"):
        st.html(markup.conversations_foot_html())
        if st.button("Delete all conversations", type="tertiary", icon=":material/delete_sweep:"):
            _delete_all(person, kept, everything)


def _show_nothing_yet() -> None:
    st.html(markup.no_conversations_html())
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Ask a question", type="primary"):
            st.switch_page("question_page.py")
        st.page_link("library_page.py", label="Read an article", icon=":material/menu_book:")


def _show_list(person: Person, kept: Conversations, found: Sequence[Listed]) -> None:
    """By how long ago, the last one first; more on demand."""
    titles, zone = _titles(found), _zone()
    today = datetime.now(zone).date()
    shown = st.session_state.get(_SHOWN, _SHOWN_AT_ONCE)
    for heading, group in groupby(found[:shown], key=lambda listed: markup.when(listed.changed, today, zone)):
        st.html(part_title_html(heading))
        for listed in group:
            _show_conversation(person, kept, listed, markup.conversation_html(listed, _about(listed, titles), zone))
    if len(found) > shown:
        st.button("Show more", on_click=_show_more, args=(shown,), width="stretch")


def _show_more(shown: int) -> None:
    st.session_state[_SHOWN] = shown + _SHOWN_AT_ONCE


def _show_conversation(person: Person, kept: Conversations, listed: Listed, details: str) -> None:
    page, query = _place(listed)
    with st.container(border=True, key=f"card-talk-{listed.id}", horizontal=True, vertical_alignment="center"):
        with st.container(gap="xxsmall"):
            st.page_link(page, label=markdown_text(listed.title), query_params=query)
            st.html(details)
        chosen = st.menu_button(
            f"Rename or delete: {markdown_text(listed.title)}",
            [_RENAME, _DELETE],
            type="tertiary",
            icon=":material/more_horiz:",
            key=f"more-{listed.id}",
        )
    if chosen == _RENAME:
        _rename(person, kept, listed)
    elif chosen == _DELETE:
        _delete(person, kept, listed)


def _place(listed: Listed) -> tuple[str, dict[str, str]]:
    """The page that goes on with a conversation, and its query."""
    if not listed.subject:
        return "question_page.py", {"chat": listed.id}
    if listed.subject.startswith(_DRAFT):
        return "article_page.py", {"draft": listed.subject.removeprefix(_DRAFT), "chat": listed.id}
    return "article_page.py", {"id": listed.subject, "chat": listed.id}


def _about(listed: Listed, titles: Mapping[str, str]) -> str:
    if not listed.subject:
        return ""
    if listed.subject.startswith(_DRAFT):
        return "On a draft article"
    return f"On: {titles[listed.subject]}" if listed.subject in titles else "On an article that is no longer indexed"


def _titles(found: Sequence[Listed]) -> dict[str, str]:
    """Titles of articles by id; none where no conversation is on one, or the index cannot be opened."""
    if not any(listed.subject for listed in found):
        return {}
    try:
        return {article.id: article.title for article in the_chatbot().articles()}
    except ChatbotError as error:
        st.warning(markdown_text(f"The titles of the articles are missing: {error}"))
        return {}


def _zone() -> tzinfo:
    """The browser's time zone; UTC where it does not say."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


@st.dialog("Rename this conversation")
def _rename(person: Person, kept: Conversations, listed: Listed) -> None:
    with st.form("rename", border=False):
        title = st.text_input("Title", listed.title, max_chars=200)
        if st.form_submit_button("Save", type="primary"):
            with plain_errors():
                kept.rename(person.id, listed.id, title)
                st.rerun()


@st.dialog("Delete this conversation?")
def _delete(person: Person, kept: Conversations, listed: Listed) -> None:
    st.html(markup.deleting_html(listed.title, listed.questions))
    if _confirmed("Delete"):
        with plain_errors():
            kept.delete(person.id, listed.id)
            st.rerun()


@st.dialog("Delete all your conversations?")
def _delete_all(person: Person, kept: Conversations, everything: Sequence[Listed]) -> None:
    st.html(markup.deleting_all_html(len(everything), sum(listed.questions for listed in everything)))
    if _confirmed("Delete all"):
        with plain_errors():
            kept.delete_all(person.id)
            st.rerun()


def _confirmed(label: str) -> bool:
    """Whether the person chose to go on; the other button closes the dialog."""
    with st.container(horizontal=True):
        confirmed = st.button(label, type="primary", icon=":material/delete:")
        if st.button("Keep"):
            st.rerun()
    return confirmed


if __name__ == "__main__":
    main()
