"""``chatbot evaluate``: a set through the chosen systems, with intervals, as a table, JSON and a picture."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from chatbot.cli.options import IndexOption
from chatbot.settings import Settings, load_settings

if TYPE_CHECKING:
    from chatbot.evaluation.demands import Demand
    from chatbot.evaluation.measured import Measured
    from chatbot.evaluation.report import Report
    from chatbot.evaluation.set_type import Request, SetType

SetArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="SET",
        help="A BEIR folder, hand-written turns, or another set; what it is, is told from its files.",
        show_default=False,
    ),
]
SystemOption = Annotated[
    list[str] | None,
    typer.Option(
        "--system",
        help="Measured beside each other, repeatable; the first is compared with the others. On retrieval: chatbot, "
        "bm25, dense, rrf, txtai.",
        show_default=False,
    ),
]
SplitOption = Annotated[
    Literal["test", "dev", "train", "all"],
    typer.Option("--split", help="Part of the set; one without splits is halved into dev and test."),
]
LimitOption = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many items.", show_default=False)]
JsonOption = Annotated[
    Path | None, typer.Option("--json", help="Write everything, each item too, as JSON.", show_default=False)
]
PlotOption = Annotated[Path | None, typer.Option("--plot", help="Write a picture, .png or .svg.", show_default=False)]
MadeOption = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="TYPE", help="Take SET for this type, or make one of it from the index.", show_default=False
    ),
]
FailOption = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-under",
        metavar="[MEASURE=]X",
        help="Exit with 1 where the first system is worse than X, by the first measure or the one named; repeatable.",
        show_default=False,
    ),
]


def evaluate(  # noqa: PLR0913 - the options of a command are its parameters
    path: SetArgument = None,
    *,
    index: IndexOption = None,
    systems: SystemOption = None,
    split: SplitOption = "test",
    limit: LimitOption = None,
    json_file: JsonOption = None,
    plot: PlotOption = None,
    fail_under: FailOption = None,
    made: MadeOption = None,
    show_errors: Annotated[bool, typer.Option("--errors", help="Say of each item what is wrong with it.")] = False,
) -> None:
    """Measures how well a set is answered, beside other systems, with 95 % intervals."""
    from chatbot.cli.documents import write_lines
    from chatbot.cli.figures import print_figures
    from chatbot.evaluation.demands import unmet
    from chatbot.evaluation.picture import check_picture, draw
    from chatbot.evaluation.report import as_object
    from chatbot.evaluation.set_type import Request
    from chatbot.evaluation.set_types import type_of
    from chatbot.pipeline import Chatbot

    set_type = type_of(path, made)
    chosen, demands = _checked(set_type, systems or (), fail_under or ())
    if plot is not None:
        check_picture(plot)
    chatbot = Chatbot(_with_index(load_settings(index=index), set_type, path, index))
    report = _measure(set_type, Request(path, chatbot, chosen, split, limit, show_errors, typer.echo))
    print_figures(report)
    if json_file is not None:
        write_lines(json_file, [as_object(report, chatbot)])
    if plot is not None:
        draw(report, plot)
    failed = unmet(report.figures, demands)
    for line in failed:
        typer.echo(f"failed: {line}", err=True)
    if failed:
        raise typer.Exit(1)


def _checked(
    set_type: SetType, systems: Sequence[str], fail_under: Sequence[str]
) -> tuple[tuple[str, ...], list[Demand]]:
    """Systems and demands that this type of set knows; anything else is wrong usage, said before work begins."""
    from chatbot.evaluation.demands import read_demands

    try:
        chosen = set_type.chosen(systems)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--system") from error
    try:
        return chosen, read_demands(fail_under, set_type.measures)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--fail-under") from error


def _with_index(settings: Settings, set_type: SetType, path: Path | None, named: Path | None) -> Settings:
    """Settings whose index holds the set's documents; built, or brought up to date, where the user names none.

    An index that the user names is taken as it is, and built from the set's documents where there is none yet.
    """
    from chatbot.cli.indexing import build
    from chatbot.index.home import home
    from chatbot.index.manifest import FILE_NAME
    from chatbot.index.sources import is_current

    corpus = set_type.corpus(path) if path else None
    if corpus is None or (named is not None and (home(settings.index) / FILE_NAME).is_file()):
        return settings
    if named is None:
        settings = settings.model_copy(update={"index": _own_index(settings, corpus)})
    if not is_current(settings, [corpus]):
        build(settings, [corpus])
    return settings


def _own_index(settings: Settings, corpus: Path) -> Path:
    """The folder for the index of a set's documents: one per corpus file and way of indexing it."""
    from chatbot.index.manifest import SCHEMA_VERSION
    from chatbot.passages import RULES_VERSION

    bound_to = (corpus.resolve(), SCHEMA_VERSION, RULES_VERSION, settings.embedding.model, settings.passages)
    place = hashlib.sha256(repr(bound_to).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return settings.cache / "evaluation" / f"{corpus.resolve().parent.name}-{place}"


def _measure(set_type: SetType, request: Request) -> Report:
    """Runs the systems one after the other, saying which is at work."""
    from chatbot.evaluation.intervals import figures
    from chatbot.evaluation.report import Report

    console = Console(stderr=True)
    measured: list[Measured] = []
    seconds: list[float] = []
    work = set_type.evaluate(request)
    for name in request.systems:
        started = time.perf_counter()
        with console.status(f"Measuring {name} ..."):
            measured.append(next(work))
        seconds.append(time.perf_counter() - started)
        console.print(f"{name}: {len(measured[-1].items):,} items in {seconds[-1]:.1f} s", highlight=False)
    with console.status("Drawing samples for the intervals ..."):
        found = figures(measured, set_type.measures)
    return Report(set_type.name, request.path, request.split, tuple(measured), tuple(found), tuple(seconds))
