"""What is measured side by side: the chatbot, and what others would search the same documents with.

A system takes a question and gives ids of documents, best first, each once, at most ``DEPTH``. What finds passages
stands for a document by the best of its passages.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chatbot.domain import EVIDENCE_KINDS, Kind
from chatbot.errors import EvaluationError
from chatbot.index.lexical import DOCUMENT_WORDS, LexicalStore
from chatbot.pipeline import Chatbot

DEPTH = 100  # the deepest rank that any measure looks at


@dataclass(frozen=True)
class System:
    """A name and a search."""

    name: str
    search: Callable[[str], list[str]]


def open_system(name: str, chatbot: Chatbot) -> System:
    """A system by name over the chatbot's index. Raises EvaluationError where it is unknown or its package missing."""
    if name not in SYSTEMS:
        raise EvaluationError(f"there is no system {name}; choose from {', '.join(SYSTEMS)}")
    return System(name, SYSTEMS[name](chatbot))


def first_of_each(documents: Iterable[str]) -> list[str]:
    """The documents in order, each at its first place, at most ``DEPTH``."""
    return list(dict.fromkeys(documents))[:DEPTH]


def _chatbot(chatbot: Chatbot) -> Callable[[str], list[str]]:
    """``Chatbot.search`` over every kind of evidence that is indexed, merged by score."""
    kinds = _kinds(chatbot)

    def search(question: str) -> list[str]:
        found = (chatbot.search(question, kind, DEPTH) for kind in kinds)
        merged = heapq.merge(*found, key=lambda hit: (-hit[1], hit[0].passage.id))
        return first_of_each(hit.passage.document.id for hit, _ in merged)

    return search


def _bm25(chatbot: Chatbot) -> Callable[[str], list[str]]:
    """Tantivy's BM25 (k1 1.2, b .75) of whole documents, title included, English stems, without stop words."""
    kinds = _kinds(chatbot)
    store = LexicalStore(chatbot.index.words_folder / DOCUMENT_WORDS)

    def search(question: str) -> list[str]:
        terms = store.terms(question)
        found = (store.best(kind, terms, DEPTH) for kind in kinds)
        merged = heapq.merge(*found, key=lambda hit: (-hit[1], hit[0]))
        return first_of_each(version.rpartition(":")[0] for version, _ in merged)

    return search


def _kinds(chatbot: Chatbot) -> list[Kind]:
    return [kind for kind in EVIDENCE_KINDS if chatbot.index.counts.get(kind)]


def _dense(chatbot: Chatbot) -> Callable[[str], list[str]]:
    from chatbot.evaluation.peers import dense

    return dense(chatbot)


def _rrf(chatbot: Chatbot) -> Callable[[str], list[str]]:
    from chatbot.evaluation.peers import rrf

    return rrf(chatbot)


def _txtai(chatbot: Chatbot) -> Callable[[str], list[str]]:
    from chatbot.evaluation.peers import txtai

    return txtai(chatbot)


SYSTEMS: dict[str, Callable[[Chatbot], Callable[[str], list[str]]]] = {
    "chatbot": _chatbot,
    "bm25": _bm25,
    "dense": _dense,
    "rrf": _rrf,
    "txtai": _txtai,
}
