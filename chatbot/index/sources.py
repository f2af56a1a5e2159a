"""Has anything changed since the last complete run? Told from file names, sizes and times, in milliseconds."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from chatbot.errors import IndexUnavailable
from chatbot.index.found_files import FoundFiles
from chatbot.index.home import home
from chatbot.index.ledger import Stamp
from chatbot.index.manifest import FILE_NAME, Manifest
from chatbot.readers.formats import READER_VERSION
from chatbot.settings import Settings

_KEY = "sources"


def fingerprint(settings: Settings, stamps: Mapping[str, Stamp]) -> str:
    """A hash over source files and the settings that decide how they are indexed."""
    parts = [repr(settings.embedding.model), repr(settings.passages), str(READER_VERSION)]
    parts += (f"{path}|{stamp.size}|{stamp.modified}|{stamp.sidecar}" for path, stamp in stamps.items())
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def is_current(settings: Settings, paths: Sequence[Path]) -> bool:
    """Whether the index is the outcome of a complete run, without failures, over these very files.

    Raises CorpusError where a path is missing or empty.
    """
    try:
        store = home(settings.index)
        if not (store / FILE_NAME).is_file():
            return False
        manifest = Manifest(store)
        try:
            return manifest.generation > 0 and manifest.get(_KEY) == fingerprint(
                settings, FoundFiles(paths, None).stamps
            )
        finally:
            manifest.close()
    except (sqlite3.Error, ValueError, IndexUnavailable):
        return False  # a run finds out what is wrong with it, and says so


def remember(manifest: Manifest, sources: str) -> None:
    """Notes the fingerprint of what a complete run has read; an empty one forgets it."""
    manifest.set(_KEY, sources)
