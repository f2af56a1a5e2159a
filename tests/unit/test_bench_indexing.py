"""scripts/bench.py crash, reindex and parse: what their figures are made of."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from chatbot.errors import IndexUnavailable
from chatbot.index.reader import Index
from chatbot.readers import read

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def benchmark_module(monkeypatch: pytest.MonkeyPatch):
    """Imports a module of scripts/benchmarks, as scripts/bench.py does."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield lambda name: importlib.import_module(f"benchmarks.{name}")
    for name in [name for name in sys.modules if name.split(".")[0] == "benchmarks"]:
        del sys.modules[name]


@pytest.fixture
def versions(benchmark_module, tmp_path):
    """The documents of the crash corpus, id → text, in its first and second version."""
    corpus = benchmark_module("crash_corpus")
    found = []
    for second in (False, True):
        corpus.write_version(tmp_path / str(second), second)
        found.append({document.id: document.text for document in read(tmp_path / str(second), on_error=pytest.fail)})
    return found


def test_everything_that_can_be_killed_at_or_counted_exists(benchmark_module):
    locate = benchmark_module("timers").locate
    for place in (*benchmark_module("killed").PLACES, benchmark_module("counted")._ENCODE):
        assert callable(locate(place)[2])


def test_the_second_version_changes_adds_and_removes_documents(versions):
    first, second = versions
    both = first.keys() & second.keys()
    sorts = Counter(first[i] != second[i] for i in both)
    assert len(first.keys() - both) == 5
    assert len(second.keys() - both) == 10
    assert sorts == {True: 6, False: 49}


def test_the_questions_ask_for_documents_of_both_versions(benchmark_module, versions):
    questions = benchmark_module("crash_corpus").questions(100)
    assert questions == benchmark_module("crash_corpus").questions(100)
    texts = " ".join({**versions[0], **versions[1]}.values())
    assert all(any(word.rstrip("?") in texts for word in question.split()) for question in questions)


def test_a_run_kills_itself_at_the_call_it_is_given(benchmark_module, settings, encoder, tmp_path):
    benchmark_module("crash_corpus").write_version(tmp_path / "docs", second=False)
    moment = "chatbot.index.manifest:Manifest.add_passage 3 after"
    arguments = ["index", str(tmp_path / "docs"), "--index", str(settings.index)]
    command = [sys.executable, "-m", "benchmarks.killed", moment, *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(SCRIPTS), str(SCRIPTS.parent)))}
    done = subprocess.run(command, env=environment, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL
    with pytest.raises(IndexUnavailable, match="not complete yet"):
        Index(settings, encoder)


def test_a_made_document_is_the_same_each_time_and_as_long_as_an_answer(benchmark_module):
    record = benchmark_module("reindex").record
    lengths = sorted(len(record(number)["text"]) for number in range(400))
    assert record(7) == record(7) != record(8)
    assert 700 < lengths[200] < 1100
    assert lengths[-1] > 4000


def test_a_made_vector_belongs_to_its_text(benchmark_module, encoder):
    made = benchmark_module("reindex").MadeVectors(encoder)
    one, other = made.encode(["one", "other"])
    assert (made.encode(["one"])[0] == one).all()
    assert (one != other).any()
    assert one @ one == pytest.approx(1)


@pytest.mark.parametrize("documents", [1, 5])
def test_as_many_documents_are_changed_as_are_asked_for(benchmark_module, tmp_path, documents):
    reindex = benchmark_module("reindex")
    file = tmp_path / "corpus.jsonl"
    file.write_text("".join(json.dumps(reindex.record(number)) + "\n" for number in range(20)), "utf-8")
    before = file.read_text("utf-8").splitlines()
    reindex._change(file, Random(1), 0, documents)
    after = file.read_text("utf-8").splitlines()
    changed = [json.loads(line) for line, old in zip(after, before, strict=True) if line != old]
    assert len(changed) == documents
    assert all(document["text"].count("This sentence is new") == 1 for document in changed)


def test_reading_is_judged_by_how_much_memory_grew(benchmark_module, tmp_path):
    parsing = benchmark_module("parsing")
    report = parsing.measure_parsing(50, tmp_path, lambda message: None)
    assert [target.bound for target in report.targets] == [300, 300]
    assert report.figures["plain"]["documents"] == report.figures["packed"]["documents"] == 50
