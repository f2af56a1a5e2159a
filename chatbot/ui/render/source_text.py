"""A source's whole text → markup, in which every character of it stands in its place.

Headings, lists and tables look like what they are; the signs that made them so (``##``, ``-``, ``|``) stay in the
markup, out of sight, so that the text of the markup is the text of the source. Only page numbers are added to it, in
elements of the class ``mf-page``. The browser lays out no more than what is near the window: a label may have 300,000
characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from chatbot.domain import Document
from chatbot.ui.render.escape import html_text
from chatbot.ui.render.source_blocks import ITEM, Block, Heading, Shape, Span, blocks_of, headings_of

QUOTE_ID = "mf-quote"

_RULE = re.compile(r"[ \t]*\|[|:\-=+ \t]+\Z")
_PIPE = re.compile(r"(?<!\\)\|")
_CELL = re.compile(r"[ \t]*\|?[ \t]*(.*?)[ \t]*(?:(?<!\\)\|)?[ \t]*\Z", re.DOTALL)
_BULLETS = frozenset("-*+•‣◦▪–")
_DEEPEST = 3  # of the outline: what is nested deeper is read below its parent
_BLOCKS_AT_ONCE = 25  # laid out together: about two windows
_LINE_CHARACTERS, _LINE_PIXELS, _BLOCK_PIXELS = 80, 27, 12  # of the column: the room kept for what is not laid out yet


def outline_html(headings: tuple[Heading, ...], quote: Span | None = None) -> str:
    """The headings as links within the page, nested to the third level; empty where there are fewer than two.

    The one below which the ``quote`` stands is marked.
    """
    if len(headings) < 2:
        return ""
    items = ""
    place = quote[0] if quote else -1
    current = max((heading.number for heading in headings if heading.start <= place), default=-1)
    last: tuple[str, ...] = ()
    for heading in headings:
        path = heading.path[:_DEEPEST]
        if path == last and heading.depth > _DEEPEST:
            continue
        same = [one == other for one, other in zip(path, last, strict=False)]
        shared = min([*same, False].index(False), len(path) - 1)
        for depth in range(shared, len(path)):
            here = ' aria-current="location"' if heading.number == current and depth == len(path) - 1 else ""
            link = f'<a href="#{heading.anchor}"{here}>{html_text(path[depth])}</a>'
            items += f'<li class="mf-depth-{depth + 1}">{link}</li>'
        last = path
    return f"<ul>{items}</ul>"


def text_html(document: Document, quote: Span | None = None) -> str:
    """The text. The ``quote``, a span of it, is marked; the first of its marks has ``QUOTE_ID`` for its id."""
    written = _Writer(document, quote)
    chunk, pixels, chunks = "", 0, ""
    for count, block in enumerate(blocks_of(document, headings_of(document)), start=1):
        if block.heading or count % _BLOCKS_AT_ONCE == 0:
            chunks += _chunk(chunk, pixels)
            chunk, pixels = "", 0
        chunk += written.block(block)
        pixels += sum((end - start) // _LINE_CHARACTERS + 1 for start, end in block.lines) * _LINE_PIXELS
        pixels += _BLOCK_PIXELS
    return f'<div class="mf-text" dir="auto">{chunks}{_chunk(chunk + written.end(), pixels)}</div>'


def _chunk(markup: str, pixels: int) -> str:
    """What is laid out together, with the height that it will have, about, until it is."""
    if not markup:
        return ""
    return f'<div class="mf-chunk" style="contain-intrinsic-height: auto {pixels}px">{markup}</div>'


@dataclass
class _Writer:
    """Writes the text from its beginning to its end; ``_at`` is how far it has come."""

    document: Document
    quote: Span | None
    _at: int = 0
    _pages: int = 0  # how many have begun
    _is_marked: bool = field(default=False)

    def block(self, block: Block) -> str:
        """The markup of the next block, and of the white space before it."""
        before = self._raw(block.lines[0][0])
        if block.heading:
            return before + self._heading(block.heading)
        if block.shape is Shape.TABLE:
            return f'{before}<div class="mf-table" tabindex="0"><table>{self._table(block.lines)}</table></div>'
        if block.shape is Shape.LIST:
            return f'{before}<ul class="mf-items">{"".join(self._items(block.lines))}</ul>'
        return f"{before}<p>{self._shown(block.lines[-1][1])}</p>"

    def end(self) -> str:
        """What is left behind the last block: white space, and pages that hold nothing."""
        rest = self._raw(len(self.document.text))
        return rest + "".join(self._page() for _ in self.document.pages[self._pages :])

    def _heading(self, heading: Heading) -> str:
        level = min(heading.depth, _DEEPEST) + 1
        inside = self._sign(heading.start) + self._shown(heading.line[1])
        return f'<h{level} id="{heading.anchor}" tabindex="-1">{inside}</h{level}>'

    def _items(self, lines: tuple[Span, ...]) -> Iterator[str]:
        text = self.document.text
        begins = [line[0] for line in lines if ITEM.match(text[slice(*line)])]
        ends = [max(end for start, end in lines if start < behind) for behind in (*begins[1:], lines[-1][1] + 1)]
        for start, end in zip(begins, ends, strict=True):
            found = ITEM.match(text[start:end])
            assert found
            depth = min(len(found["indent"].expandtabs(4)) // 2, _DEEPEST)
            is_bullet = found["sign"] in _BULLETS
            before = self._raw(start)
            sign = self._sign(start + found.end()) if is_bullet else ""
            name = f"mf-in-{depth}" if is_bullet else f"mf-in-{depth} mf-numbered"
            yield f'{before}<li class="{name}">{sign}{self._shown(end)}</li>'

    def _table(self, lines: tuple[Span, ...]) -> str:
        has_head = len(lines) > 1 and _RULE.match(self.document.text, *lines[1]) is not None
        return "".join(self._row(line, "th" if has_head and line is lines[0] else "td") for line in lines)

    def _row(self, line: Span, tag: str) -> str:
        start, end = line
        text = self.document.text
        before = self._raw(start)
        if _RULE.match(text, start, end):
            return f'{before}<tr class="mf-sign"><td>{self._sign(end)}</td></tr>'
        borders = [found.start() for found in _PIPE.finditer(text, start, end)][1:]
        if borders and not text[borders[-1] + 1 : end].strip():
            borders.pop()
        return f"{before}<tr>{''.join(self._cell(border, tag) for border in (*borders, end))}</tr>"

    def _cell(self, end: int, tag: str) -> str:
        """The cell that begins with a pipe and goes on to the next one, or with it to the end of the row."""
        start, inside = self._at, self.document.text[self._at : end]
        found = _CELL.match(inside)
        assert found  # it matches any text
        shown = self._sign(start + found.start(1))
        for escape in re.finditer(r"\\(?=\|)", found[1]):
            place = start + found.start(1) + escape.start()
            shown += self._shown(place) + self._sign(place + 1)
        shown += self._shown(start + found.end(1)) + self._sign(end)
        return f'<th scope="col">{shown}</th>' if tag == "th" else f"<td>{shown}</td>"

    def _sign(self, end: int) -> str:
        """The text up to ``end``, out of sight."""
        hidden = self._raw(end)
        return f'<span class="mf-sign">{hidden}</span>' if hidden else ""

    def _raw(self, end: int) -> str:
        start, self._at = self._at, max(self._at, end)
        return html_text(self.document.text[start : self._at])

    def _shown(self, end: int) -> str:
        """The text up to ``end``, with the marks of the quote and the pages that begin in it, or before it."""
        markup = ""
        while self._at < end:
            pages = self.document.pages[self._pages : self._pages + 1]
            if pages and pages[0] <= self._at:
                markup += self._page()
                continue
            stops = [end, *pages, *(self.quote or ())]
            stop = min(offset for offset in stops if offset > self._at)
            is_quoted = self.quote is not None and self.quote[0] <= self._at < self.quote[1]
            markup += self._mark(self._raw(min(stop, end))) if is_quoted else self._raw(min(stop, end))
        return markup

    def _mark(self, markup: str) -> str:
        name = "" if self._is_marked else f' id="{QUOTE_ID}" tabindex="-1"'
        self._is_marked = True
        return f"<mark{name}>{markup}</mark>"

    def _page(self) -> str:
        self._pages += 1
        return f'<span class="mf-page" id="mf-page-{self._pages}">Page {self._pages}</span>'
