"""Document → passages and their sentences, with exact offsets.

A passage is consecutive sentences of one section. With what is put before it (its headings, and where it begins amid a
table that table's header row), it stays within what the model reads, so no text is silently lost; a sentence that alone
is longer is cut at spaces. Sections are cut into parts of like length rather than full ones and a rest, because a rest
of ten words is found for the wrong reasons.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from chatbot.domain import Document, Passage, Reference, Section, Sentence
from chatbot.sentences import sentence_spans
from chatbot.settings import PassageSettings
from chatbot.tables import Table, table_of, tables_in

CountTokens = Callable[[Sequence[str]], list[int]]

_CITATION_MARKER = re.compile(r"\s*\[@[^\]]*\]")
RULES_VERSION = 2  # raise when the same document would be cut or embedded differently; 2: headers of tables repeated


def split_passages(document: Document, settings: PassageSettings, count_tokens: CountTokens) -> list[Passage]:
    """The passages in reading order; together they hold every sentence of every section once. No text: none.

    ``count_tokens`` counts without special tokens; two are added by the model and allowed for here. A passage that
    begins amid a table has room for what is repeated of it.
    """
    budget = settings.max_tokens - settings.heading_tokens - 2
    passages: list[Passage] = []
    for section in document.sections:
        sentences = [
            Sentence(section.start + start, section.start + end)
            for start, end in sentence_spans(document.text[section.start : section.end])
        ]
        heads = _Heads(document.text, section, settings.heading_tokens, count_tokens)
        pieces = _pieces(document.text, sentences, heads, budget)
        passages += [Passage(document, section, group) for group in _pack(pieces, budget)]
    return passages


def embedding_text(passage: Passage, heading_words: str) -> str:
    """What is embedded and searched for a passage: its line of ``fit_headings``, its text without citation markers."""
    text = _CITATION_MARKER.sub("", passage.text)
    return f"{heading_words}\n{text}" if heading_words else text


def headings(passage: Passage) -> str:
    """Title and section heading of a passage, as one line."""
    parts = (passage.document.reference.title.strip().rstrip("."), passage.section.heading)
    return ". ".join(part for part in parts if part)


def topic_words(reference: Reference) -> str:
    """What a document is about: its topics, drugs and brands; without topics its title and main MeSH topics, too."""
    named = " ".join((*reference.topics, *reference.drugs, *reference.brands))
    if reference.topics:
        return named
    return " ".join(part for part in (reference.title, *_main_topics(reference.mesh), named) if part)


def fit_headings(passages: Sequence[Passage], limit: int, count_tokens: CountTokens) -> list[str]:
    """What stands before each passage when it is embedded: its headings, cut at a space to ``limit`` tokens.

    A passage that begins amid a table has a second line of at most as many tokens: the table's header row, behind the
    line that introduces the table where both fit.
    """
    lines = [headings(passage) for passage in passages]
    distinct = list(dict.fromkeys(lines))
    counts = count_tokens(distinct)
    fitted = {
        line: line if tokens <= limit else _shorten(line, tokens, limit, count_tokens)
        for line, tokens in zip(distinct, counts, strict=True)
    }
    sections = {(id(p.document), p.section): p for p in passages}
    heads = {key: _Heads(p.document.text, p.section, limit, count_tokens) for key, p in sections.items()}
    repeated = [heads[id(p.document), p.section].at(p.start)[0] for p in passages]
    return ["\n".join(filter(None, (fitted[line], head))) for line, head in zip(lines, repeated, strict=True)]


class _Heads:
    """What a passage repeats of the table that it begins amid, of the tables of one section."""

    def __init__(self, text: str, section: Section, limit: int, count_tokens: CountTokens) -> None:
        self._text = text
        self._limit = limit
        self.count_tokens = count_tokens
        self._tables = tables_in(text, section.start, section.end)
        self._fitted: dict[Table, tuple[str, int]] = {}

    def at(self, position: int) -> tuple[str, int]:
        """(what is repeated, its tokens) where a passage begins at a position; ("", 0) outside of tables."""
        table = table_of(self._tables, position)
        if table is None:
            return "", 0
        if table not in self._fitted:
            self._fitted[table] = self._fit(table)
        return self._fitted[table]

    def _fit(self, table: Table) -> tuple[str, int]:
        spans = [table.introduction, table.header] if table.introduction else [table.header]
        header, *others = [_CITATION_MARKER.sub("", self._text[start:end]) for start, end in reversed(spans)]
        whole = "\n".join((*others, header))
        needed, tokens = self.count_tokens([whole, header])
        if needed <= self._limit:
            return whole, needed
        fitted = header if tokens <= self._limit else _shorten(header, tokens, self._limit, self.count_tokens)
        return fitted, self.count_tokens([fitted])[0]


def _main_topics(mesh: Sequence[str]) -> list[str]:
    """The headings that MEDLINE stars, or whose qualifier it stars, without qualifier and star; each once."""
    main = (heading.split("/", 1)[0].strip("* ") for heading in mesh if "*" in heading)
    return list(dict.fromkeys(main))


def _shorten(line: str, tokens: int, limit: int, count_tokens: CountTokens) -> str:
    shorter, left = line, tokens
    while left > limit and " " in shorter:
        shorter = shorter.rsplit(" ", max(1, (left - limit) // 4))[0]
        left = count_tokens([shorter])[0]
    return shorter if left <= limit else ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence that fits a passage, with its tokens and those of what stands before it (a list's marker).

    ``head`` are the tokens that a passage beginning with it repeats of its table.
    """

    sentence: Sentence
    tokens: int
    gap: int
    head: int


