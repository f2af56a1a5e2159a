"""The narrative of an SPL section → plain text: paragraphs, lists, tables; what is laid out stays readable as text.

What is raised is written as text is: "m2", "25th", "10⁹" where "109" would be another number, and "[a]" for the mark of
a note. Images are left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from lxml import etree

from chatbot.readers.markup_tables import markdown_table
from chatbot.readers.safe_xml import local_name, text_of
from chatbot.readers.spl_lines import BREAK, STOPPED, Block, bulleted, may_be_title, pieces, raised

_IMAGES = frozenset({"renderMultiMedia", "observationMedia", "img"})


def narrative(element: etree._Element) -> list[Block]:
    """The blocks of a section's ``text``, in reading order; notes follow the block in which they are called."""
    written = _Narrative()
    written.walk(element)
    written.flush()
    written.end()
    return written.blocks


def joined(blocks: list[Block]) -> str:
    """The blocks as text: a blank line between them, none between the items of a list."""
    parts: list[str] = []
    for number, block in enumerate(blocks):
        if number:
            parts.append("\n" if block.depth and blocks[number - 1].depth else "\n\n")
        parts.append(block.line)
    return "".join(parts)


def line_of_text(element: etree._Element | None) -> str:
    """All text inside an element as one line, laid out as in a paragraph; "" for None."""
    return " ".join(block.text for block in narrative(element)) if element is not None else ""


class _Narrative:
    def __init__(self, marks: dict[str, int] | None = None) -> None:
        self.blocks: list[Block] = []
        self._line: list[str] = []
        self._styled = 0  # how many styled elements are open
        self._plain = False  # whether the line holds text outside of them
        self._marks = {} if marks is None else marks  # note's id → its number
        self._notes: list[str] = []
        self._handlers: dict[str, Callable[[etree._Element], None]] = {
            "paragraph": self._paragraph,
            "p": self._paragraph,
            "caption": self._paragraph,
            "list": self._list,
            "ul": self._list,
            "ol": self._list,
            "table": self._table,
            "br": lambda _: self._add(BREAK),
            "sup": self._raised,
            "footnote": self._footnote,
            "footnoteRef": lambda element: self._mark(element.get("IDREF") or ""),
            "content": self._content,
        }

    def walk(self, element: etree._Element) -> None:
        self._add(element.text or "")
        for child in element:
            name = local_name(child)
            if child.tag is etree.Entity:
                self._add(html.unescape(child.text or ""))
            elif name in self._handlers:
                self._handlers[name](child)
            elif name and name not in _IMAGES:
                self.walk(child)
            self._add(child.tail or "")

    def flush(self, *, in_item: bool = False) -> None:
        """What has been written so far becomes paragraphs and bulleted lines."""
        line, is_plain = "".join(self._line), self._plain
        self._line, self._plain = [], False
        parts = list(pieces(line))
        for piece in parts:
            blocks = list(bulleted(piece, in_item))
            if len(parts) == len(blocks) == 1 and not blocks[0].depth and not is_plain:
                blocks[0] = replace(blocks[0], is_title=may_be_title(blocks[0].text))
            self.blocks += blocks

    def end(self) -> None:
        """The notes called so far become paragraphs."""
        self.blocks += [Block(note) for note in self._notes]
        self._notes = []

    def _add(self, text: str) -> None:
        if text:
            self._line.append(text)
            self._plain = self._plain or (not self._styled and bool(text.strip()))

    def _content(self, element: etree._Element) -> None:
        is_styled = bool(re.search(r"bold|underline|italics", element.get("styleCode") or "", re.IGNORECASE))
        self._styled += is_styled
        self.walk(element)
        self._styled -= is_styled

    def _paragraph(self, element: etree._Element) -> None:
        self.flush()
        self.walk(element)
        self.flush()
        self.end()

    def _list(self, element: etree._Element) -> None:
        self.flush()
        is_ordered = element.get("listType") == "ordered" or local_name(element) == "ol"
        number = 0
        for child in element:
            if local_name(child) == "caption":
                self._paragraph(child)
            elif local_name(child) in ("item", "li"):
                number += 1
                self.blocks += _item(self._within(child), f"{number}." if is_ordered else "-")
        self.end()

    def _within(self, element: etree._Element) -> list[Block]:
        inner = _Narrative(self._marks)
        caption = element.find("{*}caption")
        if caption is not None and len(text_of(caption)) < 4:  # the bullet itself, or "a."
            caption.text = None
            for child in list(caption):
                caption.remove(child)
        inner.walk(element)
        inner.flush(in_item=True)
        self._notes += inner._notes
        return inner.blocks

    def _table(self, element: etree._Element) -> None:
        self.flush()
        caption = element.find("{*}caption")
        if caption is not None:
            self._paragraph(caption)
        lines, below = markdown_table(element, self._cell)
        if lines:
            self.blocks.append(Block(lines, is_table=True))
        self.blocks += [Block(text) for text in below]
        self.end()

    def _cell(self, element: etree._Element) -> str:
        inner = _Narrative(self._marks)
        inner.walk(element)
        inner.flush()
        self._notes += inner._notes
        return "\n".join(f"• {b.text}" if b.depth else b.text for b in inner.blocks if not b.is_table)

    def _raised(self, element: etree._Element) -> None:
        if len(element):
            self.walk(element)
        else:
            text = " ".join((element.text or "").split())
            self._add(raised(next((part for part in reversed(self._line) if part.strip()), ""), text))

    def _footnote(self, element: etree._Element) -> None:
        name = element.get("ID") or f"{len(self._marks)}"
        self._mark(name)
        note = " ".join(block.text for block in self._within(element))
        if note:
            self._notes.append(f"[{self._marks[name]}] {note}")

    def _mark(self, name: str) -> None:
        self._add(f" [{self._marks.setdefault(name, len(self._marks) + 1)}]")


def _item(inner: list[Block], marker: str) -> Iterator[Block]:
    """What stands in an item of a list: its own line, what follows it, and the lists within it."""
    own: Block | None = None
    for block in inner:
        if block.is_table:
            if own:
                yield own
            own = None
            yield block
        elif block.depth and not block.is_peer:
            if own:
                yield own
            own = replace(block, depth=block.depth + 1)
        elif own is None or block.is_peer:
            if own:
                yield own
            own = Block(block.text, 1, marker if own is None else "-")
        elif own.depth == 1 and STOPPED.search(own.text):
            own = replace(own, text=f"{own.text} {block.text}")
        else:
            yield own
            own = Block(block.text, 2)
    if own:
        yield own
