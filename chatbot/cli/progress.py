"""How far an index run is: a bar with the time to go on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from chatbot.index.build import Progress as OnProgress
    from chatbot.index.plan import OnReading, Plan

_SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def reading(console: Console) -> Iterator[OnReading]:
    """For ``IndexWriter.plan``: by the bytes of the files that have to be read."""
    if not console.is_terminal:
        said = _Lines("{done:,.0f} of {total:,.0f} MB read")
        yield lambda count, total: said.advance(count / 1e6, total / 1e6)
        return
    with _bar(console, "Reading", DownloadColumn()) as progress:
        task = progress.add_task("", total=None, rate="")
        yield lambda count, total: progress.update(task, advance=count, total=total)


@contextmanager
def embedding(console: Console, plan: Plan) -> Iterator[OnProgress]:
    """For ``IndexWriter.apply``: by documents on a terminal, by characters, which take like time, in the lines."""
    documents = len(plan.added) + len(plan.changed)
    if not documents:
        yield lambda count, size: None
    elif not console.is_terminal:
        said = _Lines(f"{{extra:,}} of {documents:,} documents")
        yield lambda count, size: said.advance(size, plan.characters, count)
    else:
        with _bar(console, "Indexing", MofNCompleteColumn(), TextColumn("documents  {task.fields[rate]}")) as progress:
            task = progress.add_task("", total=documents, rate="")
            yield _advance(progress, task)


def _advance(progress: Progress, task: int) -> OnProgress:
    started = time.perf_counter()
    done = 0

    def advance(count: int, _: int) -> None:
        nonlocal done
        done += count
        rate = f"{done / max(1e-9, time.perf_counter() - started):.0f}/s"
        progress.update(task, advance=count, rate=rate)  # type: ignore[arg-type]  # TaskID is an int

    return advance


def _bar(console: Console, what: str, *columns: ProgressColumn) -> Progress:
    ends = TimeRemainingColumn(elapsed_when_finished=True)
    return Progress(TextColumn(what), BarColumn(), *columns, ends, console=console)


class _Lines:
    """Prints how far it is, at most every ten seconds; ``said`` is filled with done, total and extra."""

    def __init__(self, said: str, clock: Callable[[], float] = time.perf_counter) -> None:
        self._said = said
        self._clock = clock
        self._started = self._last = clock()
        self._done = 0.0
        self._extra = 0

    def advance(self, count: float, total: float, extra: int = 0) -> None:
        self._done += count
        self._extra += extra
        now = self._clock()
        if now - self._last < _SECONDS_BETWEEN_LINES:
            return
        self._last = now
        left = (now - self._started) * (total - self._done) / max(1e-9, self._done)
        said = self._said.format(done=self._done, total=total, extra=self._extra)
        print(f"{said}, about {left:.0f} s to go", file=sys.stderr, flush=True)
