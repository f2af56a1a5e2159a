"""What a person leaves, conversations and preferences, in one SQLite file of their own.

    DATA/people/<SHA-256 of the person's id>.sqlite     readable by its owner only

A file each, so that no query can meet another person's rows, nobody waits for another's write, and purging what one
deleted rewrites their file alone. Any number of threads and processes may use it: every use opens it anew, writers wait
for each other, and what was acknowledged is on the disk (WAL, ``synchronous = FULL``).

What is deleted leaves no byte: SQLite overwrites what it frees (``secure_delete``), the file is rewritten without it
(VACUUM: nothing is left to how rows were moved about, and the room is given back), and the log is cut to nothing. A row
says that this is to be done until it is, so that whoever opens the file after a killed process does it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from chatbot.errors import KeepingError

SCHEMA_VERSION = 1
_FOLDER = "people"
_WAITED_SECONDS = 30  # for another process's write: a purge of 200 MB takes about two
_SCHEMA = """
CREATE TABLE owner (person TEXT NOT NULL, purge INTEGER NOT NULL DEFAULT 0);
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


class PersonalFiles:
    """The files below one data folder, each made when its person first leaves something.

    Holds nothing open and nothing in memory. Every method raises KeepingError where a file cannot be used.
    """

    def __init__(self, folder: Path, waited_seconds: float = _WAITED_SECONDS) -> None:
        self._folder = folder / _FOLDER
        self._waited_seconds = waited_seconds

    def path(self, person: str) -> Path:
        """Where what the person leaves lies."""
        return self._folder / f"{hashlib.sha256(person.encode('utf-8', 'surrogatepass')).hexdigest()}.sqlite"

    @contextmanager
    def opened(self, person: str) -> Iterator[sqlite3.Connection]:
        """A connection to the person's file, for one use in one thread; reads of the block are each a snapshot."""
        path = self.path(person)
        try:
            if not path.exists():
                _make(path, person)
            with closing(_connect(path, self._waited_seconds)) as db:
                _check(db, path, person)
                yield db
        except (sqlite3.Error, OSError) as error:
            raise KeepingError(
                f"what you keep here cannot be read or written ({path}: {error}); see that the disk has room and that "
                "the folder belongs to whoever runs the server, or choose another with CHATBOT_DATA"
            ) from error

    @contextmanager
    def changing(self, person: str) -> Iterator[sqlite3.Connection]:
        """A transaction on the person's file: all of the block or nothing, on the disk when it is left."""
        with self.opened(person) as db, _transaction(db):
            yield db

    @contextmanager
    def removing(self, person: str) -> Iterator[sqlite3.Connection]:
        """A transaction that deletes: what it deleted is gone from the folder's files when the block is left."""
        with self.opened(person) as db:
            with _transaction(db):
                yield db
                db.execute("UPDATE owner SET purge = 1")
            _purge(db)


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _make(path: Path, person: str) -> None:
    """Makes the file whole under another name and links it: two that make it at once end with one whole file."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    new = path.with_suffix(f".{uuid4().hex}.new")
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))  # -wal and -shm get what it has
    try:
        with closing(_connect(new, _WAITED_SECONDS)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(_SCHEMA)
            db.execute("INSERT INTO owner (person) VALUES (?)", (person,))
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        with suppress(FileExistsError):
            path.hardlink_to(new)
    finally:
        new.unlink()


def _connect(path: Path, waited_seconds: float) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=waited_seconds, isolation_level=None)
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON")
    return db


def _check(db: sqlite3.Connection, path: Path, person: str) -> None:
    """Raises KeepingError where the file is a newer version's or another person's; ends a purge that was cut off."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version != SCHEMA_VERSION:
        raise KeepingError(
            f"{path} was written by another version of this software (its format is {version}, this version reads "
            f"{SCHEMA_VERSION}); run the version that wrote it, or choose another folder with CHATBOT_DATA"
        )
    owner, purge = db.execute("SELECT person, purge FROM owner").fetchone() or ("", 0)
    if owner != person:
        raise KeepingError(f"{path} holds what another person keeps; give the file back the name that it had")
    if purge:
        with suppress(sqlite3.OperationalError):  # no room, or in use for long: said by who deletes, due again later
            _purge(db)


def _purge(db: sqlite3.Connection) -> None:
    db.execute("VACUUM")
    in_use = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if not in_use:
        db.execute("UPDATE owner SET purge = 0")
