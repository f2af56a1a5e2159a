"""Fetching in a test: into a folder, from publishers on loopback, on a clock that nobody waits for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.fetching.client import Client
from chatbot.fetching.dailymed import DailyMed, dailymed
from chatbot.fetching.folder import Folder
from chatbot.fetching.job import Outcome, Source, plan, run
from chatbot.fetching.openfda import OpenFda, openfda
from chatbot.fetching.pubmed import PubMed, ncbi
from tests.publishers import Publishers

SECRET = "a1b2c3d4-secret-key/+"


@dataclass(frozen=True)
class Ran:
    """How a command ended, and everything it said."""

    code: int
    said: str


Command = Callable[..., Ran]


@dataclass(frozen=True)
class Fetcher:
    """Fetches into a folder without waiting."""

    publishers: Publishers
    folder: Path

    def pubmed(self, settings: dict[str, Any] | None = None, refresh: bool = False, **asked: Any) -> Outcome:
        own = self.publishers.settings(**settings or {})
        with Client(ncbi(own), own, self.publishers.watch) as client:
            return self._run(PubMed(client, own, **asked), refresh)

    def dailymed(self, **asked: Any) -> Outcome:
        own = self.publishers.settings()
        with Client(dailymed(own), own, self.publishers.watch) as client:
            return self._run(DailyMed(client, **asked))

    def openfda(self, settings: dict[str, Any] | None = None, refresh: bool = False, **asked: Any) -> Outcome:
        own = self.publishers.settings(**settings or {})
        with Client(openfda(own), own, self.publishers.watch) as client:
            return self._run(OpenFda(client, **asked), refresh)

    def _run(self, source: Source, refresh: bool = False) -> Outcome:
        folder = Folder(self.folder)
        return run(source, folder, plan(source, folder, refresh), lambda count: None)

    @property
    def names(self) -> set[str]:
        """The files that can be seen."""
        return {path.name for path in self.folder.iterdir() if not path.name.startswith(".")}


def environment(publishers: Publishers) -> dict[str, str]:
    """The variables that send a command to the publishers on loopback."""
    names = ("eutils", "dailymed", "openfda")
    return {f"CHATBOT_FETCH__{name.upper()}_URL": f"{publishers.url}/{name}" for name in names}
