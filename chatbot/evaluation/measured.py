"""What was measured, item by item, so that any figure can be resampled: the port between measuring and reporting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
Columns = Mapping[str, Column]


@dataclass(frozen=True)
class Measure:
    """A figure over columns of equal length: the mean of one of them, an AUROC, a share of a share.

    ``compute`` must work on any resampling of the rows, and give NaN where a resampling leaves nothing to measure.
    ``higher_is_better`` says which way is good; ``bar`` is the least (or most) that is wanted, if any.
    """

    name: str
    compute: Callable[[Columns], float]
    higher_is_better: bool = True
    bar: float | None = None


@dataclass(frozen=True)
class Measured:
    """The columns of one system over the items of a set, in the items' order; the same items for every system.

    ``groups``, where given, says which items belong together (turns of one conversation): such are not independent of
    each other, and are resampled together.
    """

    system: str
    items: tuple[str, ...]
    columns: Columns
    groups: tuple[str, ...] = ()


def mean_of(column: str) -> Callable[[Columns], float]:
    """The mean of a column, NaN where it is empty; rows that are NaN are left out."""

    def compute(columns: Columns) -> float:
        values = columns[column]
        kept = values[~np.isnan(values)]
        return float(kept.mean()) if len(kept) else float("nan")

    return compute
