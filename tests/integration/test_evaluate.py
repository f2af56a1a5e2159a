"""``chatbot evaluate`` on a small set of its own: real systems, side by side, on an index that it builds itself."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatbot.cli import main
from chatbot.embedding import Encoder
from chatbot.errors import EvaluationError
from chatbot.evaluation.extras import package_missing
from tests.conftest import ROOT

DOCUMENTS = {
    "adalimumab": "Adalimumab blocks tumour necrosis factor. Serious infections have led to hospital stays or death.",
    "sirolimus": "Sirolimus slowed the loss of lung function in women with lymphangioleiomyomatosis for a year.",
    "statins": "Atorvastatin lowers cholesterol. Muscle pain with high creatine kinase calls for stopping it.",
    "insulin": "Insulin lowers blood glucose. Low blood glucose shows as sweating, tremor and confusion.",
    "asthma": "Inhaled corticosteroids are the basis of treatment of asthma in adults and in children.",
}
QUESTIONS = {
    "q1": ("Which infections are a risk of adalimumab?", "adalimumab"),
    "q2": ("Does sirolimus help women whose lungs have cysts?", "sirolimus"),
    "q3": ("muscle aches on a cholesterol drug", "statins"),
    "q4": ("How does a person with too little sugar in the blood look?", "insulin"),
    "q5": ("What is asthma treated with?", "asthma"),
}
SYSTEMS = ("chatbot", "bm25", "dense", "rrf")


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    """A BEIR folder of five documents and five questions."""
    folder = tmp_path / "small"
    folder.mkdir()
    write_lines(folder / "corpus.jsonl", [{"_id": i, "title": i, "text": text} for i, text in DOCUMENTS.items()])
    write_lines(folder / "queries.jsonl", [{"_id": i, "text": text} for i, (text, _) in QUESTIONS.items()])
    judged = [f"{i}\t{document}\t1" for i, (_, document) in QUESTIONS.items()]
    (folder / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *judged]), "utf-8")
    return folder


@pytest.fixture
def evaluate(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str, str]]:
    """Runs the command in this process, with a cache of its own: exit code, output, errors."""
    for module in ("chatbot.pipeline", "chatbot.embedding"):
        monkeypatch.setattr(f"{module}.open_encoder", lambda settings, **options: encoder)
    monkeypatch.setenv("CHATBOT_CACHE", str(tmp_path / "cache"))

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["chatbot", "evaluate", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as caught:
            main()
        return int(caught.value.code or 0), *capsys.readouterr()

    return run


def write_lines(path: Path, objects: list[dict[str, Any]]) -> None:
    path.write_text("\n".join(map(json.dumps, objects)), "utf-8")


def test_systems_are_measured_side_by_side_on_the_same_questions(evaluate, small_set, tmp_path) -> None:
    named = [part for system in SYSTEMS for part in ("--system", system)]
    picture, written = tmp_path / "figures.svg", tmp_path / "figures.json"
    code, out, err = evaluate(small_set, "--split", "all", *named, "--json", written, "--plot", picture)
    assert code == 0, err
    assert "retrieval: small, 5 items" in out
    report = json.loads(written.read_text("utf-8"))
    first = {f["system"]: f for f in report["figures"] if f["measure"] == "nDCG@10"}
    assert tuple(first) == SYSTEMS
    assert first["chatbot"]["difference"] is None
    assert all(f["low"] <= f["value"] <= f["high"] for f in first.values())
    assert first["chatbot"]["value"] > 0.9
    assert set(report["items"][0]["values"]) == set(SYSTEMS)
    assert {"identity", "generation"} <= set(report["index"])
    assert picture.read_text("utf-8").startswith("<?xml")


def test_the_index_of_a_set_is_built_once_and_reused(evaluate, small_set, tmp_path) -> None:
    first = evaluate(small_set, "--split", "all", "--system", "bm25")
    again = evaluate(small_set, "--split", "all", "--system", "bm25")
    assert "generation 1" in first[2]
    assert "generation" not in again[2]
    assert first[1] == again[1]
    assert len(list((tmp_path / "cache" / "evaluation").glob("small-*/store-*/manifest*"))) >= 1


def test_an_index_that_is_named_is_built_where_there_is_none(evaluate, small_set, tmp_path) -> None:
    code, _out, err = evaluate(small_set, "--split", "all", "--system", "bm25", "--index", tmp_path / "mine")
    assert code == 0, err
    assert list((tmp_path / "mine").glob("store-*/manifest*"))
    assert not (tmp_path / "cache").exists()


def test_the_dense_peer_is_filled_once(evaluate, small_set, tmp_path) -> None:
    for _ in range(2):
        assert evaluate(small_set, "--split", "all", "--system", "dense")[0] == 0
    filled = list((tmp_path / "cache" / "evaluation").glob("langchain-*/filled-from"))
    assert len(filled) == 1


@pytest.mark.parametrize(("demand", "code"), [("R@10=0.5", 0), ("1.01", 1)])
def test_a_build_fails_on_what_is_not_reached(evaluate, small_set, demand: str, code: int) -> None:
    found, _out, err = evaluate(small_set, "--split", "all", "--system", "bm25", "--fail-under", demand)
    assert found == code
    assert ("failed: nDCG@10 of bm25 is" in err) is bool(code)


@pytest.mark.parametrize("wrong", [("--fail-under", "speed=1"), ("--system", "google"), ("--split", "half")])
def test_wrong_usage_is_said_before_anything_is_built(evaluate, small_set, tmp_path, wrong: tuple[str, str]) -> None:
    code, _, err = evaluate(small_set, *wrong)
    assert code == 2
    assert wrong[1].split("=")[0] in err
    assert not (tmp_path / "cache").exists()


def test_an_index_of_other_documents_is_refused(evaluate, small_set, corpus_index) -> None:
    code, _, err = evaluate(small_set, "--split", "all", "--index", corpus_index.index)
    assert code == 1
    assert "holds none of the 5 documents that small judges" in err


def test_judged_documents_that_are_not_indexed_are_counted(evaluate, small_set) -> None:
    kept = (small_set / "corpus.jsonl").read_text("utf-8").splitlines()[:4]
    (small_set / "corpus.jsonl").write_text("\n".join(kept), "utf-8")
    code, out, _ = evaluate(small_set, "--split", "all", "--system", "bm25")
    assert code == 0
    assert "1 of 5 judged documents are not in the index" in out


def test_a_set_without_documents_is_measured_on_the_index_in_force(evaluate, small_set, tmp_path) -> None:
    assert evaluate(small_set, "--split", "all", "--system", "bm25", "--index", tmp_path / "mine")[0] == 0
    shutil.move(small_set / "corpus.jsonl", tmp_path / "elsewhere.jsonl")
    code, _out, err = evaluate(small_set, "--split", "all", "--system", "bm25", "--index", tmp_path / "mine")
    assert code == 0, err


def test_hand_written_turns_are_measured_by_category(evaluate, corpus_index, tmp_path) -> None:
    written = tmp_path / "turns.json"
    turns = ROOT / "tests" / "evaluation" / "turns"
    code, out, err = evaluate(turns, "--limit", 4, "--index", corpus_index.index, "--json", written, "--errors")
    assert code == 0, err
    assert re.search(r"^follow-up +\d+ turns: resolved [01]\.\d{3}, found", out, re.MULTILINE)
    report = json.loads(written.read_text("utf-8"))
    assert [f["measure"] for f in report["figures"]] == [
        "resolved",
        "found in the first five",
        "answered",
        "right source",
        "withheld",
        "silent",
    ]
    assert len({item["group"] for item in report["items"]}) == 4


def test_a_users_questions_say_what_failed_and_fail_the_build(evaluate, corpus_index, tmp_path) -> None:
    asked = [
        {"_id": "warning", "question": "What are the boxed warnings of adalimumab?", "answers": "label"},
        {"_id": "wrong", "question": "What are the boxed warnings of adalimumab?", "withheld": "all"},
    ]
    write_lines(tmp_path / "mine.jsonl", asked)
    code, out, err = evaluate(tmp_path / "mine.jsonl", "--index", corpus_index.index, "--fail-under", "1")
    assert code == 1
    assert "failed: passed of chatbot is 0.5000, wanted at least 1" in err
    assert "wrong: What are the boxed warnings of adalimumab?" in out
    assert "warning: What" not in out


def test_a_gate_set_is_made_from_an_index_alone(evaluate, corpus_index) -> None:
    code, out, err = evaluate("--as", "gate", "--limit", 12, "--index", corpus_index.index)
    assert code == 0, err
    assert "gate: the index itself, 24 items" in out
    assert "AUROC" in out


def test_questions_drawn_at_random_need_no_set(evaluate, corpus_index) -> None:
    code, out, err = evaluate("--as", "random-questions", "--limit", 6, "--index", corpus_index.index)
    assert code == 0, err
    assert "random-questions: the index itself, 6 items" in out


def test_the_sentences_of_a_set_with_ideal_answers_are_measured(evaluate, small_set) -> None:
    ideal = {"ideal_answer": [DOCUMENTS["adalimumab"]], "snippets": [{"text": DOCUMENTS["adalimumab"]}]}
    write_lines(small_set / "queries.jsonl", [{"_id": "q1", "text": QUESTIONS["q1"][0], "metadata": ideal}])
    (small_set / "qrels.tsv").write_text("q1\tadalimumab\t1", "utf-8")
    code, out, err = evaluate(small_set, "--as", "answers", "--split", "all", "--system", "lead", "--system", "oracle")
    assert code == 0, err
    assert "ROUGE-2 recall" in out


@pytest.mark.parametrize("name", ["gate", "gate-aspect"])
def test_a_retrieval_set_becomes_a_gate_set_by_hiding_what_answers(evaluate, small_set, tmp_path, name: str) -> None:
    written = tmp_path / "gate.json"
    code, out, err = evaluate(small_set, "--as", name, "--split", "all", "--json", written)
    assert code == 0, err
    assert "false refusals" in out
    items = json.loads(written.read_text("utf-8"))["items"]
    assert len(items) == 2 * len(QUESTIONS)
    assert {item["group"] for item in items} == set(QUESTIONS)


def test_follow_ups_are_compared_with_their_rewrites(evaluate, small_set, tmp_path) -> None:
    first = {"conversation_id": "c", "turn": 1, "utterance": "What is adalimumab?", "rewrite": "What is adalimumab?"}
    second = {"utterance": "Which infections can it cause?", "rewrite": "Which infections can adalimumab cause?"}
    turns = [{**turn, "relevant": ["adalimumab"]} for turn in (first, {**first, "turn": 2, **second})]
    write_lines(tmp_path / "turns.jsonl", turns)
    assert evaluate(small_set, "--split", "all", "--system", "bm25", "--index", tmp_path / "mine")[0] == 0
    code, out, err = evaluate(tmp_path / "turns.jsonl", "--index", tmp_path / "mine")
    assert code == 0, err
    assert "follow-ups: turns.jsonl, 2 items" in out
    assert "previous + question" in out


def test_nothing_to_measure_is_said(evaluate) -> None:
    code, _, err = evaluate()
    assert code == 1
    assert "no set is named" in err


def test_a_missing_package_is_named_with_the_extra_that_brings_it() -> None:
    error = package_missing(ModuleNotFoundError("No module named 'txtai'", name="txtai"), "peers")
    assert isinstance(error, EvaluationError)
    assert "package txtai is not installed" in str(error)
    assert "medical-follow-up-chatbot[peers]" in str(error)
