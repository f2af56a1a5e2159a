"""Blocks of a source, one after the other → a document's text, its sections and its pages, with exact offsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.domain import Document, Reference, Section
from chatbot.readers.text_file import storable

_BETWEEN = "\n\n"
_MOST_HEADING = 300  # characters of one heading; what is longer was none, but the section still needs a name


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    text: str
    start: int
    end: int


class Layout:
    """Takes blocks in reading order. Blank lines stand between them; a heading is a line that begins with ``#``."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[_Heading] = []
        self._pages: list[int] = []
        self._begun = 0  # pages that have begun and hold nothing yet
        self.has_text = False

    @property
    def headings(self) -> list[tuple[int, str]]:
        """(level, text) of the headings so far."""
        return [(heading.level, heading.text) for heading in self._headings]

    @property
    def headings_of_first_page(self) -> list[tuple[int, str]]:
        """(level, text) of the headings before the second page."""
        end = self._pages[1] if len(self._pages) > 1 else self._length + 1
        return [(heading.level, heading.text) for heading in self._headings if heading.start < end]

    def page(self) -> None:
        """The next block begins a page."""
        self._begun += 1

    def heading(self, level: int, text: str) -> None:
        """A heading of a level from 1; a blank one is none."""
        text = " ".join(storable(text).split())[:_MOST_HEADING]
        if text:
            start, end = self._add(f"{'#' * level} {text}")
            self._headings.append(_Heading(level, text, start, end))

    def block(self, text: str, pages: Sequence[int] = ()) -> None:
        """A paragraph, list or table; a blank one is none. ``pages`` are the offsets in it at which pages begin."""
        text = storable(text)
        if text.strip():
            start, _ = self._add(text)
            self._pages += [start + offset for offset in pages]
            self.has_text = True

    def document(self, reference: Reference) -> Document:
        """The document. A section is named with the headings above its own, but not with the document's title."""
        text = "".join(self._parts)
        pages = (*self._pages, *[len(text)] * self._begun)
        return Document(reference, text, self._sections(text, reference.title), pages)

    def _add(self, text: str) -> tuple[int, int]:
        if self._parts:
            self._parts.append(_BETWEEN)
            self._length += len(_BETWEEN)
        start = self._length
        self._pages += [start if self._pages else 0] * self._begun
        self._begun = 0
        self._parts.append(text)
        self._length += len(text)
        return start, self._length

    def _sections(self, text: str, title: str) -> tuple[Section, ...]:
        above: dict[int, str] = {}
        borders: list[tuple[str, int, int]] = [("", 0, 0)]  # name, where its heading begins, and ends
        for heading in self._headings:
            above = {level: name for level, name in above.items() if level < heading.level}
            above[heading.level] = heading.text if heading.text != title else ""
            borders.append((" – ".join(filter(None, above.values())), heading.start, heading.end))
        ends = [start for _, start, _ in borders[1:]] + [len(text)]
        found = [_stripped(text, name, behind, end) for (name, _, behind), end in zip(borders, ends, strict=True)]
        return tuple(section for section in found if section.start < section.end)


def _stripped(text: str, name: str, start: int, end: int) -> Section:
    """The section without the white space around it."""
    inside = text[start:end]
    first = start + len(inside) - len(inside.lstrip())
    return Section(name, first, max(first, start + len(inside.rstrip())))
