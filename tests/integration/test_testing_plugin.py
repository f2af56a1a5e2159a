"""The fixture ``ask`` in a user's own tests: where it asks, and what a failed test says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from chatbot.settings import Settings, load_settings
from tests.conftest import ROOT, write_reference

FAILING = """
    def boxed(ask):
        return ask("What are the boxed warnings of adalimumab?")

    def test_another_label(ask):
        assert boxed(ask).cites("label-lipitor-us")

    def test_a_misspelt_label(ask):
        assert boxed(ask).cites("label-humera-us")

    def test_silence(ask):
        assert not boxed(ask).answers("label")

    def test_words_that_are_not_chosen(ask):
        assert boxed(ask).quotes("synovial")

    def test_a_follow_up(ask):
        assert boxed(ask).then("And in pregnancy?").read_as("sirolimus")

    def test_an_unknown_kind(ask):
        boxed(ask).withheld("labels")

    def test_something_else(ask):
        assert boxed(ask).question == "What?", "not that question"
"""
ASKING = """
    def test_it(ask):
        assert ask("What is zorbitis treated with?").quotes("{words}")
"""


def run_pytest(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A run of its own, whatever run this one is a worker of."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", *arguments]
    given = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        command, cwd=folder, env={**given, **environment}, capture_output=True, text=True, check=False
    )


def write_tests(folder: Path, text: str) -> Path:
    (folder / "test_it.py").write_text(textwrap.dedent(text), "utf-8")
    return folder


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory, corpus_index: Settings) -> dict[str, str]:
    """What pytest prints of each test that fails, run once."""
    folder = write_tests(tmp_path_factory.mktemp("failing"), FAILING)
    printed = run_pytest(folder, "--chatbot-index", str(corpus_index.index)).stdout
    parts = re.split(r"^_+ (test_\w+) _+$", printed, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A cache folder of its own that has the exported model already."""
    folder = tmp_path_factory.mktemp("cache")
    for entry in load_settings().cache.iterdir():
        (folder / entry.name).symlink_to(entry)
    (folder / "tested").unlink(missing_ok=True)
    return str(folder)


def test_the_example_passes(corpus_index: Settings) -> None:
    run = run_pytest(ROOT, "examples", "--chatbot-index", str(corpus_index.index))
    assert run.returncode == 0, run.stdout
    assert " passed" in run.stdout


def test_a_failed_citation_says_what_is_cited_instead_and_where_the_document_was(failures: dict[str, str]) -> None:
    said = failures["test_another_label"]
    assert "assert no section cites 'label-lipitor-us'; cited: label-humira-us [1" in said
    assert re.search(r"guideline: withheld \(topic, gate 0\.\d\d\): No indexed guideline mentions adalimumab", said)
    assert re.search(r"label:US:  label-humira-us \[1.*\] \(gate 0\.\d\d\)", said)
    assert re.search(r"needed:    gate guideline 0\.\d\d, label 0\.\d\d", said)
    assert re.search(r"label-lipitor-us is (number \d+ of what was found of label|indexed, but not among)", said)


def test_a_misspelt_document_is_named_with_what_is_near_it(failures: dict[str, str]) -> None:
    assert "no indexed document has 'label-humera-us'" in failures["test_a_misspelt_label"]
    assert "near it: label-humira-us" in failures["test_a_misspelt_label"]


def test_a_failed_negation_says_what_is_the_case(failures: dict[str, str]) -> None:
    assert re.search(r"assert not label:US answers \(gate 0\.\d\d\) with \d+ statement", failures["test_silence"])


def test_missing_words_are_looked_for_in_the_cited_documents(failures: dict[str, str]) -> None:
    said = failures["test_words_that_are_not_chosen"]
    assert "assert no section quotes 'synovial'" in said
    assert re.search(r"no cited document holds these words|is cited and holds these words", said)


