"""Floors on parts of the public data sets: what a full run of ``chatbot evaluate`` prints stands in docs/benchmarks.md.

A part is some of the questions with the documents they are about and some that they are not about, so that it is
embedded in minutes. Floors lie a little under what is reached.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatbot.cli import app
from tests.conftest import DATA

pytestmark = [
    pytest.mark.data,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not (DATA / "retrieval").is_dir(), reason="the data sets are not there"),
]
Lines = list[dict[str, object]]
Evaluate = Callable[..., str]


def read(path: Path) -> Lines:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def write(path: Path, lines: Lines) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


def some_documents(corpus: Path, wanted: set[str], others: int, into: Path) -> None:
    """Writes the documents that are wanted and some that are not."""
    lines = read(corpus)
    rest = [line for line in lines if line["_id"] not in wanted]
    write(into, [*(line for line in lines if line["_id"] in wanted), *random.Random(1).sample(rest, others)])


def part_of(folder: Path, into: Path, questions: int, others: int) -> Path:
    """A BEIR folder with some of the test questions of another."""
    queries, qrels = next(folder.glob("queries_test*"), folder / "queries.jsonl"), "qrels_test.tsv"
    judged = (folder / qrels if (folder / qrels).exists() else folder / "qrels.tsv").read_text("utf-8").splitlines()
    asked = random.Random(1).sample(read(queries), questions)
    ids = {str(line["_id"]) for line in asked}
    kept = [row for row in judged[1:] if row.split("\t")[0] in ids]
    write(into / "queries.jsonl", asked)
    (into / "qrels.tsv").write_text("\n".join([judged[0], *kept]) + "\n", "utf-8")
    some_documents(folder / "corpus.jsonl", {row.split("\t")[1] for row in kept}, others, into / "corpus.jsonl")
    return into


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parts")


@pytest.fixture
def evaluate() -> Evaluate:
    """Runs ``chatbot evaluate``, whose --fail-under must hold."""

    def run(*arguments: object) -> str:
        result = CliRunner().invoke(app, ["evaluate", *map(str, arguments)])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_claims_find_their_abstracts(parts: Path, evaluate: Evaluate) -> None:
    part = part_of(DATA / "retrieval" / "scifact", parts / "scifact", 150, 700)
    evaluate(part, "--split", "all", "--index", parts / "scifact-index", "--fail-under", "ndcg@10=0.75")


def test_consumers_questions_on_drugs_find_their_sections(parts: Path, evaluate: Evaluate) -> None:
    folder, index = DATA / "retrieval" / "drug_questions", parts / "drug-index"
    evaluate(folder, "--split", "all", "--index", index, "--fail-under", "ndcg@10=0.83")


def test_three_quotes_are_what_experts_quote(parts: Path, evaluate: Evaluate) -> None:
    part = part_of(DATA / "retrieval" / "bioasq", parts / "bioasq", 150, 300)
    options = ("--as", "answers", "--split", "all", "--index", parts / "bioasq-index")
    evaluate(part, *options, "--fail-under", "inside a gold snippet=0.7", "--fail-under", "rouge-2 recall=0.48")


def test_what_cannot_be_answered_is_told_apart(parts: Path, evaluate: Evaluate) -> None:
    folder = parts / "mtrag"
    shutil.copytree(DATA / "multiturn" / "mtrag_un", folder)
    evaluate(folder, "--index", parts / "mtrag-index", "--fail-under", "auroc=0.88")


@pytest.mark.parametrize("name", ["one_topic", "topic_switch"])
def test_follow_ups_find_what_their_rewrites_find(parts: Path, evaluate: Evaluate, name: str) -> None:
    turns = read(DATA / "multiturn" / "medquad_followups" / f"{name}.jsonl")
    talks = list(dict.fromkeys(str(turn["conversation_id"]) for turn in turns))[:25]
    kept = [turn for turn in turns if turn["conversation_id"] in talks]
    path = parts / "follow-ups" / f"{name}.jsonl"
    write(path, kept)
    wanted = {document for turn in kept for document in turn["relevant"]}  # type: ignore[attr-defined]
    corpus = path.with_name(f"{name}-corpus.jsonl")
    some_documents(DATA / "corpora" / "medquad" / "corpus.jsonl", wanted, 400, corpus)
    result = CliRunner().invoke(app, ["index", str(corpus), "--index", str(parts / name)])
    assert result.exit_code == 0, result.output
    options = ("--index", parts / name, "--system", "resolved", "--system", "rewrite")
    evaluate(path, *options, "--fail-under", "share of the rewrite's=0.97")
