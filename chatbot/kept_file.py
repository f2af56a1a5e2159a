"""A SQLite file of what people leave: made whole, durable, for many threads and processes, readable by its owner only.

Every use opens it anew, writers wait for each other, and what was acknowledged is on the disk (WAL, ``synchronous =
FULL``).

What is deleted leaves no byte: SQLite overwrites freed cells (``secure_delete``), but not the copies that stay in the
gaps of a page when its cells are moved; so the file is rewritten without them (VACUUM), and the log is cut to nothing.
A row says that this is to be done until it is, so that whoever opens the file after a killed process does it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from chatbot.errors import KeepingError

WAITED_SECONDS = 30.0  # for another process's write: a purge of 200 MB takes about two
_PURGE = "CREATE TABLE purge (due INTEGER NOT NULL); INSERT INTO purge VALUES (0);"


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file holds: its name in a message, the number of its format, and the statements that make its tables."""

    name: str
    version: int
    schema: str


class KeptFile:
    """One file, made when it is first used; holds nothing open and nothing in memory.

    Every method raises KeepingError where the file cannot be used, or is of another format.
    """

    def __init__(self, path: Path, layout: Layout, waited_seconds: float = WAITED_SECONDS) -> None:
        self.path = path
        self._layout = layout
        self._waited_seconds = waited_seconds

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """A connection for one use in one thread; ends a purge that was cut off."""
        try:
            if not self.path.exists():
                self._make()
            with closing(self._connect(self.path)) as db:
                self._check(db)
                yield db
        except (sqlite3.Error, OSError) as error:
            raise KeepingError(
                f"{self._layout.name} cannot be read or written ({self.path}: {error}); see that the disk has room and "
                "that the folder belongs to whoever runs the server, or choose another with CHATBOT_DATA"
            ) from error

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of the block or nothing, on the disk when it is left; no other write comes between."""
        with self.opened() as db, _transaction(db):
            yield db

    @contextmanager
    def removing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that deletes: what it deleted is gone from the folder's files when the block is left."""
        with self.opened() as db:
            with _transaction(db):
                yield db
                db.execute("UPDATE purge SET due = 1")
            _purge(db)

    def _make(self) -> None:
        """Makes the file whole under another name and links it: two that make it at once end with one whole file."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.parent.chmod(0o700)
        new = self.path.with_suffix(f".{uuid4().hex}.new")
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))  # -wal and -shm get what it has
        try:
            with closing(self._connect(new)) as db:
                db.execute("PRAGMA journal_mode = WAL")
                db.executescript(_PURGE + self._layout.schema)
                db.execute(f"PRAGMA user_version = {self._layout.version}")
            with suppress(FileExistsError):
                self.path.hardlink_to(new)
        finally:
            new.unlink()

    def _connect(self, path: Path) -> sqlite3.Connection:
        address = f"{path.absolute().as_uri()}?mode=rw"
        db = sqlite3.connect(address, uri=True, timeout=self._waited_seconds, isolation_level=None)
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA secure_delete = ON")
        return db

    def _check(self, db: sqlite3.Connection) -> None:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version != self._layout.version:
            raise KeepingError(
                f"{self.path} was written by another version of this software (its format is {version}, this version "
                f"reads {self._layout.version}); run the version that wrote it, or choose another folder with "
                "CHATBOT_DATA"
            )
        if db.execute("SELECT due FROM purge").fetchone()[0]:
            with suppress(sqlite3.OperationalError):  # no room, or in use for long: said by who deletes, due later
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


def _purge(db: sqlite3.Connection) -> None:
    db.execute("VACUUM")
    in_use = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if not in_use:
        db.execute("UPDATE purge SET due = 0")
