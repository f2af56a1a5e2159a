"""``chatbot serve`` lets nobody else in by mistake. That it serves is shown by the tests in a browser."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from chatbot.cli import main

AUTH = '[auth]\nclient_id = "chatbot"\n'
EVERYWHERE = ("serve", "--no-browser", "--host", "0.0.0.0")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to serve from, which is home too, and whose corpus is missing: there a page that may be served ends."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("STREAMLIT_SECRETS_FILES", raising=False)
    monkeypatch.delattr("os.execv")  # a page that is served after all must not take the place of the tests
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    monkeypatch.setattr(sys, "argv", ["chatbot", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 1
    return capsys.readouterr().err


def write_secrets(folder: Path, text: str) -> None:
    (folder / ".streamlit").mkdir(parents=True)
    (folder / ".streamlit" / "secrets.toml").write_text(text, "utf-8")


@pytest.mark.parametrize("secrets", ["", 'key = "value"\n'])
def test_without_a_login_the_page_is_not_served_to_others(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, secrets: str
) -> None:
    if secrets:
        write_secrets(folder, secrets)
    assert "without a login the page is for this machine only" in said(capsys, monkeypatch, *EVERYWHERE)


@pytest.mark.parametrize("place", ["", "home"])
def test_with_a_login_it_is(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    write_secrets(folder / place, AUTH)
    assert "corpus" in said(capsys, monkeypatch, *EVERYWHERE)


def test_it_is_where_that_is_allowed(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATBOT_SERVE__ALLOW_WITHOUT_LOGIN", "true")
    assert "corpus" in said(capsys, monkeypatch, *EVERYWHERE)


def test_secrets_that_cannot_be_read_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_secrets(folder, "[auth")
    assert "secrets.toml cannot be read" in said(capsys, monkeypatch, *EVERYWHERE)
