"""The formats in which answers are taken away. What makes each is imported when it is made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.errors import SourceError
from chatbot.takeaway.taken import Taken

if TYPE_CHECKING:
    from chatbot.pipeline import Chatbot

_MOST_NAME = 60  # characters: a question is recognised by its beginning, and some systems allow 255 with the folder


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, what it is good for, how its files end, their type, and what makes one.

    ``of_references``: it holds references only, and there is none without them; ``of_one``: it holds one answer only.
    """

    name: str
    purpose: str
    suffix: str
    mime: str
    make: Callable[[Taken, Chatbot], bytes]
    of_references: bool = False
    of_one: bool = False

    def is_for(self, taken: Taken) -> bool:
        """Whether there is anything to put into a file of it."""
        return bool(taken.answers) and not (
            (self.of_references and not taken.references) or (self.of_one and len(taken.answers) > 1)
        )


def _markdown(taken: Taken, chatbot: Chatbot) -> bytes:  # noqa: ARG001 - all formats are made alike
    from chatbot.takeaway.markdown import as_markdown

    return as_markdown(taken).encode("utf-8", "replace")


def _pdf(taken: Taken, chatbot: Chatbot) -> bytes:  # noqa: ARG001
    from chatbot.takeaway.pdf import as_pdf

    return as_pdf(taken)


def _ris(taken: Taken, chatbot: Chatbot) -> bytes:  # noqa: ARG001
    from chatbot.takeaway.ris import as_ris

    return as_ris(taken.references).encode("utf-8", "replace")


def _bibtex(taken: Taken, chatbot: Chatbot) -> bytes:  # noqa: ARG001
    from chatbot.takeaway.bibtex import as_bibtex

    return as_bibtex(taken.references).encode("utf-8", "replace")


def _card(taken: Taken, chatbot: Chatbot) -> bytes:
    from chatbot.takeaway.carding import card_of

    return card_of(taken, chatbot).written().encode("utf-8")


FORMATS = (
    Format("PDF", "to print or file", "pdf", "application/pdf", _pdf),
    Format("Markdown", "to paste into notes", "md", "text/markdown", _markdown),
    Format("RIS", "references for Zotero, EndNote, Mendeley", "ris", "application/x-research-info-systems", _ris, True),
    Format("BibTeX", "references for LaTeX", "bib", "application/x-bibtex", _bibtex, True),
    Format(
        "Answer card",
        "to check this answer again with “chatbot verify”",
        "json",
        "application/json",
        _card,
        of_one=True,
    ),
)
"""In the order in which they are offered."""


def format_of(path: Path) -> Format:
    """The format that a file's name asks for. Raises SourceError where there is no such format."""
    suffix = path.suffix.removeprefix(".").lower()
    found = next((format_ for format_ in FORMATS if format_.suffix == suffix), None)
    if found is None:
        known = ", ".join(f".{format_.suffix} ({format_.name})" for format_ in FORMATS)
        raise SourceError(path, f"answers are not written as {path.suffix or 'a file without a suffix'}; use {known}")
    return found


def file_name(name: str, format_: Format) -> str:
    """The name of a file for what is called ``name``: letters, digits and hyphens of ASCII, and the suffix."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", letters)[:_MOST_NAME].strip("-")
    return f"{slug or 'answer'}.{format_.suffix}"


def write_file(path: Path, taken: Taken, chatbot: Chatbot) -> None:
    """Writes what is taken away as the file's name asks for, whole or not at all. Raises SourceError."""
    content = format_of(path).make(taken, chatbot)
    partial = path.with_name(f"{path.name}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise SourceError(path, f"cannot be written ({error.strerror}); choose another file") from error
    finally:
        partial.unlink(missing_ok=True)
