"""A corpus of any size, and vectors for it without a model: what a given index holds, recombined.

A generated document takes its title, and every other sentence on average, from one document of the index, the rest of
its sentences from another one; the kinds of evidence take turns. A sentence keeps the vector that the index holds for
it. A passage's vector is made from real ones too: that of the passage its first sentence stems from, another one's at
.6 of its length, and Gaussian noise at .3, so that a passage is near (cosine about .83) to where it comes from, and
its neighbours lie as densely as the corpus is large.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from chatbot.domain import EVIDENCE_KINDS
from chatbot.embedding import Encoder
from chatbot.index.reader import Index

Vectors = NDArray[np.float32]

_KINDS = ("guideline", "US drug label", "research abstract")  # as metadata of BEIR files name them
_PREFIX = 40  # characters by which a sentence is known that was cut differently beside another neighbour
_OTHER, _NOISE = 0.6, 0.3
_NOISE_ROWS = 1 << 15
_SHORTEST_TOPIC_WORD = 5
_SEED = 20260


@dataclass(frozen=True)
class Pool:
    """What is recombined: (title, sentences) of documents, and the vectors of sentences and passages.

    ``known`` maps a sentence, and its first characters, to its row in ``sentences`` and its passage's in ``passages``.
    """

    documents: tuple[tuple[str, tuple[str, ...]], ...]
    known: dict[str, tuple[int, int]]
    sentences: NDArray[np.float16]
    passages: NDArray[np.float32]

    @property
    def passages_per_document(self) -> float:
        return len(self.passages) / len(self.documents)


def read_pool(index: Index, most: int = 20_000) -> Pool:
    """At most that many documents of evidence of an index, drawn by seed. Raises ValueError where it has none."""
    references = [r for r in index.references if r.kind in EVIDENCE_KINDS and len(r.title.split()) > 1]
    drawn = random.Random(_SEED).sample(references, min(most, len(references)))  # noqa: S311 - a sample, not a secret
    documents: list[tuple[str, tuple[str, ...]]] = []
    known: dict[str, tuple[int, int]] = {}
    sentences: list[Vectors] = []
    passages: list[Vectors] = []
    for reference in drawn:
        document = index.document(reference.id)
        held = index.passages_of(document) if document else []
        texts = []
        for passage, vectors in held:
            for number, sentence in enumerate(passage.sentences, 1):
                text = " ".join(passage.quote(sentence).split())
                known.setdefault(text, (len(sentences), len(passages)))
                known.setdefault(text[:_PREFIX], (len(sentences), len(passages)))
                sentences.append(vectors[number].astype(np.float16))
                texts.append(text)
            passages.append(vectors[0])
        if texts:
            documents.append((reference.title, tuple(texts)))
    if not documents:
        raise ValueError("the index holds no titled evidence to recombine; name another one with --like")
    return Pool(tuple(documents), known, np.array(sentences), np.array(passages, dtype=np.float32))


def generate(pool: Pool, passages: int, changed: float = 0.0) -> Iterator[dict[str, object]]:
    """BEIR records of about that many passages, the same ones each time; a ``changed`` share has another text."""
    for number in range(max(1, round(passages / pool.passages_per_document))):
        draw = random.Random(f"{_SEED} {number}")  # noqa: S311 - made text, not a secret
        title, own = draw.choice(pool.documents)
        _, other = draw.choice(pool.documents)
        if draw.random() < changed:
            _, other = draw.choice(pool.documents)
        texts = [text if draw.random() < 0.5 else draw.choice(other) for text in own]
        yield {
            "_id": f"made-{number}",
            "title": title,
            "text": " ".join(texts),
            "metadata": {"kind": _KINDS[number % 3], **_about(title, number)},
        }


def _about(title: str, number: int) -> dict[str, str]:
    """Two words of the title as the topic; of a label, its longest word as the drug."""
    words = [word.strip("().,:;") for word in title.split()]
    long = [word for word in words if len(word) >= _SHORTEST_TOPIC_WORD] or words
    if number % 3 == 1:
        return {"product": max(long, key=len)}
    start = number // 3 % max(1, len(long) - 1)
    return {"focus": " ".join(long[start : start + 2])}


def write_corpus(pool: Pool, passages: int, path: Path, changed: float = 0.0) -> int:
    """Writes the records to a ``corpus.jsonl``; how many there are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number = 0
    with path.open("w", encoding="utf-8") as stream:
        for record in generate(pool, passages, changed):
            stream.write(json.dumps(record) + "\n")
            number += 1
    return number


class GivenVectors:
    """An ``Encoder`` that looks vectors up instead of computing them; all else is the real model's.

    ``made`` counts the texts, ``unknown`` those of them that are in no part of the pool and got a random vector.
    """

    def __init__(self, encoder: Encoder, pool: Pool) -> None:
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self.dimension, self.max_tokens = encoder.dimension, encoder.max_tokens
        self._encoder = encoder
        self._pool = pool
        noise = np.random.default_rng(_SEED).standard_normal((_NOISE_ROWS, self.dimension), dtype=np.float32)
        self._noise = _unit(noise)
        self._tokens: dict[str, int] = {}
        self.made = self.unknown = 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The real counts; those of the pool's sentences, which come again and again, are remembered."""
        new = [text for text in texts if text not in self._tokens]
        counts = dict(zip(new, self._encoder.count_tokens(new), strict=True)) if new else {}
        self._tokens |= {
            text: tokens for text, tokens in counts.items() if text in self._pool.known or not text.strip()
        }
        return [counts[text] if text in counts else self._tokens[text] for text in texts]

    def is_common(self, word: str) -> bool:
        return self._encoder.is_common(word)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, a row per text; the same text always gets the same one."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        self.made += len(texts)
        found = [self._find(text) for text in texts]
        drawn = np.array([crc32(text.encode("utf-8", "surrogatepass")) for text in texts])
        noise = self._noise[drawn % _NOISE_ROWS]
        others = self._pool.passages[drawn // _NOISE_ROWS % len(self._pool.passages)]
        vectors = noise.copy()
        for row, (sentence, passage) in enumerate(found):
            if sentence >= 0:
                vectors[row] = self._pool.sentences[sentence]
            elif passage >= 0:
                vectors[row] = self._pool.passages[passage] + _OTHER * others[row] + _NOISE * noise[row]
        self.unknown += sum(sentence < 0 and passage < 0 for sentence, passage in found)
        return _unit(vectors)

    def _find(self, text: str) -> tuple[int, int]:
        """(row of its sentence, row of the passage it comes from): one of them, or neither; -1 stands for none."""
        known = self._pool.known
        heading, line, body = text.partition("\n")
        if not line:
            row = known.get(heading) or known.get(heading[:_PREFIX])
            row = row or next((known[text] for text in _beginnings(heading) if text in known), None)
            return (row[0], -1) if row else (-1, -1)
        row = known.get(body[:_PREFIX]) or next((known[text] for text in _beginnings(body) if text in known), None)
        return (-1, row[1]) if row else (-1, -1)


def _beginnings(text: str) -> Iterator[str]:
    """The beginnings of a text that end with its first words: a first sentence shorter than the known prefix."""
    for match in re.finditer(r"(?<=[.:;?!)])\s", text[: _PREFIX + 1]):
        yield text[: match.start()]


def _unit(rows: Vectors) -> Vectors:
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
