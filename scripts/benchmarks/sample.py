"""The texts that the indexer would embed for a sample of a corpus."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chatbot.domain import Document
from chatbot.embedding import Encoder
from chatbot.errors import SourceError
from chatbot.passages import embedding_text, fit_headings, split_passages
from chatbot.readers import read
from chatbot.settings import Settings

_SEED = 20260
_DOCUMENTS_AT_ONCE = 5  # cut together, as the indexer cuts many; few enough to stop near the wanted size


@dataclass(frozen=True)
class Sample:
    """Passage texts and sentences, each text once per pass over the corpus, and the CPU seconds of cutting them."""

    passages: list[str]
    sentences: list[str]
    documents: int
    split_seconds: float


def draw_sample(corpus: Path, tokens: int, settings: Settings, encoder: Encoder) -> Sample:
    """Documents of ``corpus`` in an order drawn by seed, until their texts have ``tokens`` tokens in all.

    A smaller corpus is gone through again. Raises CorpusError where there is none, ValueError where it holds no text.
    """
    documents = list(read(corpus, on_error=_pass_over))
    random.Random(_SEED).shuffle(documents)  # noqa: S311 - a sample, not a secret
    passages: list[str] = []
    sentences: list[str] = []
    known: set[str] = set()
    taken = held = 0
    seconds = 0.0
    for group in _groups(documents, known):
        started = time.process_time()
        cut = _texts(group, settings, encoder)
        seconds += time.process_time() - started
        for texts, gathered in zip(cut, (passages, sentences), strict=True):
            new = [text for text in dict.fromkeys(texts) if text not in known]  # the indexer embeds a text once
            known.update(new)
            gathered.extend(new)
            held += sum(encoder.count_tokens(new)) + 2 * len(new)
        taken += len(group)
        if held >= tokens:
            return Sample(passages, sentences, taken, seconds)
        if taken >= len(documents) and not held:
            break
    raise ValueError(f"{corpus} holds no text to embed; name another one with --corpus")


def _pass_over(error: SourceError) -> None:
    """A file that cannot be read is not measured; ``chatbot index`` reports it."""


def _groups(documents: list[Document], known: set[str]) -> Iterator[list[Document]]:
    """Documents by the group, over and over; a new pass forgets which texts are known."""
    while documents:
        known.clear()
        for start in range(0, len(documents), _DOCUMENTS_AT_ONCE):
            yield documents[start : start + _DOCUMENTS_AT_ONCE]


def _texts(documents: list[Document], settings: Settings, encoder: Encoder) -> tuple[list[str], list[str]]:
    """What the indexer embeds: passages with their headings, and sentences. Must follow ``IndexWriter``."""
    cut = [p for d in documents for p in split_passages(d, settings.passages, encoder.count_tokens)]
    lines = fit_headings(cut, settings.passages.heading_tokens, encoder.count_tokens)
    passages = [embedding_text(passage, line) for passage, line in zip(cut, lines, strict=True)]
    return passages, [passage.quote(sentence) for passage in cut for sentence in passage.sentences]
