"""The words of a page → its lines in reading order, columns one after the other.

A page is cut where hardly any text crosses: left of the cut is read before the right, and what does cross (a title, a
wide table) is read where it stands. Words are joined to their neighbours rather than by rows, because the rows of two
columns seldom lie at one height.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

_WORD_GAP = 1.1  # font sizes; justified text has gaps of up to .8, columns stand at least 1.2 apart
_JOINED_GAP = 0.1  # font sizes; "CO" and its lowered "2" are one word
_BAND = 15.0  # points; print of up to twice this size is joined
_MOSTLY = 0.8  # of a line's letters; numbers and signs of a bold heading are often plain
_FAR = 14  # font sizes; the two ends of a running header, each to be known again by itself
_SMALL = 0.9  # font sizes: raised and lowered letters are smaller
_FEWEST_WORDS = 4  # of a line of prose; the cells of a table without rules have fewer
_FEWEST_LINES = 3  # of a column
_NARROWEST = 6  # points between two columns
_STRAY = 0.03  # of the lines: page numbers and the like stand between columns
_MOST_CROSSING = 0.5  # of the lines: a page that is half title and summary may have columns below


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or a table (``rows``), in points from the page's left and top.

    ``size`` is that of most of its letters, ``bold`` the share of them that are. ``left`` and ``right`` are the borders
    of its column.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: float = 0.0
    left: float = 0.0
    right: float = 0.0
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def is_bold(self) -> bool:
        return self.bold > _MOSTLY


def reading_order(words: Sequence[Line], tables: Sequence[Line] = ()) -> list[Line]:
    """The lines that words make up, and the tables, as they are read. Nothing gives nothing."""
    return list(_ordered([*_segments(words), *tables]))


def _segments(words: Sequence[Line]) -> list[Line]:
    """Words that follow each other closely on one line, joined."""
    found: list[Line] = []
    bands: dict[int, list[int]] = {}  # pieces by their height on the page, so that few are looked at
    for word in sorted(words, key=lambda word: word.x0):
        band = _band(word)
        near = [index for each in range(band - 2, band + 3) for index in bands.get(each, ())]
        before = [index for index in near if _follows(found[index], word)]
        if before:
            nearest = min(before, key=lambda index: abs(word.x0 - found[index].x1))
            found[nearest] = _joined(found[nearest], word)
        else:
            bands.setdefault(band, []).append(len(found))
            found.append(word)
    return found


def _band(line: Line) -> int:
    return int((line.top + line.bottom) / 2 / _BAND)


def _follows(segment: Line, word: Line) -> bool:
    """Whether a word is the next of a piece of a line; a raised or lowered one touches it."""
    gap, size, common = word.x0 - segment.x1, max(word.size, segment.size), _overlap(segment, word)
    is_small = word.size < _SMALL * segment.size
    if is_small and common <= 0.5:
        return common > 0.2 and abs(gap) < _JOINED_GAP * size
    return common > 0.5 and -size / 2 < gap < _WORD_GAP * size


def _joined(first: Line, second: Line) -> Line:
    """Two pieces of one line; size and height are those of the longer one."""
    close = second.x0 - first.x1 < _JOINED_GAP * max(first.size, second.size)
    main = first if len(first.text) >= len(second.text) else second
    text = f"{first.text}{'' if close else ' '}{second.text}"
    letters = max(1, len(first.text) + len(second.text))
    bold = (first.bold * len(first.text) + second.bold * len(second.text)) / letters
    return replace(main, text=text, x0=min(first.x0, second.x0), x1=max(first.x1, second.x1), bold=bold)


def _overlap(one: Line, other: Line) -> float:
    """The share of the lower one's height that both have in common."""
    common = min(one.bottom, other.bottom) - max(one.top, other.top)
    return common / max(0.1, min(one.bottom - one.top, other.bottom - other.top))


