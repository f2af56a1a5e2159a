"""What can be measured: a row per type of set, and what a row is given."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.errors import EvaluationError
from chatbot.evaluation.beir import Split
from chatbot.evaluation.measured import Measure, Measured
from chatbot.pipeline import Chatbot


@dataclass(frozen=True)
class Request:
    """What to measure. ``path`` is None for a set made from the index; ``tell`` takes lines for the user.

    ``details`` asks for what is wrong with each item.
    """

    path: Path | None
    chatbot: Chatbot
    systems: tuple[str, ...]
    split: Split
    limit: int | None
    details: bool
    tell: Callable[[str], None]

    @property
    def named(self) -> Path:
        """The path. Raises EvaluationError where none is named."""
        if self.path is None:
            raise EvaluationError("no set is named; write its folder or file behind the command")
        return self.path


@dataclass(frozen=True)
class SetType:
    """A row of the table. ``matches`` recognises a path. ``is_made``: made from the index, so no path is needed.

    ``systems`` are those it knows, and ``usual`` those measured where none is named. ``corpus`` gives the documents
    that come with a set, None where it is about an index that the user has.
    """

    name: str
    looks_like: str
    measures: tuple[Measure, ...]
    evaluate: Callable[[Request], Iterator[Measured]]
    matches: Callable[[Path], bool] = lambda path: False
    is_made: bool = False
    systems: tuple[str, ...] = ("chatbot",)
    usual: tuple[str, ...] = ("chatbot",)
    corpus: Callable[[Path], Path | None] = lambda path: None

    def chosen(self, systems: Sequence[str]) -> tuple[str, ...]:
        """The systems to measure, each once. Raises ValueError for one that this type of set does not know."""
        for system in systems:
            if system not in self.systems:
                raise ValueError(f"no system {system!r} for {self.name}; choose from {', '.join(self.systems)}")
        return tuple(dict.fromkeys(systems)) or self.usual


def holds_lines_with(*keys: str) -> Callable[[Path], bool]:
    """Recognises a file of JSON lines, or a folder of such files alone, whose first object has all of the keys."""

    def matches(path: Path) -> bool:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        return bool(files) and all(file.suffix == ".jsonl" and set(keys) <= _keys(file) for file in files)

    return matches


def _keys(path: Path) -> set[str]:
    """The keys of a file's first object; none where it does not begin with one."""
    try:
        with path.open(encoding="utf-8-sig") as stream:
            first = json.loads(next((line for line in stream if line.strip()), "null"))
    except (OSError, ValueError):
        return set()  # not a set, and said so where no type recognises it
    return set(first) if isinstance(first, dict) else set()
