#!/usr/bin/env python
"""Retrieval on a BEIR set: nDCG@10 and recall of the chatbot beside BM25, dense and reciprocal rank fusion, in one run.

    .venv/bin/chatbot index SET/corpus.jsonl --index DIR
    .venv/bin/python scripts/evaluate_retrieval.py --index DIR --queries SET/queries_test.jsonl \\
        --qrels SET/qrels_test.tsv

BM25 is Tantivy's over whole documents; dense is the passages' cosine in Chroma (LangChain's default); RRF fuses the
ranks of both (Cormack et al. 2009, doi:10.1145/1571941.1572114, k = 60).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import ir_measures
import typer
from ir_measures import R, nDCG
from rich.console import Console
from rich.table import Table

from chatbot.cli.documents import Task, read_tasks
from chatbot.domain import Kind
from chatbot.embedding import open_encoder
from chatbot.pipeline import Chatbot
from chatbot.settings import RetrievalSettings, Settings, load_settings

Run = dict[str, dict[str, float]]
_DEPTH = 100
_RRF = 60


def main(
    index: Annotated[Path, typer.Option(help="Folder of the index.")],
    queries: Annotated[Path, typer.Option(help="queries.jsonl")],
    qrels: Annotated[Path, typer.Option(help="qrels.tsv")],
    kind: Annotated[Kind, typer.Option(help="Kind of evidence the set is indexed as.")] = Kind.RESEARCH,
) -> None:
    """Runs the four systems and prints their scores."""
    judged = read_qrels(qrels)
    tasks = [task for task in read_tasks(queries) if task.id in judged]
    settings = load_settings(index=index)
    encoder = open_encoder(settings)

    def run(**changes: float) -> Run:
        retrieval = RetrievalSettings(**{**settings.retrieval.model_dump(), **changes})
        chatbot = Chatbot(with_retrieval(settings, retrieval), encoder)
        return search(chatbot, tasks, kind)

    bm25, dense = run(dense_weight=0.0, document_weight=1.0), run(dense_weight=1.0, sentence_weight=0.0)
    runs = {"chatbot": run(), "bm25": bm25, "dense": dense, "rrf": fuse(bm25, dense)}
    table = Table("system", "nDCG@10", "R@10", "R@100", title=f"{len(tasks)} queries")
    for name, found in runs.items():
        scores = ir_measures.calc_aggregate([nDCG @ 10, R @ 10, R @ 100], judged, found)
        table.add_row(name, *(f"{scores[measure]:.4f}" for measure in (nDCG @ 10, R @ 10, R @ 100)))
    Console().print(table)


def with_retrieval(settings: Settings, retrieval: RetrievalSettings) -> Settings:
    """The settings with other retrieval settings."""
    return settings.model_copy(update={"retrieval": retrieval})


def search(chatbot: Chatbot, tasks: Iterable[Task], kind: Kind) -> Run:
    """Query id → document id → score."""
    return {
        task.id: {hit.passage.document.id: score for hit, score in chatbot.search(task.asked, kind, _DEPTH)}
        for task in tasks
    }


def fuse(*runs: Run) -> Run:
    """Reciprocal rank fusion."""
    fused: Run = {}
    for run in runs:
        for query, scores in run.items():
            into = fused.setdefault(query, {})
            for rank, document in enumerate(sorted(scores, key=lambda d: -scores[d]), start=1):
                into[document] = into.get(document, 0.0) + 1 / (_RRF + rank)
    return fused


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Query id → document id → grade; the first line is the header."""
    judged: dict[str, dict[str, int]] = {}
    for line in path.read_text("utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        judged.setdefault(query, {})[document] = int(grade)
    return judged


if __name__ == "__main__":
    typer.run(main)
