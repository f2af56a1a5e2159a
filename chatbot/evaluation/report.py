"""What was measured, on what and with what, as one JSON object: enough to compare it with another run."""

from __future__ import annotations

import math
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from chatbot.evaluation.intervals import RESAMPLES, Figure, Interval
from chatbot.evaluation.measured import Measured
from chatbot.pipeline import Chatbot

_PACKAGES = (
    "medical-follow-up-chatbot chromadb tantivy onnxruntime numpy ir-measures rouge-score langchain-core "
    "langchain-chroma langchain-classic langchain-community rank-bm25 txtai"
).split()


@dataclass(frozen=True)
class Report:
    """A run: figures measure by measure, and what they were computed from. ``seconds``: per system, opening it too."""

    set_type: str
    path: Path | None
    split: str
    measured: tuple[Measured, ...]
    figures: tuple[Figure, ...]
    seconds: tuple[float, ...]

    @property
    def title(self) -> str:
        """The set in a few words."""
        name = self.path.name or str(self.path) if self.path else "the index itself"
        return f"{self.set_type}: {name}, {len(self.measured[0].items):,} items"


def as_object(report: Report, chatbot: Chatbot) -> dict[str, Any]:
    """Everything of a run; figures that could not be computed are null."""
    index = chatbot.index
    return {
        "set": {
            "type": report.set_type,
            "path": str(report.path.absolute()) if report.path else None,
            "split": report.split,
            "items": len(report.measured[0].items),
        },
        "figures": [_figure(figure) for figure in report.figures],
        "intervals": {"method": "paired bootstrap, percentiles", "level": 0.95, "resamples": RESAMPLES},
        "seconds": {each.system: round(s, 2) for each, s in zip(report.measured, report.seconds, strict=True)},
        "index": {
            "folder": str(chatbot.settings.index.absolute()),
            "generation": index.generation,
            "documents": {kind.value: count for kind, count in index.counts.items()},
            "identity": index.metadata("identity"),
        },
        "settings": chatbot.settings.model_dump(mode="json"),
        "versions": {"python": platform.python_version(), **_versions()},
        "command": sys.argv,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "items": _items(report.measured),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    gap = figure.difference
    return {
        "measure": figure.measure.name,
        "system": figure.system,
        "higher_is_better": figure.measure.higher_is_better,
        **_interval(figure.interval),
        "difference": {**_interval(gap), "excludes_zero": gap.excludes_zero} if gap else None,
    }


def _interval(interval: Interval) -> dict[str, float | None]:
    return {"value": _finite(interval.value), "low": _finite(interval.low), "high": _finite(interval.high)}


def _items(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    first = measured[0]
    return [
        {
            "_id": item,
            **({"group": first.groups[row]} if first.groups else {}),
            "values": {
                each.system: {name: _finite(column[row]) for name, column in each.columns.items()} for each in measured
            },
        }
        for row, item in enumerate(first.items)
    ]


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue  # an extra that is not installed took no part
    return found
