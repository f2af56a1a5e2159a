"""Which index it was: what built it, and a hash over everything it holds."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from chatbot.errors import IndexUnavailable
from chatbot.index.identity import damaged
from chatbot.index.manifest import FILE_NAME
from chatbot.index.reader import Index

_HASHES = """
SELECT id, hash FROM document WHERE added <= :generation AND (removed IS NULL OR removed > :generation) ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Two indexes with equal ``built`` and ``holds`` find the same. ``holds`` is SHA-256 over the ids and hashes of
    its ``documents``, by id; ``built`` what must be equal for stored vectors to be of use."""

    built: dict[str, Any]
    generation: int
    documents: int
    holds: str


def fingerprint_of(index: Index) -> Fingerprint:
    """The fingerprint of a snapshot. Reads a row per document: .05 s for 16,000. Raises IndexUnavailable."""
    digest, documents = hashlib.sha256(), 0
    try:
        with closing(sqlite3.connect(f"{(index.store / FILE_NAME).absolute().as_uri()}?mode=ro", uri=True)) as manifest:
            for row in manifest.execute(_HASHES, {"generation": index.generation}):
                digest.update(repr(row).encode("utf-8", "surrogatepass"))
                documents += 1
    except sqlite3.Error as error:
        raise IndexUnavailable(damaged(index.settings, str(error))) from error
    return Fingerprint(index.metadata("identity"), index.generation, documents, digest.hexdigest())
