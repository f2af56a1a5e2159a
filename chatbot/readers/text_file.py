"""A file's bytes → text that every store can hold."""

from __future__ import annotations

from pathlib import Path

from chatbot.errors import SourceError


def read_text(path: Path) -> str:
    """The file's text, UTF-8 with or without a byte order mark, line ends as ``\\n``.

    Raises SourceError where the file cannot be read, or is not UTF-8 (with the line of the first wrong byte).
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(path, f"cannot be read ({error.strerror}); check its permissions") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(path, f"is not UTF-8 (byte {error.start}); save it as UTF-8", line) from error
    return storable(text.replace("\r\n", "\n").replace("\r", "\n"))


def storable(text: str) -> str:
    """The text without NUL, which ends strings in C, and lone surrogates, which no encoding can write."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
