"""Question → the passages of one kind of evidence that bear on it, best first.

Score = w · ((1 − s) · passage cosine + s · best sentence cosine) + (1 − w) · BM25, a convex combination of scores
rather than ranks (Bruch, Gai and Ingber 2023, doi:10.1145/3596512). BM25 mixes that of the passage, of its document
and of the parts of the document's words, each as a share of the best found. The weights are settings, chosen as
docs/retrieval.md says. Several readings of a follow-up are scored each and added by their weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from chatbot.domain import Kind, Passage
from chatbot.expansion import Added, expand, with_added
from chatbot.followup import Reading
from chatbot.index.reader import Candidate, Index, Wanted

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Hit:
    """A passage found. ``score`` is the fused one, at most 1; ``sentence_scores`` are cosines, in order.

    ``sentence_topics`` are the sentences' cosines to the bare topic of the question: what says nothing but the topic
    ("LAM is a lung disease") is near to that too. Zeros where the question has no topic.
    """

    passage: Passage
    score: float
    cosine: float
    sentence_scores: tuple[float, ...]
    sentence_topics: tuple[float, ...]
    vectors: Floats  # row 0 the passage, then its sentences


@dataclass(frozen=True)
class Query:
    """The readings of a question, embedded once for all kinds. ``vectors`` has a row per reading.

    ``topic`` is the vector of the question's topic words, zeros where it has none. ``wanted`` is what
    each reading is searched for by; ``added`` is what is searched for beside the words of the readings.
    """

    readings: tuple[Reading, ...]
    vectors: Floats
    topic: Floats
    wanted: tuple[Wanted, ...]
    added: tuple[Added, ...] = ()

    @property
    def weights(self) -> Floats:
        return np.array([reading.weight for reading in self.readings], dtype=np.float32)


def embed_query(index: Index, readings: Sequence[Reading], topic: Sequence[str] = ()) -> Query:
    """The readings, expanded, with their vectors and words, and the topic's vector."""
    added = [expand(reading.text, index.names) for reading in readings]
    texts = [with_added(reading.text, more) for reading, more in zip(readings, added, strict=True)]
    vectors = index.encoder.encode([*texts, " ".join(topic)] if topic else texts)
    bare = vectors[-1] if topic else np.zeros(index.encoder.dimension, dtype=np.float32)
    wanted = tuple(
        index.wanted(reading.text, " ".join(extra.words for extra in more))
        for reading, more in zip(readings, added, strict=True)
    )
    return Query(tuple(readings), vectors[: len(texts)], bare, wanted, tuple(dict.fromkeys(chain(*added))))


def retrieve(index: Index, query: Query, kind: Kind, limit: int, pool: Sequence[str] = ()) -> list[Hit]:
    """At most ``limit`` passages of a kind, best first; equal scores by passage id. ``pool`` are ids always considered.

    Retracted ones are among them: what answers asks ``retrieve_evidence``. Nothing of the kind indexed: none.
    """
    return _hits(index, query, _ranked(index, query, kind, pool)[:limit])


@dataclass(frozen=True)
class Evidence:
    """What a search found of a kind: the passages that may be evidence, and all it found, each best first.

    They are the same list where nothing that was found is retracted.
    """

    hits: list[Hit]
    found: list[Hit]


def retrieve_evidence(index: Index, query: Query, kind: Kind, limit: int, pool: Sequence[str] = ()) -> Evidence:
    """At most ``limit`` passages that may be evidence, best first, as ``retrieve`` orders them.

    Retracted ones take no place: what they would have taken is filled from further down the candidates, with one query
    more. Where there is none, there is nothing more to do than to look at each reference's notices.
    """
    ranked = _ranked(index, query, kind, pool)
    found = _hits(index, query, ranked[:limit])
    hits = [hit for hit in found if hit.passage.document.reference.is_quotable]
    if len(hits) == len(found):
        return Evidence(found, found)
    further = _hits(index, query, ranked[limit:])
    hits += [hit for hit in further if hit.passage.document.reference.is_quotable]
    return Evidence(hits[:limit], found)


