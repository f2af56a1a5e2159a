"""Changing an index: plan what differs, embed it, swap it in, clean up.

Safe to kill at any moment. Rows of the next generation are invisible until the run's last transaction; what a killed
run has embedded is kept and not embedded again. What is replaced is deleted only after the swap.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import filelock
import numpy as np

from chatbot.domain import Document, Kind, Passage
from chatbot.embedding import Encoder
from chatbot.errors import CorpusError, IndexingError
from chatbot.index.identity import check_identity, identity
from chatbot.index.lexical import DOCUMENT_PARTS, DOCUMENT_WORDS, PASSAGE_WORDS, LexicalStore
from chatbot.index.manifest import Manifest
from chatbot.index.plan import Plan, make_plan, wanted_documents
from chatbot.index.rows import Vectors
from chatbot.index.sources import fingerprint, remember
from chatbot.index.vectors import STORE_ERRORS, VectorStore
from chatbot.passages import embedding_text, fit_headings, split_passages, topic_words
from chatbot.settings import Settings

_CHARACTERS_AT_ONCE = 400_000  # of documents embedded and written together: bounds memory


@dataclass(frozen=True)
class Outcome:
    """What a run did. ``embedded_tokens`` counts passages and sentences, special tokens not."""

    plan: Plan
    generation: int
    swapped: bool
    embedded_texts: int
    embedded_tokens: int


Progress = Callable[[int, int], None]  # documents and characters done since the last call


class IndexWriter:
    """The one writer of an index folder. A second one at the same time raises IndexingError."""

    def __init__(self, settings: Settings, encoder: Encoder) -> None:
        self._settings = settings
        self._encoder = encoder
        self._folder = settings.index
        self.embedded_texts = 0
        self.embedded_tokens = 0

    @contextmanager
    def open(self) -> Iterator[IndexWriter]:
        """Opens the stores, creating them where there are none; on leaving, closes them.

        Raises IndexingError where another run holds the folder or it cannot be written, IndexMismatch where other
        settings built the index. Errors of the stores inside become IndexingError.
        """
        lock = filelock.FileLock(str(self._folder.absolute()) + ".lock")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with lock.acquire(timeout=0):
                self._open_stores()
                try:
                    yield self
                finally:
                    self._lexical.close()
                    self._whole.close()
                    self._parts.close()
                    self._manifest.close()
        except filelock.Timeout as error:
            raise IndexingError(
                f"index {self._folder}: another run is writing to it; wait for that run to end, then start again"
            ) from error
        except (sqlite3.Error, *STORE_ERRORS) as error:
            raise IndexingError(
                f"index {self._folder}: cannot be written ({_reason(error)}); see that the disk has space and the "
                "folder can be written, then run the command again: it goes on where it stopped"
            ) from error

    def _open_stores(self) -> None:
        self._manifest = Manifest(self._folder, create=True)
        if self._manifest.get("identity") is None:
            self._manifest.set("identity", identity(self._settings, self._encoder))
        check_identity(self._manifest, self._settings, self._encoder)
        self._vectors = VectorStore(self._folder / "chroma")
        self._lexical = LexicalStore(self._folder / PASSAGE_WORDS, create=True)
        self._whole = LexicalStore(self._folder / DOCUMENT_WORDS, create=True)
        self._parts = LexicalStore(self._folder / DOCUMENT_PARTS, create=True, parts=True)
        self._delete(self._manifest.orphans())
        self._manifest.forget_intents()

    def plan(self, paths: Sequence[Path], kind: Kind | None = None) -> Plan:
        """What reading ``paths`` would change. Raises CorpusError where a path is missing or empty."""
        known = {i: (digest, source) for i, digest, source in self._manifest.latest()}
        return make_plan(paths, kind, known, fingerprint(self._settings, paths))

    def apply(self, plan: Plan, progress: Progress = lambda documents, characters: None) -> Outcome:
        """Embeds what is new, then makes it visible in one step. Raises CorpusError where nothing would be left."""
        if not plan.seen and not list(self._manifest.latest()):
            raise CorpusError("no document could be read, so there is nothing to index; mend the files named above")
        generation = self._manifest.generation + 1
        batch: list[tuple[Document, str]] = []
        size = 0
        for document, source in wanted_documents(plan):
            batch.append((document, source))
            size += len(document.text)
            if size >= _CHARACTERS_AT_ONCE:
                self._stage(batch, generation)
                progress(len(batch), size)
                batch, size = [], 0
        self._stage(batch, generation)
        progress(len(batch), size)
        with self._manifest.transaction():
            for document_id, source in plan.moved.items():
                self._manifest.move(document_id, source)
        swapped = self._swap(plan, generation)
        remember(self._manifest, "" if plan.failed else plan.sources)
        return Outcome(plan, self._manifest.generation, swapped, self.embedded_texts, self.embedded_tokens)

    def note(self, key: str, value: object) -> None:
        """Stores something measured on the index beside it."""
        self._manifest.set(key, value)

    def _stage(self, batch: list[tuple[Document, str]], generation: int) -> None:
        if not batch:
            return
        cut = [split_passages(document, self._settings.passages, self._encoder.count_tokens) for document, _ in batch]
        passages = [passage for group in cut for passage in group]
        lines = fit_headings(passages, self._settings.passages.heading_tokens, self._encoder.count_tokens)
        vectors = self._embed([document for document, _ in batch], passages, lines)
        with self._manifest.transaction():
            self._manifest.intend((passage.id, passage.document.kind) for passage in passages)
        for kind in Kind:
            rows = [row for row, passage in enumerate(passages) if passage.document.kind is kind]
            distinct = {passages[row].id: row for row in rows}
            self._vectors.upsert(
                kind,
                list(distinct),
                [passages[row].document.id for row in distinct.values()],
                np.array([vectors[row][0] for row in distinct.values()], dtype=np.float32),
            )
        self._lexical.add(
            (passage.id, passage.document.kind, embedding_text(passage, line), topic_words(passage.document.reference))
            for passage, line in zip(passages, lines, strict=True)
        )
        self._lexical.commit()
        for store in (self._whole, self._parts):
            store.add((d.version, d.kind, f"{d.reference.title}\n{d.text}", topic_words(d.reference)) for d, _ in batch)
            store.commit()
        rows_of = iter(vectors)
        with self._manifest.transaction():
            self._manifest.remove((document.id for document, _ in batch), generation)
            for (document, source), group in zip(batch, cut, strict=True):
                number = self._manifest.add(document, source, generation)
                for passage in group:
                    self._manifest.add_passage(number, passage, next(rows_of))
            self._manifest.forget_intents()

    def _embed(self, documents: list[Document], passages: list[Passage], lines: list[str]) -> list[Vectors]:
        """Per passage its vector and its sentences'. Text embedded before, here or in the last version, is reused."""
        texts = [
            [embedding_text(passage, line), *(passage.quote(sentence) for sentence in passage.sentences)]
            for passage, line in zip(passages, lines, strict=True)
        ]
        known = self._known_vectors(documents)
        new = list(dict.fromkeys(text for group in texts for text in group if text not in known))
        # Rounded as they are stored, so that a vector reused later is the same one.
        encoded = self._encoder.encode(new).astype(np.float16).astype(np.float32)
        known |= dict(zip(new, encoded, strict=True))
        self.embedded_texts += len(new)
        self.embedded_tokens += sum(self._encoder.count_tokens(new))
        return [np.array([known[text] for text in group]) for group in texts]

    def _known_vectors(self, documents: list[Document]) -> dict[str, Vectors]:
        known: dict[str, Vectors] = {}
        for document in documents:
            before = self._manifest.current(document.id)
            if before is None:
                continue
            held = self._manifest.passages_of(before)
            limit = self._settings.passages.heading_tokens
            lines = fit_headings([passage for passage, _ in held], limit, self._encoder.count_tokens)
            for (passage, vectors), line in zip(held, lines, strict=True):
                texts = [embedding_text(passage, line), *map(passage.quote, passage.sentences)]
                known |= dict(zip(texts, vectors, strict=True))
        return known

    def _swap(self, plan: Plan, generation: int) -> bool:
        """Makes the next generation the current one, if it differs."""
        unfinished = self._manifest.is_staged(generation)
        if not (unfinished or plan.removed):
            return False
        with self._manifest.transaction():
            self._manifest.remove(plan.removed, generation)
            self._manifest.set("generation", generation)
        self._delete(self._manifest.removable())
        versions = self._manifest.removable_versions()
        for store in (self._whole, self._parts):
            store.delete(versions)
            store.commit()
        with self._manifest.transaction():
            self._manifest.purge()
        return True

    def _delete(self, passages: list[tuple[str, Kind]]) -> None:
        for kind in Kind:
            ids = [passage for passage, its_kind in passages if its_kind is kind]
            if ids:
                self._vectors.delete(kind, ids)
        if passages:
            self._lexical.delete(passages)
            self._lexical.commit()


def _reason(error: Exception) -> str:
    return str(error).strip() or type(error).__name__
