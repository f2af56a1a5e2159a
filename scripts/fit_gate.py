#!/usr/bin/env python
"""Fits the weights of the gate on development halves and reports on the others.

    .venv/bin/python scripts/fit_gate.py --indexes FOLDER
    .venv/bin/python scripts/fit_gate.py --indexes FOLDER --report medquad

FOLDER holds an index per set, named as the set: drug_questions, mtrag_un, medquad, bioasq, built from the corpus.jsonl
of ../shared/data by ``chatbot index CORPUS --index FOLDER/SET``. The hand-written turns are asked of the index in
force. Development is every other conversation or question, by number; a set that is only reported has no such half.

Prints the weights to put into chatbot/answering/gate.py, then for each set AUROC, and refusal precision, recall and
false refusals at the threshold that the index calibrates itself, with the weights as they stand in the code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from chatbot.answering.calibration import Calibration, calibrate
from chatbot.answering.gate import BIAS, FEATURES, WEIGHTS, judge, question_terms
from chatbot.domain import Conversation, Kind
from chatbot.embedding import open_encoder
from chatbot.evaluation.gates import MEASURES, Hide, Judged, auroc, judged, read_beir, read_mtrag, tabulate
from chatbot.evaluation.turns import read_turns
from chatbot.pipeline import Chatbot
from chatbot.retrieval import embed_query, retrieve
from chatbot.settings import load_settings

Floats = NDArray[np.float64]

_ROOT = Path(__file__).resolve().parent.parent
_TURNS = _ROOT / "tests" / "evaluation" / "turns"
_DATA = _ROOT.parent / "shared" / "data"
_SETS = ("drug_questions", "mtrag_un", "medquad", "bioasq")
_FITTED = ("drug_questions topic", "mtrag_un", "medquad topic")
"""What is fitted on besides the turns. Hidden aspects are not: with them the turns' AUROC falls from .97 to .94."""
_PENALTY = 0.1  # variance of the weights' prior, over standardised features
_WEIGHT_OF_A_SET = 300.0  # each set counts as so many judgements, however large it is


@dataclass(frozen=True)
class _Part:
    """The judgements of a set in which one thing is hidden, split by question into halves."""

    name: str
    development: list[Judged]
    other: list[Judged]


def main(
    indexes: Annotated[Path, typer.Option(help="Folder with an index per set.")],
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = _DATA,
    turns_index: Annotated[Path | None, typer.Option(help="Index that the turns are asked of.")] = None,
    questions: Annotated[int, typer.Option(help="Questions of a set, at most, evenly drawn.")] = 400,
    report: Annotated[list[str] | None, typer.Option(help="Only report these sets, fit nothing.")] = None,
) -> None:
    """Fits and reports."""
    encoder = open_encoder(load_settings())
    parts: list[_Part] = []
    for name in report or _SETS:
        if not (indexes / name).is_dir():
            print(f"no index {indexes / name}; left out")
            continue
        chatbot = Chatbot(load_settings(index=indexes / name), encoder)
        found = _parts(chatbot, name, data, questions)
        _report(found, calibrate(chatbot.index))
        parts += found
    if not report:
        turns = _turns(Chatbot(load_settings(index=turns_index), encoder))
        _show(turns, 0.5)
        _fit([part for part in parts if part.name in _FITTED] + [turns])


