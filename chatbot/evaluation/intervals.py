"""How sure a figure is: bootstrap intervals of figures, and of the difference of two systems on the same items.

Items are drawn with replacement, 2,000 times, the same draw for every system, and every figure is computed anew; the
95 % interval is what lies between the 2.5th and the 97.5th percentile (Efron and Tibshirani 1993, An Introduction to
the Bootstrap, chapter 13). Drawing the same items for both systems keeps the pairing, which is what makes small
differences visible (Sakai 2006, doi:10.1145/1148170.1148261). Items of one group are drawn together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.evaluation.measured import Column, Columns, Measure, Measured

RESAMPLES = 2000
_SEED = 1  # fixed: the same results give the same intervals
_PERCENTILES = (2.5, 97.5)


@dataclass(frozen=True)
class Interval:
    """A figure on all items and its 95 % interval; NaN where there was nothing to measure."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Figure:
    """A measure of a system. ``difference`` is the first system's figure less this one's; none for the first itself."""

    measure: Measure
    system: str
    interval: Interval
    difference: Interval | None


def figures(measured: Sequence[Measured], measures: Sequence[Measure], resamples: int = RESAMPLES) -> list[Figure]:
    """Every measure of every system, measure by measure, the systems in their order.

    Raises ValueError where the systems were not measured on the same items.
    """
    if any((each.items, each.groups) != (measured[0].items, measured[0].groups) for each in measured):
        raise ValueError("systems are compared on the same items only")
    draws = _draws(measured[0], resamples)
    found = []
    for measure in measures:
        on_draws = [_resampled(measure, each.columns, draws) for each in measured]
        values = [measure.compute(each.columns) for each in measured]
        for number, each in enumerate(measured):
            own = _interval(values[number], on_draws[number])
            gap = _interval(values[0] - values[number], on_draws[0] - on_draws[number]) if number else None
            found.append(Figure(measure, each.system, own, gap))
    return found


def _draws(measured: Measured, resamples: int) -> list[NDArray[np.intp]]:
    """Row numbers of each resampling: of whole groups where there are any, else of single items."""
    random = np.random.default_rng(_SEED)
    if not measured.groups:
        count = len(measured.items)
        return list(random.integers(count, size=(resamples, count)))
    _, owner = np.unique(measured.groups, return_inverse=True)
    rows = [np.flatnonzero(owner == number) for number in range(owner.max() + 1)]
    return [
        np.concatenate([rows[number] for number in random.integers(len(rows), size=len(rows))])
        for _ in range(resamples)
    ]


def _resampled(measure: Measure, columns: Columns, draws: Sequence[NDArray[np.intp]]) -> Column:
    return np.array([measure.compute({name: column[rows] for name, column in columns.items()}) for rows in draws])


def _interval(value: float, resampled: Column) -> Interval:
    kept = resampled[~np.isnan(resampled)]  # a draw that holds nothing to measure says nothing
    low, high = np.percentile(kept, _PERCENTILES) if len(kept) else (np.nan, np.nan)
    return Interval(value, float(low), float(high))
