"""The vectors that are searched, beside the manifest that says what of them counts.

Opened for the first thing that is written: a run that changes nothing does not wait for Chroma.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from chatbot.domain import Kind, Passage
from chatbot.index.home import VECTORS
from chatbot.index.rows import Vectors
from chatbot.index.vectors import VectorStore

_MANY = 100  # writes from which on it pays to settle: putting fewer into the graph again takes .2 s


class Stores:
    """The stores below one folder, made where there are none. Raises ``vectors.STORE_ERRORS``.

    ``unsettled``: what an earlier run's stores counted as that; ``kinds`` are those to be written, loaded at once.
    """

    def __init__(self, folder: Path, unsettled: Mapping[str, int], kinds: Collection[Kind] = ()) -> None:
        self._folder = folder / VECTORS
        self.unsettled = Counter(unsettled)
        """By kind, writes that Chroma puts into the graph again whenever it is opened: passages written or deleted."""
        self._vectors = VectorStore(self._folder)
        self._last: dict[Kind, tuple[str, str, Vectors]] = {}
        for kind in kinds:
            self._vectors.load(kind)

    def write_passages(self, passages: Sequence[Passage], vectors: Sequence[Vectors]) -> None:
        """Writes passages, each with its vector in row 0."""
        for kind in Kind:
            rows = {passage.id: row for row, passage in enumerate(passages) if passage.document.kind is kind}
            if rows:
                first = np.array([vectors[row][0] for row in rows.values()], dtype=np.float32)
                documents = [passages[row].document.id for row in rows.values()]
                self._vectors.upsert(kind, list(rows), documents, first)
                self.unsettled[kind.value] += len(rows)
                self._last[kind] = (list(rows)[-1], documents[-1], first[-1])

    def delete_passages(self, passages: Sequence[tuple[str, Kind]]) -> None:
        """Forgets passages, each by its id and kind."""
        for kind in Kind:
            ids = [passage for passage, its_kind in passages if its_kind is kind]
            if ids:
                self._vectors.delete(kind, ids)
                self.unsettled[kind.value] += len(ids)

    def settle(self) -> None:
        """Has what was written, in bulk or little by little, opened fast from now on.

        To be called before anything that this run wrote is deleted.
        """
        many = [kind for kind in self._last if self.unsettled[kind.value] >= _MANY]
        if many:
            settling = VectorStore(self._folder)
            for kind in many:
                settling.settle(kind, *self._last[kind])
                self.unsettled[kind.value] = 0
            self._vectors = VectorStore(self._folder)  # with the usual threshold again
