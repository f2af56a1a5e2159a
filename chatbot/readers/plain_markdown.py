"""Markdown → blocks of plain text: what a reader would see, with lists and tables kept as lines.

Links leave their words, images nothing; markers of emphasis and escapes go.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatbot.readers.layout import Layout

_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>]*>", re.DOTALL)
_PIPE = re.compile(r"(?<!\\)\|")


def lay_out(markdown: str) -> Layout:
    """The blocks of a Markdown text. Never fails: any text is Markdown."""
    writer = _Writer()
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        writer.take(token)
    return writer.layout


def table_rows(rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table of the rows, the first that says something being its header; "" where none does.

    Cells are put on one line, their ``|`` escaped; shorter rows are filled up, columns without any text left out.
    """
    lines = [[_PIPE.sub(r"\\|", " ".join(cell.split())) for cell in row] for row in rows]
    lines = [line for line in lines if any(line)]
    width = max(map(len, lines), default=0)
    lines = [line + [""] * (width - len(line)) for line in lines]
    kept = [column for column in range(width) if any(line[column] for line in lines)]
    written = ["| " + " | ".join(line[column] for column in kept) + " |" for line in lines]
    return "\n".join([written[0], "|" + "---|" * len(kept), *written[1:]]) if written else ""


@dataclass
class _Writer:
    """Takes the tokens of a Markdown text in their order."""

    layout: Layout = field(default_factory=Layout)
    _level: int = 0  # of the heading that is open; 0: none
    _lists: list[int] = field(default_factory=list)  # the number of each open list's next item; 0 of a list of bullets
    _lines: list[str] = field(default_factory=list)  # of the outermost open list
    _marker: str = ""  # of an item that has no text yet
    _rows: list[list[str]] = field(default_factory=list)
    _in_cell: bool = False

    def take(self, token: Token) -> None:
        kind = token.type
        if kind == "heading_open":
            self._level = int(token.tag[1])
        elif kind == "heading_close":
            self._level = 0
        elif kind in ("bullet_list_open", "ordered_list_open"):
            self._lists.append(int(token.attrs.get("start", 1)) if kind == "ordered_list_open" else 0)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
            if not self._lists:
                self._end_list()
        elif kind == "list_item_open":
            self._open_item()
        else:
            self._take_text(token)

    def _take_text(self, token: Token) -> None:
        kind = token.type
        if kind == "tr_open":
            self._rows.append([])
        elif kind in ("th_open", "td_open", "th_close", "td_close"):
            self._in_cell = kind.endswith("open")
        elif kind == "table_close":
            self._end_list()
            self.layout.block(table_rows(self._rows))
            self._rows = []
        elif kind == "inline":
            self._write(" ".join("".join(_words(token.children or [])).split()))
        elif kind in ("fence", "code_block"):
            self._write("\n".join(" ".join(line.split()) for line in token.content.strip().split("\n")))
        elif kind == "html_block":
            self._write(" ".join(html.unescape(_TAG.sub(" ", token.content)).split()))

    def _open_item(self) -> None:
        number = self._lists[-1]
        self._marker = "  " * (len(self._lists) - 1) + (f"{number}. " if number else "- ")
        self._lists[-1] += bool(number)

    def _write(self, text: str) -> None:
        if self._in_cell:
            self._rows[-1].append(text)
        elif not text:
            return
        elif self._level and not self._lists:
            self.layout.heading(self._level, text)
        elif not self._lists:
            self.layout.block(text)
        elif self._marker or not self._lines:
            self._lines.append(self._marker + text)
            self._marker = ""
        else:
            self._lines[-1] += f" {text}"  # another paragraph of the item

    def _end_list(self) -> None:
        self.layout.block("\n".join(self._lines))
        self._lines = []


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak") or token.content.lower().startswith("<br"):
            yield " "
