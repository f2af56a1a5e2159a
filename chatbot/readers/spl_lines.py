"""A run of text as it is typed into a label → lines: breaks, typed bullets, and what is raised above the line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatbot.readers.text_file import storable

BREAK = "\v"
_BULLETS = "•●▪◦■□"
_BULLET = re.compile(rf"(?:^|(?<=\s))[{_BULLETS}]\s*")
_WIDE_BULLET = re.compile(rf"(?:^|(?<=\s\s))[{_BULLETS}]\s*")
_TYPED_DASH = re.compile(r"\s*[-–—]\s*(?=[A-Za-z(])")
STOPPED = re.compile(r"[.!?:;][)\]\"”’]*\Z")
_BEFORE_SIGN = re.compile(r"\s+(?=[,;)\]®™]|[.:](?!\d))")
_BEHIND_SIGN = re.compile(r"(?<=[(\[])\s+")
_SUPERSCRIPT = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_UNIT = re.compile(r"(?:^|[^A-Za-z])(?:[cmk]?m|kg|s|L)\Z")
_MARK = re.compile(r"(?:[a-z]|\d{1,2})(?:\s*,\s*(?:[a-z]|\d{1,2}))*\*?\Z")
_LINKING = frozenset("a an and at by for from in of on or than the to with".split())
_NO_TITLE = re.compile(r"[.,;:\])]\Z|[.;] |\A(?:Table|Figure|See|If|For|Store|Call)\b")
_TITLE_WORDS = 14  # a line of bold text that has more words is a sentence made bold


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (depth 0), an item of a list ``depth`` deep, or a table.

    ``is_title`` is a short paragraph that is bold, underlined or in italics throughout and ends in no stop; ``is_peer``
    an item that stands in one line with those before it.
    """

    text: str
    depth: int = 0
    marker: str = "-"
    is_title: bool = False
    is_peer: bool = False
    is_table: bool = False

    @property
    def line(self) -> str:
        return f"{'  ' * (self.depth - 1)}{self.marker} {self.text}" if self.depth else self.text


def pieces(line: str) -> Iterator[str]:
    """The line cut at its breaks, save where the text just goes on behind one."""
    piece: list[str] = []
    for part in line.split(BREAK):
        text = part.strip()
        if piece and not (text and _goes_on(piece[-1], text)):
            yield " ".join(piece)
            piece = []
        if text:
            piece.append(part)
    if piece:
        yield " ".join(piece)


def _goes_on(before: str, text: str) -> bool:
    """Whether a sentence crosses the break between two pieces."""
    last = before.rsplit(None, 1)[-1]
    if STOPPED.search(last):
        return False
    return text[0].islower() or text[0] in "([®™," or last in _LINKING or (text[0].isdigit() and last.islower())


def bulleted(piece: str, in_item: bool) -> Iterator[Block]:
    """A piece cut at the bullets that were typed into it."""
    found = list(_BULLET.finditer(piece)) if any(bullet in piece for bullet in _BULLETS) else []
    if found and len(found) < 2 and piece.lstrip()[0] not in _BULLETS:
        found = list(_WIDE_BULLET.finditer(piece))
    if not found and (dash := _TYPED_DASH.match(piece)):
        yield Block(_tidy(piece[dash.end() :]), 1)
        return
    starts = [0, *(match.end() for match in found)]
    ends = [*(match.start() for match in found), len(piece)]
    first, *rest = [_tidy(piece[start:end]) for start, end in zip(starts, ends, strict=True)]
    if first:
        yield Block(first)
    is_peer = bool(in_item and first and not first.endswith(":"))
    yield from (Block(text, 1, is_peer=is_peer) for text in rest if text)


def _tidy(text: str) -> str:
    """White space as one space, and none where only the layout of the file put it."""
    line = " ".join(storable(text).split())
    return _BEHIND_SIGN.sub("", _BEFORE_SIGN.sub("", line))


def may_be_title(text: str) -> bool:
    """Whether a line set in bold is a title by its words: short, without a stop, and no advice."""
    return len(text.split()) <= _TITLE_WORDS and any(c.isalpha() for c in text) and not _NO_TITLE.search(text)


def raised(before: str, text: str) -> str:
    if re.fullmatch(r"[+\-−–]?\d{1,3}[+\-−–]?", text):
        if before[-1:].isdigit():
            return text.translate(_SUPERSCRIPT)
        if _UNIT.search(before) or not text.isdigit():
            return text
    return f" [{text}]" if _MARK.match(text) else text
