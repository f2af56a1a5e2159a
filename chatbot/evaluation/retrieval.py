"""Retrieval: how high the documents that answer a question stand, measured by ir-measures."""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from chatbot.errors import EvaluationError
from chatbot.evaluation.beir import RetrievalSet
from chatbot.evaluation.extras import package_missing
from chatbot.evaluation.measured import Measure, Measured, mean_of
from chatbot.evaluation.systems import DEPTH, System
from chatbot.pipeline import Chatbot

# MRR@10 is what ir-measures calls RR@10, averaged. The names are those of its documentation otherwise.
_OF_LIBRARY = {"nDCG@10": "nDCG@10", "R@10": "R@10", "R@100": "R@100", "MRR@10": "RR@10", "Success@5": "Success@5"}
MEASURES = tuple(Measure(name, mean_of(name)) for name in _OF_LIBRARY)


def measure(system: System, wanted: RetrievalSet) -> Measured:
    """Per question the measures of what a system finds, 0 to 1; a question that nothing is found for counts 0.

    Documents of one score stand as the system orders them. Raises EvaluationError without ir-measures.
    """
    try:
        import ir_measures
    except ModuleNotFoundError as error:
        raise package_missing(error, "evaluate") from error
    run = {question: _by_rank(system.search(text)) for question, text in wanted.questions.items()}
    named = {ir_measures.parse_measure(other): name for name, other in _OF_LIBRARY.items()}
    row = {question: number for number, question in enumerate(wanted.questions)}
    columns = {name: np.zeros(len(row)) for name in _OF_LIBRARY}
    for metric in ir_measures.iter_calc(list(named), wanted.judged, run):
        columns[named[metric.measure]][row[metric.query_id]] = metric.value
    return Measured(system.name, tuple(wanted.questions), columns)


def missing_documents(chatbot: Chatbot, judged: Set[str], name: str) -> str:
    """A sentence on the documents of a set that the index does not hold; empty where it holds them all.

    Raises EvaluationError where it holds none of them: it is another corpus's index.
    """
    missing = judged - {reference.id for reference in chatbot.index.references}
    if judged and missing == judged:
        raise EvaluationError(
            f"index {chatbot.settings.index} holds none of the {len(judged):,} documents that {name} judges; name the "
            "index of the set's own corpus with --index (it is built for you where the set brings its corpus.jsonl)"
        )
    if not missing:
        return ""
    return f"{len(missing):,} of {len(judged):,} judged documents are not in the index and cannot be found"


def _by_rank(documents: list[str]) -> dict[str, float]:
    return {document: float(DEPTH - rank) for rank, document in enumerate(documents)}
