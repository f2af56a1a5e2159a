"""``NAME.yaml`` beside ``NAME.pdf``: what its reader knows of a file that does not say it itself."""

from __future__ import annotations

from pathlib import Path

from chatbot.errors import SourceError
from chatbot.readers.front_matter import MOST_CHARACTERS, StatedFields, parse_fields
from chatbot.readers.source_file import SourceFile
from chatbot.readers.text_file import read_text

_SUFFIXES = (".yaml", ".yml")
_OWNERS = (".pdf", ".docx", ".html", ".htm", ".txt", ".md", ".markdown")


def sidecar_of(path: Path) -> Path | None:
    """The file beside ``path`` that describes it; None where there is none, or the format speaks for itself.

    A changed sidecar is a changed document.
    """
    if path.suffix.lower() not in _OWNERS:
        return None
    return next((beside for suffix in _SUFFIXES if (beside := path.with_suffix(suffix)).is_file()), None)


def stated_beside(source: SourceFile) -> StatedFields | None:
    """The fields of a file's sidecar, if it has one. Raises SourceError of the file, naming sidecar, line and field."""
    beside = None if source.member else sidecar_of(source.path)
    if beside is None:
        return None
    try:
        text = read_text(beside, most=MOST_CHARACTERS)
        return parse_fields(beside, text, StatedFields, first_line=1, called="it") if text.strip() else None
    except SourceError as error:
        line = f":{error.line}" if error.line else ""
        raise source.error(f"its sidecar {beside.name}{line}: {error.problem}") from error