def _pieces(text: str, sentences: list[Sentence], heads: _Heads, budget: int) -> list[_Piece]:
    """The sentences, those over the budget cut at spaces."""
    count_tokens = heads.count_tokens
    counts = count_tokens([text[sentence.start : sentence.end] for sentence in sentences])
    fitting: list[tuple[Sentence, int]] = []
    for sentence, tokens in zip(sentences, counts, strict=True):
        room = budget - heads.at(sentence.start)[1]
        fitting += [(sentence, tokens)] if tokens <= room else _cut(text, sentence, room, count_tokens)
    ends = [0, *(sentence.end for sentence, _ in fitting[:-1])]
    gaps = count_tokens([text[end : sentence.start] for end, (sentence, _) in zip(ends, fitting, strict=False)])
    return [
        _Piece(sentence, tokens, gap, heads.at(sentence.start)[1])
        for (sentence, tokens), gap in zip(fitting, gaps, strict=True)
    ]


def _cut(text: str, sentence: Sentence, budget: int, count_tokens: CountTokens) -> Iterator[tuple[Sentence, int]]:
    spans = [(word.start(), word.end()) for word in re.finditer(r"\S+", text[sentence.start : sentence.end])]
    counts = count_tokens([text[sentence.start + start : sentence.start + end] for start, end in spans])
    words = [
        part
        for span, tokens in zip(spans, counts, strict=True)
        for part in _halved(text, sentence.start, (*span, tokens), budget, count_tokens)
    ]
    start, total, end = sentence.start, 0, sentence.start
    for first, last, tokens in words:
        if total and total + tokens > budget:
            yield Sentence(start, end), total
            start, total = first, 0
        total += tokens
        end = last
    yield Sentence(start, end), total


def _halved(
    text: str, offset: int, word: tuple[int, int, int], budget: int, count_tokens: CountTokens
) -> Iterator[tuple[int, int, int]]:
    """(start, end, tokens) of a word, in halves for as long as one has more tokens than fit (a sequence, a link)."""
    start, end, tokens = word
    if tokens <= budget or end - start == 1:
        yield offset + start, offset + end, tokens
        return
    middle = (start + end) // 2
    halves = [(start, middle), (middle, end)]
    counts = count_tokens([text[offset + first : offset + last] for first, last in halves])
    for half, count in zip(halves, counts, strict=True):
        yield from _halved(text, offset, (*half, count), budget, count_tokens)


def _pack(pieces: list[_Piece], budget: int) -> Iterator[tuple[Sentence, ...]]:
    totals: Counter[int] = Counter()
    for piece in pieces:
        totals[piece.head] += piece.tokens + piece.gap
    parts = ceil(sum(total / (budget - head) for head, total in totals.items()))
    target = totals.total() / max(1, parts)
    group: list[Sentence] = []
    filled = room = 0
    for piece in pieces:
        tokens = piece.tokens + (piece.gap if group else 0)
        past_target = filled + tokens / 2 > target
        if group and (filled + tokens > room or past_target):
            yield tuple(group)
            group, filled = [], 0
            tokens = piece.tokens
        if not group:
            room = budget - piece.head
        group.append(piece.sentence)
        filled += tokens
    if group:
        yield tuple(group)
