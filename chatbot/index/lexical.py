"""Tantivy: texts by their words, BM25. One store holds the passages, another one the documents whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import tantivy

from chatbot.domain import Kind

PASSAGE_WORDS, DOCUMENT_WORDS = "passage-words", "document-words"  # folders inside the index's
_ANALYZER = "english"
_TEXT = "text"
_TOPIC = "topic"
_MOST_TERMS = 200  # of a question; more would be a document, and slow


def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field(_TEXT, tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field(_TOPIC, tokenizer_name=_ANALYZER, index_option="basic")
    return builder.build()


class LexicalStore:
    """The words below one folder. Raises ValueError or OSError."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder), reuse=True)
        self._index.register_tokenizer(_ANALYZER, _analyzer())
        self._words = _analyzer()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._writer: Any = None

    def add(self, texts: Iterable[tuple[str, Kind, str, str]]) -> None:
        """Writes (id, kind, text, topic words); an id already there is replaced. Visible after ``commit``."""
        writer = self._open_writer()
        for key, kind, text, topic in texts:
            writer.delete_documents_by_term("id", key)
            writer.add_document(tantivy.Document(id=key, kind=kind.value, text=text, topic=topic))

    def delete(self, ids: Iterable[str]) -> None:
        """Forgets texts. In force after ``commit``."""
        writer = self._open_writer()
        for key in ids:
            writer.delete_documents_by_term("id", key)

    def commit(self) -> None:
        if self._writer is not None:
            self._writer.commit()

    def close(self) -> None:
        """Waits for merges and releases the writer's lock."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def terms(self, text: str) -> list[str]:
        """The words of a text as they are indexed: lower case, folded, stemmed, without stop words, in order."""
        return list(self._words.analyze(text))

    def document_frequency(self, term: str) -> int:
        """Texts that hold the term (deleted ones may count until they are merged away)."""
        return int(self._searcher.doc_freq(_TEXT, term))

    def topic_frequency(self, term: str) -> int:
        """Texts whose document names the term among its topic words."""
        return int(self._searcher.doc_freq(_TOPIC, term))

    def together(self, term: str, topic: Sequence[str], *, named: bool) -> bool:
        """Whether a text holds the term (``named``: its document names it as a topic) and is on any topic word."""
        if not topic:
            return False
        on_topic = tantivy.Query.term_set_query(self._schema, _TOPIC, list(topic))
        held = tantivy.Query.term_query(self._schema, _TOPIC if named else _TEXT, term, "basic")
        both = tantivy.Query.boolean_query([(tantivy.Occur.Must, on_topic), (tantivy.Occur.Must, held)])
        return bool(self._searcher.search(both, 1).hits)

    @property
    def size(self) -> int:
        """Texts held."""
        return int(self._searcher.num_docs)

    def best(self, kind: Kind, terms: Sequence[str], limit: int) -> list[tuple[str, float]]:
        """(id, BM25) of the best texts of a kind, best first, equal ones by id; none where no term occurs."""
        distinct = list(dict.fromkeys(terms))[:_MOST_TERMS]
        if not distinct:
            return []
        words = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, _TEXT, term, "freq")) for term in distinct
        ]
        of_kind = tantivy.Query.term_query(self._schema, "kind", kind.value, "basic")
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, tantivy.Query.boolean_query(words)),
                (tantivy.Occur.Must, tantivy.Query.const_score_query(of_kind, 0.0)),
            ]
        )
        hits = self._searcher.search(query, limit).hits
        scored = [(str(self._searcher.doc(address)["id"][0]), float(score)) for score, address in hits]
        return sorted(scored, key=lambda hit: (-hit[1], hit[0]))

    def _open_writer(self) -> Any:
        if self._writer is None:
            self._writer = self._index.writer(heap_size=64_000_000, num_threads=1)
        return self._writer
