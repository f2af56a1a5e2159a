"""kill -9 at random moments of an index run: are the old answers served, and is the next run's index a fresh one's?

A round takes a first run, an update or a rebuild by turns, over the same made corpus with records changed and files
added and removed, and kills it: at a random time of its length, or right before or after a random call of something
that writes (``killed.PLACES``), by turns.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.crash_corpus import questions, write_version
from benchmarks.report import Report, Say, Target
from chatbot.cli.indexing import build
from chatbot.domain import Conversation, Kind
from chatbot.embedding import Encoder, open_encoder
from chatbot.errors import ChatbotError, IndexUnavailable
from chatbot.followup import resolve
from chatbot.index.home import VECTORS, home
from chatbot.index.lexical import PASSAGE_WORDS, LexicalStore
from chatbot.index.reader import Index
from chatbot.index.vectors import VectorStore
from chatbot.retrieval import embed_query, retrieve
from chatbot.settings import Settings

RUNS = ("first", "update", "rebuild")
_QUESTIONS, _HITS = 100, 10
_SCRIPTS = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Held:
    """What an index answers with: every passage id, and per question and kind the best passages, best first."""

    passages: tuple[str, ...]
    found: tuple[tuple[str, ...], ...]


@dataclass
class Workplace:
    """The folders of a benchmark; the corpus lies at one place, because an index knows its files by their paths."""

    folder: Path
    settings: Settings
    encoder: Encoder
    lengths: dict[str, float] = field(default_factory=dict)
    calls: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus"

    def lay_out(self, run: str) -> None:
        """Everything as it is before such a run: the second version of the corpus, and for all but a first run an index
        of the first version."""
        self.place_corpus(second=True)
        shutil.rmtree(self.settings.index, ignore_errors=True)
        if run != "first":
            shutil.copytree(self.folder / "old-index", self.settings.index)

    def place_corpus(self, second: bool) -> None:
        shutil.rmtree(self.corpus, ignore_errors=True)
        shutil.copytree(self.folder / ("second" if second else "first"), self.corpus)  # keeps the files' times

    def command(self, run: str, moment: str = "") -> list[str]:
        program = ["benchmarks.killed", moment] if moment else ["chatbot"]
        rebuild = ["--rebuild"] if run == "rebuild" else []
        return [
            *(sys.executable, "-m", *program, "index", str(self.corpus), "--index", str(self.settings.index)),
            *rebuild,
        ]

    @property
    def environment(self) -> dict[str, str]:
        paths = os.pathsep.join((str(_SCRIPTS), str(_SCRIPTS.parent)))
        return {**os.environ, "PYTHONPATH": paths, "CHATBOT_EMBEDDING__THREADS": "1"}

    def held(self, store: Path | None = None) -> Held:
        """What the index in force answers with. Raises IndexUnavailable where there is none."""
        index = Index(self.settings, self.encoder, store)
        found = []
        for question in questions(_QUESTIONS):
            resolved = resolve(question, Conversation(), index.words)
            query = embed_query(index, resolved.readings, resolved.about)
            found += [tuple(hit.passage.id for hit in retrieve(index, query, kind, _HITS)) for kind in Kind]
        held = Held(tuple(sorted(index.passage_ids())), tuple(found))
        del index
        gc.collect()  # a reader's stores stay as long as it does
        return held

    def index_again(self, rebuild: bool) -> None:
        with contextlib.redirect_stderr(io.StringIO()):
            build(self.settings, [self.corpus], rebuild=rebuild)


def measure_crash(times: int, seed: int, settings: Settings, say: Say) -> Report:
    """Kills so many runs. Each round says what it did; the report has the rounds that came through, and the others."""
    with tempfile.TemporaryDirectory(prefix="bench-crash-") as temporary:
        folder = Path(temporary)
        given = settings.model_copy(update={"index": folder / "index"})
        place = Workplace(folder, given, open_encoder(settings))
        say(f"seed {seed}: laying out the corpus and measuring each run ...")
        old, new = _prepare(place)
        rounds, failures = [], []
        for number in range(times):
            run = RUNS[number % len(RUNS)]
            draw = random.Random(f"{seed} {number}")  # noqa: S311 - moments, not a secret
            moment, served, wrong = _round(place, run, draw, number // len(RUNS) % 2 == 0, (old, new))
            rounds.append({"run": run, "moment": moment, "served": served, "wrong": wrong})
            said = f"; WRONG: {wrong}" if wrong else ""
            say(f"{number + 1} of {times}: {run} killed {moment}; served {served}{said}")
            failures += [f"round {number + 1}, {run} killed {moment}: {wrong}"] if wrong else []
    return _report(times, seed, rounds, failures)


def _prepare(place: Workplace) -> tuple[Held, Held]:
    """What is held before and after; measures how long each run takes and what it calls."""
    for second in (False, True):
        write_version(place.folder / ("second" if second else "first"), second)
    place.place_corpus(second=False)
    place.index_again(rebuild=False)
    old = place.held()
    shutil.copytree(place.settings.index, place.folder / "old-index")
    place.lay_out("first")
    place.index_again(rebuild=False)
    new = place.held()
    for run in RUNS:
        place.lay_out(run)
        started = time.perf_counter()
        _finish(place, place.command(run))
        place.lengths[run] = time.perf_counter() - started
        place.lay_out(run)
        place.calls[run] = json.loads(_finish(place, place.command(run, "count")).splitlines()[-1])
    return old, new


def _finish(place: Workplace, command: Sequence[str]) -> str:
    done = subprocess.run(command, env=place.environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return done.stdout


def _round(
    place: Workplace, run: str, draw: random.Random, timed: bool, expected: tuple[Held, Held]
) -> tuple[str, str, str]:
    """(when it was killed, which answers were served then, what was wrong or nothing)."""
    moment = _kill_at_a_time(place, run, draw) if timed else _kill_at_a_call(place, run, draw)
    old, new = expected
    try:
        held = place.held()
        served = "the old answers" if held == old and run != "first" else "the new answers" if held == new else ""
    except IndexUnavailable as error:
        served = "none, and said so" if run == "first" else ""
        if not served:
            return moment, "nothing", str(error)
    if not served:
        return moment, "others", "answers of neither version"
    try:
        place.index_again(rebuild=run == "rebuild" and draw.random() < 0.5)
        return moment, served, _difference(place, new)
    except ChatbotError as error:
        return moment, served, f"the next run: {error}"


def _kill_at_a_time(place: Workplace, run: str, draw: random.Random) -> str:
    while True:
        place.lay_out(run)
        seconds = draw.uniform(0.0, place.lengths[run])
        with subprocess.Popen(place.command(run), env=place.environment, stderr=subprocess.DEVNULL) as process:
            time.sleep(seconds)
            process.send_signal(signal.SIGKILL)
        if process.returncode == -signal.SIGKILL:
            return f"after {seconds:.2f} s of about {place.lengths[run]:.2f}"


def _kill_at_a_call(place: Workplace, run: str, draw: random.Random) -> str:
    calls = place.calls[run]
    called = draw.choice(sorted(calls))
    number, side = draw.randint(1, calls[called]), draw.choice(("before", "after"))
    place.lay_out(run)
    done = subprocess.run(
        place.command(run, f"{called} {number} {side}"),
        env=place.environment,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != -signal.SIGKILL:
        raise RuntimeError(f"call {number} of {called} never came: {done.stderr.strip()[-500:]}")
    return f"{side} call {number} of {calls[called]} of {called.split(':')[1]}"


def _difference(place: Workplace, new: Held) -> str:
    """What sets the index apart from a fresh one; empty where nothing does."""
    held = place.held()
    store = home(place.settings.index)
    vectors = VectorStore(store / VECTORS)
    words = LexicalStore(Index(place.settings, place.encoder).words_folder / PASSAGE_WORDS)
    in_chroma = sorted(passage for kind in Kind for passage in vectors.ids(kind))
    left = sorted(path.name for path in place.settings.index.iterdir() if path != store)
    if held.passages != new.passages:
        return f"{len(set(held.passages) ^ set(new.passages))} passages differ from a fresh index"
    if in_chroma != list(held.passages):
        return f"Chroma holds {len(in_chroma)} passages, the manifest {len(held.passages)}"
    if words.size != len(set(held.passages)):
        return f"Tantivy holds {words.size} passages, the manifest {len(held.passages)}"
    if left != ["CURRENT"]:
        return f"left behind: {', '.join(left)}"
    differing = sum(one != other for one, other in zip(held.found, new.found, strict=True))
    return f"{differing} of {len(new.found)} searches differ from a fresh index's" if differing else ""


def _report(times: int, seed: int, rounds: Sequence[dict[str, str]], failures: Sequence[str]) -> Report:
    through = times - len(failures)
    counted = Counter((one["run"], "a call" if "call" in one["moment"] else "a time", one["served"]) for one in rounds)
    rows = [[run, kind, served, str(count)] for (run, kind, served), count in sorted(counted.items())]
    figures = {"times": times, "seed": seed, "through": through, "rounds": list(rounds)}
    table = ("Rounds", ("run", "killed at", "then served", "rounds"), rows)
    notes = [*failures, f"{through}/{times}"]
    return Report("crash", figures, [table], notes, [Target("rounds that came through", through, times, at_least=True)])
