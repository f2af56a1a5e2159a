"""What a sentence cannot be read without: the line its list belongs to, its table's header, what its "it" stands for.

Sources are looked at line by line, because lists and tables are made of lines. Everything found is a span of the same
section, quoted as verbatim as the sentence itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatbot.domain import Passage, Sentence
from chatbot.sentences import sentence_spans
from chatbot.tables import table_of, tables_in

_MARKER = re.compile(r"(?:[-*+•◦▪‣·–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{2,4})\)|\d{1,3}\.)[ \t\xa0]+(?=\S)")
_BACK = re.compile(
    r"(?:(?:however|therefore|thus|hence|moreover|furthermore|additionally|also|consequently|nevertheless|but|and"
    r"|conversely|similarly|overall|indeed|then|in (?:addition|contrast|fact|general)|as a result"
    r"|for (?:example|instance)),?\s+)?"
    r"(?:its?|they|their|he|she|his|her|both(?! [\w-]+ (?:[\w-]+ )?and\b)|neither|this|these|those|such(?! as\b)"
    r"|the (?:latter|former))\b"
    r"(?!\s+(?:\w+\s+){0,2}(?:study|trial|review|article|paper|guidelines?|guidance|report|summary|label|leaflet"
    r"|(?:meta-?)?analys[ie]s)\b)",
    re.IGNORECASE,
)
"""A beginning that points back. What speaks of the source itself ("This trial") does not: its reference is shown."""

_IMPERSONAL = re.compile(
    r"(?:\w+,?\s+)?it\s+(?:(?:is|was|has|had|can|may|should|would|could|must|will|also|not|be|been|now|generally)\s+)*"
    r"(?:(?:\w+\s+){1,2}(?:that|whether|if|how)|seems|appears|(?:\w+ly\s+)?(?:advisable|appropriate|best|better"
    r"|critical|crucial|difficult|essential|helpful|important|impossible|necessary|possible|preferable|prudent"
    r"|reasonable|recommended|useful|vital)\s+(?:for\s.{1,60}\s)?to)\b",
    re.IGNORECASE,
)
"""An "it" that stands for nothing: "It is recommended that", "It is not known whether", "It is important to"."""

_FOLLOWS = re.compile(r"\b(?:follow(?:ing|s)|below)\b", re.IGNORECASE)
_STOPPED = re.compile(r"[.!?…:;。！？｡؟۔।॥][\"'”’»)\]}*]*(?:\s*\[[^\]]*\]|\d[\d,–-]*)*\s*\Z")
_MOST_LINES = 80  # looked back over for what a list or table belongs to; longer ones have sections of their own
_ITEM_WORDS = 30  # a line without a marker that has more words is a paragraph, not an item of a list
_TITLE_WORDS = 14  # a line without colon or stop above a list that has more words is no title of it
_WRAPPED = 60  # characters; a line that is longer and has no stop goes on in the next one
_BEFORE = 2000  # characters before a passage in which the sentence before it is looked for
_SENTENCES_BACK = 4  # further back, nobody would look for what "it" is


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the white space around it; its words begin behind the marker of a list, if it has one."""

    start: int
    words: int
    end: int
    indent: int

    @property
    def is_marked(self) -> bool:
        return self.words > self.start

    @property
    def is_blank(self) -> bool:
        return self.start == self.end


def lead_of(passage: Passage, sentence: Sentence) -> tuple[Sentence, ...]:
    """The spans, in reading order, that are quoted before a sentence of a passage. Mostly none.

    A row of a table: the line that introduces the table, and the header row; of the header itself, none. A list item:
    the line that introduces the list, and of a nested one the item above it; of an item's further sentences, none where
    they are whole. A sentence that begins with "It", "These",
    "However, they" …: the nearest one before it that does not, at most four back.
    """
    if is_row(passage, sentence):
        return _of_row(passage, sentence)
    line = _line_at(passage, sentence.start)
    is_further = sentence.start > line.words and bool(_STOPPED.search(passage.quote(sentence)))
    of_list = _of_item(passage, line) if (line.is_marked or sentence.start == line.start) and not is_further else ()
    back = _referred_to(passage, sentence) if points_back(passage.quote(sentence)) else ()
    return tuple(sorted({*of_list, *back}, key=lambda span: span.start))


def points_back(text: str) -> bool:
    """Whether a sentence begins with a word that stands for something said before."""
    return bool(_BACK.match(text)) and not _IMPERSONAL.match(text)


def is_row(passage: Passage, sentence: Sentence) -> bool:
    """Whether a sentence is a row of a table, with or without a second cell."""
    return passage.document.text[sentence.start] == "|"


def is_item(passage: Passage, sentence: Sentence) -> bool:
    """Whether a sentence begins a line, behind the marker of a list if there is one."""
    return sentence.start == _line_at(passage, sentence.start).words


def is_whole_line(passage: Passage, sentence: Sentence) -> bool:
    """Whether a sentence stands on a line by itself without the marker of a list, as titles do."""
    line = _line_at(passage, sentence.start)
    return sentence.start == line.start and sentence.end >= line.end


def is_cut(passage: Passage, sentence: Sentence) -> bool:
    """Whether the sentence begins or ends amid a line with no stop there: a piece of one that was too long."""
    text, line = passage.document.text, _line_at(passage, sentence.start)
    before = text[line.words : sentence.start].rstrip(" \t\xa0-–—•*·")
    if before and not _STOPPED.search(before[-40:]):
        return True
    behind = text[sentence.end : _line_at(passage, sentence.end).end].strip()
    return bool(behind) and not _STOPPED.search(text[max(sentence.start, sentence.end - 40) : sentence.end])


