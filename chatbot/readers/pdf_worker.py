"""A process of its own that reads one PDF from its standard input and writes a line of JSON for each page.

PDFs can keep their reader busy for ever or fill the memory, by forms that draw each other or streams that unpack to a
thousand times their size. So they are read where that can be ended: memory is limited here, time by ``pdf.py``. What
pdfminer complains of goes to this process's standard error, which nobody reads.

Lines written: ``{"pages": n, "told": {…}}`` first, then an object for each page; ``{"error": reason}`` where it ends
early.
"""

from __future__ import annotations

import io
import json
import struct
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from statistics import median
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException
from pdfplumber.utils.text import extract_words

from chatbot.readers.pdf_lines import Line, reading_order

MOST_MEMORY = 2 * 2**30
"""Bytes of address space, libraries included."""

_MOST_SHAPES = 3000  # of a page; more are a drawing, in which looking for tables takes minutes
_MOST_CELL = 1500  # characters; a ruled box around text has more
_HAIR = 0.08  # font sizes; the narrowest letters, doubled as in "ill", stand .22 apart
_BOLD = ("bold", "black", "heavy", "semibold", "demi")

DAMAGED = (
    PdfminerException,
    MalformedPDFException,
    PSException,
    PDFException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What pdfminer and pdfplumber raise on files that are not what they say: they use what they read without looking, so a
number where a list should stand is a TypeError deep inside. Around calls of theirs only."""


def main() -> None:
    """Reads, writes, and ends normally whatever the file is."""
    _limit_memory()
    try:
        for message in _messages(sys.stdin.buffer.read()):
            _write(message)
    except MemoryError:
        _write({"error": "memory"})
    except DAMAGED as error:
        _write({"error": _kind(error)})


def _messages(file: bytes) -> Iterator[dict[str, Any]]:
    pdf = pdfplumber.open(io.BytesIO(file), raise_unicode_errors=False)
    told = {name: value for name, value in pdf.metadata.items() if isinstance(value, str)}
    yield {"pages": len(pdf.pages), "told": told}
    for page in pdf.pages:
        content: dict[str, Any] = {"height": float(page.height), "pictures": False, "lines": []}
        try:
            content |= _page(page)
            is_damaged = False
        except DAMAGED as error:  # said of the page; the others may be whole
            if _kind(error) == "memory":
                raise
            is_damaged = True
        yield content | {"number": page.page_number, "is_damaged": is_damaged}
        page.close()


def _page(page: Page) -> dict[str, Any]:
    chars = list(_once(char for char in page.chars if char["upright"] and char["size"] > 0))
    size = median(char["size"] for char in chars) if chars else 10
    found = page.find_tables() if _shapes(page) <= _MOST_SHAPES else []
    boxes = [(table.bbox, table.extract(x_tolerance_ratio=0.15)) for table in found]
    tables = [_table(box, rows, float(size)) for box, rows in boxes if _is_table(rows)]
    words = extract_words(chars, x_tolerance_ratio=0.15, return_chars=True)
    outside = [_word(word) for word in words if not any(_is_inside(word, table) for table in tables)]
    lines = [asdict(line) for line in reading_order(outside, tables)]
    return {"pictures": bool(page.images), "lines": lines}


def _once(chars: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each letter once: some programs make bold print by printing it twice, a hair's breadth apart."""
    seen: set[tuple[str, int, int]] = set()
    for char in chars:
        unit = _HAIR * char["size"]
        x, y = round(char["x0"] / unit), round(char["top"] / unit)
        if (char["text"], x, y) not in seen:
            seen |= {(char["text"], near, y) for near in (x - 1, x, x + 1)}
            yield char


def _shapes(page: Page) -> int:
    return len(page.lines) + len(page.rects) + len(page.curves)


def _word(word: dict[str, Any]) -> Line:
    chars = word["chars"]
    bold = sum(any(part in str(char["fontname"]).lower() for part in _BOLD) for char in chars)
    size = float(median(char["size"] for char in chars))
    x0, x1, top, bottom = (float(word[name]) for name in ("x0", "x1", "top", "bottom"))
    return Line(word["text"], x0, x1, top, bottom, size, bold / len(chars))


def _table(box: tuple[float, float, float, float], rows: list[list[str | None]], size: float) -> Line:
    x0, top, x1, bottom = map(float, box)
    cells = tuple(tuple(cell or "" for cell in row) for row in rows)
    return Line("", x0, x1, top, bottom, size, rows=cells)


def _is_table(rows: list[list[str | None]]) -> bool:
    """Whether two rows and two columns say something, and no cell is a page of text."""
    full = [[bool(cell and cell.strip()) for cell in row] for row in rows]
    columns = sum(any(column) for column in zip(*full, strict=False))
    longest = max((len(cell or "") for row in rows for cell in row), default=0)
    return sum(map(any, full)) > 1 and columns > 1 and longest <= _MOST_CELL


def _is_inside(word: dict[str, Any], table: Line) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(table.x0 <= x <= table.x1 and table.top <= y <= table.bottom)


def _kind(error: BaseException) -> str:
    """Which of the few things that can be said of a file that cannot be read."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, PDFPasswordIncorrect | PDFEncryptionError):
            return "password"
        if isinstance(seen, MemoryError):
            return "memory"
        wrapped = seen.args[0] if seen.args and isinstance(seen.args[0], BaseException) else None
        seen = wrapped or seen.__cause__
    return "damaged"


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has none: there only the time is limited
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _write(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
