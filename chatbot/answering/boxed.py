"""The boxed warning of a label that answers: fetched where the question bears on using the drug.

A boxed warning is about what may kill or injure whoever takes the drug (21 CFR 201.57(c)(1)). It bears on questions of
its safety and use, in whatever words: who asks for a dose is about to prescribe. It does not bear on how the drug is
stored or works, or what it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.answering.gate import Terms
from chatbot.domain import Document
from chatbot.evidence_tags import is_boxed_section, is_boxed_warning
from chatbot.index.reader import Index
from chatbot.retrieval import Hit, Query, hits_of


def with_boxed_warnings(index: Index, terms: Terms, query: Query, hits: list[Hit]) -> list[Hit]:
    """The hits, and behind them the passages of boxed warnings that bear on the question and were not among them.

    Of each jurisdiction the label that answers best: other makers' labels of a drug have the same warning. One query
    for each label that has such a warning; none where the question is not about using a drug.
    """
    if not terms.on_use:
        return hits
    held = {hit.passage.id for hit in hits}
    more: list[Hit] = []
    for document in _best_of_each_jurisdiction(hits):
        if any(is_boxed_section(section) for section in document.sections):
            boxed = [
                pair for pair in index.passages_of(document) if is_boxed_warning(pair[0]) and pair[0].id not in held
            ]
            more += hits_of(index, query, boxed)
    return [*hits, *more]


def asks_boxed_warning(index: Index, terms: Terms) -> bool:
    """Whether a question asks for the boxed warning itself."""
    return not terms.information.keys().isdisjoint(index.words.terms("boxed"))


def _best_of_each_jurisdiction(hits: Sequence[Hit]) -> list[Document]:
    best: dict[object, Document] = {}
    for hit in hits:
        best.setdefault(hit.passage.document.reference.jurisdiction, hit.passage.document)
    return list(best.values())
