#!/usr/bin/env python
"""Measures what the chatbot costs: every time beside something else measured in the same run.

scripts/bench.py start    a whole ``chatbot ask`` process beside ``import sentence_transformers``
scripts/bench.py index    embedding beside a matrix product of the model's shapes and sentence-transformers
scripts/bench.py ask      a whole answer beside LangChain's default retrieval, and where the time goes
scripts/bench.py scale    building, changing and asking indexes of 1,000 passages and more, beside LangChain
scripts/bench.py reindex  a run over 16,000 documents of which none, or one, has changed
scripts/bench.py parse    a file as PubMed's yearly baseline has them: speed, and memory that does not grow
scripts/bench.py crash    kill -9 at random moments of an index run: old answers served, the next index a fresh one's
scripts/bench.py page     the page in Chromium: an article to read, a follow-up's answer, beside the pipeline alone
scripts/bench.py write    docs/benchmarks.md from what the others wrote with --json docs/benchmarks/NAME.json

Run it on an idle machine: the ratios hold under load, but less well.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from benchmarks.report import Report, say, show

from chatbot.errors import ChatbotError

ROOT = Path(__file__).resolve().parent.parent
CORPUS, DOCS = ROOT / "corpus", ROOT / "docs"

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

JsonOption = Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.", show_default=False)]
CorpusOption = Annotated[Path, typer.Option(help="File or folder to index.", exists=True, show_default="corpus/")]


@app.command()
def start(
    index: Annotated[Path | None, typer.Option(help="An index; default: one of the corpus is built.")] = None,
    corpus: CorpusOption = CORPUS,
    repeats: Annotated[int, typer.Option("-n", "--repeats", min=1, help="Runs of each process.")] = 5,
    json: JsonOption = None,
) -> None:
    """A whole `chatbot ask` process beside one that imports sentence-transformers."""
    from benchmarks.start import measure_start

    _run(lambda: measure_start(corpus, index, repeats, say), json)


@app.command()
def index(
    corpus: CorpusOption = CORPUS,
    tokens: Annotated[int, typer.Option(min=1000, help="Tokens of passages and sentences in all.")] = 200_000,
    rounds: Annotated[int, typer.Option("-n", "--rounds", min=1, help="Times that each is measured.")] = 3,
    json: JsonOption = None,
) -> None:
    """Tokens/s of embedding as the indexer does it, as a share of what a matrix product reaches."""
    from benchmarks.embedding import measure_embedding

    from chatbot.settings import load_settings

    _run(lambda: measure_embedding(corpus, tokens, rounds, load_settings(), say), json)


@app.command()
def ask(
    index: Annotated[Path, typer.Option(help="Folder of the index.")],
    questions: Annotated[
        Path | None, typer.Option(help='JSON lines {"_id", "text"}; default: drawn from the index.', exists=True)
    ] = None,
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="Questions asked.")] = 200,
    langchain_dir: Annotated[Path | None, typer.Option(help="Keeps LangChain's collection for the next run.")] = None,
    json: JsonOption = None,
) -> None:
    """p50 and p95 of a whole answer beside LangChain's Chroma similarity_search, and where the time goes."""
    from benchmarks.asking import measure_asking

    from chatbot.settings import load_settings

    _run(lambda: measure_asking(load_settings(index=index), questions, number, langchain_dir, say), json)


@app.command()
def scale(  # noqa: PLR0913, PLR0917 - each one is an option of the command
    like: Annotated[Path, typer.Option(help="An index whose texts and vectors are recombined.", exists=True)],
    work: Annotated[
        Path, typer.Option(help="Folder for the indexes, kept for the next run: 9 GiB a million passages.")
    ],
    passages: Annotated[list[int] | None, typer.Option(min=100, help="A size; may be given several times.")] = None,
    step: Annotated[list[str] | None, typer.Option(help="build, change, memory or ask; default: all of them.")] = None,
    questions: Annotated[
        Path | None, typer.Option(help='JSON lines {"_id", "text"}; default: drawn from the index.', exists=True)
    ] = None,
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="Questions asked.")] = 200,
    peer_up_to: Annotated[int, typer.Option(help="Sizes beyond are measured without LangChain.")] = 1_000_000,
    json: JsonOption = None,
) -> None:
    """Throughput, disk, memory and latency at several sizes. With --json, figures of other sizes and steps are kept."""
    from benchmarks.scale import Wanted, measure_scale

    from chatbot.settings import load_settings

    sizes, steps = passages or [1_000, 10_000, 100_000], step or ["build", "change", "memory", "ask"]
    wanted = Wanted(sizes, steps, like, work, questions, number, peer_up_to)
    _run(lambda: measure_scale(wanted, load_settings(), json, say), json)


@app.command()
def reindex(
    work: Annotated[Path, typer.Option(help="Folder for the corpus and its index, kept for the next run.")],
    documents: Annotated[int, typer.Option(min=100, help="Documents that are made.")] = 16_000,
    corpus: Annotated[Path | None, typer.Option(help="A corpus.jsonl instead of a made one.", exists=True)] = None,
    repeats: Annotated[int, typer.Option("-n", "--repeats", min=1, help="Runs of each sort.")] = 5,
    json: JsonOption = None,
) -> None:
    """Whole processes of `chatbot index` over an unchanged corpus, then with one document changed."""
    from benchmarks.reindex import measure_reindex

    from chatbot.settings import load_settings

    _run(lambda: measure_reindex(documents, corpus, work, repeats, load_settings(), say), json)


@app.command()
def parse(
    work: Annotated[Path, typer.Option(help="Folder for the files, kept for the next run.")],
    records: Annotated[int, typer.Option(min=1, help="Records of the file.")] = 30_000,
    json: JsonOption = None,
) -> None:
    """MB/s and growth of memory over a PubMed XML file made from templates, plain and packed."""
    from benchmarks.parsing import measure_parsing

    _run(lambda: measure_parsing(records, work, say), json)


@app.command()
def crash(
    times: Annotated[int, typer.Option(min=1, help="Runs that are killed.")] = 50,
    seed: Annotated[int, typer.Option(help="Of the moments.")] = 1,
    json: JsonOption = None,
) -> None:
    """kill -9 at random moments of first runs, updates and rebuilds, over a small corpus made for it."""
    from benchmarks.crash import measure_crash

    from chatbot.settings import load_settings

    _run(lambda: measure_crash(times, seed, load_settings(), say), json)


@app.command()
def page(
    index: Annotated[Path, typer.Option(help="Index of at least 50,000 passages that holds articles.", exists=True)],
    number: Annotated[int, typer.Option("-n", "--number", min=5, help="Follow-ups asked.")] = 60,
    visits: Annotated[int, typer.Option(min=3, help="Times that an article is opened.")] = 20,
    json: JsonOption = None,
) -> None:
    """From navigation to an article and from Enter to an answer, in Chromium, beside the pipeline alone."""
    from benchmarks.page import measure_page

    from chatbot.settings import load_settings

    _run(lambda: measure_page(load_settings(index=index.absolute()), number, visits, say), json)


@app.command()
def write() -> None:
    """Writes docs/benchmarks.md and its picture from docs/benchmarks/*.json."""
    from benchmarks.write import write_page

    say(f"{write_page(DOCS)} written.")


def _run(measure: Callable[[], Report], file: Path | None) -> None:
    try:
        show(measure(), file)
    except (ChatbotError, RuntimeError, ValueError, OSError) as error:
        say(f"bench: {error}")
        sys.exit(1)


if __name__ == "__main__":
    app()
