"""What every source file gave when it was last read, beside the documents in the manifest.

A file that has not changed since is not read again: its entries, and what was wrong with it, are taken from here. The
ledger decides nothing: what is indexed is compared with the entries in every run, wherever they come from, so a run
that is killed at any moment loses no more than the time it spent on reading.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from chatbot.domain import Jurisdiction, Kind, Notice, Standing
from chatbot.errors import SourceError

SCHEMA = """
CREATE TABLE IF NOT EXISTS file (
    path TEXT PRIMARY KEY, root TEXT NOT NULL, kind TEXT NOT NULL, reader INTEGER NOT NULL, size INTEGER NOT NULL,
    modified INTEGER NOT NULL, sidecar TEXT NOT NULL, newest INTEGER NOT NULL, digest TEXT NOT NULL,
    settled INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS entry (
    file TEXT NOT NULL, line INTEGER NOT NULL, piece BLOB NOT NULL, stale INTEGER NOT NULL,
    id TEXT NOT NULL, hash TEXT NOT NULL, kind TEXT NOT NULL, characters INTEGER NOT NULL,
    signature BLOB NOT NULL, facts TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS entry_file ON entry (file, line);
CREATE TABLE IF NOT EXISTS failure (
    file TEXT NOT NULL, line INTEGER, piece BLOB NOT NULL, member TEXT NOT NULL, problem TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS failure_file ON failure (file);
"""
_FORGET = ("DELETE FROM file WHERE path = ?", "DELETE FROM entry WHERE file = ?", "DELETE FROM failure WHERE file = ?")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document beside its text; empty where it says nothing of it.

    ``day`` is when it was last changed, ``cites`` the ids that an article cites, ``known_as`` how others cite it.
    ``note``: it is somebody's account of the work that it names, not the work.
    """

    title: str = ""
    pmid: str = ""
    set_id: str = ""
    doi: str = ""
    pmcid: str = ""
    day: str = ""
    version: str = ""
    known_as: str = ""
    maker: str = ""
    note: bool = False
    drugs: tuple[str, ...] = ()
    jurisdiction: Jurisdiction | None = None
    cites: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    issued: tuple[Notice, ...] = ()


_FACTS = [field.name for field in fields(Facts)]


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as it lies in a file.

    ``line`` and ``piece`` (a digest) are those of its line in a file of lines, else 0 and b"". ``stale``: the file gave
    it once and could not be read as a whole since. ``signature`` is what labels are compared by (``alike``).
    """

    file: str
    line: int
    piece: bytes
    stale: bool
    id: str
    hash: str
    kind: Kind
    characters: int
    signature: bytes
    facts: Facts


@dataclass(frozen=True, slots=True)
class Failure:
    """What was wrong with a file, a member of an archive, or one line."""

    line: int | None
    piece: bytes
    member: str
    problem: str

    def error(self, path: str) -> SourceError:
        return SourceError(Path(path), self.problem, self.line, self.member)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What decides whether a file has to be read again: how it is read, and size and time of it and its sidecar.

    ``modified`` and ``newest``, the later of both times, are in nanoseconds.
    """

    root: str
    kind: str
    reader: int
    size: int
    modified: int
    sidecar: str
    newest: int

    @property
    def manner(self) -> tuple[str, str, int]:
        """How it is read: in another manner the same bytes may give other documents."""
        return self.root, self.kind, self.reader


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was read. ``settled``: it was old enough then for its time to have changed with any later change."""

    path: str
    stamp: Stamp
    digest: str
    settled: bool
    entries: tuple[Entry, ...] = ()
    failures: tuple[Failure, ...] = ()


class LedgerRows:
    """The tables, on the manifest's connection; the caller commits. Raises sqlite3.Error."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def load(self) -> dict[str, FileRecord]:
        """Every file, by its path."""
        entries: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self._entries():
            entries[entry.file].append(entry)
        failures: defaultdict[str, list[Failure]] = defaultdict(list)
        for file, failure in self.failures():
            failures[file].append(failure)
        return {
            path: replace(head, entries=tuple(entries[path]), failures=tuple(failures[path]))
            for path, head in self.heads().items()
        }

    def heads(self) -> dict[str, FileRecord]:
        """Every file, by its path, without what it gave."""
        query = (
            "SELECT path, digest, settled, root, kind, reader, size, modified, sidecar, newest FROM file ORDER BY path"
        )
        return {
            path: FileRecord(path, Stamp(*stamp), digest, bool(settled))
            for path, digest, settled, *stamp in self._db.execute(query)
        }

    def kinds(self, path: str) -> list[Kind]:
        """The kind of the first entry of a file: few files hold several. Empty where it gave nothing."""
        rows = self._db.execute("SELECT kind FROM entry WHERE file = ? ORDER BY line LIMIT 1", (path,))
        return [Kind(row[0]) for row in rows]

    def failures(self) -> list[tuple[str, Failure]]:
        """What was wrong with files when they were last read, by their paths."""
        return [(file, Failure(*row)) for file, *row in self._db.execute("SELECT * FROM failure ORDER BY file, rowid")]

    def save(self, record: FileRecord, before: FileRecord | None) -> None:
        """Writes what a file gave, in place of what it gave ``before``: of many lines only those that are not the same.

        Entries of ``before`` that the record holds still must be the same objects.
        """
        held = {id(entry) for entry in before.entries} if before else set()
        same = held.intersection(id(entry) for entry in record.entries)
        gone = [(record.path, e.line, e.id) for e in before.entries if id(e) not in same] if before else []
        self._db.executemany("DELETE FROM entry WHERE file = ? AND line = ? AND id = ?", gone)
        self._db.execute("DELETE FROM failure WHERE file = ?", (record.path,))
        self._db.execute(
            "INSERT OR REPLACE INTO file (path, digest, settled, root, kind, reader, size, modified, sidecar, newest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (record.path, record.digest, record.settled, *_values(record.stamp)),
        )
        self._db.executemany(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_entry_row(entry) for entry in record.entries if id(entry) not in same),
        )
        self._db.executemany(
            "INSERT INTO failure VALUES (?, ?, ?, ?, ?)", ((record.path, *_values(f)) for f in record.failures)
        )

    def forget(self, paths: Sequence[str]) -> None:
        """Removes files with all that they gave."""
        for statement in _FORGET:
            self._db.executemany(statement, ((path,) for path in paths))

    def _entries(self) -> Iterator[Entry]:
        for file, line, piece, stale, id_, digest, kind, characters, signature, facts in self._db.execute(
            "SELECT * FROM entry ORDER BY file, line, rowid"
        ):
            yield Entry(
                file, line, piece, bool(stale), id_, digest, Kind(kind), characters, signature, _unpack_facts(facts)
            )


def _values(record: Any) -> list[Any]:
    return [getattr(record, field.name) for field in fields(record)]


def _entry_row(entry: Entry) -> tuple[Any, ...]:
    place = (entry.file, entry.line, entry.piece, entry.stale)
    return *place, entry.id, entry.hash, entry.kind, entry.characters, entry.signature, _pack_facts(entry.facts)


def _pack_facts(facts: Facts) -> str:
    """What it says; a notice is [standing, citation, PMID]."""
    said = {name: value for name in _FACTS if (value := getattr(facts, name))}
    for key in said.keys() & {"notices", "issued"}:
        said[key] = [[notice.standing, notice.citation, notice.pmid] for notice in said[key]]
    return json.dumps(said)


def _unpack_facts(content: str) -> Facts:
    said: dict[str, Any] = json.loads(content)
    for key in ("notices", "issued"):
        if key in said:
            said[key] = tuple(Notice(Standing(standing), *rest) for standing, *rest in said[key])
    for key in ("drugs", "cites"):
        if key in said:
            said[key] = tuple(said[key])
    if "jurisdiction" in said:
        said["jurisdiction"] = Jurisdiction(said["jurisdiction"])
    return Facts(**said)
