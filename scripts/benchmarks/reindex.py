"""Indexing again: what a run costs over thousands of documents of which none, or one, has changed.

The index is built with made vectors, because the model would take half an hour; the runs that are timed are whole
processes of ``chatbot index`` with the model itself. One document is changed right after a run that wrote many, and
again after a number of runs that wrote one each: what such runs leave behind must not add up.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks.process import in_its_own
from benchmarks.report import Report, Say, Target
from chatbot.answering.calibration import is_due, noted
from chatbot.embedding import Encoder, open_encoder
from chatbot.index.build import IndexWriter
from chatbot.index.home import home
from chatbot.index.manifest import Manifest
from chatbot.index.reader import Index
from chatbot.settings import Settings

_UNCHANGED_SECONDS, _CHANGED_SECONDS = 2.0, 3.0
_BULK, _SMALL_RUNS = 100, 20  # documents changed by the run that writes many; runs that change one each
_UNCHANGED, _CHANGED, _LATER = "nothing changed", "one document changed", f"the same after {_SMALL_RUNS} such runs"
_SEED = 20261
_MEDIAN_CHARACTERS, _SPREAD = 880, 0.9  # of MedQuAD's 16,407 answers: median 878, mean 1,267, 95 % below 3,286
_SENTENCE_WORDS = (8, 25)
_ASPECTS = ("information", "symptoms", "treatment", "causes", "inheritance", "frequency", "outlook", "exams and tests")
_WORDS = (
    "people with this condition often have a mild or severe form of the disease which may begin in children and adults"
    " the signs include pain fever swelling weakness fatigue skin changes loss of weight or problems of heart lungs"
    " kidneys liver eyes blood bones or muscles doctors test for it by a sample an examination and pictures of the body"
    " treatment can be medicine surgery diet rest exercise or therapy by age health cause and how far it has"
    " spread genes that change make a protein work less well so cells grow divide or die at the wrong time"
).split()
_SYLLABLES = "ba do fe gi ka lu mo ne pri ra sto tu va xi zo len cor mat ves dri".split()
_VECTORS = 1 << 15
_SCRIPTS = Path(__file__).resolve().parent.parent


class MadeVectors:
    """An ``Encoder`` whose vectors are drawn by the text's checksum; all else is the real model's."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self.dimension, self.max_tokens = encoder.dimension, encoder.max_tokens
        self.count_tokens, self.is_common = encoder.count_tokens, encoder.is_common
        drawn = np.random.default_rng(_SEED).standard_normal((_VECTORS, self.dimension), dtype=np.float32)
        self._drawn = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, a row per text; the same text always gets the same one."""
        rows = [crc32(text.encode("utf-8", "surrogatepass")) % _VECTORS for text in texts]
        return np.asarray(self._drawn[rows], dtype=np.float32)


def measure_reindex(
    documents: int, corpus: Path | None, work: Path, repeats: int, settings: Settings, say: Say
) -> Report:
    """Whole processes over an unchanged corpus, then one document changed at a time. ``work`` is kept."""
    given = settings.model_copy(update={"index": work / "index"})
    file = work / "corpus" / "corpus.jsonl"
    if not file.is_file():
        file.parent.mkdir(parents=True)
        if corpus is None:
            file.write_text("".join(f"{json.dumps(record(number))}\n" for number in range(documents)), "utf-8")
        else:
            shutil.copyfile(corpus, file)
    say("Bringing the index up to date with made vectors (not timed) ...")
    in_its_own(_build, given, file, [0])
    held = in_its_own(_build, given, file, [_BULK])
    draw = random.Random(_SEED)  # noqa: S311 - which documents change, not a secret
    runs: dict[str, list[dict[str, Any]]] = {_UNCHANGED: [], _CHANGED: [], _LATER: []}
    for name, done in runs.items():
        if name == _LATER:
            say(f"{_SMALL_RUNS} runs with made vectors that change one document each (not timed) ...")
            in_its_own(_build, given, file, [1] * _SMALL_RUNS)
        for number in range(repeats):
            if name != _UNCHANGED:
                _change(file, draw, number)
            done.append(_run(given, file))
            say(f"{name}, {number + 1} of {repeats}: {done[-1]['seconds']:.2f} s, {done[-1]['texts']} texts embedded")
    return _report(held, runs)


def record(number: int) -> dict[str, object]:
    """A BEIR record about as long as an answer of MedQuAD, of made-up words; the same one each time."""
    draw = random.Random(f"{_SEED} {number}")  # noqa: S311 - made text, not a secret
    focus = _name(random.Random(f"{_SEED} topic {number // 4}"))  # noqa: S311 - several documents a topic, as there
    sentences: list[str] = []
    wanted = _MEDIAN_CHARACTERS * draw.lognormvariate(0, _SPREAD)
    while sum(map(len, sentences)) < wanted:
        words = draw.choices(_WORDS, k=draw.randint(*_SENTENCE_WORDS))
        sentences.append(f"{focus} {' '.join(words)} in {draw.randint(2, 99)} % of people.")
    return {
        "_id": f"made-{number}",
        "title": f"{focus}: {_ASPECTS[number % len(_ASPECTS)]}",
        "text": " ".join(sentences),
        "metadata": {"kind": "research abstract", "focus": focus},
    }


def _word(draw: random.Random) -> str:
    return "".join(draw.choices(_SYLLABLES, k=draw.choice((1, 2, 2, 3))))


def _name(draw: random.Random) -> str:
    return " ".join(_word(draw).capitalize() for _ in range(2))


def _build(settings: Settings, file: Path, changes: Sequence[int]) -> dict[str, Any]:
    """A run for each of ``changes``, before which so many documents are changed; says what the index holds then."""
    started = time.perf_counter()
    encoder = MadeVectors(open_encoder(settings))
    draw = random.Random(f"{_SEED} {time.time_ns()}")  # noqa: S311 - which documents change, not a secret
    written = 0
    for number, documents in enumerate(changes):
        if documents:
            _change(file, draw, number, documents)
        with IndexWriter(settings, encoder).open() as writer:
            outcome = writer.apply(writer.plan([file.parent]))
            written += len(outcome.plan.added) + len(outcome.plan.changed)
            index = Index(settings, encoder)
            for key, value in noted(index).items() if is_due(index) else ():
                writer.note(key, value)
    return {
        "documents": sum(index.counts.values()),
        "passages": len(index.passage_ids()),
        "written": written,
        "build_seconds": time.perf_counter() - started,
    }


def _change(file: Path, draw: random.Random, number: int, documents: int = 1) -> None:
    """Puts a new sentence into the middle of so many documents."""
    lines = file.read_text("utf-8").splitlines(keepends=True)
    for row in draw.sample(range(len(lines)), documents):
        changed = json.loads(lines[row])
        sentences = changed["text"].split(". ")
        sentences.insert(len(sentences) // 2, f"This sentence is new since run {number} of {time.time_ns()}")
        lines[row] = json.dumps({**changed, "text": ". ".join(sentences)}) + "\n"
    file.write_text("".join(lines), "utf-8")


def _run(settings: Settings, file: Path) -> dict[str, Any]:
    """Seconds of a whole process, those of CPU too, and what it embedded."""
    command = [sys.executable, "-m", "benchmarks.counted", "index", str(file.parent), "--index", str(settings.index)]
    paths = os.pathsep.join((str(_SCRIPTS), str(_SCRIPTS.parent)))
    started, cpu = time.perf_counter(), _cpu_of_children()
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, check=False, capture_output=True, text=True)
    seconds, cpu = time.perf_counter() - started, _cpu_of_children() - cpu
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    manifest = Manifest(home(settings.index))
    generation = manifest.generation
    manifest.close()
    return {
        "seconds": seconds,
        "cpu_seconds": cpu,
        "generation": generation,
        **json.loads(done.stdout.splitlines()[-1]),
    }


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _report(held: dict[str, Any], runs: dict[str, list[dict[str, Any]]]) -> Report:
    rows = []
    for name, done in runs.items():
        times = [one["seconds"] for one in done]
        texts = " ".join(str(one["texts"]) for one in done)
        cpu = median(one["cpu_seconds"] for one in done)
        rows.append([name, f"{median(times):.2f}", f"{min(times):.2f}", f"{max(times):.2f}", f"{cpu:.2f}", texts])
    title = (
        f"Indexing again, {held['documents']:,} documents, {held['passages']:,} passages "
        f"(seconds of a whole process, {len(next(iter(runs.values())))} runs)"
    )
    bounds = {_UNCHANGED: _UNCHANGED_SECONDS, _CHANGED: _CHANGED_SECONDS, _LATER: _CHANGED_SECONDS}
    targets = [
        Target(f"median seconds, {name}", median(one["seconds"] for one in runs[name]), bound)
        for name, bound in bounds.items()
    ]
    calls = sum(one["calls"] for one in runs[_UNCHANGED])
    targets.insert(1, Target("calls of the model, nothing changed", calls, 0))
    head = ("run", "median", "least", "most", "CPU, median", "texts embedded")
    return Report("reindex", {**held, "runs": runs}, [(title, head, rows)], [], targets)
