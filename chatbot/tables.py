"""Tables in a document's text: Markdown rows, each a line that begins with ``|``, and what a row is read with."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_LINE = re.compile(r"\S[^\n\r]*")
_RULE = re.compile(r"[|:\-=+ \t]+\Z")
_CAPTION = re.compile(
    r"(?:Table|TABLE|Tab\.)\s+(?:[A-Z]\.?)?(?:\d|[IVX]+\b)[^\n\r]{0,200}\Z"
)  # longer ones are paragraphs

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as spans of a text: its header row, where its last row ends, and the line that introduces it."""

    header: Span
    end: int
    introduction: Span | None = None


def tables_in(text: str, start: int, end: int) -> list[Table]:
    """The tables between two offsets, in reading order; a table without a row that says something is none.

    The header is the first row that is neither rule nor blank. Blank lines do not end a table, unless a row with a rule
    below it follows them: that begins the next one. The line above a table introduces it if it ends in a colon or is a
    caption ("Table 2 …").
    """
    if text.find("|", start, end) < 0:
        return []
    return [table for run in _runs(text, start, end) for table in run.tables(text)]


def table_of(tables: Sequence[Table], position: int) -> Table | None:
    """The table that has a row at a position; None in a header itself and outside of tables."""
    index = bisect_right(tables, position, key=lambda table: table.header[1]) - 1
    return tables[index] if index >= 0 and position < tables[index].end else None


@dataclass
class _Run:
    """Rows with no other text between them; ``borders`` are those with a blank line above and a rule below."""

    above: Span | None
    rows: list[Span] = field(default_factory=list)
    borders: set[int] = field(default_factory=set)

    def tables(self, text: str) -> Iterator[Table]:
        firsts = [i for i in range(len(self.rows)) if i == 0 or i in self.borders]
        for first, behind in pairwise((*firsts, len(self.rows))):
            introduced = first == 0 and self.above is not None and _introduces(text, self.above)
            yield Table(self.rows[first], self.rows[behind - 1][1], self.above if introduced else None)


def _runs(text: str, start: int, end: int) -> Iterator[_Run]:
    run: _Run | None = None
    above: Span | None = None
    last, is_apart = start, False
    for match in _LINE.finditer(text, start, end):
        line = match.start(), match.start() + len(match[0].rstrip())
        if text[line[0]] != "|":
            if run:
                yield run
            run, above = None, line
        else:
            run = run or _Run(above)
            if not _RULE.match(text, *line):
                is_apart = text.count("\n", last, line[0]) > 1
                run.rows.append(line)
            elif is_apart and run.rows:
                run.borders.add(len(run.rows) - 1)
        last = line[1]
    if run:
        yield run


def _introduces(text: str, line: Span) -> bool:
    return text[line[1] - 1] == ":" or bool(_CAPTION.match(text, *line))