def _parts(chatbot: Chatbot, name: str, data: Path, most: int) -> list[_Part]:
    if name == "mtrag_un":
        tasks = read_mtrag(data / "multiturn" / name / "tasks.jsonl")
        rows = list(judged(chatbot, tasks, "topic", Kind.RESEARCH))
        talks = {task.id: task.conversation.turns[0].question if task.conversation.turns else "" for task in tasks}
        order = list(dict.fromkeys(talks.values()))
        return [_halved(name, rows, [order.index(talks[row.id]) for row in rows])]
    folder = data / "retrieval" / name
    found = read_beir(folder / "queries.jsonl", folder / "qrels.tsv")
    found = found[:: max(1, len(found) // most)]
    numbers = {question.id: number for number, question in enumerate(found)}
    hidden: tuple[Hide, ...] = ("topic", "aspect")
    parts = []
    for hide in hidden:
        rows = list(judged(chatbot, found, hide, Kind.RESEARCH))
        parts.append(_halved(f"{name} {hide}", rows, [numbers[row.id.split(" without ")[0]] for row in rows]))
    return parts


def _halved(name: str, rows: list[Judged], numbers: Sequence[int]) -> _Part:
    even = [row for row, number in zip(rows, numbers, strict=True) if number % 2 == 0]
    odd = [row for row, number in zip(rows, numbers, strict=True) if number % 2]
    return _Part(name, even, odd)


def _turns(chatbot: Chatbot) -> _Part:
    """Every labelled kind of every hand-written turn that has a passage that may answer."""
    rows, numbers = [], []
    conversations: dict[str, Conversation] = {}
    for turn in read_turns(sorted(_TURNS.glob("*.jsonl"))):
        index = chatbot.index
        conversation = conversations.setdefault(turn.conversation, Conversation())
        resolved = chatbot.resolve(turn.question, conversation)
        terms = question_terms(index, resolved)
        query = embed_query(index, resolved.readings, resolved.about)
        for kind, gold in turn.answers.items():
            found = judge(index, terms, kind, retrieve(index, query, kind, 60, chatbot.pool(index, conversation)))
            if found.hits:
                rows.append(Judged(f"{turn.id} {kind}", bool(gold), found.score, found.values))
                numbers.append(list(conversations).index(turn.conversation))
            elif gold:
                print(f"{turn.id} {kind}: nothing that may answer: {resolved.text}")
        conversations[turn.conversation] = conversation.then(chatbot.ask(turn.question, conversation).turn)
    return _halved("turns", rows, numbers)


def _report(parts: Sequence[_Part], calibration: Calibration) -> None:
    point = calibration.curve(Kind.RESEARCH).at(load_settings().answer.false_refusals)
    if point is None:
        print("too few known items to calibrate on")
        return
    print(f"calibrated on {calibration.pooled.questions} known items: {point}")
    for part in parts:
        _show(part, point.threshold)


def _show(part: _Part, threshold: float) -> None:
    for half, rows in (("development", part.development), ("other half", part.other)):
        columns = tabulate(rows, threshold).columns
        figures = ", ".join(f"{measure.name} {measure.compute(columns):.3f}" for measure in MEASURES)
        print(f"{part.name}, {half} ({len(rows)}): {figures}")


def _fit(parts: Sequence[_Part]) -> None:
    """Logistic regression with no weight below zero: every feature speaks for an answer, or does not speak at all."""
    rows = [row for part in parts for row in part.development]
    shares = np.array([_WEIGHT_OF_A_SET / len(part.development) for part in parts for _ in part.development])
    values = np.array([row.values for row in rows])
    signs = np.array([1.0 if row.answerable else -1.0 for row in rows])
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    weights, offset = _minimised((values - mean) / spread, signs, shares)
    fitted = weights / spread
    bias = offset - float(fitted @ mean)
    for name, old, new in zip(FEATURES, WEIGHTS, fitted, strict=True):
        print(f"  {name:18} {old:6.2f} → {new:6.2f}")
    print(f"WEIGHTS = ({', '.join(f'{weight:.2f}' for weight in fitted)})\nBIAS = {bias:.2f}")
    for part in parts:
        other = np.array([row.values for row in part.other])
        columns = {"answerable": np.array([float(row.answerable) for row in part.other])}
        now = auroc({**columns, "score": other @ np.array(WEIGHTS) + BIAS})
        new = auroc({**columns, "score": other @ fitted + bias})
        print(f"{part.name}, other half: AUROC now {now:.3f}, refitted {new:.3f}")


def _minimised(values: Floats, signs: Floats, shares: Floats) -> tuple[Floats, float]:
    """Weights and offset of least weighted logistic loss with an L2 penalty on the weights."""
    from scipy.optimize import minimize

    def loss(point: Floats) -> tuple[float, Floats]:
        margins = signs * (values @ point[:-1] + point[-1])
        slopes = -signs * shares / (1 + np.exp(margins))
        total = float((shares * np.logaddexp(0, -margins)).sum() + (point[:-1] ** 2).sum() / (2 * _PENALTY))
        return total, np.append(values.T @ slopes + point[:-1] / _PENALTY, slopes.sum())

    bounds = [(0.0, None)] * values.shape[1] + [(None, None)]
    found = minimize(loss, np.zeros(values.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    return found.x[:-1], float(found.x[-1])


if __name__ == "__main__":
    typer.run(main)
