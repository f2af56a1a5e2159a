"""PDF → a document with its pages: text in reading order, headings by their print, tables with their header row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from chatbot.domain import Document
from chatbot.readers.bibliography import one_line, reference_of
from chatbot.readers.layout import Layout
from chatbot.readers.pdf_blocks import PdfPage, placed_lines
from chatbot.readers.pdf_lines import Line
from chatbot.readers.pdf_process import messages
from chatbot.readers.pdf_text import lay_out
from chatbot.readers.source_file import Fail, SourceFile

_LETTERS_A_PAGE = 10  # fewer on average, beside pictures: somebody's stamp on a scan
_MOST_UNKNOWN = 0.3  # of the letters; with more the rest cannot be understood
_SHOWN = 0.7  # of a title's words; a template's title has none of them on its first pages
_UNKNOWN = re.compile(r"\(cid:\d+\)|\ufffd")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FILE_NAME = re.compile(r"(?:microsoft|powerpoint|untitled|slide|print)\b|.*\.\w{2,4}\Z", re.IGNORECASE)
_ACCOUNT = re.compile(r"[\d@_\\/]|\b(?:user|admin\w*|owner|office|microsoft|adobe|author|unknown)\b", re.IGNORECASE)
_DATE = re.compile(r"(?:D:)?((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])")


def read_pdf(source: SourceFile, fail: Fail) -> Iterator[Document]:
    """The document of one file; a page that cannot be read goes to ``fail``, and the others are read.

    Its title is stated beside it, or the file's own where the pages show it, or the largest heading of the first page.
    Raises SourceError where it is no PDF, damaged, protected, without text, or takes too long or too much memory.
    """
    content = source.read()
    if b"%PDF-" not in content[:1024]:
        raise source.error("is no PDF; give the file the ending of its format, or fetch it again")
    head, *rest = messages(source, content)
    pages = [_page(message) for message in rest]
    for message in rest:
        if message["is_damaged"]:
            fail(source.error(f"page {message['number']} is damaged and left out; fetch the file again"))
    _refuse_pictures(source, pages, any(message["pictures"] for message in rest))
    layout = lay_out(placed_lines(pages))
    if not layout.has_text:
        raise source.error("holds no text; remove it, or fetch it again")
    yield layout.document(reference_of(source, _own(head["told"], pages, layout)))


def _page(message: dict[str, Any]) -> PdfPage:
    rows = (line | {"rows": tuple(map(tuple, line["rows"]))} for line in message["lines"])
    return PdfPage(message["number"], message["height"], tuple(Line(**line) for line in rows))


def _refuse_pictures(source: SourceFile, pages: list[PdfPage], pictures: bool) -> None:
    text = " ".join(line.text + " ".join(map(" ".join, line.rows)) for page in pages for line in page.lines)
    unknown = len(_UNKNOWN.findall(text))
    letters = sum(map(str.isalnum, _UNKNOWN.sub("", text)))
    if pictures and letters < _LETTERS_A_PAGE * len(pages):
        raise source.error("holds pictures of text only; run OCR on it first")
    if unknown > _MOST_UNKNOWN * (letters + unknown):
        raise source.error("has fonts that do not say which letters they show; run OCR on it first")


def _own(told: dict[str, str], pages: list[PdfPage], layout: Layout) -> dict[str, Any]:
    """What the file says of itself, as far as it can be believed."""
    changed = _DATE.match(told.get("ModDate") or told.get("CreationDate") or "")
    return {
        "title": _title(told.get("Title", ""), pages[:3]) or _largest_heading(layout),
        "authors": _authors(told.get("Author", "")),
        "revised": "-".join(changed.groups()) if changed else "",
    }


def _title(told: str, first: list[PdfPage]) -> str:
    """The file's own title; "" where it is that of a program, a file, or a template."""
    told = one_line(told)
    words = [word.lower() for word in _WORD.findall(told)]
    shown = {word.lower() for page in first for line in page.lines for word in _WORD.findall(line.text)}
    is_shown = len(words) > 1 and sum(word in shown for word in words) >= _SHOWN * len(words)
    return told if is_shown and not _FILE_NAME.match(told) else ""


def _largest_heading(layout: Layout) -> str:
    """The first of the largest headings of the first page."""
    on_first = layout.headings_of_first_page
    level = min((level for level, _ in on_first), default=0)
    return next((text for its_level, text in on_first if its_level == level), "")


def _authors(told: str) -> tuple[str, ...]:
    """The names, where they look like names of people and not of an account."""
    told = one_line(told)
    names = tuple(name.strip() for name in told.split(";") if name.strip())
    return names if names and all(" " in name for name in names) and not _ACCOUNT.search(told) else ()
