"""What a person leaves, conversations and preferences, in one SQLite file of their own.

    DATA/people/<SHA-256 of the person's id>.sqlite     readable by its owner only

A file each, so that no query can meet another person's rows, nobody waits for another's write, and purging what one
deleted rewrites their file alone.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatbot.errors import KeepingError
from chatbot.kept_file import WAITED_SECONDS, KeptFile, Layout

SCHEMA_VERSION = 1
_FOLDER = "people"
_SCHEMA = """
CREATE TABLE owner (person TEXT NOT NULL);
CREATE TABLE conversation (
    id TEXT PRIMARY KEY, subject TEXT NOT NULL, title TEXT NOT NULL, begun TEXT NOT NULL, changed TEXT NOT NULL);
CREATE TABLE turn (
    conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    asked TEXT NOT NULL,
    said TEXT NOT NULL,
    record TEXT NOT NULL,
    related TEXT NOT NULL,
    liked INTEGER,
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (conversation, number));
CREATE TABLE document (hash TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE needed (
    conversation TEXT NOT NULL,
    number INTEGER NOT NULL,
    hash TEXT NOT NULL REFERENCES document (hash),
    PRIMARY KEY (conversation, number, hash),
    FOREIGN KEY (conversation, number) REFERENCES turn (conversation, number) ON DELETE CASCADE) WITHOUT ROWID;
CREATE INDEX needed_by ON needed (hash);
CREATE TABLE preference (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE article_read (article TEXT PRIMARY KEY, at TEXT NOT NULL);
"""
_LAYOUT = Layout("what you keep here", SCHEMA_VERSION, _SCHEMA)


class PersonalFiles:
    """The files below one data folder, each made when its person first leaves something.

    Holds nothing open and nothing in memory. Every method raises KeepingError where a file cannot be used.
    """

    def __init__(self, folder: Path, waited_seconds: float = WAITED_SECONDS) -> None:
        self._folder = folder / _FOLDER
        self._waited_seconds = waited_seconds

    def path(self, person: str) -> Path:
        """Where what the person leaves lies."""
        return self._folder / f"{hashlib.sha256(person.encode('utf-8', 'surrogatepass')).hexdigest()}.sqlite"

    @contextmanager
    def opened(self, person: str) -> Iterator[sqlite3.Connection]:
        """A connection to the person's file, for one use in one thread."""
        file = self._file(person)
        with file.opened() as db:
            _claim(db, file.path, person)
            yield db

    @contextmanager
    def changing(self, person: str) -> Iterator[sqlite3.Connection]:
        """A transaction on the person's file: all of the block or nothing, on the disk when it is left."""
        file = self._file(person)
        with file.changing() as db:
            _claim(db, file.path, person)
            yield db

    @contextmanager
    def removing(self, person: str) -> Iterator[sqlite3.Connection]:
        """A transaction that deletes: what it deleted is gone from the folder's files when the block is left."""
        file = self._file(person)
        with file.removing() as db:
            _claim(db, file.path, person)
            yield db

    def _file(self, person: str) -> KeptFile:
        return KeptFile(self.path(person), _LAYOUT, self._waited_seconds)


def _claim(db: sqlite3.Connection, path: Path, person: str) -> None:
    """Writes whose file it is into a new one. Raises KeepingError where it is another person's."""
    owners = [owner for (owner,) in db.execute("SELECT person FROM owner")]
    if not owners:
        db.execute("INSERT INTO owner (person) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM owner)", (person,))
    elif owners != [person]:
        raise KeepingError(f"{path} holds what another person keeps; give the file back the name that it had")
