"""Conversations: who asked what, and what was answered then. Durable, per person."""

from chatbot.conversations.kept import Chat, Kept, Listed
from chatbot.conversations.store import Conversations

__all__ = ["Chat", "Conversations", "Kept", "Listed"]
