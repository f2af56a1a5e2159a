"""How often a service is asked."""

from __future__ import annotations

import time

_SLACK = 1.1  # what leaves evenly does not arrive evenly


class Clock:
    """Seconds since some moment, and waiting. Another one lets a run be watched without waiting for it."""

    def now(self) -> float:
        """Seconds, never going back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Returns that many seconds later."""
        time.sleep(seconds)


class Pace:
    """Lets one request go at a time, none sooner than ``1.1 / per_second`` seconds after the one before.

    Requests are spaced evenly, not let go in bursts: services count within a second of their own clock, and three at
    the end of one and three at the start of the next are six to them.
    """

    def __init__(self, per_second: float, clock: Clock) -> None:
        self._gap = _SLACK / per_second
        self._clock = clock
        self._next: float | None = None

    def wait(self) -> None:
        """Returns when the next request may go."""
        now = self._clock.now()
        if self._next is not None and now < self._next:
            self._clock.sleep(self._next - now)
            now = max(self._clock.now(), self._next)
        self._next = now + self._gap
