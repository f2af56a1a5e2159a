"""What is read of the conversations that were kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chatbot.domain import Answer


@dataclass(frozen=True, slots=True)
class Kept:
    """A turn as it was: the answer with its quotes, when it was asked (UTC), ids of related articles, what was said
    of it: ``liked`` is None where nothing was."""

    answer: Answer
    asked: datetime
    related: tuple[str, ...] = ()
    liked: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation with all its turns, oldest first.

    ``subject`` is what it is about: an article's id, ``draft-<id>``, or empty for questions without an article.
    """

    id: str
    subject: str
    title: str
    turns: tuple[Kept, ...]
    begun: datetime
    changed: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation as a list shows it; ``questions`` is how many it holds."""

    id: str
    subject: str
    title: str
    questions: int
    begun: datetime
    changed: datetime
