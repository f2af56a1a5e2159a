"""Approvals: who found an article's statements supported, by which words of which sources."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CitedSpan:
    """A quote as it was approved, word for word, and the statements that rest on it, counted from 1 down the article.

    ``reference`` is the id of its source, ``section`` the heading it stood under, ``lead`` what it cannot be read
    without, span by span.
    """

    reference: str
    quote: str
    statements: tuple[int, ...]
    section: str = ""
    lead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved an article, on which day (ISO 8601), and what: the hash of its content, and every quote in it."""

    by: str
    on: str
    hash: str
    cited: tuple[CitedSpan, ...] = ()


def content_hash(question: str, body: str, cited: Iterable[CitedSpan]) -> str:
    """SHA-256, in hexadecimal, over an article's question, its text, and every cited span with its source.

    Where the quote stands in its source is no part of it: a document may move a sentence and still say it.
    """
    spans = [[span.reference, span.quote, span.lead, span.statements] for span in cited]
    content = json.dumps([question, body, spans], ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
