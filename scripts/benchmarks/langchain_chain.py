"""What a LangChain program does by default, on the passages and vectors of an index: the peer of the benchmarks."""

from __future__ import annotations

import hashlib
import importlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from benchmarks.report import Say
from chatbot.domain import EVIDENCE_KINDS, Passage
from chatbot.embedding.export import load_sentence_transformer
from chatbot.embedding.langchain import LangChainEmbeddings
from chatbot.embedding.weights import model_folder
from chatbot.index.reader import Index

Vectors = NDArray[np.float32]
Search = Callable[[str], Any]

_COLLECTION = "langchain"  # langchain_chroma's own default
_BUILT_FROM = "built_from.json"
_AT_ONCE = 2000
K = 10
PEER = "LangChain, Chroma"


class SentenceTransformerEmbeddings(Embeddings):
    """sentence-transformers' own ``encode`` behind LangChain's interface: what langchain-huggingface does."""

    def __init__(self, name: str) -> None:
        importlib.import_module("transformers.utils.logging").disable_progress_bar()
        self._model = load_sentence_transformer(str(model_folder(name) or name))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class PreparedEmbeddings(Embeddings):
    """Vectors that are there already, handed out in order: so that filling a store times the store alone."""

    def __init__(self) -> None:
        self.vectors: Sequence[Vectors] = ()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [vector.tolist() for vector in self.vectors[: len(texts)]]

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError(f"no vector was prepared for {text!r}; this store is only written to")


def open_chain(index: Index, folder: Path, say: Say) -> dict[str, Any]:
    """Makes ``folder`` hold the passages of the index in a collection with LangChain's defaults.

    Passages there, and the seconds that LangChain's ``add_texts`` took with the index's own vectors; the collection
    is kept, with what was measured then, where it holds these passages already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / _BUILT_FROM
    digest = _digest(index)
    held = json.loads(marker.read_text("utf-8")) if marker.is_file() else {}
    if held.get("digest") == digest:
        return dict(held)
    client = _client(folder)
    if _COLLECTION in {collection.name for collection in client.list_collections()}:
        client.delete_collection(_COLLECTION)
    say("Filling a Chroma collection with LangChain's add_texts and the index's vectors ...")
    measured = {"digest": digest, **_fill(index, client)}
    marker.write_text(json.dumps(measured), "utf-8")
    return measured


def searches(index: Index, folder: Path) -> dict[str, Search]:
    """LangChain's ``similarity_search`` on the folder's collection: with its usual embeddings, and with ours."""
    usual = SentenceTransformerEmbeddings(index.settings.embedding.model)
    client = _client(folder)
    stores = {
        PEER: Chroma(_COLLECTION, usual, client=client),
        "the same with our encoder": Chroma(_COLLECTION, LangChainEmbeddings(index.encoder), client=client),
    }
    return {name: lambda text, store=store: store.similarity_search(text, k=K) for name, store in stores.items()}


def _client(folder: Path) -> ClientAPI:
    return chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False))


def _digest(index: Index) -> str:
    return hashlib.sha256("\n".join((index.encoder.fingerprint, *sorted(index.passage_ids()))).encode()).hexdigest()


def _fill(index: Index, client: ClientAPI) -> dict[str, float]:
    prepared = PreparedEmbeddings()
    store = Chroma(_COLLECTION, prepared, client=client)
    seconds = cpu = 0.0
    written = 0
    evidence = _evidence(index)
    while batch := list(islice(evidence, _AT_ONCE)):
        held = {passage.id: (passage, vectors) for passage, vectors in batch}
        texts = [passage.text for passage, _ in held.values()]
        sources = [{"source": passage.document.id} for passage, _ in held.values()]
        prepared.vectors = [vectors[0] for _, vectors in held.values()]
        started, before = time.perf_counter(), time.process_time()
        store.add_texts(texts, metadatas=sources, ids=list(held))
        seconds += time.perf_counter() - started
        cpu += time.process_time() - before
        written += len(held)
    return {"passages": written, "add_seconds": seconds, "add_cpu_seconds": cpu}


def _evidence(index: Index) -> Iterator[tuple[Passage, Vectors]]:
    """The passages that an answer may cite, articles left out, with their vectors."""
    for kind in EVIDENCE_KINDS:
        for reference in index.references_of(kind):
            document = index.document(reference.id)
            if document is not None:
                yield from index.passages_of(document)
