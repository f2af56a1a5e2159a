"""Has anything changed since the last complete run? Told from file names, sizes and times, in milliseconds."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from chatbot.index.manifest import FILE_NAME, Manifest
from chatbot.readers import find_sources
from chatbot.settings import Settings

_KEY = "sources"


def fingerprint(settings: Settings, paths: Sequence[Path]) -> str:
    """A hash over the paths' source files and the settings that decide how they are indexed.

    Raises CorpusError where a path is missing or empty.
    """
    parts = [repr(settings.embedding.model), repr(settings.passages)]
    for path in paths:
        for source in find_sources(path):
            stat = source.stat()
            parts.append(f"{source.absolute()}|{stat.st_size}|{stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def is_current(settings: Settings, paths: Sequence[Path]) -> bool:
    """Whether the index is the outcome of a complete run, without failures, over these very files."""
    if not (settings.index / FILE_NAME).is_file():
        return False
    try:
        manifest = Manifest(settings.index)
        try:
            return manifest.generation > 0 and manifest.get(_KEY) == fingerprint(settings, paths)
        finally:
            manifest.close()
    except (sqlite3.Error, ValueError):
        return False  # a run finds out what is wrong with it, and says so


def remember(manifest: Manifest, sources: str) -> None:
    """Notes the fingerprint of what a complete run has read; an empty one forgets it."""
    manifest.set(_KEY, sources)
