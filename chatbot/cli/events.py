"""How far an index run is, for programs: a line of JSON now and then (``chatbot.run_report``)."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from chatbot.run_report import RunEvent, RunOutcome, RunStep, write_event

if TYPE_CHECKING:
    from chatbot.index.build import Outcome
    from chatbot.index.build import Progress as OnProgress
    from chatbot.index.plan import OnReading, Plan

_SECONDS_BETWEEN = 0.3  # lines: what watches a run looks about once a second


class Events:
    """Tells by lines on stdout (a ``Telling``)."""

    def __init__(self) -> None:
        self._step = RunStep.OPENING
        self._began = self._last = time.time()
        self._done = 0.0

    def opening(self) -> AbstractContextManager[object]:
        """Says that the model is being opened."""
        self._begin(RunStep.OPENING)
        return nullcontext()

    @contextmanager
    def reading(self) -> Iterator[OnReading]:
        """For ``IndexWriter.plan``."""
        self._begin(RunStep.READING)
        yield self._advance

    @contextmanager
    def embedding(self, plan: Plan) -> Iterator[OnProgress]:
        """For ``IndexWriter.apply``: by characters, which take like time."""
        self._begin(RunStep.INDEXING)
        yield lambda documents, characters: self._advance(characters, plan.characters)

    def calibrating(self) -> AbstractContextManager[object]:
        """Says that the gate is being measured."""
        self._begin(RunStep.CALIBRATING)
        return nullcontext()

    def end(self, outcome: Outcome, report: RunOutcome, seconds: float) -> None:  # noqa: ARG002 - a report has all
        """Says what was done."""
        now = time.time()
        self._write(RunEvent(RunStep.DONE, now, now, outcome=report))

    def fail(self, error: str) -> None:
        """Says why the run ended early."""
        now = time.time()
        self._write(RunEvent(RunStep.FAILED, now, now, error=error))

    def _begin(self, step: RunStep) -> None:
        self._step, self._began, self._done = step, time.time(), 0.0
        self._write(RunEvent(step, self._began, self._began))

    def _advance(self, count: float, total: float) -> None:
        self._done += count
        now = time.time()
        if now - self._last >= _SECONDS_BETWEEN:
            self._write(RunEvent(self._step, self._began, now, self._done, total))

    def _write(self, event: RunEvent) -> None:
        self._last = event.at
        sys.stdout.write(write_event(event) + "\n")
        sys.stdout.flush()
