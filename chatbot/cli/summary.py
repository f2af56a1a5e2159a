"""What an index run did, or would do: a table, a line for each source that failed, and for each that another one is."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from chatbot.index.build import Outcome
    from chatbot.index.plan import Plan

_MOST_LINES = 50  # of a sort


def print_plan(console: Console, plan: Plan, *, planned: bool) -> None:
    """The table of a run that was, or that is only ``planned``, and the lines below it."""
    table = Table(title="What would be done" if planned else "Index", title_justify="left", show_header=False)
    for name in ("added", "changed", "unchanged", "removed", "failed"):
        shown = f"would be {name}" if planned and name in ("added", "changed", "removed") else name
        table.add_row(shown, f"{len(getattr(plan, name)):,}")
    table.add_row("same as another", f"{len(plan.duplicates) + len(plan.alike):,}")
    console.print(table)
    _print_lines(console, (f"failed: {error}" for error in plan.failed), len(plan.failed))
    same = [*plan.duplicates, *plan.alike]
    _print_lines(console, (f"same as another: {line}" for line in _same(plan)), len(same))
    _print_lines(console, (f"said by others: {line}" for line in _restated(plan)), len(plan.restated))
    if plan.skipped:
        counts = (f"{count:,} {f'*{suffix}' if suffix else 'without a suffix'}" for suffix, count in _sorted(plan))
        _print_lines(console, [f"left out, for no reader knows them: {', '.join(counts)}"], 1)


def print_outcome(console: Console, outcome: Outcome, seconds: float, total: float) -> None:
    """What the run cost: ``seconds`` of embedding and writing, of ``total`` seconds."""
    documents = len(outcome.plan.added) + len(outcome.plan.changed)
    rates = ""
    if outcome.embedded_tokens:
        rates = f"{documents / seconds:.1f} documents/s, {outcome.embedded_tokens / seconds:,.0f} tokens/s, "
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform != "darwin" else 2**30)
    line = (
        f"generation {outcome.generation}; embedded {outcome.embedded_texts:,} texts, {outcome.embedded_tokens:,} "
        f"tokens; {rates}{total:.1f} s in all; peak memory {peak:.2f} GB"
    )
    _print_lines(console, [line], 1)


def _same(plan: Plan) -> Iterator[str]:
    for one in (*plan.duplicates, *plan.alike):
        yield f"{one.file}: {one.id} is left out for {one.kept_id} in {one.kept_file} ({one.reason})"


def _restated(plan: Plan) -> Iterator[str]:
    for document in sorted(plan.restated):
        told = plan.told.get(document)
        notices = [f"{one.standing} ({one.citation or one.pmid})" for one in told.notices] if told else []
        also = [f"the label of {name} says the same" for name in told.also] if told else []
        yield f"{document}: {'; '.join(notices + also) or 'nothing any more'}"


def _sorted(plan: Plan) -> list[tuple[str, int]]:
    """The most frequent suffix first, equal ones by name."""
    return sorted(plan.skipped.items(), key=lambda item: (-item[1], item[0]))


def _print_lines(console: Console, lines: Iterable[str], count: int) -> None:
    for _, line in zip(range(_MOST_LINES), lines, strict=False):
        console.print(" ".join(line.split()), markup=False, highlight=False, soft_wrap=True)
    if count > _MOST_LINES:
        console.print(f"... and {count - _MOST_LINES:,} more")
