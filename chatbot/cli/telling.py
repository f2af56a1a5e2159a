"""What an index run tells, to a person at a terminal or to a program."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from rich.console import Console

from chatbot.cli.progress import embedding, reading
from chatbot.cli.summary import print_outcome, print_plan
from chatbot.run_report import RunOutcome

if TYPE_CHECKING:
    from chatbot.index.build import Outcome
    from chatbot.index.build import Progress as OnProgress
    from chatbot.index.plan import OnReading, Plan


class Telling(Protocol):
    """Who is told of the steps of a run, in their order, and of its end."""

    def opening(self) -> AbstractContextManager[object]: ...

    def reading(self) -> AbstractContextManager[OnReading]: ...

    def embedding(self, plan: Plan) -> AbstractContextManager[OnProgress]: ...

    def calibrating(self) -> AbstractContextManager[object]: ...

    def end(self, outcome: Outcome, report: RunOutcome, seconds: float) -> None:
        """``seconds``: of embedding and writing, of those in the report."""


class OnScreen:
    """Bars and tables on stderr."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)

    def opening(self) -> AbstractContextManager[object]:
        return self.console.status("Opening the embedding model (the first time takes half a minute) ...")

    def reading(self) -> AbstractContextManager[OnReading]:
        return reading(self.console)

    def embedding(self, plan: Plan) -> AbstractContextManager[OnProgress]:
        return embedding(self.console, plan)

    def calibrating(self) -> AbstractContextManager[object]:
        return self.console.status("Calibrating the gate on what is indexed ...")

    def end(self, outcome: Outcome, report: RunOutcome, seconds: float) -> None:
        print_plan(self.console, outcome.plan, planned=False)
        print_outcome(self.console, outcome, seconds, report.seconds)
