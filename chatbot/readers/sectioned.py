"""Headed pieces of text → one text and its sections with exact offsets."""

from __future__ import annotations

from chatbot.domain import Section
from chatbot.readers.text_file import storable


class SectionedText:
    """Pieces in reading order, a blank line apart; a heading stands on a line of its own above what it heads."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._sections: list[Section] = []

    def add(self, heading: str, body: str, role: str = "") -> None:
        """Adds a section. One without text is none."""
        body = storable(body).strip()
        if not body:
            return
        heading = storable(heading)
        before = ("\n\n" if self._parts else "") + (f"{heading}\n\n" if heading else "")
        start = self._length + len(before)
        self._parts += (before, body)
        self._length = start + len(body)
        self._sections.append(Section(heading, start, self._length, role))

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def sections(self) -> tuple[Section, ...]:
        return tuple(self._sections)


def label_case(label: str) -> str:
    """A label as a heading: "MATERIALS AND METHODS" → "Materials and methods"; what has small letters stays."""
    label = " ".join(label.split()).rstrip(":")
    if label.upper() in ("UNLABELLED", "UNASSIGNED"):
        return ""
    return label.capitalize() if label.isupper() else label
