"""A new question, without an article, and what follows from it."""

from __future__ import annotations

from chatbot.domain import Conversation
from chatbot.ui import render
from chatbot.ui.conversation import show_chat
from chatbot.ui.state import the_chatbot


def main() -> None:
    """Shows the page. Raises what opening the index raises."""
    chatbot = the_chatbot()
    head = render.question_head_html(chatbot.index.counts)
    show_chat(chatbot, "", Conversation(), head, "Ask a question")


if __name__ == "__main__":
    main()
