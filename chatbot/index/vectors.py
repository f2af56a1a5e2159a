"""Chroma: one collection per kind, nearest passages by cosine."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")

import chromadb
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from chatbot.domain import Kind

# Recall@10 against exact search on random vectors: .81 with Chroma's defaults, .99 with these.
_HNSW: CreateHNSWConfiguration = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}

_SYNC_THRESHOLD = 1000  # vectors after which Chroma writes its graph to disk: its own default
_OPENING = threading.Lock()  # Chroma looks up in its cache what another thread may just have made it forget
STORE_ERRORS = (ChromaError, ValueError, OSError)


class VectorStore:
    """The collections below one folder. Raises STORE_ERRORS."""

    def __init__(self, folder: Path) -> None:
        settings = ChromaSettings(anonymized_telemetry=False, allow_reset=False)
        with _OPENING:
            # A second client on a folder shares the first one's vector index, however stale: forget it.
            SharedSystemClient.clear_system_cache()
            self._client = chromadb.PersistentClient(str(folder), settings=settings)
        self._collections: dict[Kind, Any] = {}
        self._counts: dict[Kind, int] = {}

    def load(self, kind: Kind) -> None:
        """Has Chroma load the graph of a kind, which the first write or search would wait for.

        By ``get``, because that lets other threads of Python go on meanwhile; ``count`` and ``upsert`` do not.
        """
        self._collection(kind).get(ids=["none"], include=[])

    def upsert(self, kind: Kind, ids: Sequence[str], documents: Sequence[str], vectors: NDArray[Any]) -> None:
        """Writes passages; an id already there gets the new vector. ``documents`` are the ids of their documents."""
        collection = self._collection(kind)
        most = self._client.get_max_batch_size()
        for start in range(0, len(ids), most):
            part = slice(start, start + most)
            collection.upsert(
                ids=list(ids[part]),
                embeddings=vectors[part],
                metadatas=[{"document": document} for document in documents[part]],
            )

    def settle(self, kind: Kind, key: str, document: str, vector: NDArray[Any]) -> None:
        """Has Chroma write its graph of a kind to disk, by way of a passage that is there, which stays as it is.

        Else the last vectors, up to 1,000, are put into the graph again by whoever opens it next: beside 58,000 of them
        the first search or write took 1.9 s instead of .4. To be asked of a store that has only been opened: Chroma
        reads the threshold when it loads the graph.
        """
        collection = self._collection(kind)
        with _unwarned():
            try:
                collection.modify(configuration={"hnsw": {"sync_threshold": 2}})
                for _ in range(2):
                    collection.upsert(ids=[key], embeddings=vector[None], metadatas=[{"document": document}])
            finally:
                collection.modify(configuration={"hnsw": {"sync_threshold": _SYNC_THRESHOLD}})

    def delete(self, kind: Kind, ids: Sequence[str]) -> None:
        """Forgets passages; ids that are not there are passed over."""
        most = self._client.get_max_batch_size()
        for start in range(0, len(ids), most):
            self._collection(kind).delete(ids=list(ids[start : start + most]))

    def nearest(self, kind: Kind, vectors: NDArray[Any], limit: int) -> list[list[str]]:
        """For each row the ids of its nearest passages, nearest first; ``limit`` or as many as there are.

        Sees the collection as it was when it was first asked: that is what a client's vector index does too.
        """
        collection = self._collection(kind)
        if kind not in self._counts:
            self._counts[kind] = collection.count()  # costs as much as a search
        wanted = min(limit, self._counts[kind])
        if not wanted:
            return [[] for _ in vectors]
        found = collection.query(query_embeddings=vectors, n_results=wanted, include=[])
        return [list(ids) for ids in found["ids"]]

    def ids(self, kind: Kind) -> set[str]:
        """The ids of every passage of a kind, those of unfinished runs included."""
        return set(self._collection(kind).get(include=[])["ids"])

    def _collection(self, kind: Kind) -> Any:
        if kind not in self._collections:
            with _unwarned():
                self._collections[kind] = self._client.get_or_create_collection(
                    f"passages-{kind.value}", embedding_function=None, configuration={"hnsw": _HNSW}
                )
        return self._collections[kind]


@contextmanager
def _unwarned() -> Iterator[None]:
    """Without Chroma's warning that a collection that was modified has a "legacy" embedding function: it has none."""
    with _OPENING, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "legacy embedding function config", DeprecationWarning)
        yield
