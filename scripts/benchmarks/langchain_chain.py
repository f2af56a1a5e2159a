"""What a LangChain program does by default, on the passages and vectors of an index: the peer of ``bench.py ask``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma
from numpy.typing import NDArray

from benchmarks.report import Say
from chatbot.domain import EVIDENCE_KINDS, Passage
from chatbot.embedding.langchain import LangChainEmbeddings
from chatbot.index.reader import Index

Vectors = NDArray[np.float32]

_COLLECTION = "langchain"  # langchain_chroma's own default
_BUILT_FROM = "built_from.json"
_AT_ONCE = 2000


def open_chain(index: Index, folder: Path, say: Say) -> tuple[Chroma, int]:
    """A vector store with LangChain's defaults in ``folder``, and how many passages it holds.

    Filled with the index's own vectors, so that nothing is embedded, unless the folder holds these passages already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / _BUILT_FROM
    wanted = json.dumps({"passages": _digest(index)})
    client = chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False))
    if not marker.is_file() or marker.read_text("utf-8") != wanted:
        marker.unlink(missing_ok=True)
        if _COLLECTION in {collection.name for collection in client.list_collections()}:
            client.delete_collection(_COLLECTION)
    store = Chroma(_COLLECTION, LangChainEmbeddings(index.encoder), client=client)
    if not marker.is_file():
        say("Copying the passages into a Chroma collection with LangChain's defaults (not timed) ...")
        _fill(index, client)
        marker.write_text(wanted, "utf-8")
    return store, client.get_collection(_COLLECTION, embedding_function=None).count()


def _digest(index: Index) -> str:
    parts = (index.encoder.fingerprint, *sorted(index.passage_ids()))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _fill(index: Index, client: ClientAPI) -> None:
    collection = client.get_collection(_COLLECTION, embedding_function=None)
    batch: dict[str, tuple[Passage, Vectors]] = {}

    def write() -> None:
        if batch:
            collection.upsert(
                ids=list(batch),
                embeddings=[vectors[0] for _, vectors in batch.values()],
                documents=[passage.text for passage, _ in batch.values()],
                metadatas=[{"source": passage.document.id} for passage, _ in batch.values()],
            )
            batch.clear()

    for passage, vectors in _evidence(index):
        batch[passage.id] = (passage, vectors)
        if len(batch) >= _AT_ONCE:
            write()
    write()


def _evidence(index: Index) -> Iterator[tuple[Passage, Vectors]]:
    """The passages that an answer may cite, articles left out, with their vectors."""
    for reference in index.references:
        document = index.document(reference.id) if reference.kind in EVIDENCE_KINDS else None
        if document is not None:
            yield from index.passages_of(document)
