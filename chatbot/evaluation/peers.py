"""What other libraries find in the same passages with the same vectors; nothing is embedded twice.

Every peer is given a passage as its headings and its text, and the vector that the index holds for it.
"""

from __future__ import annotations

import hashlib
import shutil
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import filelock
import numpy as np
from numpy.typing import NDArray

from chatbot.domain import EVIDENCE_KINDS
from chatbot.evaluation.extras import package_missing
from chatbot.evaluation.systems import first_of_each
from chatbot.index.reader import Index
from chatbot.passages import headings
from chatbot.pipeline import Chatbot

if TYPE_CHECKING:
    from langchain_chroma import Chroma

Search = Callable[[str], list[str]]

_FOUND = 300  # passages asked for: a hundred documents even where each is found by three of its passages
_COLLECTION = "langchain"  # langchain_chroma's own default
_FILLED = "filled-from"
_AT_ONCE = 2000


@dataclass(frozen=True)
class Passages:
    """The passages that an answer may cite, in the index's order; a row of each list and of ``vectors`` per passage."""

    ids: list[str]
    documents: list[str]
    texts: list[str]
    vectors: NDArray[np.float32]


@lru_cache(maxsize=1)
def passages_of(index: Index) -> Passages:
    """Every passage of evidence of an index; articles are left out."""
    ids, documents, texts, vectors = [], [], [], []
    for reference in index.references:
        document = index.document(reference.id) if reference.kind in EVIDENCE_KINDS else None
        for passage, rows in index.passages_of(document) if document else ():
            ids.append(passage.id)
            documents.append(reference.id)
            texts.append(f"{headings(passage)}\n{passage.text}".strip())
            vectors.append(rows[0])
    return Passages(ids, documents, texts, np.array(vectors, dtype=np.float32))


def dense(chatbot: Chatbot) -> Search:
    """LangChain's default: ``Chroma.similarity_search_with_score``, Chroma's own parameters."""
    store = open_store(chatbot)

    def search(question: str) -> list[str]:
        found = store.similarity_search_with_score(question, k=_FOUND)
        return first_of_each(document.metadata["document"] for document, _ in found)

    return search


def rrf(chatbot: Chatbot) -> Search:
    """LangChain's EnsembleRetriever (reciprocal ranks, c = 60, equal weights) of its BM25Retriever and its Chroma.

    BM25Retriever's own words are what stands between spaces, capitals and commas included. It is given the words that
    the index's Tantivy has (stems, no stop words): nDCG@10 on 269 consumer drug questions .845 instead of .520.
    """
    try:
        from langchain_classic.retrievers import EnsembleRetriever

        with warnings.catch_warnings():
            # The package says at import that it is no longer developed; it is what LangChain's users have for BM25.
            warnings.simplefilter("ignore", DeprecationWarning)
            from langchain_community.retrievers import BM25Retriever
        import rank_bm25  # noqa: F401 - BM25Retriever asks for it when it is made
    except ModuleNotFoundError as error:
        raise package_missing(error, "peers") from error
    passages = passages_of(chatbot.index)
    words = BM25Retriever.from_texts(
        passages.texts, _metadata(passages), preprocess_func=chatbot.index.words.terms, k=_FOUND
    )
    near = open_store(chatbot).as_retriever(search_kwargs={"k": _FOUND})
    ensemble = EnsembleRetriever(retrievers=[words, near], weights=[0.5, 0.5], id_key="passage")

    def search(question: str) -> list[str]:
        return first_of_each(document.metadata["document"] for document in ensemble.invoke(question))

    return search


def txtai(chatbot: Chatbot) -> Search:
    """txtai's hybrid search, its own defaults: normalised BM25 and vectors, half and half."""
    try:
        from txtai import Embeddings
    except ModuleNotFoundError as error:
        raise package_missing(error, "peers") from error
    passages = passages_of(chatbot.index)
    known = dict(zip(passages.texts, passages.vectors, strict=True))

    def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([known[text] if text in known else chatbot.encoder.encode([text])[0] for text in texts])

    embeddings = Embeddings({"method": "external", "transform": vectors, "hybrid": True, "content": False})
    embeddings.index((number, text, None) for number, text in enumerate(passages.texts))

    def search(question: str) -> list[str]:
        return first_of_each(passages.documents[number] for number, _ in embeddings.search(question, _FOUND))

    return search


def open_store(chatbot: Chatbot) -> Chroma:
    """LangChain's vector store with its defaults, in the cache folder; filled where it does not hold these passages.

    Raises EvaluationError where langchain-chroma is not installed.
    """
    try:
        from langchain_chroma import Chroma
    except ModuleNotFoundError as error:
        raise package_missing(error, "evaluate") from error
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    from chatbot.embedding.langchain import LangChainEmbeddings

    place = hashlib.sha256(str(chatbot.settings.index.absolute()).encode()).hexdigest()[:16]
    folder = chatbot.settings.cache / "evaluation" / f"langchain-{place}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{folder}.lock"):
        wanted = _digest(chatbot.index)
        filled = folder / _FILLED
        is_filled = filled.is_file() and filled.read_text("utf-8") == wanted
        if not is_filled:
            shutil.rmtree(folder, ignore_errors=True)
        client = chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False))
        store = Chroma(_COLLECTION, LangChainEmbeddings(chatbot.encoder), client=client)
        if not is_filled:
            _fill(client.get_collection(_COLLECTION, embedding_function=None), passages_of(chatbot.index))
            filled.write_text(wanted, "utf-8")
    return store


def _digest(index: Index) -> str:
    parts = (index.encoder.fingerprint, *sorted(index.passage_ids()))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _fill(collection: Any, passages: Passages) -> None:
    metadata = _metadata(passages)
    for start in range(0, len(passages.ids), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        collection.upsert(
            ids=passages.ids[part],
            embeddings=passages.vectors[part],
            documents=passages.texts[part],
            metadatas=metadata[part],
        )


def _metadata(passages: Passages) -> list[dict[str, str]]:
    return [
        {"document": document, "passage": passage}
        for document, passage in zip(passages.documents, passages.ids, strict=True)
    ]
