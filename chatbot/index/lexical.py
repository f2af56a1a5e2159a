"""Tantivy: texts by their words, BM25. One store holds the passages, one the documents whole, one the documents' parts.

Parts are the runs of four letters of a word: "amxacillin" shares half of them with "amoxicillin", and
"lymphangioleiomyoma" most of them with "lymphangioleiomyomatosis".

Each kind has an index of its own in a store: a query that is nothing but words lets Tantivy pass over the blocks of
texts that cannot be among the best (block-max WAND); one that must also match a kind makes it score every text that
holds a word. Over a million texts of three kinds, 100 of each wanted: 34 ms of CPU with a field for the kind, 9.5 ms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import log
from pathlib import Path
from typing import Any

import tantivy

from chatbot.domain import Kind

PASSAGE_WORDS, DOCUMENT_WORDS, DOCUMENT_PARTS = "passage-words", "document-words", "document-parts"  # folders
Terms = Sequence[str] | Mapping[str, float]

_ANALYZER = "english"
_PART = 4  # letters; of three to six the best beside whole words, on two corpora
_TEXT = "text"
_TOPIC = "topic"
_MARK = "mark"
_MARK_DIGITS = 16  # of the hash at the end of an id
_WRITER_BYTES = 48_000_000  # of texts a writer holds before it writes a segment
_MOST_TERMS = 200  # of a question; more would be a document, and slow
_NEAR = 50  # texts looked at for a misspelt name


def _builder() -> tantivy.TextAnalyzerBuilder:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
    )


def _stems() -> tantivy.TextAnalyzer:
    return _builder().filter(tantivy.Filter.stemmer("english")).build()


def _parts(words: Iterable[str]) -> list[str]:
    """The runs of four letters of each word, whose borders count as letters; a shorter word whole."""
    bordered = (f"_{word}_" for word in words)
    return [word[start : start + _PART] for word in bordered for start in range(max(1, len(word) - _PART + 1))]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_unsigned_field(_MARK, fast=True)
    builder.add_text_field(_TEXT, tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field(_TOPIC, tokenizer_name=_ANALYZER, index_option="basic")
    return builder.build()


def mark(key: str) -> int:
    """The number that the last sixteen hexadecimal digits of an id are: what can be read of many texts at once."""
    return int(key[-_MARK_DIGITS:], 16)


class LexicalStore:
    """The words below one folder, an index a kind; ``parts``: the parts of words. Raises ValueError or OSError."""

    def __init__(self, folder: Path, *, create: bool = False, parts: bool = False) -> None:
        self._schema = _schema()
        by_space = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._words = _builder().build() if parts else _stems()
        self._cuts = parts
        self._indexes: dict[Kind, Any] = {}
        self._searchers: dict[Kind, Any] = {}
        self._writers: dict[Kind, Any] = {}
        self._written: set[Kind] = set()  # since the last commit
        for kind in Kind:
            path = folder / kind.value
            if create:
                path.mkdir(parents=True, exist_ok=True)
            self._indexes[kind] = index = tantivy.Index(self._schema, path=str(path), reuse=True)
            index.register_tokenizer(_ANALYZER, by_space if parts else _stems())
            index.reload()
            self._searchers[kind] = index.searcher()

    def add(self, texts: Iterable[tuple[str, Kind, str, str]]) -> None:
        """Writes (id, kind, text, topic words); an id already there is replaced. Visible after ``commit``."""
        for key, kind, text, topic in texts:
            writer = self._writer(kind)
            writer.delete_documents_by_term("id", key)
            said = " ".join(self.terms(text)) if self._cuts else text
            document = tantivy.Document(id=key, text=said, topic=topic)
            document.add_unsigned(_MARK, mark(key))
            writer.add_document(document)

    def delete(self, texts: Iterable[tuple[str, Kind]]) -> None:
        """Forgets texts, each by its id and kind. In force after ``commit``."""
        for key, kind in texts:
            self._writer(kind).delete_documents_by_term("id", key)

    def commit(self) -> None:
        for kind in self._written:
            self._writers[kind].commit()
        self._written.clear()

    def close(self) -> None:
        """Waits for merges and releases the writers' locks."""
        while self._writers:
            self._writers.popitem()[1].wait_merging_threads()

    def terms(self, text: str) -> list[str]:
        """The words of a text as they are indexed: lower case, folded, stemmed, without stop words, in order.

        A store of parts: the parts of the words, unstemmed.
        """
        words = self._words.analyze(text)
        return _parts(words) if self._cuts else list(words)

    def document_frequency(self, term: str) -> int:
        """Texts that hold the term (deleted ones may count until they are merged away)."""
        return sum(int(searcher.doc_freq(_TEXT, term)) for searcher in self._searchers.values())

    def idf(self, term: str) -> float:
        """The information of a term in nats, as BM25 has it (Robertson and Zaragoza 2009, doi:10.1561/1500000019)."""
        held = self.document_frequency(term)
        return log(1 + (max(self.size, held) - held + 0.5) / (held + 0.5))

    def topic_frequency(self, term: str) -> int:
        """Texts whose document names the term among its topic words."""
        return sum(int(searcher.doc_freq(_TOPIC, term)) for searcher in self._searchers.values())

    def together(self, term: str, topic: Sequence[str], *, named: bool) -> bool:
        """Whether a text holds the term (``named``: its document names it as a topic) and is on any topic word."""
        if not topic:
            return False
        on_topic = tantivy.Query.term_set_query(self._schema, _TOPIC, list(topic))
        held = tantivy.Query.term_query(self._schema, _TOPIC if named else _TEXT, term, "basic")
        both = tantivy.Query.boolean_query([(tantivy.Occur.Must, on_topic), (tantivy.Occur.Must, held)])
        return any(searcher.search(both, 1).hits for searcher in self._searchers.values())

    def on_topic(self, kind: Kind, topic: Sequence[str]) -> int:
        """Texts of a kind whose document names one of the terms among its topic words."""
        query = tantivy.Query.term_set_query(self._schema, _TOPIC, list(topic))
        return int(self._searchers[kind].search(query, 1).count or 0) if topic else 0

    def near_topics(self, term: str, edits: int) -> list[str]:
        """Ids of some texts whose document names a topic word at most ``edits`` (1 or 2) letters away, 50 a kind."""
        near = tantivy.Query.fuzzy_term_query(self._schema, _TOPIC, term, distance=edits, transposition_cost_one=True)
        return [
            str(searcher.doc(address)["id"][0])
            for searcher in self._searchers.values()
            for _, address in searcher.search(near, _NEAR, count=False).hits
        ]

    @cached_property
    def size(self) -> int:
        """Texts held."""
        return sum(int(searcher.num_docs) for searcher in self._searchers.values())

    def best(self, kind: Kind, terms: Terms, limit: int) -> list[tuple[str, float]]:
        """(id, BM25) of the best texts of a kind, best first, equal ones by id; none where no term occurs.

        A mapping gives the weight with which a term's BM25 counts; else each counts once.
        """
        searcher = self._searchers[kind]
        hits = self._search(kind, terms, limit)
        scored = [(str(searcher.doc(address)["id"][0]), float(score)) for score, address in hits]
        return sorted(scored, key=lambda hit: (-hit[1], hit[0]))

    def best_marks(self, kind: Kind, terms: Terms, limit: int) -> list[tuple[int, float]]:
        """As ``best``, with each text's ``mark``: reading 500 ids takes as long as finding the texts, marks nothing."""
        hits = self._search(kind, terms, limit)
        marks = self._searchers[kind].fast_field_values(_MARK, [address for _, address in hits])
        scored = [(int(number), float(score)) for number, (score, _) in zip(marks, hits, strict=True)]
        return sorted(scored, key=lambda hit: (-hit[1], hit[0]))

    def _search(self, kind: Kind, terms: Terms, limit: int) -> list[tuple[float, Any]]:
        weights = terms if isinstance(terms, Mapping) else dict.fromkeys(terms, 1.0)
        distinct = list(weights)[:_MOST_TERMS]
        if not distinct:
            return []
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._scored(term, weights[term])) for term in distinct]
        )
        hits: list[tuple[float, Any]] = self._searchers[kind].search(query, limit, count=False).hits
        return hits

    def _scored(self, term: str, weight: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, _TEXT, term, "freq")
        return query if weight == 1 else tantivy.Query.boost_query(query, weight)

    def _writer(self, kind: Kind) -> Any:
        self._written.add(kind)
        if kind not in self._writers:
            self._writers[kind] = self._indexes[kind].writer(heap_size=_WRITER_BYTES, num_threads=1)
        return self._writers[kind]
