"""``chatbot index``: the corpus into the index, with progress and a summary."""

from __future__ import annotations

import atexit
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from chatbot.cli.events import Events
from chatbot.cli.options import IndexOption, KindOption
from chatbot.cli.rechecking import recheck
from chatbot.cli.summary import print_plan
from chatbot.cli.telling import OnScreen, Telling
from chatbot.errors import ChatbotError
from chatbot.run_report import LAST_RUN, outcome_of, write_outcome
from chatbot.settings import Settings, load_settings

_NEW_OBJECTS = 20_000  # after which Python looks for cycles, instead of 700; a few megabytes

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
    as_json: Annotated[bool, typer.Option("--json", help="Tell progress and outcome as JSON lines on stdout.")] = False,
) -> None:
    """Brings the index up to date with the documents; what is unchanged costs nothing.

    Exit status 1 where a source failed: the others are indexed, and of that one stays what was indexed before.
    """
    settings = load_settings(index=index)
    given = paths or [settings.corpus]
    if as_json and dry_run:
        raise typer.BadParameter("--json tells what a run does; leave out --dry-run, or --json")
    atexit.register(gc.freeze)  # what the process held goes with it: looking through it for cycles takes .2 s
    with _seldom_collected():
        if dry_run:
            plan = foresee(settings, given, kind, rebuild)
        else:
            plan = _tell(settings, given, kind, rebuild) if as_json else build(settings, given, kind, rebuild).plan
    if plan.failed:
        raise typer.Exit(1)


def _tell(settings: Settings, paths: list[Path], kind: str | None, rebuild: bool) -> Plan:
    """Builds; a program that watches is told of every end."""
    events = Events()
    try:
        return build(settings, paths, kind, rebuild, events).plan
    except ChatbotError as error:
        events.fail(str(error))
        raise


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Has Python look for cycles less often: a run makes many objects that stay, and few cycles."""
    before = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def build(
    settings: Settings,
    paths: list[Path],
    kind: str | None = None,
    rebuild: bool = False,
    telling: Telling | None = None,
) -> Outcome:
    """Indexes, telling how far it is and what was done, by default on stderr. Raises what ``IndexWriter`` raises.

    ``rebuild``: into new stores, from nothing; the old ones answer until they are complete.
    """
    from chatbot.index.build import IndexWriter
    from chatbot.index.identity import made_of

    telling = telling or OnScreen()
    started = time.perf_counter()
    with telling.opening():
        encoder = _open_encoder(settings)
    of_kind = _kind(kind)
    with IndexWriter(settings, encoder, made_of(settings, encoder, paths, of_kind) if rebuild else "").open() as writer:
        with telling.reading() as on_reading:
            plan = writer.plan(paths, of_kind, on_reading)
        planned = time.perf_counter()
        with telling.embedding(plan) as advance:
            outcome = writer.apply(plan, advance)
        seconds = time.perf_counter() - planned
        with telling.calibrating():
            _calibrate(settings, encoder, writer)
        outcome = replace(outcome, generation=writer.adopt())
        report = outcome_of(outcome.plan, outcome.generation, time.perf_counter() - started)
        writer.note(LAST_RUN, write_outcome(report))
    telling.end(outcome, report, seconds)
    recheck(Console(stderr=True), settings, encoder)
    return outcome


def foresee(settings: Settings, paths: list[Path], kind: str | None = None, rebuild: bool = False) -> Plan:
    """Prints what ``build`` would do; writes nothing. Raises CorpusError, and what opening the index raises."""
    from chatbot.index.build import preview
    from chatbot.index.found_files import FoundFiles
    from chatbot.index.plan import Before, make_plan

    telling = OnScreen()
    with telling.opening():
        encoder = _open_encoder(settings)
    of_kind = _kind(kind)
    with telling.reading() as on_reading:
        if rebuild:
            plan = make_plan(FoundFiles(paths, of_kind), Before(), on_reading)
        else:
            plan = preview(settings, encoder, paths, of_kind, on_reading)
    print_plan(telling.console, plan, planned=True)
    return plan


def _open_encoder(settings: Settings) -> Encoder:
    from chatbot.embedding import open_encoder

    return open_encoder(settings, deferred=True)


def _kind(name: str | None) -> Kind | None:
    from chatbot.domain import Kind

    return Kind(name) if name else None


def _calibrate(settings: Settings, encoder: Encoder, writer: IndexWriter) -> None:
    """Measures the gate on what is indexed where that is due, which only a new generation can make it."""
    from chatbot.answering.calibration_keys import CHECKED_KEY, METADATA_KEY

    if writer.noted(METADATA_KEY) is not None and writer.noted(CHECKED_KEY) == writer.generation:
        return
    from chatbot.answering.calibration import is_due, noted
    from chatbot.index.reader import Index

    written = Index(settings, encoder, writer.store)
    if is_due(written):
        for key, value in noted(written).items():
            writer.note(key, value)
    writer.note(CHECKED_KEY, writer.generation)
