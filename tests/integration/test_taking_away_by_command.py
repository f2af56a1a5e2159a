"""``chatbot ask --export`` and ``chatbot verify``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatbot.cli import main
from chatbot.embedding import Encoder
from chatbot.settings import Settings
from tests.conftest import index_paths, write_reference

QUESTION = "Does zylopentin lower blood pressure?"
SENTENCE = "Zylopentin lowered blood pressure by 5 mmHg."


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


Command = Callable[..., Run]


@pytest.fixture
def command(
    encoder: Encoder, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:  # fmt: skip
    """Runs a command on an index of one study, with a gate that lets pass what is near."""
    write_reference(tmp_path / "corpus", "zylopentin", SENTENCE)
    index_paths(settings, encoder, tmp_path / "corpus")
    monkeypatch.setenv("CHATBOT_INDEX", str(settings.index))
    monkeypatch.setenv("CHATBOT_ANSWER__GATE_THRESHOLD", "0.05")
    monkeypatch.setattr("chatbot.pipeline.open_encoder", lambda settings, **options: encoder)

    def run(*arguments: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["chatbot", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as caught:
            main()
        return Run(int(caught.value.code or 0), *capsys.readouterr())

    return run


def test_an_answer_is_written_in_every_format_that_is_asked_for(command: Command, tmp_path: Path) -> None:
    files = [tmp_path / f"answer.{suffix}" for suffix in ("md", "pdf", "ris", "bib", "json")]
    assert command("ask", QUESTION, *(part for file in files for part in ("--export", file))).code == 0
    markdown, pdf, ris, bibtex, card = (file.read_bytes() for file in files)
    assert SENTENCE.encode() in markdown
    assert pdf.startswith(b"%PDF-")
    assert b"TI  - A study of zylopentin" in ris
    assert b"title = {{A study of zylopentin}}" in bibtex
    assert json.loads(card)["quotes"][0]["text"] == SENTENCE
    assert sorted(tmp_path.glob("*.partial")) == []


@pytest.mark.parametrize("name", ["answer.docx", "answer", "none/answer.md"])
def test_a_file_that_cannot_be_written_ends_in_one_line_that_names_it(
    command: Command, tmp_path: Path, name: str
) -> None:
    ran = command("ask", QUESTION, "--export", tmp_path / name)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert str(tmp_path / name) in ran.err


def test_a_card_on_an_unchanged_index_differs_in_nothing(command: Command, tmp_path: Path) -> None:
    command("ask", QUESTION, "--export", tmp_path / "card.json")
    ran = command("verify", tmp_path / "card.json")
    assert (ran.code, ran.err) == (0, "")
    assert "1 of 1 quotes stand as they were quoted." in ran.out
    assert ran.out.endswith("Nothing differs.\n")


def test_a_card_is_checked_with_its_own_settings(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("ask", QUESTION, "--export", tmp_path / "card.json")
    monkeypatch.setenv("CHATBOT_ANSWER__GATE_THRESHOLD", "1")
    assert command("verify", tmp_path / "card.json").code == 0


def test_a_card_whose_source_was_changed_names_the_quote_and_exits_with_1(
    command: Command, tmp_path: Path, settings: Settings, encoder: Encoder
) -> None:
    command("ask", QUESTION, "--export", tmp_path / "card.json")
    write_reference(tmp_path / "corpus", "zylopentin", "Zylopentin lowered blood pressure by 6 mmHg.")
    index_paths(settings, encoder, tmp_path / "corpus")
    ran = command("verify", tmp_path / "card.json")
    assert ran.code == 1
    assert "0 of 1 quotes stand" in ran.out
    assert f"[1] “{SENTENCE}”: “A study of zylopentin” was changed and does not say it any more." in ran.out
    assert ran.out.endswith("Something differs.\n")


def test_what_is_no_card_exits_with_2_and_one_line(command: Command, tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text('{"question": "?"}', "utf-8")
    ran = command("verify", tmp_path / "card.json")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "is not an answer card" in ran.err
