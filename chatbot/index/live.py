"""The newest snapshot of an index, while somebody else is indexing or building it anew."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

from chatbot.embedding import Encoder
from chatbot.errors import IndexUnavailable
from chatbot.index.home import home
from chatbot.index.manifest import FILE_NAME, Manifest
from chatbot.index.reader import Index
from chatbot.settings import Settings


class LiveIndex:
    """The newest complete generation at the moment of asking; an older snapshot stays usable for who holds it."""

    def __init__(self, settings: Settings, encoder: Encoder) -> None:
        self._settings = settings
        self._encoder = encoder
        self._lock = threading.Lock()
        self._stamp: tuple[str, int, int] | None = None
        self._index: Index | None = None

    def current(self) -> Index:
        """The newest snapshot; opens it where other stores or another generation are in force than last time.

        Costs one small file and one small query. Raises as ``Index`` does; where the index has become unreadable, it
        raises too: an old snapshot of a folder that is gone must not go on answering.
        """
        stamp = self._read_stamp()
        with self._lock:
            if self._index is None or stamp != self._stamp:
                self._index = Index(self._settings, self._encoder)
                self._stamp = stamp
            return self._index

    def _read_stamp(self) -> tuple[str, int, int] | None:
        try:
            store = home(self._settings.index)
            inode = (store / FILE_NAME).stat().st_ino
            with closing(Manifest(store)) as manifest:
                return store.name, inode, manifest.generation
        except (OSError, sqlite3.Error, ValueError, IndexUnavailable):
            return None  # Index says what is wrong
