"""``chatbot fetch``: records from PubMed and drug labels from DailyMed or openFDA into a folder of the corpus."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot.settings import Settings, load_settings

if TYPE_CHECKING:
    from rich.console import Console

    from chatbot.fetching.client import Client, Service
    from chatbot.fetching.job import Outcome, Plan, Source

_ABSENT_SHOWN = 50
_SECONDS_BETWEEN_LINES = 10.0
_OPENFDA_A_DAY = 1000

fetch = typer.Typer(
    name="fetch",
    help="Fetches sources from where they are published into the corpus; `chatbot index` then reads them. Fetches only "
    "what is not there yet, so that the same command goes on where it was stopped. Nothing else here uses the network.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class LabelService(StrEnum):
    """Where labels come from."""

    DAILYMED = "dailymed"
    OPENFDA = "openfda"


QueryOption = Annotated[
    str, typer.Option("--query", metavar="TEXT", help="A search, as PubMed's own page takes it.", show_default=False)
]
PmidOption = Annotated[
    list[str] | None,
    typer.Option("--pmid", metavar="N", help="PMIDs, by comma or space; repeatable.", show_default=False),
]
DrugOption = Annotated[
    list[str] | None,
    typer.Option("--drug", metavar="NAME", help="A generic or brand name; repeatable.", show_default=False),
]
SetIdOption = Annotated[
    list[str] | None,
    typer.Option("--set-id", metavar="ID", help="The set id of a label; repeatable.", show_default=False),
]
ServiceOption = Annotated[
    LabelService, typer.Option("--from", help="dailymed: the whole label. openfda: its sections as text.")
]
ToOption = Annotated[
    Path | None, typer.Option("--to", metavar="FOLDER", help="Where the files go.", show_default=False)
]
LimitOption = Annotated[
    int | None, typer.Option("--limit", metavar="N", min=1, help="The most to fetch.", show_default=False)
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be fetched, and write nothing.")]
RefreshOption = Annotated[
    bool, typer.Option("--refresh", help="Fetch again what is there: it may have been corrected or retracted.")
]


@fetch.command()
def pubmed(
    *,
    query: QueryOption = "",
    pmid: PmidOption = None,
    to: ToOption = None,
    limit: LimitOption = None,
    dry_run: DryRunOption = False,
    refresh: RefreshOption = False,
) -> None:
    """Records of PubMed, a file each: the best matches of a query, or PMIDs.

    Goes to the folder pubmed of the corpus. Settings: CHATBOT_FETCH__EMAIL, CHATBOT_FETCH__NCBI_API_KEY.
    """
    from chatbot.fetching.pubmed import PubMed, is_pmid, ncbi

    pmids = [each for text in pmid or () for each in text.replace(",", " ").split()]
    _only_one("--query", query.strip(), "--pmid", pmids)
    for each in pmids:
        if not is_pmid(each):
            raise typer.BadParameter(f"{each!r} is no PMID; a PMID is a number", param_hint="--pmid")
    if pmids and limit:
        raise typer.BadParameter("the PMIDs named are the most that is fetched", param_hint="--limit")
    settings = load_settings()
    with _client(ncbi(settings.fetch), settings) as client:
        source = PubMed(client, settings.fetch, query=query.strip(), pmids=pmids, limit=limit)
        _fetch(source, settings, to or settings.corpus / "pubmed", dry_run=dry_run, refresh=refresh)


@fetch.command()
def label(  # noqa: PLR0913 - the options of a command are its parameters
    *,
    drug: DrugOption = None,
    set_id: SetIdOption = None,
    service: ServiceOption = LabelService.DAILYMED,
    to: ToOption = None,
    limit: LimitOption = None,
    dry_run: DryRunOption = False,
    refresh: RefreshOption = False,
) -> None:
    """Drug labels of the US, a file each: all of a drug, or set ids. --limit is the most of each drug.

    Goes to the folder labels of the corpus. Setting: CHATBOT_FETCH__OPENFDA_API_KEY.
    """
    from chatbot.fetching.dailymed import DailyMed, dailymed
    from chatbot.fetching.labels import is_set_id
    from chatbot.fetching.openfda import OpenFda, openfda

    drugs = [" ".join(name.split()) for name in drug or () if name.strip()]
    _only_one("--drug", drugs, "--set-id", set_id)
    for each in set_id or ():
        if not is_set_id(each):
            raise typer.BadParameter(f"{each!r} is no set id; one has 32 digits, as a UUID", param_hint="--set-id")
    settings = load_settings()
    from_openfda = service is LabelService.OPENFDA
    with _client((openfda if from_openfda else dailymed)(settings.fetch), settings) as client:
        kind = OpenFda if from_openfda else DailyMed
        source: Source = kind(client, drugs=drugs, set_ids=set_id or (), limit=limit)
        _fetch(source, settings, to or settings.corpus / "labels", dry_run=dry_run, refresh=refresh)


def _only_one(name: str, value: object, other_name: str, other: object) -> None:
    if bool(value) == bool(other):
        raise typer.BadParameter(f"give either {name} or {other_name}")


def _client(service: Service, settings: Settings) -> Client:
    from chatbot.fetching.client import Client

    return Client(service, settings.fetch, on_wait=lambda said: print(said, file=sys.stderr, flush=True))


def _fetch(source: Source, settings: Settings, to: Path, *, dry_run: bool, refresh: bool) -> None:
    from rich.console import Console

    from chatbot.fetching.folder import Folder
    from chatbot.fetching.job import plan, run

    console = Console(stderr=True)
    folder = Folder(to)
    with console.status("Asking what there is ..."):
        planned = plan(source, folder, refresh)
    for note in planned.listing.notes:
        _say(console, note)
    if dry_run:
        _say_plan(console, planned, to)
        absent = planned.listing.absent
    else:
        with _progress(console, len(planned.missing)) as advance:
            outcome = run(source, folder, planned, advance)
        _summarise(console, outcome, to, settings)
        absent = outcome.absent
    if absent:
        raise typer.Exit(1)


@contextmanager
def _progress(console: Console, total: int) -> Iterator[Callable[[int], None]]:
    """A bar with time to go on a terminal, a line now and then elsewhere."""
    if not console.is_terminal or not total:
        yield _lines(total)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("Fetching"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=total)
        yield lambda count: progress.update(task, advance=count)


def _lines(total: int) -> Callable[[int], None]:
    started = last = time.perf_counter()
    done = 0

    def advance(count: int) -> None:
        nonlocal last, done
        done += count
        now = time.perf_counter()
        if now - last >= _SECONDS_BETWEEN_LINES:
            last = now
            left = (now - started) * (total - done) / done
            print(f"{done:,} of {total:,}, about {left:.0f} s to go", file=sys.stderr, flush=True)

    return advance


def _say_plan(console: Console, plan: Plan, to: Path) -> None:
    size = f", roughly {plan.megabytes:,.1f} MB" if plan.megabytes is not None else ""
    again = f" ({plan.outdated:,} of them in a newer version)" if plan.outdated else ""
    _say(console, f"would fetch {_files(len(plan.missing))}{again} into {to}: {plan.requests:,} requests{size}")
    _say(console, f"there already: {plan.there:,}")
    _say_absent(console, plan.listing.absent)


def _summarise(console: Console, outcome: Outcome, to: Path, settings: Settings) -> None:
    from rich.table import Table

    table = Table(title="Fetch", title_justify="left", show_header=False)
    table.add_row("fetched", f"{outcome.files:,}")
    table.add_row("there already", f"{outcome.there:,}")
    table.add_row("not found", f"{len(outcome.absent):,}")
    console.print(table)
    _say_absent(console, outcome.absent)
    if outcome.files:
        _say(console, f"{_files(outcome.files)}, {outcome.size / 1e6:,.1f} MB, in {to}")
    if outcome.files or outcome.there:
        inside = to.absolute().is_relative_to(settings.corpus.absolute())
        _say(console, "next: chatbot index" if inside else f"next: chatbot index {to}")


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def _say_absent(console: Console, absent: tuple[str, ...]) -> None:
    for name in absent[:_ABSENT_SHOWN]:
        _say(console, f"not found: {name}")
    if len(absent) > _ABSENT_SHOWN:
        _say(console, f"... and {len(absent) - _ABSENT_SHOWN:,} more")


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
