"""Document → passages and their sentences, with exact offsets.

A passage is consecutive sentences of one section. With its headings put before it, it stays within what the model
reads, so no text is silently lost; a sentence that alone is longer is cut at spaces. Sections are cut into parts of
like length rather than full ones and a rest, because a rest of ten words is found for the wrong reasons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from chatbot.domain import Document, Passage, Reference, Sentence
from chatbot.sentences import sentence_spans
from chatbot.settings import PassageSettings

CountTokens = Callable[[Sequence[str]], list[int]]

_CITATION_MARKER = re.compile(r"\s*\[@[^\]]*\]")
RULES_VERSION = 1  # raise when the same document would be cut differently


def split_passages(document: Document, settings: PassageSettings, count_tokens: CountTokens) -> list[Passage]:
    """The passages in reading order; together they hold every sentence of every section once. No text: none.

    ``count_tokens`` counts without special tokens; two are added by the model and allowed for here.
    """
    budget = settings.max_tokens - settings.heading_tokens - 2
    passages: list[Passage] = []
    for section in document.sections:
        sentences = [
            Sentence(section.start + start, section.start + end)
            for start, end in sentence_spans(document.text[section.start : section.end])
        ]
        pieces = _pieces(document.text, sentences, budget, count_tokens)
        passages += [Passage(document, section, group) for group in _pack(pieces, budget)]
    return passages


def embedding_text(passage: Passage, heading_words: str) -> str:
    """What is embedded for a passage: its headings, then its text without citation markers."""
    text = _CITATION_MARKER.sub("", passage.text)
    return f"{heading_words}\n{text}" if heading_words else text


def headings(passage: Passage) -> str:
    """Title and section heading of a passage, as one line."""
    parts = (passage.document.reference.title.strip().rstrip("."), passage.section.heading)
    return ". ".join(part for part in parts if part)


def topic_words(reference: Reference) -> str:
    """What a document is about: its topics, drugs and brands; where it names no topic, its title."""
    named = " ".join((*reference.topics, *reference.drugs, *reference.brands))
    return named if reference.topics else f"{reference.title} {named}"


def fit_headings(passages: Sequence[Passage], limit: int, count_tokens: CountTokens) -> list[str]:
    """The headings of each passage, cut at a space so that they have at most ``limit`` tokens."""
    lines = [headings(passage) for passage in passages]
    distinct = list(dict.fromkeys(lines))
    counts = count_tokens(distinct)
    fitted = {
        line: line if tokens <= limit else _shorten(line, tokens, limit, count_tokens)
        for line, tokens in zip(distinct, counts, strict=True)
    }
    return [fitted[line] for line in lines]


def _shorten(line: str, tokens: int, limit: int, count_tokens: CountTokens) -> str:
    shorter, left = line, tokens
    while left > limit and " " in shorter:
        shorter = shorter.rsplit(" ", max(1, (left - limit) // 4))[0]
        left = count_tokens([shorter])[0]
    return shorter if left <= limit else ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence that fits a passage, with its tokens and those of what stands before it (a list's marker)."""

    sentence: Sentence
    tokens: int
    gap: int


def _pieces(text: str, sentences: list[Sentence], budget: int, count_tokens: CountTokens) -> list[_Piece]:
    """The sentences, those over the budget cut at spaces."""
    counts = count_tokens([text[sentence.start : sentence.end] for sentence in sentences])
    fitting: list[tuple[Sentence, int]] = []
    for sentence, tokens in zip(sentences, counts, strict=True):
        fitting += [(sentence, tokens)] if tokens <= budget else _cut(text, sentence, budget, count_tokens)
    ends = [0, *(sentence.end for sentence, _ in fitting[:-1])]
    gaps = count_tokens([text[end : sentence.start] for end, (sentence, _) in zip(ends, fitting, strict=False)])
    return [_Piece(sentence, tokens, gap) for (sentence, tokens), gap in zip(fitting, gaps, strict=True)]


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
    total = sum(piece.tokens + piece.gap for piece in pieces)
    target = total / max(1, ceil(total / budget))
    group: list[Sentence] = []
    filled = 0
    for piece in pieces:
        tokens = piece.tokens + (piece.gap if group else 0)
        past_target = filled + tokens / 2 > target
        if group and (filled + tokens > budget or past_target):
            yield tuple(group)
            group, filled = [], 0
            tokens = piece.tokens
        group.append(piece.sentence)
        filled += tokens
    if group:
        yield tuple(group)