def test_a_failed_follow_up_shows_the_questions_before_it_and_the_reading(failures: dict[str, str]) -> None:
    said = failures["test_a_follow_up"]
    assert re.search(r"assert read as '.*adalimumab.*', without sirolimus", said)
    assert "before:    What are the boxed warnings of adalimumab?" in said
    assert re.search(r"read as:   .*adalimumab", said)


def test_an_expectation_that_cannot_be_checked_fails_at_the_tests_own_line(failures: dict[str, str]) -> None:
    said = failures["test_an_unknown_kind"]
    assert "there is no kind of evidence 'labels'; the kinds are guideline, label" in said
    assert "checks.py" not in said


def test_any_other_failed_assertion_shows_the_answer_too(failures: dict[str, str]) -> None:
    assert "not that question" in failures["test_something_else"]
    assert "What was answered:" in failures["test_something_else"]


def test_a_missing_index_is_one_error_that_says_what_to_run(tmp_path: Path) -> None:
    run = run_pytest(write_tests(tmp_path, ASKING), "--chatbot-index", "nowhere")
    assert run.returncode == 1
    assert f"chatbot: there is no index at {tmp_path / 'nowhere'}" in run.stdout
    assert f"chatbot index my-documents --index {tmp_path / 'nowhere'}" in run.stdout
    assert "pytest --chatbot-corpus my-documents" in run.stdout
    assert "Traceback" not in run.stdout
    assert "plugin.py" not in run.stdout


def test_a_project_that_does_not_ask_loads_nothing_of_the_chatbot(tmp_path: Path) -> None:
    text = """
        import sys

        def test_it():
            assert {m for m in sys.modules if m.startswith("chatbot.")} <= {"chatbot.testing", "chatbot.testing.plugin"}
            assert not {"chromadb", "onnxruntime", "numpy", "pydantic"} & set(sys.modules)
    """
    run = run_pytest(write_tests(tmp_path, text), "-p", "no:hypothesispytest", "-p", "no:langsmith_plugin")
    assert run.returncode == 0, run.stdout


def test_a_corpus_is_indexed_first_and_brought_up_to_date_at_the_next_run(tmp_path: Path, cache: str) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nchatbot_corpus = documents\n", "utf-8")
    for words in ("zorbitis is treated with rest", "zorbitis is treated with tea"):
        write_reference(tmp_path / "documents", "zorbitis", f"## Treatment\n\n{words.capitalize()}.")
        write_tests(tmp_path, ASKING.format(words=words))
        run = run_pytest(tmp_path, CHATBOT_CACHE=cache)
        assert run.returncode == 0, run.stdout
        assert ("chatbot: indexing" in run.stdout) is ("rest" in words)


def test_the_workers_of_a_run_index_once(tmp_path: Path) -> None:
    given = ("--chatbot-corpus", "documents", "--chatbot-index", "index")
    write_reference(tmp_path / "documents", "zorbitis", "## Treatment\n\nZorbitis is treated with rest.")
    write_tests(tmp_path, ASKING.format(words="treated with rest"))
    for _ in range(2):
        run = run_pytest(tmp_path, *given, PYTEST_XDIST_TESTRUNUID="one run")
        assert run.returncode == 0, run.stdout
        write_reference(tmp_path / "documents", "zorbitis", "## Treatment\n\nNot looked at by the second worker.")


def test_a_corpus_with_a_file_that_cannot_be_read_is_not_asked(tmp_path: Path) -> None:
    write_reference(tmp_path / "documents", "zorbitis", "## Treatment\n\nZorbitis is treated with rest.")
    (tmp_path / "documents" / "broken.md").write_text("---\nid: [\n---\n", "utf-8")
    write_tests(tmp_path, ASKING.format(words="treated with rest"))
    run = run_pytest(tmp_path, "--chatbot-corpus", "documents", "--chatbot-index", "index")
    assert run.returncode == 1
    assert "chatbot: 1 of the files cannot be read" in run.stdout
    assert "broken.md" in run.stdout
