"""Drafts and decisions in one SQLite file: durable, for many threads and processes, readable by its owner only.

    DATA/reviews.sqlite

Events are only ever added: the file itself refuses to change or delete one.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from chatbot.kept_file import KeptFile, Layout
from chatbot.people import Person
from chatbot.review.stages import Event, What

SCHEMA_VERSION = 1
FILE_NAME = "reviews.sqlite"
INDEX_RUN = Person("", "Index run")
"""Who an event is by that no person caused."""

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


_LAYOUT = Layout("drafts and reviews", SCHEMA_VERSION, _SCHEMA)


class ReviewFile(KeptFile):
    """The file below a data folder, made when somebody first leaves something to review."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / FILE_NAME, _LAYOUT)

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
