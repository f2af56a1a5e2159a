"""A file's bytes → text that every store can hold."""

from __future__ import annotations

import codecs
import os
import unicodedata
from pathlib import Path

from chatbot.errors import SourceError
from chatbot.readers.source_file import SourceFile

MOST_BYTES = 64 * 2**20  # a large textbook has four megabytes of text

_SAMPLE = 200_000  # bytes by which an encoding is told; reading more changes it in no file that was tried
_MOST_UNREADABLE = 0.02  # of the characters; a page or two of noise in a book is still a book
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENCODINGS = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "iso8859_2",
    "utf_16_le",
    "utf_16_be",
    "shift_jis",
    "gb18030",
    "big5",
    "euc_kr",
]
"""What medical texts are found in, the first before the others where they fit equally. Left to all 90, the guess for a
short text is often a code page of mainframes."""


def read_text(path: Path, most: int = MOST_BYTES) -> str:
    """The file's text, UTF-8 with or without a byte order mark, line ends as ``\\n``.

    Raises SourceError where the file cannot be read, has more than ``most`` bytes, or is not UTF-8 (with the line of
    the first wrong byte).
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(min(most, os.fstat(stream.fileno()).st_size) + 1)  # read() allots what it is told
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror}); check its permissions") from error
    if len(content) > most:
        raise SourceError(path, f"is larger than {most:,} bytes; shorten or split it")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(path, f"is not UTF-8 (byte {error.start}); save it as UTF-8", line) from error
    return storable(text.replace("\r\n", "\n").replace("\r", "\n"))


def decoded(source: SourceFile) -> str:
    """The text of a file in whatever encoding: by its byte order mark, UTF-8, else the likeliest; line ends ``\\n``.

    What cannot be decoded becomes U+FFFD. Raises SourceError where it cannot be read, is empty, or is no text.
    """
    content = source.read(MOST_BYTES)
    encoding = _encoding(content)
    if encoding is None:
        raise source.error("holds binary data, no text; give the file the ending of its format, or leave it out")
    text = content.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")
    if _unreadable(text[:_SAMPLE]) > _MOST_UNREADABLE:
        raise source.error("holds binary data, no text; give the file the ending of its format, or leave it out")
    return storable(text.removeprefix("\ufeff"))


def _encoding(content: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    sample = content[:_SAMPLE]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # may end amid a character
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        matches = list(from_bytes(sample, cp_isolation=_ENCODINGS))
        as_good = [m for m in matches if (m.chaos, m.coherence) == (matches[0].chaos, matches[0].coherence)]
        named = {encoding for match in as_good for encoding in match.could_be_from_charset}
        return next((encoding for encoding in _ENCODINGS if encoding in named), None)
    return "utf-8"


def _unreadable(text: str) -> float:
    """The share of characters that no text is made of."""
    odd = sum((unicodedata.category(c) in ("Cc", "Cn", "Co") and c not in "\n\t\f") or c == "\ufffd" for c in text)
    return odd / max(1, len(text))


def storable(text: str) -> str:
    """The text without NUL, which ends strings in C, and lone surrogates, which no encoding can write."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
