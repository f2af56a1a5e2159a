"""Where the page keeps what people leave: the stores of the settings in force.

They hold nothing of anybody: every call names its person, and each person has a file of their own.
"""

from __future__ import annotations

from chatbot.conversations import Conversations
from chatbot.preferences import Preferences
from chatbot.settings import load_settings


def conversations() -> Conversations:
    """The conversations of everybody. Raises SettingsError."""
    return Conversations(load_settings().data)


def preferences() -> Preferences:
    """The preferences of everybody. Raises SettingsError."""
    return Preferences(load_settings().data)