def _ordered(segments: list[Line], depth: int = 3) -> Iterator[Line]:
    cut = _gutter(segments) if depth else None
    if cut is None:
        yield from _column(segments)
        return
    left: list[Line] = []
    right: list[Line] = []
    wide: list[Line] = []
    beside = [segment for segment in segments if segment.x0 >= cut - 1]
    for segment in sorted(segments, key=lambda segment: segment.top + segment.bottom):
        is_left, is_right = segment.x1 <= cut + 1, segment.x0 >= cut - 1
        is_last_of_wide = is_left and _ends_wide(wide, segment) and not any(_overlap(segment, s) > 0 for s in beside)
        if is_last_of_wide or not (is_left or is_right):
            yield from (*_ordered(left, depth - 1), *_ordered(right, depth - 1))
            left, right = [], []
            wide.append(segment)
        else:
            yield from _column(wide)
            wide = []
            (left if is_left else right).append(segment)
    yield from (*_column(wide), *_ordered(left, depth - 1), *_ordered(right, depth - 1))


def _ends_wide(wide: Sequence[Line], segment: Line) -> bool:
    """Whether a short line is the last of a paragraph as wide as the page."""
    return bool(wide) and segment.top - wide[-1].bottom < 0.8 * segment.size


def _gutter(segments: Sequence[Line]) -> float | None:
    """Where columns part: the middle of the widest strip that the fewest lines cross; None for one column."""
    start = min((segment.x0 for segment in segments), default=0.0)
    width = max((segment.x1 for segment in segments), default=0.0) - start
    if len(segments) < 6 or width < 100:
        return None
    cover = [0] * (int(width) + 2)
    for segment in segments:
        cover[max(0, int(segment.x0 - start) + 1)] += 1
        cover[min(len(cover) - 1, int(segment.x1 - start) + 1)] -= 1
    for x in range(1, len(cover)):
        cover[x] += cover[x - 1]
    inner = range(int(width * 0.2), int(width * 0.8))
    fewest = min(cover[x] for x in inner)
    few = fewest + max(1, _STRAY * len(segments))
    first, last = max(_strips([x for x in inner if cover[x] <= few]), key=lambda strip: strip[1] - strip[0])
    middle = (first + last) / 2
    cut = start + min(range(first, last + 1), key=lambda x: (cover[x], abs(x - middle)))
    if fewest > _MOST_CROSSING * len(segments) or last - first < _NARROWEST:
        return None
    return cut if _are_columns(segments, cut) else None


def _strips(places: Sequence[int]) -> list[tuple[int, int]]:
    strips: list[tuple[int, int]] = []
    for x in places:
        if strips and strips[-1][1] == x - 1:
            strips[-1] = strips[-1][0], x
        else:
            strips.append((x, x))
    return strips


def _are_columns(segments: Sequence[Line], cut: float) -> bool:
    """Whether both sides are mostly lines of prose, beside each other: not a table, not indented paragraphs."""
    left = [segment for segment in segments if segment.x1 <= cut + 1]
    right = [segment for segment in segments if segment.x0 >= cut - 1]
    for side in (left, right):
        prose = [line for line in _column(side) if line.rows or _is_prose(line.text)]
        lines = sum(max(1, len(s.rows)) for s in prose)
        if lines < _FEWEST_LINES or sum(map(_letters, prose)) < 0.5 * sum(map(_letters, side)):
            return False
    top = max(min(s.top for s in left), min(s.top for s in right))
    bottom = min(max(s.bottom for s in left), max(s.bottom for s in right))
    return bottom - top > 2 * max(s.size for s in (left[0], right[0]))


def _is_prose(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return len(text.split()) >= _FEWEST_WORDS and letters > len(text) / 2


def _letters(line: Line) -> int:
    return len(line.text) + sum(len(cell) for row in line.rows for cell in row)


def _column(segments: Sequence[Line]) -> Iterator[Line]:
    """The lines of one column from top to bottom; what stands at one height is one line, unless far apart."""
    left = min((segment.x0 for segment in segments), default=0.0)
    right = max((segment.x1 for segment in segments), default=0.0)
    rows: list[list[Line]] = []
    for segment in sorted(segments, key=lambda segment: segment.top):
        row = rows[-1] if rows else []
        if row and not (segment.rows or row[0].rows) and _overlap(row[0], segment) > 0.5:
            row.append(segment)
        else:
            rows.append([segment])
    for row in rows:
        line, *others = sorted(row, key=lambda segment: segment.x0)
        for other in others:
            if other.x0 - line.x1 > _FAR * max(line.size, other.size):
                yield replace(line, left=left, right=right)
                line = other
            else:
                line = _joined(line, other)
        yield replace(line, left=left, right=right)
