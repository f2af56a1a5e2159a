"""What the sources page says of index runs → markup."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from chatbot.bibliography import written_date
from chatbot.run_report import FailedSource, RunEvent, RunOutcome, RunStep
from chatbot.ui.render.escape import html_text

_STEPS = {
    RunStep.OPENING: "Opening the embedding model",
    RunStep.READING: "Reading the files",
    RunStep.INDEXING: "Indexing",
    RunStep.CALIBRATING: "Measuring when to answer",
    RunStep.DONE: "Done",
    RunStep.FAILED: "Ended early",
}
_COUNTED = ("added", "changed", "unchanged", "removed", "failed")
_MOST_SHOWN = 50  # of the failures: a list that long is read in the file or on the command line


def step_words(event: RunEvent | None, now: float) -> str:
    """What a run is doing and how long that will take: ``Indexing · about 2 minutes left``."""
    step = event.step if event else RunStep.OPENING
    left = event.seconds_left(now) if event else None
    return f"{_STEPS[step]}{f' · {_about(left)} left' if left is not None else ' …'}"


def outcome_html(outcome: RunOutcome) -> str:
    """When a run ended, what it did as a table, and what failed."""
    cells = "".join(f"<td>{getattr(outcome, name):,}</td>" for name in (*_COUNTED, "same"))
    head = "".join(f'<th scope="col">{name.capitalize()}</th>' for name in (*_COUNTED, "same as another"))
    return (
        f'<div class="mf-run"><p>Last indexed {_when(outcome.ended)}, in {_about(outcome.seconds)}.</p>'
        f'<div class="mf-table" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody><tr>{cells}</tr></tbody>'
        "</table></div></div>"
    )


def failures_html(failures: Sequence[FailedSource]) -> str:
    """The sources that could not be indexed, each with its reason; a line where there are none."""
    if not failures:
        return '<p class="mf-quietly">Every file that was found could be indexed.</p>'
    items = "".join(_failure_html(failure) for failure in failures[:_MOST_SHOWN])
    more = len(failures) - _MOST_SHOWN
    rest = f'<p class="mf-quietly">… and {more:,} more.</p>' if more > 0 else ""
    one = "1 file or record could not be indexed" if len(failures) == 1 else ""
    title = one or f"{len(failures):,} files or records could not be indexed"
    return (
        f'<div class="mf-failures"><p><b>{title}.</b> What was indexed of them before, if anything, is still there.</p>'
        f"<ul>{items}</ul>{rest}</div>"
    )


def _failure_html(failure: FailedSource) -> str:
    place = failure.file.replace("\\", "/").rsplit("/", 2)[-2:]
    name = "/".join(place) + (f" › {failure.member}" if failure.member else "")
    line = f", line {failure.line}" if failure.line else ""
    return f"<li><code>{html_text(name)}</code>{line}: {html_text(failure.reason)}</li>"


def _when(iso: str) -> str:
    """The day and, in UTC, the time."""
    moment = datetime.fromisoformat(iso)
    return f"{written_date(moment.date().isoformat())}, {moment:%H:%M} UTC"


def _about(seconds: float) -> str:
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return f"{math.ceil(seconds)} seconds" if seconds > 1 else "1 second"
    minutes = math.ceil(seconds / 60)
    return f"about {minutes} minutes" if minutes < 120 else f"about {math.ceil(minutes / 60)} hours"
