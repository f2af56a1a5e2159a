"""A place in a source as an address of the page names it, and where that is in the source as it is indexed now.

A link is kept for as long as a conversation is, and a source may be replaced meanwhile. So a link carries a mark of the
text that it was made from, and the words quoted: where the text is another one, the words are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlencode

from chatbot.domain import Citation, Document

PAGE = "source"
"""The page's path, relative to any other page: it stays within the path that the server stands at."""

_MOST_WORDS = 400  # characters of a quote in an address; with all its escapes that is below every browser's limit
_MARK_DIGITS = 12  # of SHA-256: one of the texts of a document, not of all texts there are
_NUMBER = re.compile(r"[0-9]{1,9}\Z")

Span = tuple[int, int]


class Finding(Enum):
    """What became of the quote that an address asks for."""

    NONE_ASKED = "none asked"
    IN_PLACE = "in place"
    MOVED = "moved"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Place:
    """What an address asks for: a source, and mostly a quote in it. ``mark`` is of the text that was quoted from."""

    document: str
    span: Span | None = None
    mark: str = ""
    words: str = ""

    def found_in(self, document: Document) -> tuple[Span | None, Finding]:
        """Where the quote is now, and what became of it. A span that is none of the text is passed over."""
        if self.span is None:
            return None, Finding.NONE_ASKED
        if self.mark in {"", mark_of(document)}:
            start, end = self.span
            return (self.span, Finding.IN_PLACE) if start < end <= len(document.text) else (None, Finding.NONE_ASKED)
        words = [re.escape(word) for word in self.words.split()]
        found = re.search(r"\s+".join(words), document.text) if words else None
        return (found.span(), Finding.MOVED) if found else (None, Finding.GONE)


def mark_of(document: Document) -> str:
    """A short hash of a document's text."""
    return document.text_hash[:_MARK_DIGITS]


def place_of(parameters: Mapping[str, str]) -> Place:
    """What the parameters of an address ask for; numbers that are none are passed over."""
    numbers = [parameters.get(name, "") for name in ("start", "end")]
    is_span = all(map(_NUMBER.match, numbers))
    span = (int(numbers[0]), int(numbers[1])) if is_span else None
    return Place(parameters.get("id", ""), span, parameters.get("hash", ""), parameters.get("quote", "")[:_MOST_WORDS])


def address_of(document_id: str) -> str:
    """The address of a source as a whole, relative to the page."""
    return f"{PAGE}?{urlencode({'id': document_id})}"


def address_of_quote(citation: Citation) -> str:
    """The address of a quote in its source, relative to the page."""
    document = citation.passage.document
    place = {"id": document.id, "start": citation.start, "end": citation.end, "hash": mark_of(document)}
    return f"{PAGE}?{urlencode({**place, 'quote': ' '.join(citation.quote.split())[:_MOST_WORDS]}, errors='replace')}"
