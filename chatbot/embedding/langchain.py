"""LangChain's Embeddings over an encoder: the seam through which LangChain software uses ours."""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from chatbot.embedding.encoder import Encoder


class LangChainEmbeddings(Embeddings):
    """Unit vectors as lists of floats, equal to what the index holds."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector per text, in the order given."""
        vectors: list[list[float]] = self._encoder.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of one question."""
        vector: list[float] = self._encoder.encode([text])[0].tolist()
        return vector
