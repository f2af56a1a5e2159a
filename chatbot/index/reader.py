"""Reading an index: a snapshot of one generation."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from chatbot.domain import Document, Kind, Passage, Reference
from chatbot.embedding import Encoder
from chatbot.errors import IndexUnavailable
from chatbot.index.home import VECTORS, generation_at, home
from chatbot.index.identity import check_identity, damaged
from chatbot.index.known_names import KnownNames
from chatbot.index.known_words import KnownWords
from chatbot.index.lexical import DOCUMENT_PARTS, DOCUMENT_WORDS, PASSAGE_WORDS, LexicalStore, mark
from chatbot.index.manifest import FILE_NAME, Manifest
from chatbot.index.rows import Subject, Vectors
from chatbot.index.vectors import STORE_ERRORS, VectorStore
from chatbot.index.word_folders import word_folder
from chatbot.passages import topic_words
from chatbot.settings import Settings

_PARTS_WANTED = 40  # of a reading; with all of them no document moved, and common ones cost the most time
_DOCUMENTS_SCORED = 5  # times the candidates: documents add no candidate of their own, they only add to a score
_T = TypeVar("_T")


@dataclass(frozen=True)
class Candidate:
    """A passage that may be worth reading: its vector in row 0, its sentences' behind it.

    ``lexical`` is, per reading, BM25 as a share of the best one found: of the passage, of its document and of its
    document's parts of words, mixed.
    """

    id: str
    vectors: Vectors
    lexical: tuple[float, ...]


@dataclass(frozen=True)
class Wanted:
    """What a text is searched for by: its words, and the parts of them, with the weights by which their BM25 counts."""

    words: Mapping[str, float]
    parts: Mapping[str, float]


class Index:
    """One generation of an index, to be read by any number of threads.

    ``store``: the folder of stores that are not in force; default: of those that are. Raises IndexUnavailable where
    there is no index or it is damaged, IndexMismatch where other settings built it.
    """

    def __init__(self, settings: Settings, encoder: Encoder, store: Path | None = None) -> None:
        self.settings = settings
        self.encoder = encoder
        self._lock = threading.Lock()
        self.store = store or home(settings.index)
        while not self._is_open(is_given=store is not None):
            self.store = home(settings.index)

    def _is_open(self, is_given: bool) -> bool:
        """Opens the stores; False where others, or other words, have replaced them meanwhile: they may be half removed.

        From then on they stay: a store whose manifest is open is not removed.
        """

        def in_force() -> tuple[Path, int]:
            return self.store if is_given else home(self.settings.index), generation_at(self.store)

        before = self.store, generation_at(self.store)
        try:
            self._open(self.settings)
        except IndexUnavailable:
            if in_force() == before:
                raise
        return in_force() == before

    def _open(self, settings: Settings) -> None:
        if not (self.store / FILE_NAME).is_file():
            raise IndexUnavailable(f"there is no index at {settings.index}; run 'chatbot index' to build it")
        try:
            self._manifest = Manifest(self.store)
            check_identity(self._manifest, settings, self.encoder)
            self.generation = self._manifest.generation
            if not self.generation:
                raise IndexUnavailable(
                    f"index {settings.index} is not complete yet: its first run was interrupted or is still at work; "
                    "wait for it, or run 'chatbot index', which goes on where it stopped"
                )
            self._vectors: VectorStore | None = None  # opened by the first search: it takes longer than all the rest
            self.words_folder = self.store / word_folder(self._manifest).folder
            self._lexical = LexicalStore(self.words_folder / PASSAGE_WORDS)
            self._whole = LexicalStore(self.words_folder / DOCUMENT_WORDS)
            self._parts = LexicalStore(self.words_folder / DOCUMENT_PARTS, parts=True)
        except (sqlite3.Error, *STORE_ERRORS) as error:
            raise IndexUnavailable(damaged(settings, str(error))) from error

    # --- what is in it ----------------------------------------------------------------------------------------------

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """The identity of every document, articles included, by id. Large where the index is: not for answers."""
        return tuple(self._read(lambda: self._manifest.references(self.generation)))

    def references_of(self, kind: Kind) -> list[Reference]:
        """The identity of every document of a kind, by id."""
        return self._read(lambda: self._manifest.references(self.generation, kind))

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        """What documents are about, each once a kind, in the order in which they were written."""
        return tuple(self._read(lambda: self._manifest.subjects(self.generation)))

    @cached_property
    def counts(self) -> dict[Kind, int]:
        """Documents of each kind that has any."""
        return self._read(lambda: self._manifest.counts(self.generation))

    def counts_after(self, generation: int) -> dict[Kind, int]:
        """Documents of each kind that were added or changed after a generation, of kinds with any."""
        return self._read(lambda: self._manifest.counts(self.generation, generation))

    @cached_property
    def words(self) -> KnownWords:
        """What the index knows of words."""
        return KnownWords(self._lexical, self.subjects, self.encoder)

    @cached_property
    def names(self) -> KnownNames:
        """What the index knows of names."""
        rows = self._manifest.abbreviations
        return KnownNames(
            self.words,
            self._lexical,
            self.subjects,
            self._topic_words,
            lambda key: self._read(lambda: rows.of_short(key, self.generation)),
            lambda key: self._read(lambda: rows.of_long(key, self.generation)),
        )

    def _topic_words(self, document_ids: Iterable[str]) -> list[str]:
        return [topic_words(document.reference) for document in map(self.document, document_ids) if document]

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

    def wanted(self, text: str, added: str = "") -> Wanted:
        """The words of a text, and those of ``added`` with less weight; the rarer, the more they count.

        BM25 counts a word by its idf; here it counts by idf ** (1 + rarity), because a question has a few words that
        say what it is about and many that do not. Of the parts only the rarest ones are looked for: they decide.
        """
        settings = self.settings.retrieval
        more = dict.fromkeys(self._lexical.terms(added), settings.expansion_weight)
        words = {**more, **dict.fromkeys(self._lexical.terms(text), 1.0)}
        parts = {part: self._parts.idf(part) for part in self._parts.terms(text)}
        rarest = sorted(parts, key=lambda part: (-parts[part], part))[:_PARTS_WANTED]
        return Wanted(
            {word: weight * self._lexical.idf(word) ** settings.rarity for word, weight in words.items()},
            {part: parts[part] for part in rarest},
        )

    def candidates(
        self, kind: Kind, readings: Sequence[Wanted], vectors: Vectors, pool: Sequence[str] = ()
    ) -> list[Candidate]:
        """The passages of a kind that Chroma or Tantivy finds for any reading, and those of ``pool``, by id.

        ``vectors`` holds a row per reading; so does each candidate's ``lexical`` (0 where Tantivy did not find it).
        """
        limit = self.settings.retrieval.candidates
        passages = [_shares(self._lexical.best(kind, reading.words, limit)) for reading in readings]
        documents = [self._of_documents(kind, reading, limit * _DOCUMENTS_SCORED) for reading in readings]
        found = {
            *pool,
            *(p for ids in self._query(kind, vectors, limit) for p in ids),
            *(p for s in passages for p in s),
        }
        held = self._read(lambda: self._manifest.vectors(sorted(found), kind, self.generation))
        return [
            Candidate(
                passage,
                held[passage][1],
                tuple(
                    self._own_share * own.get(passage, 0.0) + whole.get(mark(held[passage][0]), 0.0)
                    for own, whole in zip(passages, documents, strict=True)
                ),
            )
            for passage in sorted(held)
        ]

    @property
    def _own_share(self) -> float:
        """The passage's own share of the lexical score; the rest is its document's."""
        settings = self.settings.retrieval
        return (1 - settings.parts_weight) * (1 - settings.document_weight)

    def _of_documents(self, kind: Kind, reading: Wanted, limit: int) -> dict[int, float]:
        """Mark of a document's version → what it adds to the lexical score of its passages."""
        settings = self.settings.retrieval
        words, parts = (1 - settings.parts_weight) * settings.document_weight, settings.parts_weight
        of_words = _shares(self._whole.best_marks(kind, reading.words, limit))
        added = {key: words * share for key, share in of_words.items()}
        for key, share in _shares(self._parts.best_marks(kind, reading.parts, limit)).items() if parts else ():
            added[key] = added.get(key, 0.0) + parts * share
        return added

    def documents_on(self, kind: Kind, terms: Sequence[str]) -> int:
        """Documents of a kind whose topics (else title), drugs or brands hold one of the indexed words."""
        return self._whole.on_topic(kind, terms)

    def is_mentioned(self, kind: Kind, terms: Sequence[str]) -> bool:
        """Whether any document of a kind holds one of the indexed words."""
        return bool(self._whole.best_marks(kind, terms, 1))

    def _query(self, kind: Kind, vectors: Vectors, limit: int) -> list[list[str]]:
        try:
            return self._nearest(kind, vectors, limit)
        except STORE_ERRORS:
            # A run that ends while a question is under way deletes what it replaced; a fresh client no longer sees it.
            self._vectors = None
        try:
            return self._nearest(kind, vectors, limit)
        except STORE_ERRORS as error:
            raise IndexUnavailable(damaged(self.settings, str(error))) from error

    def _nearest(self, kind: Kind, vectors: Vectors, limit: int) -> list[list[str]]:
        if self._vectors is None:
            self._vectors = VectorStore(self.store / VECTORS)
        return self._vectors.nearest(kind, vectors, limit)

    def _read(self, query: Callable[[], _T]) -> _T:
        try:
            with self._lock:
                return query()
        except (sqlite3.Error, ValueError) as error:
            raise IndexUnavailable(damaged(self.settings, str(error))) from error


def _shares(hits: list[tuple[_T, float]]) -> dict[_T, float]:
    """Scores as shares of the best one."""
    best = hits[0][1] if hits else 1.0
    return {key: score / best for key, score in hits}
