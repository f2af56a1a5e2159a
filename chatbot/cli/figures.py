"""The figures of an evaluation as a table on the terminal."""

from __future__ import annotations

import math
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from chatbot.evaluation.intervals import Interval
from chatbot.evaluation.report import Report

_WIDTH = 100  # where the output is no terminal: a file has room for names


def print_figures(report: Report) -> None:
    """A block per measure, a row per system, with its 95 % interval and how far the first system is from it."""
    first = report.measured[0].system
    table = Table(title=report.title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("measure")
    table.add_column("system", no_wrap=True)
    compared = (f"{first} −", "95 %", "≠ 0") if len(report.measured) > 1 else ()
    for name in ("value", "95 %", *compared):
        table.add_column(name, no_wrap=True, justify="right")
    for measure, figures in groupby(report.figures, key=lambda figure: figure.measure.name):
        label = measure
        for figure in figures:
            row = [label, figure.system, _number(figure.interval.value), _range(figure.interval)]
            gap = figure.difference
            if gap is not None:
                row += [_number(gap.value, "+"), _range(gap, "+"), "yes" if gap.excludes_zero else "no"]
            table.add_row(*row)
            label = ""
        table.add_section()
    console = Console()
    console.width = console.width if console.is_terminal else _WIDTH
    console.print(table)


def _number(value: float, sign: str = "") -> str:
    """Three places, without a 0 before the point; a dash for what could not be computed."""
    if not math.isfinite(value):
        return "–"
    text = f"{round(value, 3) + 0.0:{sign}.3f}"  # adding 0 makes -0 a plain one
    return text.replace("0.", ".", 1) if abs(value) < 0.9995 else text


def _range(interval: Interval, sign: str = "") -> str:
    return f"{_number(interval.low, sign)} to {_number(interval.high, sign)}" if math.isfinite(interval.low) else "–"
