"""How far the review of an article has come, and what happened on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chatbot.domain import ReviewStatus


class Stage(StrEnum):
    """Where a draft or an article stands; a draft that was never sent is its author's alone."""

    DRAFT = "Draft"
    SUBMITTED = "Submitted"
    UNDER_REVIEW = "Under Review"
    RETURNED = "Returned"
    APPROVED = "Approved"

    @property
    def status(self) -> ReviewStatus | None:
        """The step of the review that a reader is shown; None: it is with its author."""
        return None if self in {Stage.DRAFT, Stage.RETURNED} else ReviewStatus(self.value)


class What(StrEnum):
    """What happened, as the history tells it."""

    SENT = "Sent to review"
    OPENED = "Review begun"
    RETURNED = "Returned with a note"
    APPROVED = "Approved"
    MOVED = "Back to Submitted"
    RESTORED = "Approval stands again"


_AFTER = {
    What.SENT: Stage.SUBMITTED,
    What.OPENED: Stage.UNDER_REVIEW,
    What.RETURNED: Stage.RETURNED,
    What.APPROVED: Stage.APPROVED,
    What.MOVED: Stage.SUBMITTED,
    What.RESTORED: Stage.APPROVED,
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a draft or an article, when (UTC), by whose name, to which content (its hash).

    ``unsupported`` are the statements, from 1, that a reviewer found their quotes not to say.
    """

    what: What
    at: datetime
    name: str
    note: str = ""
    hash: str = ""
    unsupported: tuple[int, ...] = ()


def stage_after(events: Sequence[Event]) -> Stage:
    """Where the events, oldest first, have brought a draft; none: it is one still."""
    return _AFTER[events[-1].what] if events else Stage.DRAFT
