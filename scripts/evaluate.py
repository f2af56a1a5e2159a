#!/usr/bin/env python
"""Asks the hand-written turns and prints how well they are answered.

.venv/bin/python scripts/evaluate.py            a table by category
.venv/bin/python scripts/evaluate.py --errors   and each turn that is not as it should be
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from chatbot.evaluation.turns import Asked, converse, errors, read_turns, score
from chatbot.pipeline import Chatbot
from chatbot.settings import load_settings

_TURNS = Path(__file__).parent.parent / "tests" / "evaluation" / "turns"


def main(
    index: Annotated[Path | None, typer.Option(help="Folder of the index.")] = None,
    turns: Annotated[Path, typer.Option(help="Folder of the turns.")] = _TURNS,
    show_errors: Annotated[bool, typer.Option("--errors", help="List what is wrong.")] = False,
) -> None:
    """Asks every turn in its conversation."""
    chatbot = Chatbot(load_settings(index=index))
    asked = list(converse(chatbot, read_turns(sorted(turns.glob("*.jsonl")))))
    table = Table("turns", "number", "resolved", "answered", "right source", "withheld", "silent")
    for category in ("stand-alone", "follow-up", "topic-switch", "unanswerable"):
        _row(table, category, [a for a in asked if a.turn.category == category])
    _row(table, "all", asked)
    Console().print(table)
    if show_errors:
        for a in asked:
            for error in errors(a):
                print(f"{a.turn.id}: {error}\n    {a.turn.question} | read as: {a.answer.resolved}")


def _row(table: Table, name: str, asked: list[Asked]) -> None:
    s = score(asked)
    shares = (s.resolved, s.answered, s.right_source, s.withheld, s.silent)
    table.add_row(name, str(s.turns), *(f"{share:.3f}" for share in shares))


if __name__ == "__main__":
    typer.run(main)
