"""The lines of a PDF → its text: lines joined to paragraphs, tables over pages to one, pages by their offset."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from chatbot.readers.layout import Layout
from chatbot.readers.pdf_blocks import (
    Placed,
    continues_heading,
    goes_on,
    is_below,
    is_item,
    levels,
    usual_gap,
    with_plain_bullet,
)
from chatbot.readers.pdf_lines import Line
from chatbot.readers.plain_markdown import table_rows

_HYPHENATED = re.compile(r"([^\W\d_]+)[-\u2010]\Z")
_SOFT = "\u00ad"
_LONGEST_WORD = 60  # letters before a break; looking through the whole paragraph at each line is slow
_SAME_PLACE = 12.0  # points by which the borders of a table may differ on its next page
_CID = re.compile(r"\(cid:\d+\)")  # a letter whose font does not say which


def lay_out(lines: Sequence[Placed]) -> Layout:
    """The blocks of the lines of ``placed_lines``."""
    writer = _Writer(lines)
    for line in lines:
        writer.take(line)
    writer.end()
    return writer.layout


class _Writer:
    """Gathers the lines of a block until one comes that does not belong to it."""

    def __init__(self, lines: Sequence[Placed]) -> None:
        self.layout = Layout()
        self._levels = levels(lines)
        self._gap = usual_gap(lines)
        self._words = _vocabulary(placed.line.text for placed in lines)
        self._block: list[Placed] = []
        self._page = 0  # the last one that has begun

    def take(self, placed: Placed) -> None:
        if self._block and not self._belongs(placed):
            self.end()
        self._block.append(placed)

    def end(self) -> None:
        """Writes what has been gathered."""
        if not self._block:
            return
        first = self._block[0]
        self._begin(first.page)
        if first.line.rows:
            self._write_table()
        elif first.style:
            text, _ = self._joined()
            self.layout.heading(self._levels[first.style], text.replace("\n", " ").rstrip(":"))
        else:
            self.layout.block(*self._joined())
        self._page = self._block[-1].page
        self._block = []

    def _belongs(self, placed: Placed) -> bool:
        last = self._block[-1]
        if placed.line.rows or last.line.rows:
            follows = placed.page - last.page <= 1 and not is_below(last, placed)
            return follows and _is_continued(self._block[0].line, last.line, placed.line)
        if last.style or placed.style:
            return continues_heading(last, placed)
        if is_item(placed.line.text) and is_item(self._block[0].line.text):
            return placed.page - last.page <= 1
        return goes_on(last, placed, self._gap)

    def _begin(self, page: int) -> None:
        for _ in range(page - self._page):
            self.layout.page()

    def _joined(self) -> tuple[str, list[int]]:
        """The text of the block, and the offsets in it at which pages begin."""
        text, pages, page = "", [], self._block[0].page
        for placed in self._block:
            line = _CID.sub("\ufffd", with_plain_bullet(_clean(placed.line.text)))
            text = self._appended(text, line, is_item(placed.line.text))
            pages += [len(text) - len(line)] * (placed.page - page)
            page = placed.page
        return text, pages

    def _appended(self, text: str, line: str, is_new_item: bool) -> str:
        if not text or is_new_item:
            return f"{text}\n{line}" if text else line
        broken = _HYPHENATED.search(text[-_LONGEST_WORD:])
        if broken is None or not line[:1].islower():
            return f"{text}{line}" if text[-1:] == _SOFT else f"{text} {line}"
        rest = re.match(r"[^\W\d_]+", line)
        whole, hyphened = f"{broken[1]}{rest[0] if rest else ''}", f"{broken[1]}-{rest[0] if rest else ''}"
        keeps = hyphened.lower() in self._words and whole.lower() not in self._words
        return f"{text}{line}" if keeps else f"{text[:-1]}{line}"

    def _write_table(self) -> None:
        rows: list[Sequence[str]] = []
        starts: list[int] = []  # rows before the first of each further page
        for number, placed in enumerate(self._block):
            here = [[self._cell(cell) for cell in row] for row in placed.line.rows]
            here = [row for row in here if any(row)]
            if number:
                here = here[1:] if here and here[0] == rows[0] else here
                starts += [len(rows)] * (placed.page - self._block[number - 1].page)
            rows += here
        text = table_rows(rows)
        offsets = [0]
        for line in text.split("\n"):
            offsets.append(offsets[-1] + len(line) + 1)
        pages = [
            min(offsets[min(start + 1, len(offsets) - 1)], len(text)) for start in starts
        ]  # a rule below the header
        self.layout.block(text, pages)

    def _cell(self, cell: str) -> str:
        text = ""
        for line in cell.split("\n"):
            text = self._appended(text, _clean(line), is_new_item=False)
        return _CID.sub("\ufffd", text).replace(_SOFT, "").strip()


def _is_continued(first: Line, last: Line, table: Line) -> bool:
    """Whether a table at the top of a page is the rest of the one at the bottom of the page before."""
    if not (last.rows and table.rows) or len(last.rows[0]) != len(table.rows[0]):
        return False
    same = abs(table.x0 - last.x0) < _SAME_PLACE and abs(table.x1 - last.x1) < _SAME_PLACE
    return same or table.rows[0] == first.rows[0]


def _clean(text: str) -> str:
    """The line on one line; a soft hyphen is left only at its end."""
    text = " ".join(text.split())
    return text[:-1].replace(_SOFT, "") + text[-1:] if _SOFT in text else text


def _vocabulary(lines: Iterable[str]) -> set[str]:
    """The words and hyphened words that stand whole on a line."""
    return {word.lower() for line in lines for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*(?![-\w])", line)}
