"""Measures of the gate, and the files that gate sets are read from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from chatbot.errors import SourceError
from chatbot.evaluation.gates import MEASURES, Judged, auroc, read_beir, read_mtrag, tabulate


def rows(*scored: tuple[bool, float]) -> list[Judged]:
    return [Judged(str(number), answerable, score, ()) for number, (answerable, score) in enumerate(scored)]


def test_the_figures_are_shares_of_what_was_refused_and_of_what_should_be() -> None:
    table = tabulate(rows((True, 0.9), (True, 0.3), (False, 0.2), (False, 0.8), (False, 0.1)), 0.5)
    figures = {measure.name: measure.compute(table.columns) for measure in MEASURES}
    assert figures["refusal precision"] == pytest.approx(2 / 3)
    assert figures["refusal recall"] == pytest.approx(2 / 3)
    assert figures["false refusals"] == pytest.approx(1 / 2)


def test_auroc_is_scikit_learns_ties_included() -> None:
    draw = np.random.default_rng(3)
    for _ in range(20):
        columns = {"answerable": draw.integers(0, 2, 50).astype(float), "score": draw.integers(0, 9, 50) / 9}
        columns["answerable"][:2] = 0, 1
        assert auroc(columns) == pytest.approx(roc_auc_score(columns["answerable"], columns["score"]))


def test_nothing_to_measure_is_not_a_number() -> None:
    columns = tabulate(rows((True, 0.9)), 0.5).columns
    assert np.isnan(auroc(columns))
    assert np.isnan(MEASURES[1].compute(columns))


def test_questions_without_a_relevant_document_are_left_out(tmp_path: Path) -> None:
    queries, qrels = tmp_path / "queries.jsonl", tmp_path / "qrels.tsv"
    queries.write_text('{"_id": "a", "text": "one"}\n{"_id": "b", "text": "two"}\n', "utf-8")
    qrels.write_text("query-id\tcorpus-id\tscore\na\td1\t1\na\td2\t0\n", "utf-8")
    assert [(q.id, q.documents) for q in read_beir(queries, qrels)] == [("a", frozenset({"d1"}))]


def test_partial_and_underspecified_tasks_are_left_out(tmp_path: Path) -> None:
    tasks = tmp_path / "tasks.jsonl"
    line = '{{"task_id": "{0}", "utterance": "q", "history": {1}, "answerability": ["{0}"]}}'
    said = '[{"text": "a"}, {"text": "b"}]'
    labels = ("ANSWERABLE", "UNANSWERABLE", "PARTIAL", "UNDERSPECIFIED")
    tasks.write_text("\n".join(line.format(label, said) for label in labels), "utf-8")
    found = read_mtrag(tasks)
    assert [question.answerable for question in found] == [True, False]
    assert found[0].conversation.turns[0].answer == "b"


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    tasks = tmp_path / "tasks.jsonl"
    tasks.write_text('{"task_id": "x"}', "utf-8")
    with pytest.raises(SourceError, match=r"tasks\.jsonl"):
        read_mtrag(tasks)