def _of_row(passage: Passage, sentence: Sentence) -> tuple[Sentence, ...]:
    """The header of a table and the line that introduces it; of the header itself, nothing."""
    section = passage.section
    table = table_of(tables_in(passage.document.text, section.start, section.end), sentence.start)
    if table is None:
        return ()
    header = Sentence(*table.header)
    above = _line_at(passage, table.introduction[0]) if table.introduction else None
    return (*_lead_and_its_own(passage, above), header) if above else (header,)


def _of_item(passage: Passage, line: _Line, levels: int = 2) -> tuple[Sentence, ...]:
    above = list(_lines_above(passage, line.start))
    head = _above_marked(passage, line, above) if line.is_marked else _above_plain(passage, line, above)
    return () if head is None else _lead_and_its_own(passage, head, levels - 1)


def _lead_and_its_own(passage: Passage, head: _Line, levels: int = 1) -> tuple[Sentence, ...]:
    """The last sentence of a line, with what that one cannot be read without."""
    text = passage.document.text
    start = head.words
    if not head.is_marked:  # a wrapped lead-in begins further up
        for above in _lines_above(passage, head.start):
            if above.is_blank or above.is_marked or text[above.start] in "|#":
                break
            start = above.start
    first, last = sentence_spans(text[start : head.end])[-1]
    lead = Sentence(start + first, start + last)
    if head.is_marked and levels:
        return (*_of_item(passage, head, levels), lead)
    return (*_referred_to(passage, lead), lead) if points_back(passage.quote(lead)) else (lead,)


def _above_marked(passage: Passage, line: _Line, above: list[_Line]) -> _Line | None:
    """The line that an item with a marker belongs to: a less indented item, or the line above the list."""
    text = passage.document.text
    stopped = bool(_STOPPED.search(text[line.words : line.end])) and not text[line.words].islower()
    for number, other in enumerate(above):
        if other.is_blank:
            continue
        if other.is_marked:
            # A list within a list whose indent is lost: only what is no sentence by itself belongs to the item above.
            if other.indent < line.indent or (text[other.end - 1] == ":" and not stopped):
                return other
            continue
        if number + 1 == len(above) or not _goes_on(text, above[number + 1], other):
            return other if _introduces(text[other.start : other.end], item_says_all=stopped) else None
    return None


def _above_plain(passage: Passage, line: _Line, above: list[_Line]) -> _Line | None:
    """The line with a colon that begins the block of short lines which a line without a marker stands in."""
    text = passage.document.text
    if _words(text, line) > _ITEM_WORDS:
        return None
    for number, other in enumerate(above):
        if other.is_blank and number == 0:
            continue
        if other.is_blank or text[other.end - 1] == ":":
            return None if other.is_blank else other
        if other.is_marked or text[other.start] == "|" or _words(text, other) > _ITEM_WORDS or above[0].is_blank:
            return None
    return None


def _introduces(line: str, *, item_says_all: bool) -> bool:
    if line.startswith("|"):
        return False
    is_title = len(line.split()) <= _TITLE_WORDS and not _STOPPED.search(line)
    return line.endswith(":") or bool(_FOLLOWS.search(line)) or (is_title and not item_says_all)


def _goes_on(text: str, before: _Line, line: _Line) -> bool:
    """Whether a line is the rest of the one before it, wrapped."""
    if before.is_blank or text[line.end - 1] == ":":
        return False
    is_long = before.end - before.start > _WRAPPED and not _STOPPED.search(text[before.start : before.end])
    return is_long or text[line.start].islower()


def _referred_to(passage: Passage, sentence: Sentence) -> tuple[Sentence, ...]:
    """The nearest sentence before it that does not point back itself, with the line its list belongs to."""
    for number, before in enumerate(_sentences_before(passage, sentence)):
        quote = passage.quote(before)
        if number == _SENTENCES_BACK or quote.startswith("|"):
            break
        if not points_back(quote):
            line = _line_at(passage, before.start)
            return (*_of_item(passage, line), before) if line.is_marked else (before,)
    return ()


def _sentences_before(passage: Passage, sentence: Sentence) -> Iterator[Sentence]:
    """The sentences of the section before one, nearest first."""
    yield from (s for s in reversed(passage.sentences) if s.end <= sentence.start)
    text, first = passage.document.text, min(passage.start, sentence.start)
    start = max(passage.section.start, first - _BEFORE)
    spans = sentence_spans(text[start:first])
    whole = spans if start == passage.section.start else spans[1:]  # the first one is cut
    yield from (Sentence(start + a, start + b) for a, b in reversed(whole))


def _lines_above(passage: Passage, position: int) -> Iterator[_Line]:
    """The lines of the section above the one that holds a position, nearest first, blank ones too."""
    for _ in range(_MOST_LINES):
        position = _line_start(passage, position) - 1
        if position < passage.section.start:
            return
        yield _line_at(passage, position)


def _line_start(passage: Passage, position: int) -> int:
    text, first = passage.document.text, passage.section.start
    return max(text.rfind("\n", first, position) + 1, text.rfind("\r", first, position) + 1, first)


def _line_at(passage: Passage, position: int) -> _Line:
    """The line that holds a position; a position on a line's end belongs to that line."""
    text = passage.document.text
    begin = _line_start(passage, position)
    end = text.find("\n", position, passage.section.end)
    line = text[begin : end if end >= 0 else passage.section.end]
    indent = len(line) - len(line.lstrip())
    start, stop = begin + indent, begin + len(line.rstrip())
    if start >= stop:
        return _Line(begin, begin, begin, 0)
    marker = _MARKER.match(text, start, stop)
    return _Line(start, marker.end() if marker else start, stop, indent)


def _words(text: str, line: _Line) -> int:
    return len(text[line.start : line.end].split())
