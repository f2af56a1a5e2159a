"""All markup of the page: every HTML string and every escaped Markdown string is made in this package.

What the corpus and the people say is data: it reaches the browser through ``escape.html_text`` or
``escape.markdown_text`` and no other way.
"""

from chatbot.ui.render.answer import answer_html, question_html
from chatbot.ui.render.escape import markdown_text, sentence
from chatbot.ui.render.page import (
    audience_html,
    card_html,
    closing_html,
    head_html,
    holdings_html,
    library_head_html,
    note_html,
    part_title_html,
    question_head_html,
    scroll_html,
)

__all__ = [
    "answer_html",
    "audience_html",
    "card_html",
    "closing_html",
    "head_html",
    "holdings_html",
    "library_head_html",
    "markdown_text",
    "note_html",
    "part_title_html",
    "question_head_html",
    "question_html",
    "scroll_html",
    "sentence",
]
