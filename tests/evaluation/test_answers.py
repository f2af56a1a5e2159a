"""Quotes against experts' answers: the halves of a set, what is measured, and how the systems compare."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from chatbot.embedding import Encoder
from chatbot.errors import EvaluationError, SourceError
from chatbot.evaluation.answers import MEASURES, SYSTEMS, AnsweredQuestion, measure, read
from chatbot.pipeline import Chatbot
from chatbot.settings import load_settings
from tests.conftest import DATA, index_paths

BIOASQ = DATA / "retrieval" / "bioasq"
DOCUMENTS = {
    "one": "Zolidan lowers uric acid in people with gout. Ninety people took part. The weather was fair.",
    "two": "Zolidan lowers uric acid within a week of treatment in gout. A pharmacist wrote this.",
    "three": "Plumarin thins the blood. It is taken at night.",
}
QUESTION = {
    "_id": "q1",
    "text": "What does zolidan lower in gout?",
    "metadata": {
        "ideal_answer": ["Zolidan lowers uric acid.", "Uric acid"],
        "snippets": [{"text": "Zolidan  lowers uric acid in people with gout.", "section": "abstract"}],
    },
}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Chatbot:
    """A chatbot on three made-up abstracts."""
    folder = tmp_path_factory.mktemp("answers")
    corpus = folder / "corpus.jsonl"
    lines = [json.dumps({"_id": name, "title": "", "text": text}) for name, text in DOCUMENTS.items()]
    corpus.write_text("\n".join(lines), "utf-8")
    settings = load_settings(index=folder / "index")
    index_paths(settings, encoder, corpus)
    return Chatbot(settings, encoder)


@pytest.fixture
def question() -> AnsweredQuestion:
    return AnsweredQuestion.model_validate(QUESTION)


def write(folder: Path, *lines: object) -> Path:
    path = folder / "queries.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    return path


def test_every_question_is_in_one_half_and_a_limit_draws_the_same_ones_again(tmp_path: Path) -> None:
    write(tmp_path, *({**QUESTION, "_id": f"q{n}"} for n in range(40)))
    halves = [{q.id for q in read(tmp_path, half)} for half in ("dev", "test")]
    assert halves[0] | halves[1] == {q.id for q in read(tmp_path, "all")}
    assert not halves[0] & halves[1]
    assert read(tmp_path, "dev", 5) == read(tmp_path, "dev", 5)
    assert {q.id for q in read(tmp_path, "dev", 5)} < halves[0]


@pytest.mark.parametrize("missing", ["text", "metadata"])
def test_a_line_that_is_no_answered_question_is_named(tmp_path: Path, missing: str) -> None:
    path = write(tmp_path, QUESTION, {k: v for k, v in QUESTION.items() if k != missing})
    with pytest.raises(SourceError, match=rf"line 2.*{missing}|{missing}"):
        read(path, "all")


def test_a_half_without_questions_and_an_unknown_system_are_refused(tmp_path: Path, known: Chatbot) -> None:
    path = write(tmp_path, QUESTION)
    with pytest.raises(EvaluationError, match="no question in its test half"):
        read(path, "test")
    with pytest.raises(EvaluationError, match="no system 'magic'"):
        measure(known, [], "magic")


def test_the_figures_are_those_of_the_quotes(known: Chatbot, question: AnsweredQuestion) -> None:
    columns = measure(known, [question], "sentence cosine", sentences=2).columns
    assert {name: values[0] for name, values in columns.items()} == {
        "inside": 0.5,
        "rouge2": 1.0,
        "sentences": 2,
        "words": 19,
    }


def test_the_oracle_recalls_no_less_than_any_system(known: Chatbot, question: AnsweredQuestion) -> None:
    recalls = {system: measure(known, [question], system, 1).columns["rouge2"][0] for system in SYSTEMS}
    assert recalls["oracle"] == max(recalls.values()) == 1.0
    assert recalls["chatbot"] == 1.0


def test_every_system_is_measured_on_the_same_items_and_may_be_asked_nothing(known: Chatbot) -> None:
    for system in SYSTEMS:
        measured = measure(known, [], system)
        assert (measured.system, measured.items) == (system, ())
        assert all(np.isnan(each.compute(measured.columns)) for each in MEASURES)


@pytest.mark.data
@pytest.mark.skipif(not BIOASQ.is_dir(), reason="needs ../shared/data")
def test_bioasq_is_read_whole() -> None:
    assert len(read(BIOASQ, "dev")) + len(read(BIOASQ, "test")) == len(read(BIOASQ, "all")) == 1983
