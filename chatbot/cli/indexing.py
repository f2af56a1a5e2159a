"""``chatbot index``: the corpus into the index, with progress and a summary."""

from __future__ import annotations

import resource
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from chatbot.cli.options import IndexOption, KindOption
from chatbot.errors import IndexingError
from chatbot.settings import Settings, load_settings

if TYPE_CHECKING:
    from chatbot.index.build import Outcome
    from chatbot.index.build import Progress as OnProgress
    from chatbot.index.plan import Plan

_FAILED_SHOWN = 50
_SECONDS_BETWEEN_LINES = 10.0


def index(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders; default: the corpus folder.", show_default=False)
    ] = None,
    index: IndexOption = None,
    kind: KindOption = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build from nothing, then replace the index.")] = False,
) -> None:
    """Brings the index up to date with the documents; what is unchanged costs nothing."""
    settings = load_settings(index=index)
    outcome = build(settings, paths or [settings.corpus], kind, rebuild)
    if outcome.plan.failed:
        raise typer.Exit(1)


def build(settings: Settings, paths: list[Path], kind: str | None = None, rebuild: bool = False) -> Outcome:
    """Indexes, printing progress and the summary to stderr. Raises what ``IndexWriter`` raises."""
    if not rebuild:
        return _update(settings, paths, kind)
    fresh = settings.index.with_name(settings.index.name + ".rebuild")
    old = settings.index.with_name(settings.index.name + ".old")
    try:
        shutil.rmtree(old, ignore_errors=True)
        outcome = _update(settings.model_copy(update={"index": fresh}), paths, kind)
        if settings.index.exists():
            settings.index.rename(old)
        fresh.rename(settings.index)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise IndexingError(
            f"index {settings.index}: cannot be replaced ({error.strerror}); the new one is in {fresh}, the old one in "
            f"{old if old.exists() else settings.index}"
        ) from error
    return outcome


def _update(settings: Settings, paths: list[Path], kind: str | None) -> Outcome:
    from chatbot.answering.calibration import METADATA_KEY, as_metadata, calibrate
    from chatbot.domain import Kind
    from chatbot.embedding import open_encoder
    from chatbot.index.build import IndexWriter
    from chatbot.index.reader import Index

    console = Console(stderr=True)
    started = time.perf_counter()
    with console.status("Opening the embedding model (the first time takes half a minute) ..."):
        encoder = open_encoder(settings)
    with IndexWriter(settings, encoder).open() as writer:
        with console.status("Looking for what has changed ..."):
            plan = writer.plan(paths, Kind(kind) if kind else None)
        embedding = time.perf_counter()
        with _progress(console, plan) as advance:
            outcome = writer.apply(plan, advance)
        seconds = time.perf_counter() - embedding
        if outcome.swapped or Index(settings, encoder).metadata(METADATA_KEY) is None:
            with console.status("Calibrating the gate on what is indexed ..."):
                writer.note(METADATA_KEY, as_metadata(calibrate(Index(settings, encoder))))
    _summarise(console, outcome, seconds, time.perf_counter() - started)
    return outcome


@contextmanager
def _progress(console: Console, plan: Plan) -> Iterator[OnProgress]:
    """A bar with rate and time to go on a terminal, a line now and then elsewhere."""
    documents = len(plan.added) + len(plan.changed)
    if not documents:
        yield lambda documents, characters: None
        return
    if not console.is_terminal:
        yield _lines(documents, plan.characters)
        return
    columns = (
        TextColumn("Indexing"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("documents  {task.fields[rate]}"),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    started = time.perf_counter()
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=documents, rate="")
        seen = 0

        def advance(count: int, _: int) -> None:
            nonlocal seen
            seen += count
            rate = f"{seen / max(1e-9, time.perf_counter() - started):.0f}/s"
            progress.update(task, advance=count, rate=rate)

        yield advance


def _lines(documents: int, characters: int) -> OnProgress:
    started = last = time.perf_counter()
    done = read = 0

    def advance(count: int, size: int) -> None:
        nonlocal last, done, read
        done += count
        read += size
        now = time.perf_counter()
        if now - last >= _SECONDS_BETWEEN_LINES:
            last = now
            left = (now - started) * (characters - read) / max(1, read)
            print(
                f"{done:,} of {documents:,} documents, {done / (now - started):.1f}/s, about {left:.0f} s to go",
                file=sys.stderr,
                flush=True,
            )

    return advance


def _summarise(console: Console, outcome: Outcome, seconds: float, total: float) -> None:
    plan = outcome.plan
    table = Table(title="Index", title_justify="left", show_header=False)
    for name in ("added", "changed", "unchanged", "removed", "failed"):
        table.add_row(name, f"{len(getattr(plan, name)):,}")
    console.print(table)
    for error in plan.failed[:_FAILED_SHOWN]:
        console.print(f"failed: {error}", markup=False, highlight=False, soft_wrap=True)
    if len(plan.failed) > _FAILED_SHOWN:
        console.print(f"... and {len(plan.failed) - _FAILED_SHOWN:,} more")
    embedded = len(plan.added) + len(plan.changed)
    rates = ""
    if outcome.embedded_tokens:
        rates = f"{embedded / seconds:.1f} documents/s, {outcome.embedded_tokens / seconds:,.0f} tokens/s, "
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform != "darwin" else 2**30)
    console.print(
        f"generation {outcome.generation}; embedded {outcome.embedded_texts:,} texts, {outcome.embedded_tokens:,} "
        f"tokens; {rates}{total:.1f} s in all; peak memory {peak:.2f} GB",
        highlight=False,
        soft_wrap=True,
    )
