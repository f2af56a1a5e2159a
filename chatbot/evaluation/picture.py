"""The figures of a run as one picture: a panel per measure, a dot per system, its interval as a line."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from chatbot.errors import EvaluationError
from chatbot.evaluation.extras import package_missing
from chatbot.evaluation.intervals import Figure
from chatbot.evaluation.report import Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = (".png", ".svg")
_PANELS_IN_A_ROW = 3
_PANEL = (3.6, 0.5, 1.0)  # inches: width, height per system, height of title and axis
_FIRST, _OTHERS = "#0b5394", "#777777"


def check_picture(path: Path) -> None:
    """Raises EvaluationError where ``draw`` would: for another ending, or without matplotlib."""
    if path.suffix.lower() not in FORMATS:
        raise EvaluationError(f"{path}: pictures are written as {' or '.join(FORMATS)}; give the file such an ending")
    try:
        import matplotlib  # noqa: F401
    except ModuleNotFoundError as error:
        raise package_missing(error, "evaluate") from error


def draw(report: Report, path: Path) -> None:
    """Writes the picture, PNG or SVG by the file's ending; what could not be computed is left out of it.

    Raises what ``check_picture`` raises, and EvaluationError where the file cannot be written.
    """
    check_picture(path)
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Picture

    panels = [list(group) for _, group in groupby(report.figures, key=lambda figure: figure.measure.name)]
    columns = min(len(panels), _PANELS_IN_A_ROW)
    rows = -(-len(panels) // columns)
    width, per_system, around = _PANEL
    size = (1 + width * columns, 0.4 + rows * (around + per_system * len(panels[0])))
    picture = Picture(figsize=size, layout="constrained")
    FigureCanvasAgg(picture)  # draws into memory: no screen is needed
    axes = picture.subplots(rows, columns, squeeze=False, sharey=True)
    for number, axis in enumerate(axes.flat):
        if number < len(panels):
            _panel(axis, panels[number])
        else:
            axis.set_visible(False)
    picture.suptitle(f"{report.title} (95 % intervals)", fontsize=11)
    try:
        picture.savefig(path, dpi=150)
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be written ({error.strerror}); choose another file") from error


def _panel(axis: Axes, figures: list[Figure]) -> None:
    for row, figure in enumerate(figures):
        own = figure.interval
        if np.isnan([own.value, own.low, own.high]).any():
            continue
        color = _OTHERS if row else _FIRST
        axis.plot([own.low, own.high], [row, row], color=color, linewidth=2, solid_capstyle="round")
        axis.plot([own.value], [row], "o", color=color, markersize=6)
        axis.annotate(f"{own.value:.3f}", (own.value, row), (0, 6), textcoords="offset points", ha="center", fontsize=8)
    axis.set_yticks(range(len(figures)), [figure.system for figure in figures])
    axis.set_ylim(len(figures) - 0.5, -0.7)  # the first system on top
    axis.set_title(figures[0].measure.name, fontsize=10)
    axis.grid(axis="x", alpha=0.3)
    axis.margins(x=0.15)
    axis.locator_params(axis="x", nbins=5)
    axis.spines[["top", "right"]].set_visible(False)
