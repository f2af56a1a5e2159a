"""Document → passages and their sentences, with exact offsets.

A passage is consecutive sentences of one section. With its headings put before it, it stays within what the model
reads, so no text is silently lost; a sentence that alone is longer is cut at spaces. Sections are cut into parts of
like length rather than full ones and a rest, because a rest of ten words is found for the wrong reasons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
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
        pieces = _cut_long(document.text, sentences, budget, count_tokens)
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


def _cut_long(
    text: str, sentences: list[Sentence], budget: int, count_tokens: CountTokens
) -> list[tuple[Sentence, int]]:
    """Sentences with their token counts, those over the budget cut at spaces."""
    counts = count_tokens([text[sentence.start : sentence.end] for sentence in sentences])
    pieces: list[tuple[Sentence, int]] = []
    for sentence, tokens in zip(sentences, counts, strict=True):
        if tokens <= budget:
            pieces.append((sentence, tokens))
            continue
        pieces += _cut(text, sentence, budget, count_tokens)
    return pieces


def _cut(text: str, sentence: Sentence, budget: int, count_tokens: CountTokens) -> Iterator[tuple[Sentence, int]]:
    # A run of characters without a space (a sequence, a link) is cut by length: its pieces have at most as many tokens
    # as characters.
    words = list(re.finditer(rf"\S{{1,{budget}}}", text[sentence.start : sentence.end]))
    counts = count_tokens([word.group() for word in words])
    start, total, end = sentence.start, 0, sentence.start
    for word, tokens in zip(words, counts, strict=True):
        if total and total + tokens > budget:
            yield Sentence(start, end), total
            start, total = sentence.start + word.start(), 0
        total += tokens
        end = sentence.start + word.end()
    yield Sentence(start, end), total


def _pack(pieces: list[tuple[Sentence, int]], budget: int) -> Iterator[tuple[Sentence, ...]]:
    total = sum(tokens for _, tokens in pieces)
    target = total / max(1, ceil(total / budget))
    group: list[Sentence] = []
    filled = 0
    for sentence, tokens in pieces:
        over = filled + tokens > budget
        past_target = filled + tokens / 2 > target
        if group and (over or past_target):
            yield tuple(group)
            group, filled = [], 0
        group.append(sentence)
        filled += tokens
    if group:
        yield tuple(group)
