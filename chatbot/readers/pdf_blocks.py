"""The lines of a PDF's pages → headings, paragraphs, lists and tables, without what stands on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from chatbot.readers.pdf_lines import Line

_MARGIN = 0.12  # of a page's height, above and below: where headers and footers stand
_SAME_HEIGHT = 4.0  # points
_PAGE_NUMBER = re.compile(r"\W*(?:page\s*)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?\W*\Z", re.IGNORECASE)
_LEADER = re.compile(r"(?:[.…·_]\s?){5,}\s*\w{0,5}\s*\Z")  # of a table of contents
_OUTER_NUMBER = re.compile(r"\d{1,4}\b|\b\d{1,4}\Z")
_LARGER = 1.12  # times the size of the text: 11 over 10 points is emphasis, 12 over 10 a heading
_MOST_HEADING_WORDS = 30  # larger print that goes on for longer is a summary
_MOST_BOLD_WORDS = 16  # bold print that goes on for longer is emphasis
_STOP = re.compile(r"[.!?:;][\"'”’)\]]*\Z")
_ITEM = re.compile(r"(?:[•▪◦‣·●○■□➢✓\uf0b7\uf0a7*–-]|\(cid:\d+\)|\(?(?:\d{1,2}|[a-z]|[ivx]{2,4})[.)])\s+\S")
_BULLET = re.compile(r"(?:[•▪◦‣·●○■□➢✓\uf0b7\uf0a7*–-]|\(cid:\d+\))\s+")
_CAPITALS = 4  # letters; "II" and "NB" are no headings

_Key = tuple[str, int, int]  # text, height on the page, and how far its number is from the page's
Style = tuple[float, bool, bool]
"""Of a heading: its size, whether bold, whether capitals of the text's own size."""


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page by its number from 1, and its lines in reading order."""

    number: int
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with its page, and the style of the heading that it is, if it is one."""

    line: Line
    page: int
    style: Style | None = None


def placed_lines(pages: Sequence[PdfPage]) -> list[Placed]:
    """All lines in reading order, headings told by their print; no headers, footers, page numbers, contents."""
    running = _running(pages)
    lines = [
        Placed(line, page.number)
        for page in pages
        for index, line in enumerate(page.lines)
        if not _is_running(page, index, running)
    ]
    sizes: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    for placed in lines:
        sizes[_rounded(placed.line.size)] += len(placed.line.text)
        bold[placed.line.is_bold] += len(placed.line.text)
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    is_bold = bold[True] > bold[False]
    before = [None, *lines][: len(lines)]
    styles = [_style(placed, previous, body, is_bold) for placed, previous in zip(lines, before, strict=True)]
    styled = [Placed(p.line, p.page, style) for p, style in zip(lines, styles, strict=True)]
    return list(_without_long(styled))


def levels(lines: Iterable[Placed]) -> dict[Style, int]:
    """The level, 1 to 6, of each style of headings: the larger the higher, bold before plain."""
    styles = sorted({placed.style for placed in lines if placed.style}, key=lambda s: (-s[0], not s[1], s[2]))
    return {style: min(6, level) for level, style in enumerate(styles, start=1)}


def usual_gap(lines: Sequence[Placed]) -> float:
    """The share of the font's size that is usually free between two lines of a paragraph; .2 where nothing tells."""
    gaps = [
        (second.line.top - first.line.bottom) / first.line.size
        for first, second in pairwise(lines)
        if is_below(first, second) and not (first.style or second.style or first.line.rows or second.line.rows)
    ]
    return median(gaps) if gaps else 0.2


def goes_on(first: Placed, second: Placed, gap: float) -> bool:
    """Whether the second line belongs to the paragraph of the first; ``gap`` is what ``usual_gap`` gives."""
    one, other = first.line, second.line
    if first.style or second.style or one.rows or other.rows or is_item(other.text) or abs(one.size - other.size) > 1:
        return False
    stopped = bool(_STOP.search(one.text))
    width = max(1.0, one.right - one.left)
    ends_short = one.x1 < one.right - 0.25 * width
    if not is_below(first, second):  # the next column or page
        return not stopped and (not ends_short or other.text[:1].islower())
    is_apart = (other.top - one.bottom) / one.size > gap + 0.35
    is_indented = other.x0 - one.x0 > 0.8 * one.size and not is_item(one.text)
    return not (is_apart or (stopped and (is_indented or ends_short)))


