"""How long an answer takes from nothing: a whole process, beside one that imports sentence-transformers."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.report import Report, Say, Target

_QUESTION = "What is the treatment for LAM?"
_TARGET = 0.40


def measure_start(corpus: Path, index: Path | None, repeats: int, say: Say) -> Report:
    """Seconds of ``chatbot ask`` and of ``import sentence_transformers``, whole processes by turns.

    Raises RuntimeError where either process fails. Without ``index`` one of ``corpus`` is built in a temporary folder.
    """
    with tempfile.TemporaryDirectory(prefix="bench-start-") as temporary:
        folder = index or Path(temporary) / "index"
        if index is None:
            say(f"Building an index of {corpus.name} (not timed) ...")
            _seconds(["-m", "chatbot", "index", str(corpus), "--index", str(folder)])
        ask = ["-m", "chatbot", "ask", _QUESTION, "--index", str(folder)]
        load = ["-c", "import sentence_transformers"]
        say("Warming up: each process once ...")
        _seconds(ask)
        _seconds(load)
        asked, loaded = [], []
        for number in range(repeats):
            asked.append(_seconds(ask))
            loaded.append(_seconds(load))
            say(f"{number + 1} of {repeats}: ask {asked[-1]:.2f} s, import {loaded[-1]:.2f} s")
    return _report(asked, loaded)


def _seconds(arguments: Sequence[str]) -> float:
    started = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], check=False, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(f"python {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return seconds


def _report(asked: list[float], loaded: list[float]) -> Report:
    ratio = median(asked) / median(loaded)
    figures = {
        "question": _QUESTION,
        "ask_seconds": asked,
        "import_seconds": loaded,
        "ask_median_seconds": median(asked),
        "import_median_seconds": median(loaded),
        "ratio": ratio,
    }
    rows = [
        [name, f"{median(times):.2f}", f"{min(times):.2f}", f"{max(times):.2f}"]
        for name, times in (("chatbot ask, whole process", asked), ("import sentence_transformers", loaded))
    ]
    table = (f"Start (seconds, {len(asked)} runs by turns)", ("process", "median", "least", "most"), rows)
    return Report("start", figures, [table], [], [Target("ratio of the medians", ratio, _TARGET)])
