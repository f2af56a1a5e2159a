"""What a run must reach, so that a build can fail on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.evaluation.intervals import Figure
from chatbot.evaluation.measured import Measure


@dataclass(frozen=True)
class Demand:
    """The least that the first system must reach by a measure; the most, where less is better."""

    measure: Measure
    bound: float


def read_demands(texts: Sequence[str], measures: Sequence[Measure]) -> list[Demand]:
    """``0.7`` is of the first measure, ``R@10=0.7`` of the one named; names are read without regard to case.

    Raises ValueError where a name is unknown or the rest is no number.
    """
    named = {measure.name.lower(): measure for measure in measures}
    demands = []
    for text in texts:
        name, _, bound = text.rpartition("=")
        measure = named.get(name.strip().lower()) if name else measures[0]
        if measure is None:
            raise ValueError(f"there is no measure {name!r}; choose from {', '.join(m.name for m in measures)}")
        try:
            demands.append(Demand(measure, float(bound)))
        except ValueError as error:
            raise ValueError(f"{bound!r} is no number; write as in {measure.name}=0.7") from error
    return demands


def unmet(figures: Sequence[Figure], demands: Sequence[Demand]) -> list[str]:
    """A sentence per demand that the first system does not meet; what could not be measured meets none."""
    first = {figure.measure.name: figure for figure in figures if figure.difference is None}
    return [sentence for demand in demands if (sentence := _failure(first[demand.measure.name], demand))]


def _failure(figure: Figure, demand: Demand) -> str:
    value, bound, higher = figure.interval.value, demand.bound, demand.measure.higher_is_better
    if value >= bound if higher else value <= bound:  # False for NaN
        return ""
    wanted = f"{'at least' if higher else 'at most'} {bound:g}"
    return f"{demand.measure.name} of {figure.system} is {value:.4f}, wanted {wanted}"
