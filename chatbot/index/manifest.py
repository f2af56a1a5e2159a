"""The manifest: what is indexed, by which settings, as of which generation. One SQLite file.

Each document row is valid for a range of generations (``added`` up to, but not including, ``removed``). A run writes
rows of the next generation; readers look at the current one, so they see nothing of a run until its last transaction
raises ``generation``, and a run that is killed has only left rows that the next run completes.

Sentence vectors lie beside their passage as float16: row 0 is the passage, the others its sentences in order.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chatbot.domain import Document, Kind, Passage, Reference
from chatbot.index.abbreviations import SCHEMA as ABBREVIATION_SCHEMA
from chatbot.index.abbreviations import AbbreviationRows
from chatbot.index.ledger import SCHEMA as LEDGER_SCHEMA
from chatbot.index.ledger import LedgerRows
from chatbot.index.rows import (
    SCHEMA,
    Origin,
    Subject,
    Vectors,
    pack_document,
    pack_passage,
    pack_subject,
    unpack_document,
    unpack_passage,
    unpack_reference,
    unpack_subject,
    unpack_vectors,
)
from chatbot.index.word_folders import TextRows

SCHEMA_VERSION = 4
FILE_NAME = "manifest.sqlite"

_VISIBLE = "d.added <= :generation AND (d.removed IS NULL OR d.removed > :generation)"
# CROSS JOIN has SQLite start from the passages asked for; else it walks through every document of their kind.
_OF_PASSAGES = "passage p CROSS JOIN document d ON d.number = p.document"
_VERSION = "d.id || ':' || substr(d.hash, 1, 16)"
_PARAMETERS_AT_ONCE = 500


class Manifest:
    """One connection. Raises sqlite3.Error, which the callers turn into sentences."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        path = folder / FILE_NAME
        mode = "rwc" if create else "rw"
        uri = f"{path.absolute().as_uri()}?mode={mode}"
        self._db = sqlite3.connect(uri, uri=True, timeout=30, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA synchronous = NORMAL")
        if create:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.executescript(SCHEMA + ABBREVIATION_SCHEMA + LEDGER_SCHEMA)
        self.abbreviations = AbbreviationRows(self._db)
        self.ledger = LedgerRows(self._db)
        self.texts = TextRows(self._db)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # --- what built it ------------------------------------------------------------------------------------------

    def get(self, key: str) -> Any:
        """The value stored under a key, or None."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else None

    def set(self, key: str, value: Any) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value)))

    @property
    def generation(self) -> int:
        """The current generation; 0 before the first run is complete."""
        return int(self.get("generation") or 0)

    # --- writing --------------------------------------------------------------------------------------------------

    def latest(self) -> Iterator[tuple[str, Origin]]:
        """Id and origin of every document not removed, those of an unfinished run included."""
        query = "SELECT id, source, origin, told FROM document WHERE removed IS NULL ORDER BY id"
        yield from ((document_id, Origin(*origin)) for document_id, *origin in self._db.execute(query))

    def move(self, document_id: str, source: str) -> None:
        """Notes where an unchanged document now comes from."""
        self._db.execute("UPDATE document SET source = ? WHERE id = ? AND removed IS NULL", (source, document_id))

    def add(self, document: Document, origin: Origin, generation: int) -> int:
        """The number under which the document is kept."""
        row = (document.id, document.kind.value, document.hash, generation, pack_subject(document.reference))
        cursor = self._db.execute(
            "INSERT INTO document (id, kind, hash, added, subject, source, origin, told, reference, text, sections,"
            " pages) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, origin.source, origin.hash, origin.told, *pack_document(document)),
        )
        number = int(cursor.lastrowid or 0)
        self.abbreviations.add(number, document)
        return number

    def add_passage(self, document: int, passage: Passage, vectors: Vectors) -> None:
        """``vectors`` has the passage's vector in row 0, then one row per sentence."""
        row = pack_passage(passage, vectors)
        self._db.execute("INSERT INTO passage VALUES (?, ?, ?, ?, ?)", (passage.id, document, *row))

    def remove(self, document_ids: Iterable[str], generation: int) -> None:
        """Ends the latest version of each document with ``generation``."""
        self._db.executemany(
            "UPDATE document SET removed = ? WHERE id = ? AND removed IS NULL",
            ((generation, document_id) for document_id in document_ids),
        )

    def intend(self, passages: Iterable[tuple[str, Kind]]) -> None:
        """Notes passages about to be written to the other stores, so that a killed run can be cleaned up."""
        self._db.executemany("INSERT INTO intent VALUES (?, ?)", ((i, kind.value) for i, kind in passages))

    def forget_intents(self) -> None:
        self._db.execute("DELETE FROM intent")

    def orphans(self) -> list[tuple[str, Kind]]:
        """Intended passages that no document holds."""
        rows = self._db.execute(
            "SELECT DISTINCT passage, kind FROM intent WHERE passage NOT IN (SELECT id FROM passage)"
        )
        return [(i, Kind(kind)) for i, kind in rows]

    def is_staged(self, generation: int) -> bool:
        """Whether any row was written, or ended, for that generation."""
        row = self._db.execute("SELECT 1 FROM document WHERE added = :g OR removed = :g LIMIT 1", {"g": generation})
        return row.fetchone() is not None

    def has_ended(self) -> bool:
        """Whether there are rows of documents ended by now."""
        row = self._db.execute("SELECT 1 FROM document WHERE removed <= ? LIMIT 1", (self.generation,))
        return row.fetchone() is not None

    def removable(self) -> list[tuple[str, Kind]]:
        """Passages that only documents ended by now hold."""
        rows = self._db.execute(
            # CROSS JOIN: from the few documents to their passages; else every passage there is would be looked at.
            "SELECT DISTINCT p.id, d.kind FROM document d CROSS JOIN passage p ON p.document = d.number"
            " WHERE d.removed <= :g AND NOT EXISTS (SELECT 1 FROM passage q JOIN document e"
            " ON e.number = q.document WHERE q.id = p.id AND (e.removed IS NULL OR e.removed > :g))",
            {"g": self.generation},
        )
        return [(i, Kind(kind)) for i, kind in rows]

    def purge(self) -> None:
        """Deletes the rows of documents ended by now."""
        ended = "SELECT number FROM document WHERE removed <= ?"
        for table in ("passage", "abbreviation"):
            self._db.execute(f"DELETE FROM {table} WHERE document IN ({ended})", (self.generation,))
        self._db.execute("DELETE FROM document WHERE removed <= ?", (self.generation,))

    # --- reading --------------------------------------------------------------------------------------------------

    def references(self, generation: int, kind: Kind | None = None) -> list[Reference]:
        """The reference of every document, or of every one of a kind, by id."""
        rows = self._db.execute(
            f"SELECT d.reference FROM document d WHERE {_VISIBLE} AND (:kind IS NULL OR d.kind = :kind) ORDER BY d.id",
            {"generation": generation, "kind": kind and kind.value},
        )
        return [unpack_reference(row[0]) for row in rows]

    def subjects(self, generation: int) -> list[Subject]:
        """What documents are about, each once a kind, in the order in which they were first written of."""
        rows = self._db.execute(
            f"SELECT d.kind, d.subject, count(*) FROM document d WHERE {_VISIBLE} GROUP BY d.kind, d.subject"
            " ORDER BY min(d.number)",
            {"generation": generation},
        )
        return [unpack_subject(*row) for row in rows]

    def document(self, document_id: str, generation: int) -> Document | None:
        """The document as of a generation, or None."""
        row = self._db.execute(
            f"SELECT d.reference, d.text, d.sections, d.pages FROM document d WHERE d.id = :id AND {_VISIBLE}",
            {"id": document_id, "generation": generation},
        ).fetchone()
        return unpack_document(*row) if row else None

    def current(self, document_id: str) -> Document | None:
        """The newest version of a document, whether or not its run is complete, or None."""
        row = self._db.execute(
            "SELECT reference, text, sections, pages FROM document WHERE id = ? AND removed IS NULL", (document_id,)
        ).fetchone()
        return unpack_document(*row) if row else None

    def passages_of(self, document: Document) -> list[tuple[Passage, Vectors]]:
        """The passages of the newest version of a document with their vectors, in reading order."""
        rows = self._db.execute(
            "SELECT p.section, p.sentences, p.vectors FROM passage p JOIN document d ON d.number = p.document"
            " WHERE d.id = ? AND d.hash = ? AND d.removed IS NULL ORDER BY p.rowid",
            (document.id, document.hash),
        )
        return [
            (unpack_passage(document, section, spans), unpack_vectors(blob, spans)) for section, spans, blob in rows
        ]

    def vectors(self, passage_ids: Sequence[str], kind: Kind, generation: int) -> dict[str, tuple[str, Vectors]]:
        """Passage id → (version of its document, vectors) of those that are visible and of the kind."""
        query = (
            f"SELECT p.id, {_VERSION}, p.sentences, p.vectors FROM {_OF_PASSAGES}"
            f" WHERE {_VISIBLE} AND d.kind = '{kind.value}' AND p.id IN "
        )
        rows = self._select_in(query, passage_ids, generation)
        return {passage: (version, unpack_vectors(blob, spans)) for passage, version, spans, blob in rows}

    def passages(self, passage_ids: Sequence[str], generation: int) -> dict[str, Passage]:
        """Passage id → passage of those that are visible; passages of one document share it."""
        query = f"SELECT p.id, d.number, p.section, p.sentences FROM {_OF_PASSAGES} WHERE {_VISIBLE} AND p.id IN "
        rows = list(self._select_in(query, passage_ids, generation))
        numbers = list({row[1] for row in rows})
        texts = "SELECT d.number, d.reference, d.text, d.sections, d.pages FROM document d"
        documents = {
            number: unpack_document(*row)
            for number, *row in self._select_in(f"{texts} WHERE {_VISIBLE} AND d.number IN ", numbers, generation)
        }
        return {
            passage: unpack_passage(documents[number], section, spans)
            for passage, number, section, spans in rows
            if number in documents  # else removed between the two queries
        }

    def passage_ids(self, generation: int) -> list[str]:
        """Every visible passage id, by document in the order of writing, then by id."""
        rows = self._db.execute(
            "SELECT p.id FROM document d JOIN passage p ON p.document = d.number"
            f" WHERE {_VISIBLE} ORDER BY d.number, p.id",
            {"generation": generation},
        )
        return [row[0] for row in rows]

    def counts(self, generation: int, after: int = 0) -> dict[Kind, int]:
        """Visible documents of each kind that has any; only those written after a generation."""
        rows = self._db.execute(
            f"SELECT d.kind, count(*) FROM document d WHERE {_VISIBLE} AND d.added > :after GROUP BY d.kind",
            {"generation": generation, "after": after},
        )
        return {Kind(kind): int(count) for kind, count in rows}

    def _select_in(self, query: str, ids: Sequence[str | int], generation: int) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(ids), _PARAMETERS_AT_ONCE):
            some = ids[start : start + _PARAMETERS_AT_ONCE]
            names = {f"p{number}": value for number, value in enumerate(some)}
            marks = ", ".join(f":{name}" for name in names)
            yield from self._db.execute(f"{query} ({marks})", {"generation": generation, **names}).fetchall()
