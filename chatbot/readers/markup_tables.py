"""A table of XML or HTML → a Markdown table: merged cells filled in, the rows of its header made into one.

A row of a Markdown table is quoted with its header, so each row must say all that concerns it: what a cell spans is
repeated in each column and row, and a header of several rows is written as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from chatbot.readers.safe_xml import local_name

CellText = Callable[[etree._Element], str]

_MOST_COLUMNS = 60  # the widest table of a label has about 20; a span of a million is an attack or a slip
_MOST_HEADER_ROWS = 4  # beyond that, a blank first cell says something else


def markdown_table(table: etree._Element, text_of_cell: CellText) -> tuple[str, list[str]]:
    """The lines of the table, and the paragraphs below it: its foot and notes that span it; ("", …) without a row.

    A table of one column rules no data but lays out text: each cell is then a part of what stands below. The text of a
    cell may have several lines, which are paragraphs below a table, and one line within it.
    """
    header, body, foot = _rows_by_part(table)
    cells = _Grid(text_of_cell)
    rows = [cells.row(row) for row in (*header, *body)]
    below = [text for row in foot for text in _Grid(text_of_cell).row(row).distinct()]
    rows = [row for row in rows if any(row.texts)]
    columns = max((len(row.texts) for row in rows), default=0)
    if columns < 2:
        return "", _paragraphs([row.texts[0] for row in rows] + below)
    notes: list[str] = []
    while len(rows) > 1 and rows[-1].is_whole and len(rows[-1].distinct()) == 1:
        notes.insert(0, rows.pop().distinct()[0])
    count = _header_rows(rows, len(header))
    if count == len(rows):  # nothing but titles: a frame around images
        return "", _paragraphs([text for row in rows for text in row.distinct()] + notes + below)
    return "\n".join(_lines(_merged(rows[:count], columns), rows[count:], columns)), _paragraphs(notes + below)


def _paragraphs(texts: Sequence[str]) -> list[str]:
    return [line for text in texts for line in text.split("\n") if line]


def _lines(header: Sequence[str], rows: Sequence[_Row], columns: int) -> Iterator[str]:
    yield _line(header, columns)
    yield "|" + "---|" * columns
    for row in rows:
        # A cell across the whole table names the rows below it; repeated in every column it would say nothing more.
        yield _line(row.distinct()[:1] if row.is_whole else row.texts, columns)


def _line(texts: Sequence[str], columns: int) -> str:
    filled = [*texts, *[""] * (columns - len(texts))]
    return "| " + " | ".join(text.replace("\n", " ").replace("|", "\\|") for text in filled) + " |"


class _Row:
    """The texts of a row, one a column; ``spans`` says whether one of its cells lies across several."""

    def __init__(self, texts: list[str], cells: int, is_heading: bool) -> None:
        self.texts = texts
        self.is_whole = cells == 1 and len(texts) > 1
        self.spans = cells < len(texts)
        self.is_heading = is_heading

    def distinct(self) -> list[str]:
        return [text for text in dict.fromkeys(self.texts) if text]


class _Grid:
    """Rows in which the cells that span several rows or columns are filled in."""

    def __init__(self, text_of_cell: CellText) -> None:
        self._text_of_cell = text_of_cell
        self._hanging: dict[int, tuple[str, int]] = {}  # column → text that reaches down into it, rows left

    def row(self, row: etree._Element) -> _Row:
        texts: list[str] = []
        cells = [cell for cell in row if local_name(cell) in ("td", "th")]
        for cell in cells:
            self._fill(texts)
            text = self._text_of_cell(cell)
            down = _span(cell, "rowspan", 10_000)
            for _ in range(min(_span(cell, "colspan", _MOST_COLUMNS), _MOST_COLUMNS - len(texts))):
                if down > 1:
                    self._hanging[len(texts)] = (text, down - 1)
                texts.append(text)
        self._fill(texts)
        return _Row(texts, len(cells), bool(cells) and all(local_name(cell) == "th" for cell in cells))

    def _fill(self, texts: list[str]) -> None:
        while hanging := self._hanging.pop(len(texts), None):
            text, left = hanging
            if left > 1:
                self._hanging[len(texts)] = (text, left - 1)
            texts.append(text)


def _span(cell: etree._Element, name: str, most: int) -> int:
    value = (cell.get(name) or "").strip()
    return min(int(value), most) or 1 if value.isascii() and value.isdecimal() and len(value) < 9 else 1


def _rows_by_part(table: etree._Element) -> tuple[list[etree._Element], list[etree._Element], list[etree._Element]]:
    header: list[etree._Element] = []
    body: list[etree._Element] = []
    foot: list[etree._Element] = []
    for child in table:
        name = local_name(child)
        if name == "tr":
            body.append(child)
        else:
            part = {"thead": header, "tbody": body, "tfoot": foot}.get(name)
            if part is not None:
                part += [row for row in child if local_name(row) == "tr"]
    return header, body, foot


def _header_rows(rows: Sequence[_Row], marked: int) -> int:
    """How many rows make the header, where the last row is none: those marked so, or what looks like one.

    The first row; the next one too while a cell lies across columns that it tells apart, or its first cell is blank.
    """
    most = min(len(rows) - 1, _MOST_HEADER_ROWS) or 1
    if marked:
        return min(marked, most)
    count = 1
    while count < most and (
        rows[count].is_heading or (rows[count - 1].spans and not rows[count - 1].is_whole) or not rows[count].texts[0]
    ):
        count += 1
    return count


def _merged(rows: Sequence[_Row], columns: int) -> list[str]:
    merged = []
    for column in range(columns):
        parts = dict.fromkeys(row.texts[column] for row in rows if column < len(row.texts) and row.texts[column])
        merged.append(_joined(list(parts)))
    return merged


def _joined(parts: Sequence[str]) -> str:
    text = ""
    for part in parts:
        goes_on = part[0] in "([{" or part[0].islower()
        text += (" " if goes_on else " – ") * bool(text) + part
    return text
