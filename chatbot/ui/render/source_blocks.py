"""A source's text → the blocks that it is shown in: headings, lists, tables, paragraphs, each as spans of its lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from chatbot.domain import Document

ITEM = re.compile(r"(?P<indent>[ \t]*)(?P<sign>[-*+•‣◦▪–]|\(?[0-9]{1,3}[.)]|\(?[a-z][.)])[ \t]+(?=\S)")
"""How an item of a list begins."""

_HASHES = re.compile(r"#{1,6}[ \t]+")
_UNDERLINE = re.compile(r"[-=]+\Z")
_PATH = " – "  # between the titles of nested sections, as the readers of labels write them
_MOST_HEADING = 400  # characters of a line between sections that is a heading; a longer one is text

Span = tuple[int, int]


class Shape(Enum):
    """What a block looks like."""

    HEADING = "heading"
    LIST = "list"
    TABLE = "table"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its place among them, its line, where that goes on behind its signs, and the titles down to it."""

    number: int
    line: Span
    start: int
    path: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """The id of its element on the page."""
        return f"mf-part-{self.number}"

    @property
    def depth(self) -> int:
        """How deeply it is nested, from 1."""
        return len(self.path)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that are shown together; ``heading`` where they are one."""

    shape: Shape
    lines: tuple[Span, ...]
    heading: Heading | None = None


def headings_of(document: Document) -> tuple[Heading, ...]:
    """The headings in reading order: the lines that stand between the sections, which do not hold them."""
    found: list[Heading] = []
    above: dict[int, str] = {}
    for start, end in _between_sections(document):
        for line in _lines(document.text, start, end):
            text = document.text[slice(*line)]
            if not text.strip() or len(text) > _MOST_HEADING or _UNDERLINE.match(text.strip()):
                continue
            hashes = _HASHES.match(text)
            begins = line[0] + (hashes.end() if hashes else 0)
            title = document.text[begins : line[1]].strip()
            if hashes:
                level = len(hashes.group().strip())
                above = {other: name for other, name in above.items() if other < level} | {level: title}
            path = tuple(above.values()) if hashes else tuple(title.split(_PATH))
            found.append(Heading(len(found), line, begins, path))
    return _without_title(found)


def blocks_of(document: Document, headings: tuple[Heading, ...]) -> Iterator[Block]:
    """The blocks in reading order; what lies between their lines is white space."""
    text = document.text
    heads = {heading.line[0]: heading for heading in headings}
    lines = list(_lines(text, 0, len(text)))
    place = 0
    while place < len(lines):
        start, end = lines[place]
        line = text[start:end]
        behind = place + 1
        if not line.strip():
            place = behind
            continue
        head = heads.get(start)
        if head:
            shape = Shape.HEADING
        else:
            shape, goes_on = _shape(line)
            while behind < len(lines) and lines[behind][0] not in heads and goes_on(text[slice(*lines[behind])]):
                behind += 1
        yield Block(shape, tuple(lines[place:behind]), head)
        place = behind


def _shape(line: str) -> tuple[Shape, Callable[[str], bool]]:
    """The shape of the block that a line begins, and whether a further line belongs to it."""
    if _is_row(line):
        return Shape.TABLE, _is_row
    if ITEM.match(line):
        return Shape.LIST, lambda more: bool(ITEM.match(more)) or (more[:1] in {" ", "\t"} and bool(more.strip()))
    return Shape.PARAGRAPH, lambda more: bool(more.strip()) and not _is_row(more) and not ITEM.match(more)


def _is_row(line: str) -> bool:
    return line.lstrip(" \t").startswith("|")


def _between_sections(document: Document) -> Iterator[Span]:
    place = 0
    for section in document.sections:
        yield place, section.start
        place = section.end
    yield place, len(document.text)


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    """The lines between two offsets, without the line feeds."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1


def _without_title(headings: list[Heading]) -> tuple[Heading, ...]:
    """Where all stand below the first one, which is the document's title, they are not nested in it."""
    first = headings[0].path if headings else ()
    rest = headings[1:]
    if len(first) != 1 or not all(heading.path[:1] == first and heading.depth > 1 for heading in rest):
        return tuple(headings)
    nested = (Heading(h.number, h.line, h.start, h.path[1:]) for h in rest)
    return (*headings[:1], *nested)
