"""Multi-turn sets: what is read from a file, and what its columns say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from chatbot.cli.documents import PastTurn, as_conversation
from chatbot.domain import Kind
from chatbot.errors import SourceError
from chatbot.evaluation.followups import MEASURES, FollowUp, read

NAN = float("nan")


def write(path: Path, *turns: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(turn) + "\n" for turn in turns), "utf-8")
    return path


def line(turn: int, focus: str) -> dict[str, object]:
    return {"conversation_id": "c", "turn": turn, "utterance": "Is it?", "rewrite": f"Is {focus}?", "focus": focus}


def read_three(tmp_path: Path) -> list[FollowUp]:
    return read(write(tmp_path / "set.jsonl", line(1, "gout"), line(2, "gout"), line(3, "asthma")))


def test_a_turn_comes_with_those_before_it(tmp_path: Path) -> None:
    assert [len(each.before) for each in read_three(tmp_path)] == [0, 1, 2]


def test_a_turn_switches_where_its_subject_is_another(tmp_path: Path) -> None:
    assert [each.switches for each in read_three(tmp_path)] == [False, False, True]


def test_a_line_that_is_no_turn_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=":2"):
        read(write(tmp_path / "set.jsonl", line(1, "gout"), {"turn": 2}))


def test_the_share_of_the_rewrite_is_of_follow_ups_alone() -> None:
    columns = {
        "hit": np.array([NAN, 1.0, 0.0, 1.0]),
        "rewrite hit": np.array([NAN, 1.0, 1.0, 0.0]),
        "any hit": np.array([1.0, 1.0, 0.0, 1.0]),
        "carried over": np.array([NAN, NAN, 1.0, 0.0]),
    }
    figures = {measure.name: measure.compute(columns) for measure in MEASURES}
    assert figures["hit@5"] == pytest.approx(2 / 3)
    assert figures["share of the rewrite's"] == 1.0
    assert figures["wrong carry-over"] == 0.5
    assert figures["hit@5, all turns"] == 0.75


def test_claims_of_a_history_can_be_referred_to() -> None:
    claim = {"text": "FEV1 rose.", "kind": "research", "title": "A trial", "study": "randomised trial"}
    past = PastTurn.model_validate({"question": "does it work?", "claims": [claim]})
    statement = as_conversation([past]).turns[0].statements[0]
    assert (statement.text, statement.reference.kind) == ("FEV1 rose.", Kind.RESEARCH)
