"""Hand-written turns as columns: how they are read, answered, cited and withheld, as shares that can be resampled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from chatbot.evaluation.beir import sample
from chatbot.evaluation.measured import Columns, Measure, Measured
from chatbot.evaluation.turns import Asked, LabelledTurn, Scores, errors, read_turns, score


def _share(part: str, whole: str) -> Callable[[Columns], float]:
    """The sum of a column as a share of another's; NaN where that is 0."""

    def compute(columns: Columns) -> float:
        out_of = columns[whole].sum()
        return float(columns[part].sum() / out_of) if out_of else float("nan")

    return compute


MEASURES = (
    Measure("resolved", _share("resolved", "turns")),
    Measure("found in the first five", _share("found", "answerable"), bar=0.95),
    Measure("answered", _share("answered", "answerable")),
    Measure("right source", _share("right source", "answered")),
    Measure("withheld", _share("withheld", "to withhold")),
    Measure("silent", _share("silent", "unanswerable")),
)
"""What each is a share of stands in ``turns.Scores``."""


def read(path: Path, limit: int | None = None) -> list[LabelledTurn]:
    """The turns of a file, or of a folder's files by name, of at most ``limit`` conversations. Raises SourceError."""
    turns = read_turns(sorted(path.glob("*.jsonl")) if path.is_dir() else [path])
    kept = set(sample(list(dict.fromkeys(turn.conversation for turn in turns)), limit))
    return [turn for turn in turns if turn.conversation in kept]


def measured(asked: Sequence[Asked]) -> Measured:
    """The columns of the turns that were asked, per turn; turns of one conversation belong together."""
    rows = [_row(each) for each in asked]
    columns = {name: np.array([row[name] for row in rows], dtype=np.float64) for name in rows[0]}
    turns = [each.turn for each in asked]
    return Measured("chatbot", tuple(t.id for t in turns), columns, tuple(t.conversation for t in turns))


def lines_by_category(asked: Sequence[Asked]) -> list[str]:
    """The shares of each category of turns, a line each."""
    categories = sorted({each.turn.category for each in asked})
    return [
        _line(category, score(group), len(group))
        for category in categories
        if (group := [each for each in asked if each.turn.category == category])
    ]


def error_lines(asked: Iterable[Asked]) -> list[str]:
    """What is wrong with each turn, with how it was read."""
    return [
        f"{each.turn.id}: {error}\n    {each.turn.question} | read as: {each.answer.resolved}"
        for each in asked
        for error in errors(each)
    ]


def _row(asked: Asked) -> dict[str, float]:
    shares = score([asked])
    answerable = sum(bool(documents) for documents in asked.turn.answers.values())
    to_withhold = len(asked.turn.answers) - answerable
    answered = shares.answered * answerable
    unanswerable = asked.turn.category == "unanswerable"
    return {
        "turns": 1.0,
        "resolved": shares.resolved,
        "answerable": float(answerable),
        "found": shares.found * answerable,
        "answered": answered,
        "right source": shares.right_source * answered,
        "to withhold": float(to_withhold),
        "withheld": shares.withheld * to_withhold,
        "unanswerable": float(unanswerable),
        "silent": shares.silent if unanswerable else 0.0,
    }


def _line(category: str, shares: Scores, count: int) -> str:
    said = (
        ("resolved", shares.resolved),
        ("found", shares.found),
        ("answered", shares.answered),
        ("right source", shares.right_source),
        ("withheld", shares.withheld),
        ("silent", shares.silent),
    )
    return f"{category:<14}{count:>4} turns: " + ", ".join(f"{name} {share:.3f}" for name, share in said)
