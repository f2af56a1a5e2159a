"""The steps of ``bench.py scale``, each for a process of its own: build an index of a size, change it, ask it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.asking import ask_by_turns
from benchmarks.generated import GivenVectors, Pool, read_pool, write_corpus
from benchmarks.process import peak_gib
from benchmarks.report import say
from chatbot.answering.calibration import as_metadata, calibrate
from chatbot.answering.calibration_keys import METADATA_KEY
from chatbot.embedding import Encoder, open_encoder
from chatbot.index.build import IndexWriter
from chatbot.index.home import home
from chatbot.index.reader import Index
from chatbot.index.sources import is_current
from chatbot.settings import Settings

_CHANGED = 0.01  # of the documents, for the second run
_LINES_EVERY = 30.0  # seconds


@dataclass(frozen=True)
class Size:
    """One index: about ``passages``, generated from the index ``like``, in a folder."""

    passages: int
    like: Path
    folder: Path

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus.jsonl"

    @property
    def chain(self) -> Path:
        return self.folder / "langchain"

    def settings(self, given: Settings) -> Settings:
        return given.model_copy(update={"index": self.folder / "index"})


def build(size: Size, given: Settings) -> dict[str, Any]:
    """Writes the corpus and indexes it with generated vectors; goes on where a killed run stopped."""
    encoder, pool = _open(size, given)
    write_corpus(pool, size.passages, size.corpus)
    made = GivenVectors(encoder, pool)
    del pool  # its texts are not the indexer's memory; the vectors stay
    figures = _index(size.settings(given), size.corpus, made)
    started = time.perf_counter()
    with IndexWriter(size.settings(given), encoder).open() as writer:
        index = Index(size.settings(given), encoder)
        writer.note(METADATA_KEY, as_metadata(calibrate(index)))
        figures["passages"] = len(index.passage_ids())
        figures["documents"] = sum(index.counts.values())
        # A run that goes on where a killed one stopped has written, and timed, only a part of them.
        figures["passages_written"] = figures["passages"] * figures["documents_written"] / figures["documents"]
    return figures | {
        "calibrate_seconds": time.perf_counter() - started,
        "unknown_share": made.unknown / max(1, made.made),
        "disk_bytes": disk(home(size.folder / "index")),
        "peak_gib": peak_gib(),
    }


def change(size: Size, given: Settings) -> dict[str, Any]:
    """Changes a hundredth of the documents and indexes again; then once more with nothing changed."""
    encoder, pool = _open(size, given)
    settings = size.settings(given)
    write_corpus(pool, size.passages, size.corpus, _CHANGED)
    figures = _index(settings, size.corpus, GivenVectors(encoder, pool))
    started = time.perf_counter()
    current = is_current(settings, [size.corpus])
    figures["unchanged_seconds"] = time.perf_counter() - started
    if not current:
        raise RuntimeError(f"{settings.index} is not up to date right after a run; look into its sources")
    return figures | {"disk_bytes": disk(home(settings.index)), "peak_gib": peak_gib()}


def memory(size: Size, given: Settings, questions: Path | None) -> dict[str, Any]:
    """What a process holds that only answers, and how long its first answer takes."""
    figures = ask_by_turns(size.settings(given), questions, 30, None, say)
    return {"first_answer_seconds": figures["first_answer_seconds"], "peak_gib": peak_gib()}


def ask(size: Size, given: Settings, questions: Path | None, number: int, with_peer: bool) -> dict[str, Any]:
    """The chatbot and, if wanted, LangChain, by turns."""
    figures = ask_by_turns(size.settings(given), questions, number, size.chain if with_peer else None, say)
    return figures | ({"chain_disk_bytes": disk(size.chain)} if with_peer else {})


def disk(folder: Path) -> dict[str, int]:
    """Bytes of each file or folder directly in ``folder``, and of all together."""
    parts = {
        part.name: sum(
            file.stat().st_size for file in ([part] if part.is_file() else part.rglob("*")) if file.is_file()
        )
        for part in sorted(folder.iterdir())
    }
    return parts | {"all": sum(parts.values())}


def _open(size: Size, given: Settings) -> tuple[Encoder, Pool]:
    encoder = open_encoder(given)
    return encoder, read_pool(Index(given.model_copy(update={"index": size.like}), encoder))


def _index(settings: Settings, corpus: Path, encoder: GivenVectors) -> dict[str, Any]:
    with IndexWriter(settings, encoder).open() as writer:
        started, cpu = time.perf_counter(), time.process_time()
        plan = writer.plan([corpus])
        planned = time.perf_counter()
        outcome = writer.apply(plan, _lines(len(plan.added) + len(plan.changed)))
        return {
            "plan_seconds": planned - started,
            "apply_seconds": time.perf_counter() - planned,
            "cpu_seconds": time.process_time() - cpu,
            "documents_written": len(plan.added) + len(plan.changed),
            "texts_written": outcome.embedded_texts,
            "tokens_written": outcome.embedded_tokens,
        }


def _lines(documents: int) -> Callable[[int, int], None]:
    started = last = time.perf_counter()
    done = 0

    def advance(count: int, _: int) -> None:
        nonlocal done, last
        done += count
        now = time.perf_counter()
        if now - last >= _LINES_EVERY:
            last = now
            left = (now - started) * (documents - done) / max(1, done)
            say(f"{done:,} of {documents:,} documents, {done / (now - started):.0f}/s, about {left:.0f} s to go")

    return advance