def is_item(text: str) -> bool:
    """Whether a line begins with the marker of a list."""
    return bool(_ITEM.match(text))


def with_plain_bullet(text: str) -> str:
    """The line with "- " for whatever bullet it begins with."""
    return _BULLET.sub("- ", text, count=1) if _BULLET.match(text) else text


def is_below(first: Placed, second: Placed) -> bool:
    """Whether a line stands under the other in the same column."""
    same = first.page == second.page and abs(first.line.left - second.line.left) < 1
    return same and second.line.top > first.line.top


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _style(placed: Placed, before: Placed | None, body: float, body_is_bold: bool) -> Style | None:
    line = placed.line
    text = line.text.strip()
    if line.rows or not any(map(str.isalpha, text)) or text[-1:] in ",;":
        return None
    if _rounded(line.size) >= body * _LARGER:
        return _rounded(line.size), line.is_bold, False
    if text[-1:] == "." or _BULLET.match(text):
        return None
    begins = before is None or not is_below(before, placed) or bool(_STOP.search(before.line.text))
    begins = begins or before is None or before.line.is_bold or line.top - before.line.bottom > 0.5 * line.size
    letters = sum(map(str.isalpha, text))
    capitals = text.isupper() and letters >= _CAPITALS and letters > len(text) / 2
    if begins and ((line.is_bold and not body_is_bold) or capitals):
        return _rounded(line.size), line.is_bold, capitals
    return None


def _without_long(lines: Sequence[Placed]) -> Iterator[Placed]:
    """The lines, runs of one style that are too long for a heading without their style."""
    run: list[Placed] = []
    for placed in [*lines, None]:
        if run and (placed is None or placed.style != run[0].style or not continues_heading(run[-1], placed)):
            words = sum(len(each.line.text.split()) for each in run)
            style = run[0].style
            most = _MOST_HEADING_WORDS if style and not (style[1] or style[2]) else _MOST_BOLD_WORDS
            most = most if run[0].page > 1 else _MOST_HEADING_WORDS  # where the title stands
            yield from (Placed(each.line, each.page, style if words <= most else None) for each in run)
            run = []
        if placed:
            run.append(placed)


def continues_heading(first: Placed, second: Placed) -> bool:
    """Whether a line is the rest of a heading, wrapped."""
    is_near = second.line.top - first.line.bottom < 0.8 * first.line.size
    return first.style == second.style and first.style is not None and is_below(first, second) and is_near


def _running(pages: Sequence[PdfPage]) -> set[_Key]:
    """What stands in the margins of several pages, the same but for a number that counts with the pages."""
    seen: Counter[_Key] = Counter()
    for page in pages:
        seen.update({key for line in page.lines if _in_margin(page, line) for key in _keys(page, line)})
    least = 2 if len(pages) < 5 else 3
    return {key for key, count in seen.items() if count >= least}


def _keys(page: PdfPage, line: Line) -> list[_Key]:
    place = round(line.top / _SAME_HEIGHT)
    number = _OUTER_NUMBER.search(line.text)
    counted = [(_OUTER_NUMBER.sub("#", line.text), place, int(number[0]) - page.number)] if number else []
    return [(line.text, place, -1_000_000), *counted]


def _is_running(page: PdfPage, index: int, running: set[_Key]) -> bool:
    line = page.lines[index]
    if _LEADER.search(line.text):
        return True
    if line.rows or not _in_margin(page, line):
        return False
    is_outer = index in (0, len(page.lines) - 1)
    return (is_outer and bool(_PAGE_NUMBER.match(line.text))) or _is_made_of(page, line, running)


def _is_made_of(page: PdfPage, line: Line, running: set[_Key]) -> bool:
    """Whether nothing is left of a line without what runs: the header's left and right end may make one line."""
    if any(key in running for key in _keys(page, line)):
        return True
    rest, place = line.text, round(line.top / _SAME_HEIGHT)
    for text, height, _ in sorted(running, key=lambda key: -len(key[0])):
        rest = rest.replace(text, " ") if height == place else rest
    return rest != line.text and (not rest.strip() or bool(_PAGE_NUMBER.match(rest)))


def _in_margin(page: PdfPage, line: Line) -> bool:
    return line.bottom < _MARGIN * page.height or line.top > (1 - _MARGIN) * page.height
