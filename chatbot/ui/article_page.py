"""An article (``?id=lam-treatment``) or a draft (``?draft=…``), read from top to bottom, and the follow-ups to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from chatbot.domain import Answer, Conversation, Kind, Reference, ReviewStatus
from chatbot.people import Person, Role
from chatbot.ui import render
from chatbot.ui.audience import choose_audience, glossary_for
from chatbot.ui.chat import Asking, show_chat, show_links
from chatbot.ui.chat.urgent import show_urgent_advice
from chatbot.ui.draft_bar import show_draft_bar
from chatbot.ui.kept import preferences
from chatbot.ui.person import current_person
from chatbot.ui.render.article import sent_back_html
from chatbot.ui.reviewing import reviews, stands, with_status
from chatbot.ui.state import bound_article, others, plain_errors, the_chatbot
from chatbot.ui.take_away import show_take_away
from chatbot.ui.visits import begin_visit

if TYPE_CHECKING:
    from chatbot.approved import Effective
    from chatbot.audience import Audience
    from chatbot.pipeline import Chatbot

_FOLLOW_UP = "It is read in the light of this article, and answered with quotes that no editor has seen."
_NOTED = "noted-as-read"
_RELATED = 3


def main() -> None:
    """Shows the page. Raises what opening the index raises, and KeepingError for a draft that is not this person's."""
    chatbot, person = the_chatbot(), current_person()
    name = "draft" if "draft" in st.query_params else "id"
    shown = st.query_params.get(name, "")
    begin_visit(name, shown)
    if name == "draft":
        _show_draft(chatbot, person, shown)
    else:
        _show_article(chatbot, person, shown)


def _show_article(chatbot: Chatbot, person: Person, article_id: str) -> None:
    article = bound_article(chatbot, article_id)
    if article is None:
        st.error(render.sentence(f"There is no article “{article_id}” in the index. Choose one in the library."))
        st.page_link("library_page.py", label="Library", icon=":material/arrow_back:")
        return
    _note_read(person, article_id)
    found = stands(chatbot, article_id)
    reference = with_status(article.reference, found)
    st.set_page_config(page_title=reference.title)
    st.html(render.head_html(reference, _said(reference, found)))
    if found.is_sent_back or found.unsigned:
        st.html(sent_back_html(found))
    if person.may(Role.REVIEWER) and reference.status is not ReviewStatus.APPROVED:
        st.page_link(
            "review_page.py",
            label="Open on the review desk",
            query_params={"item": article_id},
            icon=":material/fact_check:",
        )
    audience = _show_body(person, article.answer, article.related, article_id, reference)
    _show_follow_ups(chatbot, article_id, article.answer, audience)


def _show_draft(chatbot: Chatbot, person: Person, draft_id: str) -> None:
    drafts = reviews().drafts
    draft = drafts.draft(person, draft_id)
    status = draft.stage.status
    answer = draft.shown_answer if draft.author == person.id else draft.article_answer
    st.set_page_config(page_title=draft.question)
    show_urgent_advice(draft.question)
    head = Reference(
        draft.id, Kind.ARTICLE, draft.question, date=draft.updated, status=status or ReviewStatus.SUBMITTED
    )
    whose = "Your draft" if draft.author == person.id else f"Draft by {draft.author_name}"
    st.html(render.head_html(head, (whose,), is_sent=status is not None))
    show_draft_bar(drafts, person, draft, is_indexed=bool(draft.article and chatbot.index.document(draft.article)))
    related = others(chatbot.related_articles(answer, _RELATED + 1), draft.article, _RELATED)
    audience = _show_body(person, answer, related, f"draft-{draft.id[:8]}")
    _show_follow_ups(chatbot, f"draft-{draft.id}", answer, audience)


def _show_body(
    person: Person, answer: Answer, related: tuple[Reference, ...], name: str, article: Reference | None = None
) -> Audience:
    """From the choice of the audience to the disclaimer, the same for an article and a draft; what was chosen."""
    audience = choose_audience(person)
    st.html(render.audience_html(audience))
    st.html(render.answer_html(answer, "article", glossary=glossary_for(audience)))
    show_take_away((answer,), Conversation(), name, "article", article=article, audience=audience)
    if related:
        st.html(render.part_title_html("Related articles"))
        show_links(related)
    st.html(render.closing_html())
    return audience


def _show_follow_ups(chatbot: Chatbot, subject: str, answer: Answer, audience: Audience) -> None:
    head = render.part_title_html("Have a follow-up question?", _FOLLOW_UP)
    asking = Asking(audience=audience, article=answer)
    show_chat(chatbot, subject, Conversation((answer.turn,)), head, "Ask a follow-up question", asking)


def _said(article: Reference, found: Effective) -> tuple[str, ...]:
    if article.status is ReviewStatus.APPROVED and found.approval:
        return (f"Approved by {found.approval.by} on {render.written_date(found.approval.on)}",)
    return ()


def _note_read(person: Person, article_id: str) -> None:
    """Once a visit: the page runs anew with every click."""
    if st.session_state.get(_NOTED) != article_id:
        with plain_errors():
            preferences().note_read(person.id, article_id)
        st.session_state[_NOTED] = article_id


if __name__ == "__main__":
    main()
