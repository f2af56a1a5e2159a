"""Text → text that a browser or Streamlit's Markdown shows as it was written."""

from __future__ import annotations

import html
import re
from urllib.parse import quote, urlsplit

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SHORTCODE = re.compile(r":(?=[\w+-]+:|material/)")
_WORD_JOINER = "\u2060"
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
"""Characters that are not seen and change what is: they turn the order of others, so that 10 reads as 01, or hide.

Marks that writing needs (of direction, joiners) are left alone; ``dir="auto"`` gives right-to-left text its direction.
"""


def html_text(text: str) -> str:
    """The text for use between tags and inside quoted attributes.

    A control character becomes a space; one that turns or hides others is shown by its number, as in [U+202E].
    """
    return html.escape(_CONTROL.sub(" ", _told(text)), quote=True)


def markdown_text(text: str) -> str:
    """The text on one line, so that Streamlit's Markdown shows every character of it and makes nothing of any.

    A backslash is enough for everything but ``:emoji:``, which Streamlit replaces behind the parser: an invisible word
    joiner breaks it.
    """
    line = " ".join(_told(text).split())
    return _PUNCTUATION.sub(r"\\\1", _SHORTCODE.sub(f":{_WORD_JOINER}", line))


def sentence(message: str) -> str:
    """A message of an error as a sentence in Markdown: capital first, full stop last."""
    text = message.strip()
    first = text.split(maxsplit=1)[0] if text else ""
    if first.isalpha():
        text = text[0].upper() + text[1:]
    return markdown_text(text if text.endswith((".", "!", "?")) else f"{text}.")


def link(label: str, address: str) -> str:
    """A link that opens in a new tab; empty where the address is not one of the web."""
    if urlsplit(address).scheme not in {"http", "https"}:
        return ""
    return f'<a href="{html_text(address)}" target="_blank" rel="noopener noreferrer">{html_text(label)}</a>'


def in_address(text: str) -> str:
    """The text as part of an address's path or query."""
    return quote(text, safe="/")


def _told(text: str) -> str:
    return _TURNING.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)
