"""``chatbot index``: the corpus into the index, with progress and a summary."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from chatbot.cli.options import IndexOption, KindOption
from chatbot.cli.progress import embedding, reading
from chatbot.cli.summary import print_outcome, print_plan
from chatbot.settings import Settings, load_settings

if TYPE_CHECKING:
    from chatbot.domain import Kind
    from chatbot.embedding import Encoder
    from chatbot.index.build import IndexWriter, Outcome
    from chatbot.index.plan import Plan


def index(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders; default: the corpus folder.", show_default=False)
    ] = None,
    index: IndexOption = None,
    kind: KindOption = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build from nothing, then replace the index.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")] = False,
) -> None:
    """Brings the index up to date with the documents; what is unchanged costs nothing.

    Exit status 1 where a source failed: the others are indexed, and of that one stays what was indexed before.
    """
    settings = load_settings(index=index)
    given = paths or [settings.corpus]
    plan = foresee(settings, given, kind, rebuild) if dry_run else build(settings, given, kind, rebuild).plan
    if plan.failed:
        raise typer.Exit(1)


def build(settings: Settings, paths: list[Path], kind: str | None = None, rebuild: bool = False) -> Outcome:
    """Indexes, printing progress and the summary to stderr. Raises what ``IndexWriter`` raises.

    ``rebuild``: into new stores, from nothing; the old ones answer until they are complete.
    """
    from chatbot.index.build import IndexWriter
    from chatbot.index.identity import made_of

    console = Console(stderr=True)
    started = time.perf_counter()
    encoder, of_kind = _open_encoder(console, settings), _kind(kind)
    with IndexWriter(settings, encoder, made_of(settings, encoder, paths, of_kind) if rebuild else "").open() as writer:
        with reading(console) as on_reading:
            plan = writer.plan(paths, of_kind, on_reading)
        planned = time.perf_counter()
        with embedding(console, plan) as advance:
            outcome = writer.apply(plan, advance)
        seconds = time.perf_counter() - planned
        _calibrate(console, settings, encoder, writer)
        outcome = replace(outcome, generation=writer.adopt())
    print_plan(console, outcome.plan, planned=False)
    print_outcome(console, outcome, seconds, time.perf_counter() - started)
    return outcome


def foresee(settings: Settings, paths: list[Path], kind: str | None = None, rebuild: bool = False) -> Plan:
    """Prints what ``build`` would do; writes nothing. Raises CorpusError, and what opening the index raises."""
    from chatbot.index.build import preview
    from chatbot.index.plan import Before, make_plan

    console = Console(stderr=True)
    encoder, of_kind = _open_encoder(console, settings), _kind(kind)
    with reading(console) as on_reading:
        if rebuild:
            plan = make_plan(paths, of_kind, Before(), on_reading)
        else:
            plan = preview(settings, encoder, paths, of_kind, on_reading)
    print_plan(console, plan, planned=True)
    return plan


def _open_encoder(console: Console, settings: Settings) -> Encoder:
    from chatbot.embedding import open_encoder

    with console.status("Opening the embedding model (the first time takes half a minute) ..."):
        return open_encoder(settings, deferred=True)


def _kind(name: str | None) -> Kind | None:
    from chatbot.domain import Kind

    return Kind(name) if name else None


def _calibrate(console: Console, settings: Settings, encoder: Encoder, writer: IndexWriter) -> None:
    """Measures the gate on what is indexed where that is due, which only a new generation can make it."""
    from chatbot.answering.calibration_keys import CHECKED_KEY, METADATA_KEY

    if writer.noted(METADATA_KEY) is not None and writer.noted(CHECKED_KEY) == writer.generation:
        return
    from chatbot.answering.calibration import is_due, noted
    from chatbot.index.reader import Index

    written = Index(settings, encoder, writer.store)
    if is_due(written):
        with console.status("Calibrating the gate on what is indexed ..."):
            for key, value in noted(written).items():
                writer.note(key, value)
    writer.note(CHECKED_KEY, writer.generation)
