"""Changing an index: plan what differs, embed it, swap it in, clean up.

Safe to kill at any moment. Rows of the next generation are invisible until the run's last transaction; what a killed
run has embedded is kept and not embedded again. What is replaced is deleted only after the swap.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import filelock

from chatbot.domain import Kind, Passage
from chatbot.embedding import Encoder
from chatbot.errors import CorpusError, IndexingError, IndexUnavailable
from chatbot.index.found_files import FoundFiles
from chatbot.index.home import adopt, clear, discard, founded, fresh, home, lock_of, next_generation
from chatbot.index.identity import check_identity, damaged, identity
from chatbot.index.ledger import FileRecord
from chatbot.index.manifest import FILE_NAME, Manifest
from chatbot.index.opening import Opening, foreseen
from chatbot.index.plan import Before, OnReading, Plan, Save, Wanted, make_plan, wanted_documents
from chatbot.index.sources import fingerprint, remember
from chatbot.index.word_folders import clear_words, word_folder, write_words
from chatbot.passages import fit_headings
from chatbot.settings import Settings

if TYPE_CHECKING:
    from chatbot.index.staging import Staging

_PATIENCE_SECONDS = 0.5  # for who only looks whether a run is at work, which takes the lock for a moment
_UNSETTLED = "unsettled"  # the key of ``Stores.unsettled``, to which a killed run adds nothing
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
    """The one writer of an index folder. A second one at the same time raises IndexingError.

    ``made_of`` (``identity.made_of``) has it build new stores, which ``adopt`` puts in force; else it changes those in
    force. ``store`` is the folder of the stores it writes to.
    """

    def __init__(self, settings: Settings, encoder: Encoder, made_of: str = "") -> None:
        self._settings = settings
        self._encoder = encoder
        self._folder = settings.index
        self._made_of = made_of
        self.store = settings.index
        self._opened: Staging | None = None
        self._opening: Opening | None = None
        self._errors: tuple[type[Exception], ...] = (sqlite3.Error, ValueError, OSError)

    @contextmanager
    def open(self) -> Iterator[IndexWriter]:
        """Opens the stores, creating them where there are none; on leaving, closes them.

        Raises IndexingError where another run holds the folder or it cannot be written, IndexMismatch where other
        settings built the index. Errors of the stores inside become IndexingError.
        """
        lock = lock_of(self._folder)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with lock.acquire(timeout=_PATIENCE_SECONDS):
                self.store = fresh(self._folder, self._made_of) if self._made_of else founded(self._folder)
                self._open_manifest()
                clear(self._folder, keep=self.store)
                try:
                    self._forget_orphans()
                    yield self
                finally:
                    if self._opening:
                        self._opening.end()
                    self._manifest.close()
        except filelock.Timeout as error:
            raise IndexingError(
                f"index {self._folder}: another run is writing to it; wait for that run to end, then start again"
            ) from error
        except self._errors as error:
            if self._made_of and not isinstance(error, OSError | sqlite3.OperationalError):
                discard(self.store)  # damaged: the next rebuild must not go on with it
            raise IndexingError(
                f"index {self._folder}: cannot be written ({_reason(error)}); see that the disk has space and the "
                "folder can be written, then run the command again: it goes on where it stopped"
            ) from error

    def _open_manifest(self) -> None:
        self._manifest = Manifest(self.store, create=True)
        if self._manifest.get("identity") is None:
            self._manifest.set("identity", identity(self._settings, self._encoder))
        check_identity(self._manifest, self._settings, self._encoder)

    @property
    def _staging(self) -> Staging:
        """The manifest with the stores beside it, opened when they are first needed: Chroma alone takes a second."""
        if self._opened is None:
            from chatbot.index.staging import Staging
            from chatbot.index.vectors import STORE_ERRORS

            self._errors = (sqlite3.Error, *STORE_ERRORS)
            opening = self._opening or self._new_opening()
            self._opened = Staging(self._settings, self._encoder, self._manifest, opening.stores())
        return self._opened

    def _new_opening(self) -> Opening:
        self._opening = Opening(self.store, self._encoder, self._manifest.get(_UNSETTLED) or {})
        return self._opening

    def _forget_orphans(self) -> None:
        """Removes what a killed run has written to the stores and not to the manifest."""
        orphans = self._manifest.orphans()
        if orphans:
            self._staging.stores.delete_passages(orphans)
        self._manifest.forget_intents()

    def plan(
        self, paths: Sequence[Path], kind: Kind | None = None, on_reading: OnReading = lambda count, total: None
    ) -> Plan:
        """What the files at ``paths`` would change; what was read of them is kept for the next run.

        Raises CorpusError where a path is missing or empty.
        """
        found = FoundFiles(paths, kind)
        kinds = None if self._opening else foreseen(found, self._manifest.ledger)
        if kinds is not None:
            self._new_opening().begin(kinds)
        return make_plan(found, _before(self._manifest, self._save), on_reading)

    def _save(self, record: FileRecord, before: FileRecord | None) -> None:
        with self._manifest.transaction():
            self._manifest.ledger.save(record, before)

    def apply(self, plan: Plan, progress: Progress = lambda documents, characters: None) -> Outcome:
        """Embeds what is new, then makes it visible in one step. Raises CorpusError where nothing would be left."""
        if not plan.entries and not any(self._manifest.latest()):
            raise CorpusError("no document could be read, so there is nothing to index; mend the files named above")
        generation = self._manifest.generation + 1
        for batch in _batches(wanted_documents(plan, self._manifest.current)):
            self._staging.write(batch, plan.twins, generation)
            progress(len(batch), sum(len(wanted.document.text) for wanted in batch))
        if self._opened:
            self._opened.stores.settle()
        swapped = self._swap(plan, generation)
        self._clean_up()
        if self._opened:
            self._manifest.set(_UNSETTLED, self._opened.stores.unsettled)
        remember(self._manifest, "" if plan.failed else fingerprint(self._settings, plan.stamps))
        texts, tokens = (self._opened.embedded_texts, self._opened.embedded_tokens) if self._opened else (0, 0)
        return Outcome(plan, self._manifest.generation, swapped, texts, tokens)

    @property
    def generation(self) -> int:
        """The generation in force in the stores written to."""
        return self._manifest.generation

    def note(self, key: str, value: object) -> None:
        """Stores something measured on the index beside it."""
        self._manifest.set(key, value)

    def noted(self, key: str) -> object:
        """What is stored under a key, or None."""
        return self._manifest.get(key)

    def adopt(self) -> int:
        """The generation in force; new stores are put in force first, as one more than that of the old ones."""
        if self._made_of:
            self._manifest.set("generation", max(next_generation(self._folder), self._manifest.generation))
            adopt(self._folder, self.store)
            clear(self._folder, keep=self.store)
        return self._manifest.generation

    def _swap(self, plan: Plan, generation: int) -> bool:
        """Makes the next generation the current one, if it differs. Up to here nothing of the run can be seen."""
        with self._manifest.transaction():
            self._manifest.remove(plan.removed, generation)
        swapped = self._manifest.is_staged(generation)
        words = write_words(self.store, self._manifest, generation, self._headings) if swapped else None
        with self._manifest.transaction():
            for document_id, source in plan.moved.items():
                self._manifest.move(document_id, source)
            self._manifest.ledger.forget(plan.vanished)
            if words:
                words.remember(self._manifest)
                self._manifest.set("generation", generation)
        return swapped

    def _headings(self, passages: Sequence[Passage]) -> Sequence[str]:
        return fit_headings(passages, self._settings.passages.heading_tokens, self._encoder.count_tokens)

    def _clean_up(self) -> None:
        """Deletes what is replaced, by this run or by one that was killed before it could."""
        clear_words(self.store, word_folder(self._manifest))
        if not self._manifest.has_ended():
            return
        passages = self._manifest.removable()
        if passages:
            self._staging.stores.delete_passages(passages)
        with self._manifest.transaction():
            self._manifest.purge()


def preview(
    settings: Settings,
    encoder: Encoder,
    paths: Sequence[Path],
    kind: Kind | None = None,
    on_reading: OnReading = lambda count, total: None,
) -> Plan:
    """What a run over ``paths`` would change; writes nothing. Raises as ``plan`` and ``open`` do."""
    store, found = home(settings.index), FoundFiles(paths, kind)
    if not (store / FILE_NAME).is_file():
        return make_plan(found, Before(), on_reading)
    try:
        with closing(Manifest(store)) as manifest:
            check_identity(manifest, settings, encoder)
            return make_plan(found, _before(manifest), on_reading)
    except (sqlite3.Error, ValueError) as error:
        raise IndexUnavailable(damaged(settings, _reason(error))) from error


def _before(manifest: Manifest, save: Save = lambda record, before: None) -> Before:
    return Before(dict(manifest.latest()), manifest.ledger.load(), save)


def _batches(wanted: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    """The documents in groups that are embedded and written together."""
    batch: list[Wanted] = []
    size = 0
    for one in wanted:
        batch.append(one)
        size += len(one.document.text)
        if size >= _CHARACTERS_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _reason(error: Exception) -> str:
    return str(error).strip() or type(error).__name__
