"""How somebody wants a question answered, beside the question itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from chatbot.audience import Audience


class Step(StrEnum):
    """What is being done on the way to an answer, in this order, as it is told to the person who waits."""

    READ = "Reading the question"
    SEARCH = "Searching guidelines, drug labels and research"
    CHOOSE = "Choosing what answers it"
    CHECK = "Checking every quote against its source"


def _untold(step: Step) -> None:
    """Nobody waits to be told."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """For whom the answer is, whether the question is read as typed or in its conversation, and who is told each step.

    ``on_step`` is called as a step begins, in the thread that asks; what it raises ends the answer and is not caught:
    that is how a person stops one.
    """

    audience: Audience = Audience.CLINICIAN
    as_typed: bool = False
    on_step: Callable[[Step], None] = _untold


AS_USUAL = Wishes()