def hits_of(index: Index, query: Query, passages: Sequence[tuple[Passage, Floats]]) -> list[Hit]:
    """The passages as hits, best first, scored by nearness alone: what BM25 would add is not looked for.

    ``passages`` come with their vectors, as ``Index.passages_of`` gives them. None: none.
    """
    nothing = (0.0,) * len(query.readings)
    given = {passage.id: passage for passage, _ in passages}
    candidates = [Candidate(passage.id, vectors, nothing) for passage, vectors in passages]
    if not candidates:
        return []
    scores = _fused(_parts(candidates, query), query, index)
    hits = [_hit(c, given[c.id], float(score), query) for c, score in zip(candidates, scores, strict=True)]
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))


def retrieve_documents(
    index: Index, query: Query, kind: Kind, limit: int, pool: Sequence[str] = ()
) -> list[tuple[Hit, float]]:
    """At most ``limit`` documents of a kind, best first: the best passage of each, and the document's score.

    A document is scored by its best passage cosine, its best sentence and its best BM25, be they of one passage or of
    several: what a claim needs may be spread over a document.
    """
    candidates = index.candidates(kind, query.wanted, query.vectors, pool)
    if not candidates:
        return []
    parts = _parts(candidates, query)
    owners = [candidate.id.rpartition(":")[0] for candidate in candidates]  # sorted by id: a document's are together
    starts = [row for row, owner in enumerate(owners) if row == 0 or owner != owners[row - 1]]
    scores = _fused(tuple(np.maximum.reduceat(part, starts, axis=0) for part in parts), query, index)
    own = _fused(parts, query, index)
    order = sorted(range(len(starts)), key=lambda number: (-scores[number], owners[starts[number]]))[:limit]
    ends = [*starts[1:], len(candidates)]
    best = {number: max(range(starts[number], ends[number]), key=lambda row: own[row]) for number in order}
    passages = index.passages([candidates[row].id for row in best.values()])
    return [
        (_hit(candidates[row], passages[candidates[row].id], float(own[row]), query), float(scores[number]))
        for number, row in best.items()
        if candidates[row].id in passages
    ]


def _ranked(index: Index, query: Query, kind: Kind, pool: Sequence[str]) -> list[tuple[Candidate, float]]:
    """Every candidate with its score, best first."""
    candidates = index.candidates(kind, query.wanted, query.vectors, pool)
    if not candidates:
        return []
    scores = _fused(_parts(candidates, query), query, index)
    order = sorted(range(len(candidates)), key=lambda row: (-scores[row], candidates[row].id))
    return [(candidates[row], float(scores[row])) for row in order]


def _hits(index: Index, query: Query, ranked: Sequence[tuple[Candidate, float]]) -> list[Hit]:
    """The candidates as hits, in their order; those removed in the meantime are left out."""
    if not ranked:
        return []
    passages = index.passages([candidate.id for candidate, _ in ranked])
    return [
        _hit(candidate, passages[candidate.id], score, query) for candidate, score in ranked if candidate.id in passages
    ]


def _parts(candidates: list[Candidate], query: Query) -> tuple[Floats, ...]:
    """Passage cosine, best sentence cosine and BM25, each of shape (candidates, readings)."""
    rows = np.concatenate([candidate.vectors for candidate in candidates]) @ query.vectors.T
    starts = np.cumsum([0, *(len(candidate.vectors) for candidate in candidates)])[:-1]
    passage = rows[starts]
    rows[starts] = -1.0  # leaves the sentences: the best of them is the maximum from each start on
    sentence = np.maximum.reduceat(rows, starts, axis=0)
    return passage, sentence, np.array([candidate.lexical for candidate in candidates], dtype=np.float32)


def _fused(parts: tuple[Floats, ...], query: Query, index: Index) -> Floats:
    passage, sentence, lexical = parts
    settings = index.settings.retrieval
    cosines = (1 - settings.sentence_weight) * passage + settings.sentence_weight * sentence
    hybrid = settings.dense_weight * cosines + (1 - settings.dense_weight) * lexical
    fused: Floats = hybrid @ (query.weights / query.weights.sum())
    return fused


def _hit(candidate: Candidate, passage: Passage, score: float, query: Query) -> Hit:
    cosines = (candidate.vectors @ query.vectors.T) @ (query.weights / query.weights.sum())
    topics = candidate.vectors[1:] @ query.topic
    return Hit(
        passage, score, float(cosines[0]), tuple(cosines[1:].tolist()), tuple(topics.tolist()), candidate.vectors
    )
