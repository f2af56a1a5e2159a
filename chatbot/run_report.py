"""What an index run says while it is at work and when it has ended, for programs: one JSON object a line.

    {"step": "reading", "began": 1764000000.0, "at": 1764000001.5, "done": 1200, "total": 5000}
    {"step": "done", …, "outcome": {"ended": "2026-11-23T15:20:00+00:00", "added": 3, …}}
    {"step": "failed", …, "error": "there is no folder corpus; …"}

``done`` and ``total`` are bytes while reading and characters while indexing; a step that cannot say has neither. The
index keeps the outcome of its last complete run under ``LAST_RUN``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatbot.index.plan import Plan

LAST_RUN = "last run"

_MOST_FAILURES = 500  # kept by name; a folder of the wrong files has thousands, all for one reason


class RunStep(StrEnum):
    """What a run is doing, in this order; the last two end it."""

    OPENING = "opening"
    READING = "reading"
    INDEXING = "indexing"
    CALIBRATING = "calibrating"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FailedSource:
    """A file that could not be indexed, with the line or the member of an archive where that is known, and why."""

    file: str
    reason: str
    line: int | None = None
    member: str = ""


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a run did: numbers of documents, of sources that failed, and the failures themselves, at most 500.

    ``same`` counts documents left out because another one is the same work or says the same. ``ended`` is ISO 8601.
    """

    ended: str
    seconds: float
    generation: int
    added: int
    changed: int
    unchanged: int
    removed: int
    failed: int
    same: int
    failures: tuple[FailedSource, ...] = ()

    @property
    def ended_at(self) -> float:
        """When it ended, in seconds since 1970."""
        return datetime.fromisoformat(self.ended).timestamp()


@dataclass(frozen=True, slots=True)
class RunEvent:
    """A line of a run. ``began`` and ``at`` are seconds since 1970: when the step began, and when this was said."""

    step: RunStep
    began: float
    at: float
    done: float = 0
    total: float = 0
    outcome: RunOutcome | None = None
    error: str = ""

    @property
    def is_last(self) -> bool:
        """Whether the run has ended."""
        return self.step in {RunStep.DONE, RunStep.FAILED}

    def seconds_left(self, now: float) -> float | None:
        """How long the step will take from now on, if it goes on as it has; None: it cannot be told yet."""
        if not 0 < self.done <= self.total or self.at <= self.began:
            return None
        whole = (self.at - self.began) * self.total / self.done
        return max(0.0, self.began + whole - now)


def outcome_of(plan: Plan, generation: int, seconds: float) -> RunOutcome:
    """The outcome of a run over a plan."""
    failed = plan.failed[:_MOST_FAILURES]
    return RunOutcome(
        datetime.now(UTC).isoformat(timespec="seconds"),
        round(seconds, 1),
        generation,
        added=len(plan.added),
        changed=len(plan.changed),
        unchanged=len(plan.unchanged),
        removed=len(plan.removed),
        failed=len(plan.failed),
        same=len(plan.duplicates) + len(plan.alike),
        failures=tuple(FailedSource(str(e.path), e.problem, e.line, e.member) for e in failed),
    )


def write_outcome(outcome: RunOutcome) -> dict[str, Any]:
    """The outcome as JSON."""
    return asdict(outcome)


def read_outcome(written: Any) -> RunOutcome | None:
    """The outcome that was written so; None where it is none, as in an index of before it was kept."""
    try:
        failures = tuple(FailedSource(**failure) for failure in written["failures"])
        return RunOutcome(**{**written, "failures": failures})
    except (TypeError, KeyError):
        return None


def write_event(event: RunEvent) -> str:
    """The event as a line, without what it does not say."""
    said: dict[str, Any] = {"step": event.step.value, "began": event.began, "at": event.at}
    if event.total:
        said |= {"done": event.done, "total": event.total}
    if event.outcome:
        said["outcome"] = write_outcome(event.outcome)
    if event.error:
        said["error"] = event.error
    return json.dumps(said)


def last_event(lines: Iterable[str]) -> RunEvent | None:
    """The last event among lines of which the first and the last may be cut off; None: there is none."""
    for line in reversed(list(lines)):
        try:
            said = json.loads(line)
            outcome = read_outcome(said.pop("outcome", None))
            return RunEvent(**{**said, "step": RunStep(said["step"]), "outcome": outcome})
        except (ValueError, TypeError, KeyError, AttributeError):
            continue  # cut off
    return None
