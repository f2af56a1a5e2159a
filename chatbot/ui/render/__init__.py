"""All markup of the page: every HTML string and every escaped Markdown string is made in this package.

What the corpus and the people say is data: it reaches the browser through ``escape.html_text`` or
``escape.markdown_text`` and no other way.
"""

from chatbot.ui.render.answer import answer_html, question_html, reading_html
from chatbot.ui.render.article import head_html
from chatbot.ui.render.chat import COPYING, copy_html, editing_html, offers_head_html, step_html
from chatbot.ui.render.escape import markdown_text, sentence
from chatbot.ui.render.page import (
    audience_html,
    closing_html,
    holdings_html,
    library_head_html,
    note_html,
    part_title_html,
    question_head_html,
    scroll_html,
    top_html,
)
from chatbot.ui.render.sources import written_date

__all__ = [
    "COPYING",
    "answer_html",
    "audience_html",
    "closing_html",
    "copy_html",
    "editing_html",
    "head_html",
    "holdings_html",
    "library_head_html",
    "markdown_text",
    "note_html",
    "offers_head_html",
    "part_title_html",
    "question_head_html",
    "question_html",
    "reading_html",
    "scroll_html",
    "sentence",
    "step_html",
    "top_html",
    "written_date",
]
