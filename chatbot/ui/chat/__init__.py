"""The chat of a page: what was asked and answered on a subject, the next question, and what is done with answers.

``show_chat`` is the whole of it. A page that asks by itself uses ``ask_first``, so that asking looks the same
everywhere; ``Asking`` is how a page wants questions asked.
"""

from chatbot.ui.chat.asking import ask_first
from chatbot.ui.chat.page import show_chat
from chatbot.ui.chat.turns import show_links
from chatbot.ui.chat.wanted import Asking

__all__ = ["Asking", "ask_first", "show_chat", "show_links"]
