"""The errors a user may meet. Each says what happened, with which value, and what to do.

ChatbotError
├── SettingsError         a setting is unknown, malformed or out of range
├── SourceError           a file of the corpus cannot be read as what it claims to be (file, line, field)
├── CorpusError           a corpus folder is missing or empty, or its files contradict each other
├── ModelError            the embedding model is missing or is not the one expected
├── IndexingError         writing the index failed (no space, another run holds it)
├── IndexUnavailable      there is no index, or it cannot be opened
│   └── IndexMismatch     the index was built with other settings
├── FetchError            records cannot be fetched (no connection, a service refuses, a folder cannot be written)
├── KeepingError          a conversation, draft or review is not there, not this person's, or cannot be written
├── CardError             an answer card is not one, or was changed
├── QuestionError         a question is empty or longer than can be read
├── ExpectationError      a test expects of an answer what cannot be checked (no such kind, nothing to look for)
├── EvaluationError       a set cannot be measured as asked (a package, its documents or its split are missing)
└── ServeError            the page cannot be served (port taken, others would reach it without a login)
"""

from __future__ import annotations

from pathlib import Path


class ChatbotError(Exception):
    """Base of everything that ends in one sentence instead of a traceback."""


class SettingsError(ChatbotError):
    """A setting is unknown, malformed or out of range."""


class SourceError(ChatbotError):
    """A source file is not what it claims to be; the message starts with ``file:line``, or ``archive!member``."""

    def __init__(self, path: Path, problem: str, line: int | None = None, member: str = "") -> None:
        place = (f"{path}!{member}" if member else str(path)) + (f":{line}" if line else "")
        super().__init__(f"{place}: {problem}")
        self.path = path
        self.problem = problem
        self.line = line
        self.member = member


class CorpusError(ChatbotError):
    """A corpus folder is missing or empty, or its files contradict each other."""


class ModelError(ChatbotError):
    """The embedding model is missing, or is not the one expected."""


class IndexingError(ChatbotError):
    """Writing the index failed; what was there before is still being served."""


class IndexUnavailable(ChatbotError):
    """There is no index at the given place, or it cannot be opened."""


class IndexMismatch(IndexUnavailable):
    """The index was built with other settings than the ones in force."""


class FetchError(ChatbotError):
    """Records cannot be fetched; the message names the address, never a key, and what was fetched before is kept."""


class KeepingError(ChatbotError):
    """A conversation, draft or review is not there, is another person's, or cannot be written."""


class CardError(ChatbotError):
    """A file is not an answer card, or not one that this version reads."""


class QuestionError(ChatbotError):
    """A question is empty, or longer than can be read."""


class EvaluationError(ChatbotError):
    """A set cannot be measured as asked: a package, its documents, its split or its type is missing."""


class ExpectationError(ChatbotError, ValueError):
    """A test expects of an answer what cannot be checked: no such kind of evidence, no word to look for."""


class ServeError(ChatbotError):
    """The page cannot be served."""
