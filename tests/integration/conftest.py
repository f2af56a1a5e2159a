"""What tests of parts together share: the page's settings; publishers on loopback and the command that fetches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.cli import main
from chatbot.settings import Settings, load_settings
from tests.fetching import Command, Fetcher, Ran, environment
from tests.publishers import Publishers, publishers_on_loopback


@pytest.fixture
def page_settings(corpus_index: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """What the page runs with: the repository's corpus, indexed, and a new folder for what people leave."""
    monkeypatch.setenv("CHATBOT_INDEX", str(corpus_index.index))
    monkeypatch.setenv("CHATBOT_CORPUS", str(corpus_index.corpus))
    monkeypatch.setenv("CHATBOT_DATA", str(tmp_path / "data"))
    return load_settings()


@pytest.fixture
def publishers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publishers]:
    """NCBI, DailyMed and openFDA on loopback, whose clock is the one that clients wait by."""
    for proxy in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
    with publishers_on_loopback() as started:
        yield started


@pytest.fixture
def fetch(publishers: Publishers, tmp_path: Path) -> Fetcher:
    """Fetches into a new folder."""
    return Fetcher(publishers, tmp_path / "fetched")


@pytest.fixture
def fetch_command(
    publishers: Publishers, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Command:
    """Runs ``chatbot fetch`` against the publishers, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("chatbot.fetching.client.Clock", lambda: publishers.watch)
    for name, value in environment(publishers).items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["chatbot", "fetch", *arguments])
        with pytest.raises(SystemExit) as caught:
            main()
        said = capsys.readouterr()
        return Ran(int(caught.value.code or 0), said.out + said.err)

    return run
