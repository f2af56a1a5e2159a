"""Writing documents as rows of the next generation, which nobody sees before the run swaps it in.

First the intent is noted, then the stores are written to, then in one transaction the rows that make it count. What a
killed run has written completely is found by the next one as indexed; of the rest it forgets what it intended.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from chatbot.domain import Document, Passage
from chatbot.embedding import Encoder
from chatbot.index.manifest import Manifest
from chatbot.index.plan import Wanted
from chatbot.index.rows import Vectors
from chatbot.index.stores import Stores
from chatbot.passages import embedding_text, fit_headings, split_passages
from chatbot.settings import Settings


class Staging:
    """Writes to a manifest and its stores, counting the texts and tokens that it had to embed."""

    def __init__(self, settings: Settings, encoder: Encoder, manifest: Manifest, stores: Stores) -> None:
        self._settings = settings
        self._encoder = encoder
        self._manifest = manifest
        self.stores = stores
        self.embedded_texts = 0
        self.embedded_tokens = 0

    def write(self, batch: list[Wanted], twins: Mapping[str, str], generation: int) -> None:
        """Writes documents as rows of a generation that cannot be seen yet; embeds what was not embedded before.

        ``twins``: new id of a document → the id under which the same text is indexed.
        """
        documents = [wanted.document for wanted in batch]
        cut = [split_passages(document, self._settings.passages, self._encoder.count_tokens) for document in documents]
        passages = [passage for group in cut for passage in group]
        lines = fit_headings(passages, self._settings.passages.heading_tokens, self._encoder.count_tokens)
        vectors = self._embed(passages, lines, self._known_vectors(documents, twins))
        with self._manifest.transaction():
            self._manifest.intend((passage.id, passage.document.kind) for passage in passages)
        self.stores.write_passages(passages, vectors)
        rows_of = iter(vectors)
        with self._manifest.transaction():
            self._manifest.remove((document.id for document in documents), generation)
            for wanted, group in zip(batch, cut, strict=True):
                number = self._manifest.add(wanted.document, wanted.origin, generation)
                for passage in group:
                    self._manifest.add_passage(number, passage, next(rows_of))
            self._manifest.forget_intents()

    def _embed(self, passages: list[Passage], lines: list[str], known: dict[str, Vectors]) -> list[Vectors]:
        """Per passage its vector and its sentences'. Text embedded before, here or in the last version, is reused."""
        texts = [
            [embedding_text(passage, line), *(passage.quote(sentence) for sentence in passage.sentences)]
            for passage, line in zip(passages, lines, strict=True)
        ]
        new = list(dict.fromkeys(text for group in texts for text in group if text not in known))
        if new:
            # Rounded as they are stored, so that a vector reused later is the same one.
            encoded = self._encoder.encode(new).astype(np.float16).astype(np.float32)
            known |= dict(zip(new, encoded, strict=True))
            self.embedded_texts += len(new)
            self.embedded_tokens += sum(self._encoder.count_tokens(new))
        return [np.array([known[text] for text in group]) for group in texts]

    def _known_vectors(self, documents: list[Document], twins: Mapping[str, str]) -> dict[str, Vectors]:
        """The vectors of every text of the last version of some documents, or of what they were called before."""
        known: dict[str, Vectors] = {}
        for document in documents:
            before = self._manifest.current(document.id) or self._manifest.current(twins.get(document.id, ""))
            if before is None:
                continue
            held = self._manifest.passages_of(before)
            limit = self._settings.passages.heading_tokens
            lines = fit_headings([passage for passage, _ in held], limit, self._encoder.count_tokens)
            for (passage, vectors), line in zip(held, lines, strict=True):
                texts = [embedding_text(passage, line), *map(passage.quote, passage.sentences)]
                known |= dict(zip(texts, vectors, strict=True))
        return known
