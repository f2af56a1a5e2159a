"""Figures → a table on the screen and a JSON file."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

_PACKAGES = ("chromadb", "langchain-chroma", "numpy", "onnxruntime", "sentence-transformers", "tantivy", "torch")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Target:
    """A bound on one figure, and whether the figure keeps it."""

    what: str
    value: float
    bound: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self) -> str:
        sign = "at least" if self.at_least else "at most"
        return f"{self.what} {self.value:.3g}, target {sign} {self.bound:g}: {'met' if self.met else 'MISSED'}"


@dataclass(frozen=True)
class Report:
    """One command's outcome: ``figures`` for machines; tables (title, head, rows), notes and targets for people."""

    name: str
    figures: dict[str, Any]
    tables: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]]]]
    notes: Sequence[str]
    targets: Sequence[Target]


def say(message: str) -> None:
    """A line about what is going on, to stderr."""
    Console(stderr=True).print(message, style="dim", markup=False, highlight=False, soft_wrap=True)


def show(report: Report, file: Path | None) -> None:
    """Prints the report to stdout, and writes its figures with what they were measured on to ``file``."""
    console = Console()
    for title, head, rows in report.tables:
        table = Table(title=title, title_justify="left")
        for number, name in enumerate(head):
            table.add_column(name, justify="right" if number else "left", overflow="fold")
        for row in rows:
            table.add_row(*row)
        console.print(table)
    for line in (*report.notes, *map(str, report.targets)):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if file is not None:
        content = {
            "benchmark": report.name,
            "machine": describe_machine(),
            **report.figures,
            "targets": [{**asdict(target), "met": target.met} for target in report.targets],
            "tables": [[title, list(head), [list(row) for row in rows]] for title, head, rows in report.tables],
            "notes": list(report.notes),
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


def describe_machine() -> dict[str, Any]:
    """What the figures were taken on, in general words."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else None
    return {
        "cores": os.cpu_count(),
        "memory_gib": memory and round(memory / 2**30),
        "architecture": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "load_average_at_end": load,
        "packages": {name: version(name) for name in _PACKAGES},
    }
