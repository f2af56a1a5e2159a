"""Thousands of real questions of public data sets: none of them tells of an emergency or of who somebody is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chatbot.safety.personal import personal_data
from chatbot.safety.red_flags import red_flag
from tests.conftest import DATA

SETS = (
    "retrieval/bioasq/queries.jsonl",
    "retrieval/drug_questions/queries.jsonl",
    "retrieval/medquad/queries.jsonl",
    "retrieval/scifact/queries_train.jsonl",
    "retrieval/scifact/queries_test.jsonl",
    "multiturn/medquad_followups/one_topic.jsonl",
    "multiturn/medquad_followups/topic_switch.jsonl",
    "multiturn/health_rewrites/turns.jsonl",
)

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not all((DATA / name).exists() for name in SETS), reason="the data sets are not there"),
]


def questions() -> list[str]:
    """Every question once: about 5,600."""
    return sorted({text for name in SETS for text in _texts(DATA / name)})


def _texts(file: Path) -> Iterator[str]:
    for line in file.read_text("utf-8").splitlines():
        held = json.loads(line)
        turns = [held, *(turn for turn in held.get("turns", []) if isinstance(turn, dict))]
        for turn in turns:
            yield from (turn[key] for key in ("text", "utterance", "question") if isinstance(turn.get(key), str))


@pytest.mark.parametrize("found", [red_flag, personal_data], ids=["red flags", "personal data"])
def test_questions_of_study_are_left_alone(found: Callable[[str], object]) -> None:
    asked = questions()
    fired = [text for text in asked if found(text)]
    print(f"\n{found.__name__}: {len(fired)} of {len(asked)} real questions: {fired[:5]}")
    assert len(asked) > 4000
    assert len(fired) / len(asked) <= 0.002  # a notice that comes for nothing is soon clicked away unread
