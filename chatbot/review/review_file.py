"""Drafts and decisions in one SQLite file: durable, for many threads and processes, readable by its owner only.

    DATA/reviews.sqlite

Events are only ever added: the file itself refuses to change or delete one. Every use opens the file anew, writers wait
for each other, and what was acknowledged is on the disk.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from chatbot.errors import KeepingError
from chatbot.people import Person
from chatbot.review.stages import Event, What

SCHEMA_VERSION = 1
FILE_NAME = "reviews.sqlite"
INDEX_RUN = Person("", "Index run")
"""Who an event is by that no person caused."""

_WAITED_SECONDS = 30  # for another process's write; the longest, an approval, takes a second or two
_SCHEMA = """
CREATE TABLE draft (
    id TEXT PRIMARY KEY, author TEXT NOT NULL, author_name TEXT NOT NULL, begun TEXT NOT NULL, updated TEXT NOT NULL,
    chosen TEXT NOT NULL, article TEXT NOT NULL DEFAULT '', record TEXT NOT NULL);
CREATE INDEX draft_author ON draft (author);
CREATE TABLE document (hash TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE needed (
    draft TEXT NOT NULL REFERENCES draft (id) ON DELETE CASCADE, hash TEXT NOT NULL REFERENCES document (hash),
    PRIMARY KEY (draft, hash)) WITHOUT ROWID;
CREATE TABLE event (
    number INTEGER PRIMARY KEY AUTOINCREMENT, item TEXT NOT NULL, at TEXT NOT NULL, person TEXT NOT NULL,
    name TEXT NOT NULL, what TEXT NOT NULL, note TEXT NOT NULL, hash TEXT NOT NULL, unsupported TEXT NOT NULL);
CREATE INDEX event_item ON event (item, number);
CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_remains BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
CREATE TABLE mark (
    item TEXT NOT NULL, hash TEXT NOT NULL, person TEXT NOT NULL, statement INTEGER NOT NULL,
    supported INTEGER NOT NULL, PRIMARY KEY (item, hash, person, statement)) WITHOUT ROWID;
"""


class ReviewFile:
    """The file below a data folder, made when somebody first leaves something to review.

    Every method raises KeepingError where it cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """A connection for one use in one thread."""
        try:
            if not self.path.exists():
                _make(self.path)
            with closing(_connect(self.path)) as db:
                _check(db, self.path)
                yield db
        except (sqlite3.Error, OSError) as error:
            raise KeepingError(
                f"drafts and reviews cannot be read or written ({self.path}: {error}); see that the disk has room and "
                "that the folder belongs to whoever runs the server, or choose another with CHATBOT_DATA"
            ) from error

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of the block or nothing; no other write comes between its reads and its writes."""
        with self.opened() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    def purge(self) -> None:
        """Leaves no byte of what was deleted: SQLite keeps copies in the gaps of its pages until it is rewritten."""
        with self.opened() as db:
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @property
    def is_there(self) -> bool:
        """Whether anybody has left anything."""
        return self.path.exists()


def add_event(db: sqlite3.Connection, item: str, person: Person, event: Event) -> None:
    """Appends an event; its time is now."""
    db.execute(
        "INSERT INTO event (item, at, person, name, what, note, hash, unsupported) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (item, now(), person.id, event.name, event.what, event.note, event.hash, json.dumps(event.unsupported)),
    )


def events_of(db: sqlite3.Connection, items: Sequence[str] | None = None) -> dict[str, tuple[Event, ...]]:
    """The events of each item that has any, oldest first; None: of all."""
    query = (
        "SELECT item, what, at, name, note, hash, unsupported FROM event"
        " WHERE ? OR item IN (SELECT value FROM json_each(?)) ORDER BY number"
    )
    found: dict[str, list[Event]] = {}
    for item, what, at, name, note, hash_, unsupported in db.execute(query, (items is None, json.dumps(items or []))):
        event = Event(What(what), time(at), name, note, hash_, tuple(json.loads(unsupported)))
        found.setdefault(item, []).append(event)
    return {item: tuple(events) for item, events in found.items()}


def now() -> str:
    """The moment, as it is kept."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def today() -> str:
    """The day, ISO 8601, in UTC."""
    return datetime.now(UTC).date().isoformat()


def time(written: str) -> datetime:
    """The moment that was kept."""
    return datetime.fromisoformat(written)


def _make(path: Path) -> None:
    """Makes the file whole under another name and links it: two that make it at once end with one whole file."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_suffix(f".{uuid4().hex}.new")
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))  # -wal and -shm get what it has
    try:
        with closing(_connect(new)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(_SCHEMA)
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        with suppress(FileExistsError):
            path.hardlink_to(new)
    finally:
        new.unlink()


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_WAITED_SECONDS, isolation_level=None)
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON")
    return db


def _check(db: sqlite3.Connection, path: Path) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version != SCHEMA_VERSION:
        raise KeepingError(
            f"{path} was written by another version of this software (its format is {version}, this version reads "
            f"{SCHEMA_VERSION}); run the version that wrote it, or choose another folder with CHATBOT_DATA"
        )
