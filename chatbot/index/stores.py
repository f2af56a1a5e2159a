"""The vectors that are searched, beside the manifest that says what of them counts.

Opened for the first thing that is written: a run that changes nothing does not wait for Chroma.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from chatbot.domain import Kind, Passage
from chatbot.index.home import VECTORS
from chatbot.index.rows import Vectors
from chatbot.index.vectors import VectorStore

_MANY = 100  # passages from which on it pays to settle: putting fewer into the graph again takes .2 s


class Stores:
    """The stores below one folder, made where there are none. Raises ``vectors.STORE_ERRORS``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / VECTORS
        self._vectors = VectorStore(self._folder)
        self._written: dict[Kind, int] = {}  # passages since the last ``settle``
        self._last: dict[Kind, tuple[str, str, Vectors]] = {}

    def write_passages(self, passages: Sequence[Passage], vectors: Sequence[Vectors]) -> None:
        """Writes passages, each with its vector in row 0."""
        for kind in Kind:
            rows = {passage.id: row for row, passage in enumerate(passages) if passage.document.kind is kind}
            if rows:
                first = np.array([vectors[row][0] for row in rows.values()], dtype=np.float32)
                documents = [passages[row].document.id for row in rows.values()]
                self._vectors.upsert(kind, list(rows), documents, first)
                self._written[kind] = self._written.get(kind, 0) + len(rows)
                self._last[kind] = (list(rows)[-1], documents[-1], first[-1])

    def delete_passages(self, passages: Sequence[tuple[str, Kind]]) -> None:
        """Forgets passages, each by its id and kind."""
        for kind in Kind:
            ids = [passage for passage, its_kind in passages if its_kind is kind]
            if ids:
                self._vectors.delete(kind, ids)

    def settle(self) -> None:
        """Has what was written in bulk opened fast from now on. To be called before anything of it is deleted."""
        many = [kind for kind, written in self._written.items() if written >= _MANY]
        if many:
            settling = VectorStore(self._folder)
            for kind in many:
                settling.settle(kind, *self._last[kind])
            self._vectors = VectorStore(self._folder)  # with the usual threshold again
        self._written.clear()
