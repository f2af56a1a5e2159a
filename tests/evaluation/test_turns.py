"""Floors under the hand-written turns: a little under what is reached, so that a loss fails the build.

Reached: scripts/evaluate.py prints it.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from chatbot.domain import Kind
from chatbot.evaluation.turns import Asked, converse, read_turns, score
from chatbot.pipeline import Chatbot
from tests.integration.test_pipeline import assert_every_claim_is_a_cited_quote

TURNS = sorted((Path(__file__).parent / "turns").glob("*.jsonl"))
FLOORS = {"resolved": 0.94, "found": 0.98, "answered": 0.8, "right_source": 0.98, "withheld": 0.92, "silent": 0.74}
LEAST = {
    "stand-alone": 80,
    "follow-up": 90,
    "topic-switch": 45,
    "unanswerable": 35,
    "return": 20,
    "contrast": 28,
    "correction": 18,
    "reference": 35,
    "list": 20,
}


@pytest.fixture(scope="module")
def asked(chatbot: Chatbot) -> list[Asked]:
    return list(converse(chatbot, read_turns(TURNS)))


def test_there_are_enough_turns_of_every_category() -> None:
    turns = read_turns(TURNS)
    assert len(turns) >= 390
    assert len({turn.id for turn in turns}) == len(turns)
    for category, least in LEAST.items():
        assert sum(turn.category == category for turn in turns) >= least, category


def test_the_turns_of_a_conversation_stand_together_and_count_from_one() -> None:
    groups = [(name, [t.turn for t in group]) for name, group in groupby(read_turns(TURNS), lambda t: t.conversation)]
    assert len({name for name, _ in groups}) == len(groups)
    assert all(numbers == list(range(1, len(numbers) + 1)) for _, numbers in groups)


def test_an_unanswerable_turn_has_every_kind_empty() -> None:
    for turn in read_turns(TURNS):
        if turn.category == "unanswerable":
            assert turn.answers == dict.fromkeys((Kind.GUIDELINE, Kind.LABEL, Kind.RESEARCH), ()), turn.id


def test_the_turns_name_documents_of_the_corpus(chatbot: Chatbot) -> None:
    kinds = {reference.id: reference.kind for reference in chatbot.index.references}
    for turn in read_turns(TURNS):
        for kind, documents in turn.answers.items():
            assert all(kinds[document] is kind for document in documents), turn.id


@pytest.mark.parametrize("measure", FLOORS)
def test_the_share_stays_above_its_floor(asked: list[Asked], measure: str) -> None:
    assert getattr(score(asked), measure) >= FLOORS[measure]


def test_every_claim_of_every_answer_is_a_cited_quote(asked: list[Asked]) -> None:
    for each in asked:
        assert_every_claim_is_a_cited_quote(each.answer)


def test_no_label_section_cites_anything_but_labels(asked: list[Asked]) -> None:
    for each in asked:
        numbers = {n for s in each.answer.sections if s.kind is Kind.LABEL for c in s.claims for n in c.citations}
        cited = [c.passage.document.kind for c in each.answer.citations if c.number in numbers]
        assert set(cited) <= {Kind.LABEL}
