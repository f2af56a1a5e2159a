"""How long a whole answer takes, beside LangChain's default retrieval on the same passages, and where the time goes."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.langchain_chain import PEER, K, Search, open_chain, searches
from benchmarks.process import peak_gib
from benchmarks.report import Report, Say, Target
from benchmarks.timers import PARTS, REST, Timers
from chatbot.domain import EVIDENCE_KINDS
from chatbot.errors import QuestionError
from chatbot.index.reader import Index
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings

OURS = "a whole answer"
HEAD = ("", "p50", "p95", "CPU p50", "CPU p95", "answer / it, p50", "answer / it, p95")
_TARGET_MS = 100
_WARM_UP = 10
_SEED = 20260


def measure_asking(settings: Settings, questions: Path | None, number: int, chain: Path | None, say: Say) -> Report:
    """Milliseconds of ``Chatbot.ask`` and of ``Chroma.similarity_search``, question by question, by turns.

    Without ``questions`` they are drawn from the index. Without ``chain`` the peer's collection is temporary.
    """
    # The folder may outlast its files' being open: the peer's client has no way to close them.
    with tempfile.TemporaryDirectory(prefix="bench-ask-", ignore_cleanup_errors=True) as temporary:
        return _report(ask_by_turns(settings, questions, number, chain or Path(temporary), say))


def ask_by_turns(
    settings: Settings, questions: Path | None, number: int, chain: Path | None, say: Say
) -> dict[str, Any]:
    """The figures: per system p50 and p95 of wall and of CPU milliseconds, and the parts of a whole answer.

    Without ``chain`` the chatbot alone is asked.
    """
    opened = time.perf_counter()
    chatbot = Chatbot(settings)
    index = chatbot.index
    wanted = number + _WARM_UP
    texts = _drawn(read_questions(questions), wanted) if questions else questions_of(index, wanted)
    warm_up, texts = texts[:_WARM_UP], texts[_WARM_UP:] or texts
    chatbot.ask(warm_up[0])
    figures: dict[str, Any] = {"first_answer_seconds": time.perf_counter() - opened, "peak_gib": peak_gib()}
    systems: dict[str, Search] = {OURS: chatbot.ask}
    if chain:
        figures["chain"] = open_chain(index, chain, say)
        systems |= searches(index, chain)
    for text in warm_up:
        for ask in systems.values():
            ask(text)
    say(f"Asking {len(texts)} questions of each, by turns ...")
    times = _by_turns(texts, systems)
    say("Asking them once more with timers in place ...")
    parts, answered = _parts(texts, chatbot)
    sizes = {"documents": sum(index.counts.values()), "passages": len(index.passage_ids()), "questions": len(texts)}
    return {**figures, **sizes, "answered": answered, "systems": times, "parts_mean_ms": parts}


def read_questions(path: Path) -> list[str]:
    """The texts of ``{"_id", "text"}`` lines. Raises QuestionError with file and line where one is not such a line."""
    texts = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            texts.append(str(json.loads(line)["text"]))
        except (ValueError, KeyError, TypeError) as error:
            raise QuestionError(f'{path}:{number}: not a JSON object with a "text"; correct the line') from error
    if not texts:
        raise QuestionError(f"{path}: holds no question; put one JSON object a line there")
    return texts


def questions_of(index: Index, number: int) -> list[str]:
    """Section headings with their document's topic, and titles where there is none, of passages drawn by seed."""
    ids = index.passage_ids()
    drawn = random.Random(_SEED).sample(ids, min(len(ids), 2 * number))  # noqa: S311 - a sample, not a secret
    found = index.passages(drawn)
    texts = []
    for passage in (found[i] for i in drawn if i in found):
        reference = passage.document.reference
        about = next(iter((*reference.drugs, *reference.topics)), "")
        heading = passage.section.heading
        if reference.kind in EVIDENCE_KINDS:
            texts.append(f"{heading} {about}" if heading and about else reference.title)
    return list(dict.fromkeys(texts))[:number]


def _drawn(texts: list[str], number: int) -> list[str]:
    return random.Random(_SEED).sample(texts, min(len(texts), number))  # noqa: S311 - a sample, not a secret


def _by_turns(texts: Sequence[str], systems: Mapping[str, Search]) -> dict[str, dict[str, float]]:
    """Per system the percentiles of its milliseconds; who goes first changes from one question to the next.

    CPU milliseconds are those of all threads of this process: what is left of a time when the machine is busy.
    """
    wall: dict[str, list[float]] = {name: [] for name in systems}
    cpu: dict[str, list[float]] = {name: [] for name in systems}
    names = list(systems)
    for number, text in enumerate(texts):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            started, before = time.perf_counter(), time.process_time()
            systems[name](text)
            cpu[name].append(1000 * (time.process_time() - before))
            wall[name].append(1000 * (time.perf_counter() - started))
    return {
        name: _percentiles(wall[name]) | {f"cpu_{k}": v for k, v in _percentiles(cpu[name]).items()} for name in names
    }


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(times, [50, 95]).tolist()
    return {"p50": p50, "p95": p95}


def _parts(texts: Sequence[str], chatbot: Chatbot) -> tuple[dict[str, float], int]:
    """Mean milliseconds a question of each part, and how many questions were answered."""
    timers = Timers()
    answered = 0
    with timers.installed():
        started = time.perf_counter()
        for text in texts:
            answered += not chatbot.ask(text).withheld
        whole = time.perf_counter() - started
    parts = {part: 1000 * timers.seconds[part] / len(texts) for part in PARTS}
    return {**parts, REST: 1000 * whole / len(texts) - sum(parts.values())}, answered


def _report(figures: dict[str, Any]) -> Report:
    systems, parts = figures["systems"], figures["parts_mean_ms"]
    total = sum(parts.values())
    shares = [[part, f"{ms:.2f}", f"{ms / total:.1%}"] for part, ms in sorted(parts.items(), key=lambda item: -item[1])]
    tables = [
        (f"Asking (milliseconds, {figures['questions']} questions by turns)", HEAD, system_rows(systems)),
        ("Where a whole answer's time goes (from a second pass)", ("part", "mean ms", "share"), shares),
    ]
    note = (
        f"{figures['documents']:,} documents, {figures['passages']:,} passages; {figures['answered']} of "
        f"{figures['questions']} questions answered. LangChain: similarity_search, k = {K}, sentence-transformers."
    )
    targets = [
        Target("p50 of a whole answer in ms", systems[OURS]["p50"], _TARGET_MS),
        Target("p50 to LangChain's", systems[OURS]["p50"] / systems[PEER]["p50"], 1.0),
        Target("p95 to LangChain's", systems[OURS]["p95"] / systems[PEER]["p95"], 1.0),
    ]
    return Report("ask", figures, tables, [note], targets)


def system_rows(systems: Mapping[str, Mapping[str, float]]) -> list[list[str]]:
    """A row per system: wall and CPU percentiles, and what a whole answer takes as a share of it."""
    ours = systems[OURS]
    return [
        [
            name,
            *(f"{times[key]:.1f}" for key in ("p50", "p95", "cpu_p50", "cpu_p95")),
            *(f"{ours[key] / times[key]:.2f}" for key in ("p50", "p95")),
        ]
        for name, times in systems.items()
    ]
