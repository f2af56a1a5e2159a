"""Plain text → a document: paragraphs as they are laid out, and the lines that are plainly headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatbot.domain import Document
from chatbot.readers.layout import Layout
from chatbot.readers.markdown import document_of
from chatbot.readers.source_file import Fail, SourceFile
from chatbot.readers.text_file import decoded

_UNDERLINE = re.compile(r"(={3,}|-{3,})\s*\Z")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+[A-Z]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_MOST_HEADING = 80  # characters; longer lines in capitals are warnings, which are text
_MOST_HEADING_WORDS = 10
_FEWEST_WORDS = 0.3  # of what stands between spaces; lists of numbers and identifiers have almost none, tables half


def read_plain_text(source: SourceFile, fail: Fail) -> Iterator[Document]:  # noqa: ARG001 - one document, which raises
    """The document of one file; its title is stated beside it, or its first line where that is underlined with ``=``.

    Headings stand between blank lines: underlined ones, short ones in capitals, and numbered ones ("2.1 Scope") that
    are no list. Lines keep their ends. Raises SourceError where it holds no text, or only numbers and identifiers.
    """
    text = decoded(source)
    _refuse_identifiers(source, text)
    yield document_of(source, lay_out_text(text), {})


def lay_out_text(text: str) -> Layout:
    """The blocks of a text, cut at its blank lines."""
    blocks = [[" ".join(line.split()) for line in block.split("\n")] for block in re.split(r"\n\s*\n|\f", text)]
    blocks = [[line for line in block if line] for block in blocks]
    blocks = [block for block in blocks if block]
    layout = Layout()
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else []
        level = _level(block, following)
        if level:
            layout.heading(level, block[0])
            rest = block[2:] if _is_underlined(block) else block[1:]
            layout.block("\n".join(rest))
        else:
            layout.block("\n".join(block))
    return layout


def _level(block: Sequence[str], following: Sequence[str]) -> int:
    """The level of the heading that a block begins with; 0: none."""
    line = block[0]
    if _is_underlined(block):
        return 1 if block[1][0] == "=" else 2
    if len(block) > 1 or not following or len(line) > _MOST_HEADING or line[-1] in ".;,":
        return 0
    number = _NUMBERED.match(line)
    if number:
        listed = _NUMBERED.match(following[0])
        is_list = listed is not None and listed[1].count(".") == number[1].count(".")
        return 0 if is_list or len(line.split()) > _MOST_HEADING_WORDS else 2 + number[1].count(".")
    return 2 if line.isupper() and _WORD.search(line) else 0


def _is_underlined(block: Sequence[str]) -> bool:
    return len(block) > 1 and bool(_UNDERLINE.match(block[1])) and bool(_WORD.search(block[0]))


def _refuse_identifiers(source: SourceFile, text: str) -> None:
    pieces = text.split()
    words = sum(bool(_WORD.search(piece)) and not any(map(str.isdigit, piece)) for piece in pieces)
    if words < _FEWEST_WORDS * len(pieces):
        raise source.error("holds numbers or identifiers, no text; fetch the records that they name")
