"""What grows with the index: building, changing, disk, memory and answers at several sizes, beside LangChain's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.asking import HEAD, OURS, system_rows
from benchmarks.langchain_chain import PEER
from benchmarks.process import in_its_own
from benchmarks.report import Report, Say, Target, describe_machine
from benchmarks.scale_steps import Size, ask, build, change, memory
from benchmarks.timers import PARTS, REST
from chatbot.settings import Settings

_BAR_SIZE, _BAR_P50_MS, _BAR_P95_MS = 100_000, 100, 200
_LARGE_SIZE, _BAR_GROWTH = 1_000_000, 2.0
_STEPS = ("build", "change", "memory", "ask")
_GIB = 2**30

Figures = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What is measured: sizes in passages, the steps, the peer up to a size, and with which questions."""

    sizes: Sequence[int]
    steps: Sequence[str]
    like: Path
    work: Path
    questions: Path | None
    number: int
    peer_up_to: int


def measure_scale(wanted: Wanted, settings: Settings, kept: Path | None, say: Say) -> Report:
    """Each step of each size in a process of its own. Figures already in ``kept`` stay where a step is not wanted.

    Raises ValueError where a step is unknown.
    """
    unknown = set(wanted.steps) - set(_STEPS)
    if unknown:
        raise ValueError(f"no step is called {sorted(unknown)[0]}; there are {', '.join(_STEPS)}")
    sizes: dict[str, Figures] = json.loads(kept.read_text("utf-8"))["sizes"] if kept and kept.is_file() else {}
    for passages in sorted(wanted.sizes):
        size = Size(passages, wanted.like, wanted.work / str(passages))
        held = sizes.setdefault(str(passages), {})
        for step in (step for step in _STEPS if step in wanted.steps):
            say(f"{passages:,} passages: {step} ...")
            held[step] = _step(step, size, settings, wanted)
            held[step]["load_average"] = describe_machine()["load_average_at_end"]
    return report_scale(dict(sorted(sizes.items(), key=lambda item: int(item[0]))))


def _step(step: str, size: Size, settings: Settings, wanted: Wanted) -> Figures:
    if step == "build":
        return in_its_own(build, size, settings)
    if step == "change":
        return in_its_own(change, size, settings)
    if step == "memory":
        return in_its_own(memory, size, settings, wanted.questions)
    return in_its_own(ask, size, settings, wanted.questions, wanted.number, size.passages <= wanted.peer_up_to)


def report_scale(sizes: Mapping[str, Figures]) -> Report:
    """Tables, notes and the bars that can be judged from what was measured."""
    tables = [
        ("Building (vectors given, so that all but the model is timed)", *_build_table(sizes)),
        ("Changing one document in a hundred", *_change_table(sizes)),
        ("A process that only answers", *_memory_table(sizes)),
        *(_ask_table(name, held["ask"]) for name, held in sizes.items() if "ask" in held),
        ("Where an answer's time goes (mean milliseconds)", *_parts_table(sizes)),
    ]
    return Report("scale", {"sizes": dict(sizes)}, tables, [], _targets(sizes))


def _targets(sizes: Mapping[str, Figures]) -> list[Target]:
    asked = {int(name): held["ask"]["systems"] for name, held in sizes.items() if "ask" in held}
    targets = []
    if _BAR_SIZE in asked:
        systems = asked[_BAR_SIZE]
        ours = systems[OURS]
        targets.append(Target(f"p50 at {_BAR_SIZE:,} passages in ms", ours["p50"], _BAR_P50_MS))
        targets.append(Target(f"p95 at {_BAR_SIZE:,} passages in ms", ours["p95"], _BAR_P95_MS))
        if PEER in systems:
            for key in ("p50", "p95"):
                what = f"{key} to LangChain's at {_BAR_SIZE:,} passages"
                targets.append(Target(what, ours[key] / systems[PEER][key], 1.0))
    if {_BAR_SIZE, _LARGE_SIZE} <= asked.keys():
        growth = asked[_LARGE_SIZE][OURS]["p95"] / asked[_BAR_SIZE][OURS]["p95"]
        targets.append(Target(f"p95 at {_LARGE_SIZE:,} to that at {_BAR_SIZE:,} passages", growth, _BAR_GROWTH))
    return targets


def _build_table(sizes: Mapping[str, Figures]) -> tuple[Sequence[str], list[list[str]]]:
    head = (
        "passages", "documents", "seconds", "passages/s", "CPU ms a passage", "LangChain's add_texts, passages/s",
        "its CPU ms a passage", "disk, GiB", "LangChain's disk, GiB", "peak memory, GiB",
    )  # fmt: skip
    rows = []
    for held in (held for held in sizes.values() if "build" in held):
        built, asked = held["build"], held.get("ask", {})
        seconds = built["plan_seconds"] + built["apply_seconds"]
        chain = asked.get("chain")
        rows.append(
            [
                f"{built['passages']:,}",
                f"{built['documents']:,}",
                f"{seconds:.1f}",
                f"{built['passages_written'] / seconds:,.0f}",
                f"{1000 * built['cpu_seconds'] / max(1, built['passages_written']):.2f}",
                f"{chain['passages'] / chain['add_seconds']:,.0f}" if chain else "–",
                f"{1000 * chain['add_cpu_seconds'] / chain['passages']:.2f}" if chain else "–",
                f"{built['disk_bytes']['all'] / _GIB:.2f}",
                f"{asked['chain_disk_bytes']['all'] / _GIB:.2f}" if chain else "–",
                f"{built['peak_gib']:.2f}",
            ]
        )
    return head, rows


def _change_table(sizes: Mapping[str, Figures]) -> tuple[Sequence[str], list[list[str]]]:
    head = ("passages", "documents changed", "to find them, s", "to index them, s", "nothing changed, s", "peak, GiB")
    rows = [
        [
            f"{int(name):,}",
            f"{held['change']['documents_written']:,}",
            f"{held['change']['plan_seconds']:.2f}",
            f"{held['change']['apply_seconds']:.2f}",
            f"{held['change']['unchanged_seconds']:.4f}",
            f"{held['change']['peak_gib']:.2f}",
        ]
        for name, held in sizes.items()
        if "change" in held
    ]
    return head, rows


def _memory_table(sizes: Mapping[str, Figures]) -> tuple[Sequence[str], list[list[str]]]:
    head = ("passages", "first answer, s", "peak memory, GiB")
    rows = [
        [f"{int(name):,}", f"{held['memory']['first_answer_seconds']:.2f}", f"{held['memory']['peak_gib']:.2f}"]
        for name, held in sizes.items()
        if "memory" in held
    ]
    return head, rows


def _ask_table(name: str, asked: Figures) -> tuple[str, Sequence[str], list[list[str]]]:
    title = (
        f"Asking {int(name):,} passages (milliseconds; {asked['questions']} questions by turns, "
        f"{asked['answered']} answered; load {asked['load_average']:.1f})"
    )
    return title, HEAD, system_rows(asked["systems"])


def _parts_table(sizes: Mapping[str, Figures]) -> tuple[Sequence[str], list[list[str]]]:
    asked = {int(name): held["ask"]["parts_mean_ms"] for name, held in sizes.items() if "ask" in held}
    head = ("part", *(f"{size:,}" for size in asked))
    rows = [[part, *(f"{parts.get(part, 0.0):.1f}" for parts in asked.values())] for part in (*PARTS, REST)]
    return head, rows
