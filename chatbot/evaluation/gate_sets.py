"""Gate sets: made from an index or from a retrieval set by hiding what answers, or labelled by who made them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from chatbot.answering.known_items import known_items
from chatbot.domain import EVIDENCE_KINDS, Kind
from chatbot.evaluation import gates
from chatbot.evaluation.beir import RetrievalSet, sample
from chatbot.evaluation.gates import GateQuestion, Hide
from chatbot.evaluation.measured import Measured
from chatbot.index.reader import Index
from chatbot.pipeline import Chatbot

_KNOWN_ITEMS = 600  # twice what the threshold is calibrated on


def is_labelled(path: Path) -> bool:
    """Whether a folder holds tasks that say of themselves whether the documents answer them."""
    return (path / "tasks.jsonl").is_file()


def from_index(index: Index, limit: int | None) -> Iterator[tuple[Kind, list[GateQuestion]]]:
    """Questions made from an index's own passages, per kind of evidence that has any."""
    items = known_items(index, limit or _KNOWN_ITEMS)
    for kind in EVIDENCE_KINDS:
        own = [item for item in items if item.passage.document.kind is kind]
        questions = [
            GateQuestion(
                f"{kind} {number}: {item.question}", item.question, documents=frozenset({item.passage.document.id})
            )
            for number, item in enumerate(own)
        ]
        if questions:
            yield kind, questions


def from_retrieval_set(index: Index, wanted: RetrievalSet) -> Iterator[tuple[Kind, list[GateQuestion]]]:
    """The questions of a retrieval set, per kind of the documents that answer them."""
    kinds = {reference.id: reference.kind for reference in index.references}
    for kind in EVIDENCE_KINDS:
        found = {
            question: frozenset(document for document in grades if kinds.get(document) is kind)
            for question, grades in wanted.judged.items()
        }
        questions = [
            GateQuestion(q, wanted.questions[q], documents=documents) for q, documents in found.items() if documents
        ]
        if questions:
            yield kind, questions


def from_labels(path: Path, index: Index, limit: int | None) -> Iterator[tuple[Kind, list[GateQuestion]]]:
    """The tasks of a folder with labels, asked of the kind of evidence that most of the documents are."""
    questions = gates.read_mtrag(path / "tasks.jsonl")
    kept = set(sample([question.id for question in questions], limit))
    yield most_frequent_kind(index), [question for question in questions if question.id in kept]


def most_frequent_kind(index: Index) -> Kind:
    """The kind of evidence that most of an index's documents are."""
    return max(EVIDENCE_KINDS, key=lambda kind: index.counts.get(kind, 0))


def measure(chatbot: Chatbot, questions: Iterable[tuple[Kind, Sequence[GateQuestion]]], hide: Hide) -> Measured:
    """Every kind at its own threshold, one below the other; a question and what was made of it belong together."""
    parts = [gates.measure(chatbot, of_kind, hide, kind) for kind, of_kind in questions]
    items = tuple(item for part in parts for item in part.items)
    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
    groups = tuple(item.removesuffix(f" without {hide}").partition("<::>")[0] for item in items)
    return replace(parts[0], items=items, columns=columns, groups=groups)
