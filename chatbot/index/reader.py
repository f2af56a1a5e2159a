"""Reading an index: a snapshot of one generation, and the newest snapshot while somebody else is indexing."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from chatbot.domain import Document, Kind, Passage, Reference
from chatbot.embedding import Encoder
from chatbot.errors import IndexUnavailable
from chatbot.index.identity import check_identity, damaged
from chatbot.index.known_words import KnownWords
from chatbot.index.lexical import DOCUMENT_WORDS, PASSAGE_WORDS, LexicalStore
from chatbot.index.manifest import FILE_NAME, Manifest
from chatbot.index.rows import Vectors
from chatbot.index.vectors import STORE_ERRORS, VectorStore
from chatbot.settings import Settings

_DOCUMENTS_SCORED = 5  # times the candidates: documents add no candidate of their own, they only add to a score
_T = TypeVar("_T")


@dataclass(frozen=True)
class Candidate:
    """A passage that may be worth reading: its vector in row 0, its sentences' behind it.

    ``lexical`` is, per reading, BM25 as a share of the best one found: of the passage and of its document, mixed.
    """

    id: str
    vectors: Vectors
    lexical: tuple[float, ...]


class Index:
    """One generation of an index, to be read by any number of threads.

    Raises IndexUnavailable where there is none or it is damaged, IndexMismatch where other settings built it.
    """

    def __init__(self, settings: Settings, encoder: Encoder) -> None:
        self.settings = settings
        self.encoder = encoder
        if not (settings.index / FILE_NAME).is_file():
            raise IndexUnavailable(f"there is no index at {settings.index}; run 'chatbot index' to build it")
        self._lock = threading.Lock()
        try:
            self._manifest = Manifest(settings.index)
            check_identity(self._manifest, settings, encoder)
            self.generation = self._manifest.generation
            if not self.generation:
                raise IndexUnavailable(
                    f"index {settings.index} is not complete yet: its first run was interrupted or is still at work; "
                    "wait for it, or run 'chatbot index', which goes on where it stopped"
                )
            self._vectors = VectorStore(settings.index / "chroma")
            self._lexical = LexicalStore(settings.index / PASSAGE_WORDS)
            self._whole = LexicalStore(settings.index / DOCUMENT_WORDS)
        except (sqlite3.Error, *STORE_ERRORS) as error:
            raise IndexUnavailable(damaged(settings, str(error))) from error

    # --- what is in it ----------------------------------------------------------------------------------------------

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """The identity of every document, articles included, by id."""
        return tuple(self._read(lambda: self._manifest.references(self.generation)))

    @cached_property
    def counts(self) -> dict[Kind, int]:
        """Documents of each kind that has any."""
        return self._read(lambda: self._manifest.counts(self.generation))

    @cached_property
    def words(self) -> KnownWords:
        """What the index knows of words."""
        return KnownWords(self._lexical, self.references, self.encoder)

    def document(self, document_id: str) -> Document | None:
        """A document whole, or None."""
        return self._read(lambda: self._manifest.document(document_id, self.generation))

    def passages(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """Passage id → passage, for those that exist."""
        return self._read(lambda: self._manifest.passages(passage_ids, self.generation))

    def passages_of(self, document: Document) -> list[tuple[Passage, Vectors]]:
        """A document's passages with their vectors (row 0 the passage, then its sentences), in reading order."""
        return self._read(lambda: self._manifest.passages_of(document))

    def passage_ids(self) -> list[str]:
        """Every passage's id."""
        return self._read(lambda: self._manifest.passage_ids(self.generation))

    def metadata(self, key: str) -> Any:
        """What the manifest stores under a key, or None."""
        return self._read(lambda: self._manifest.get(key))

    # --- candidates -------------------------------------------------------------------------------------------------

    def candidates(
        self, kind: Kind, readings: Sequence[str], vectors: Vectors, pool: Sequence[str] = ()
    ) -> list[Candidate]:
        """The passages of a kind that Chroma or Tantivy finds for any reading, and those of ``pool``, by id.

        ``vectors`` holds a row per reading; so does each candidate's ``lexical`` (0 where Tantivy did not find it).
        """
        limit = self.settings.retrieval.candidates
        terms = [self._lexical.terms(reading) for reading in readings]
        passages = [_shares(self._lexical.best(kind, words, limit)) for words in terms]
        documents = [_shares(self._whole.best(kind, words, limit * _DOCUMENTS_SCORED)) for words in terms]
        found = {
            *pool,
            *(p for ids in self._query(kind, vectors, limit) for p in ids),
            *(p for s in passages for p in s),
        }
        held = self._read(lambda: self._manifest.vectors(sorted(found), kind, self.generation))
        weight = self.settings.retrieval.document_weight
        return [
            Candidate(
                passage,
                held[passage][1],
                tuple(
                    (1 - weight) * own.get(passage, 0.0) + weight * whole.get(held[passage][0], 0.0)
                    for own, whole in zip(passages, documents, strict=True)
                ),
            )
            for passage in sorted(held)
        ]

    def is_mentioned(self, kind: Kind, terms: Sequence[str]) -> bool:
        """Whether any document of a kind holds one of the indexed words."""
        return bool(self._whole.best(kind, terms, 1))

    def _query(self, kind: Kind, vectors: Vectors, limit: int) -> list[list[str]]:
        try:
            return self._vectors.nearest(kind, vectors, limit)
        except STORE_ERRORS:
            # A run that ends while a question is under way deletes what it replaced; a fresh client no longer sees it.
            self._vectors = VectorStore(self.settings.index / "chroma")
        try:
            return self._vectors.nearest(kind, vectors, limit)
        except STORE_ERRORS as error:
            raise IndexUnavailable(damaged(self.settings, str(error))) from error

    def _read(self, query: Callable[[], _T]) -> _T:
        try:
            with self._lock:
                return query()
        except (sqlite3.Error, ValueError) as error:
            raise IndexUnavailable(damaged(self.settings, str(error))) from error


def _shares(hits: list[tuple[str, float]]) -> dict[str, float]:
    """Scores as shares of the best one."""
    best = hits[0][1] if hits else 1.0
    return {key: score / best for key, score in hits}


class LiveIndex:
    """The newest complete generation at the moment of asking; an older snapshot stays usable for who holds it."""

    def __init__(self, settings: Settings, encoder: Encoder) -> None:
        self._settings = settings
        self._encoder = encoder
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._index: Index | None = None

    def current(self) -> Index:
        """The newest snapshot; opens it where the folder holds another generation than last time.

        Costs one small query. Raises as ``Index`` does; where the index has become unreadable, it raises too: an old
        snapshot of a folder that is gone must not go on answering.
        """
        stamp = self._read_stamp()
        with self._lock:
            if self._index is None or stamp != self._stamp:
                self._index = Index(self._settings, self._encoder)
                self._stamp = stamp
            return self._index

    def _read_stamp(self) -> tuple[int, int] | None:
        path = Path(self._settings.index) / FILE_NAME
        try:
            inode = path.stat().st_ino
            manifest = Manifest(self._settings.index)
            try:
                return inode, manifest.generation
            finally:
                manifest.close()
        except (OSError, sqlite3.Error, ValueError):
            return None  # Index says what is wrong
