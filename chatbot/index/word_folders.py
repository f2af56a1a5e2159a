"""The words of a generation: of its passages, of its documents, and the parts of them, in a folder of its own.

They are written from the manifest right before the generation comes into force, and the transaction that does so names
their folder. So a reader's statistics are of its own generation, whatever a run has written since or left when it was
killed. What has not changed is not written again: Tantivy never changes a file, so the folder before is linked.

Tantivy counts a deleted text in the frequencies of its words until it merges, and cannot be told to. So the words are
written anew once ``_MOST_GONE`` of the texts are deleted ones: then they rank as a fresh index does.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.domain import Document, Kind, Passage
from chatbot.index.lexical import DOCUMENT_PARTS, DOCUMENT_WORDS, PASSAGE_WORDS, LexicalStore
from chatbot.index.rows import unpack_document, unpack_passage
from chatbot.passages import embedding_text, topic_words

if TYPE_CHECKING:
    from chatbot.index.manifest import Manifest

# The logarithm of a frequency that is too high by 2 % is too high by .02, of 3 to 9. Writing anew costs about .2 ms a
# passage (20,295 of them: 4.5 s), so 11 ms for each that was deleted, a fifth of what embedding its successor costs.
_MOST_GONE = 0.02
_DOCUMENTS_AT_ONCE = 200  # whose headings are counted together
_KEY = "words"

Headings = Callable[[Sequence[Passage]], Sequence[str]]
"""The heading lines under which passages are embedded and searched."""


@dataclass(frozen=True)
class WordFolder:
    """Where the words of a generation lie below its store; ``gone`` are texts that were deleted in it."""

    folder: str
    gone: int = 0

    def remember(self, manifest: Manifest) -> None:
        """Notes it in the manifest, in the transaction that puts the generation in force."""
        manifest.set(_KEY, asdict(self))


def word_folder(manifest: Manifest) -> WordFolder:
    """The one in force; before there is any, one without a name."""
    held = manifest.get(_KEY)
    return WordFolder(**held) if held else WordFolder("")


def write_words(store: Path, manifest: Manifest, generation: int, headings: Headings) -> WordFolder:
    """Writes those of a generation whose rows are complete and that is the next one; nobody reads them yet.

    What a killed run wrote for the same generation is written anew. Raises OSError and ValueError.
    """
    before = word_folder(manifest)
    ended = list(manifest.texts.ended(generation))
    gone = before.gone + sum(len(passages) for _, _, passages in ended)
    written = WordFolder(f"words-{generation}", gone)
    shutil.rmtree(store / written.folder, ignore_errors=True)
    is_there = bool(before.folder) and (store / before.folder).is_dir()
    if not is_there or gone > _MOST_GONE * manifest.texts.count(generation):
        written, ended, after = WordFolder(written.folder), [], 0
    else:
        after = generation - 1
        ignored = shutil.ignore_patterns("*.lock")
        shutil.copytree(store / before.folder, store / written.folder, copy_function=_link, ignore=ignored)
    with _opened(store / written.folder) as (passages, whole, parts):
        passages.delete((passage, kind) for _, kind, held in ended for passage in held)
        for stored in (whole, parts):
            stored.delete((version, kind) for version, kind, _ in ended)
        documents = manifest.texts.written(generation, after)
        while batch := list(islice(documents, _DOCUMENTS_AT_ONCE)):
            _write(batch, headings, passages, (whole, parts))
        for stored in (passages, whole, parts):
            stored.commit()
    return written


def clear_words(store: Path, kept: WordFolder) -> None:
    """Removes the words of other generations. Readers have them open; what cannot be removed now is by a later run."""
    for folder in store.glob("words-*"):
        if folder.name != kept.folder:
            shutil.rmtree(folder, ignore_errors=True)


def _write(
    batch: Sequence[tuple[Document, list[Passage]]],
    headings: Headings,
    passages: LexicalStore,
    documents: Sequence[LexicalStore],
) -> None:
    cut = [passage for _, held in batch for passage in held]
    passages.add(
        (passage.id, passage.document.kind, embedding_text(passage, line), topic_words(passage.document.reference))
        for passage, line in zip(cut, headings(cut), strict=True)
    )
    for stored in documents:
        stored.add((d.version, d.kind, f"{d.reference.title}\n{d.text}", topic_words(d.reference)) for d, _ in batch)


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[LexicalStore, LexicalStore, LexicalStore]]:
    stores = (
        LexicalStore(folder / PASSAGE_WORDS, create=True),
        LexicalStore(folder / DOCUMENT_WORDS, create=True),
        LexicalStore(folder / DOCUMENT_PARTS, create=True, parts=True),
    )
    try:
        yield stores
    finally:
        for store in stores:
            store.close()


def _link(source: str, target: str) -> None:
    """A second name for a file, where the file system has such; else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


class TextRows:
    """The manifest's documents and passages without their vectors, to write the words from."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def count(self, generation: int) -> int:
        """Passages of a generation, those at several places of a document once each."""
        query = (
            "SELECT count(*) FROM passage p JOIN document d ON d.number = p.document"
            " WHERE d.added <= :g AND (d.removed IS NULL OR d.removed > :g)"
        )
        return int(self._db.execute(query, {"g": generation}).fetchone()[0])

    def written(self, generation: int, after: int) -> Iterator[tuple[Document, list[Passage]]]:
        """The documents of a generation that were written after another one, each with its passages in order."""
        rows = self._db.execute(
            "SELECT number, reference, text, sections, pages FROM document WHERE added <= :g AND added > :after"
            " AND (removed IS NULL OR removed > :g) ORDER BY number",
            {"g": generation, "after": after},
        )
        for number, *row in rows:
            document = unpack_document(*row)
            spans = self._db.execute(
                "SELECT section, sentences FROM passage WHERE document = ? ORDER BY rowid", (number,)
            )
            yield document, [unpack_passage(document, section, cut) for section, cut in spans]

    def ended(self, generation: int) -> Iterator[tuple[str, Kind, list[str]]]:
        """Version, kind and passage ids of each document that the generation before has and this one has not."""
        rows = self._db.execute(
            "SELECT number, id || ':' || substr(hash, 1, 16), kind FROM document WHERE removed = :g AND added < :g",
            {"g": generation},
        )
        for number, version, kind in rows:
            held = self._db.execute("SELECT id FROM passage WHERE document = ?", (number,))
            yield version, Kind(kind), [row[0] for row in held]
