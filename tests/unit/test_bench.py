"""scripts/bench.py: what its figures are made of. The figures themselves are taken by hand, on an idle machine."""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def benchmark_module(monkeypatch: pytest.MonkeyPatch):
    """Imports a module of scripts/benchmarks, as scripts/bench.py does."""
    monkeypatch.syspath_prepend(str(SCRIPTS))

    def load(name: str) -> ModuleType:
        return importlib.import_module(f"benchmarks.{name}")

    yield load
    for name in [name for name in sys.modules if name.split(".")[0] == "benchmarks"]:
        del sys.modules[name]


def test_a_token_of_minilm_costs_21_million_operations_and_its_attention(benchmark_module):
    bound = benchmark_module("bound")
    assert bound.flops_per_token(0) == 6 * 2 * (4 * 384**2 + 2 * 384 * 1536) == 21_233_664
    assert bound.flops_per_token(100) - bound.flops_per_token(0) == 100 * 6 * 4 * 384


def test_a_token_attends_to_the_length_of_its_own_text(benchmark_module):
    bound = benchmark_module("bound")
    assert bound.attended_length([10, 30]) == (10 * 10 + 30 * 30) / 40
    assert bound.attended_length([]) == 0


def test_every_function_that_is_timed_exists(benchmark_module):
    timers = benchmark_module("timers")
    for places in timers.PARTS.values():
        for place in places:
            assert callable(timers.locate(place)[2])


def test_a_part_inside_another_is_counted_once(benchmark_module):
    timers = benchmark_module("timers").Timers()
    inner = timers._timed("Chroma", lambda: time.sleep(0.02))
    timers._timed("fusion", inner)()
    assert timers.seconds["Chroma"] >= 0.02
    assert timers.seconds["fusion"] < 0.01


def test_timing_leaves_the_functions_as_they_were(benchmark_module):
    timers = benchmark_module("timers")
    before = [timers.locate(place)[2] for places in timers.PARTS.values() for place in places]
    with timers.Timers().installed():
        assert timers.locate("chatbot.pipeline:resolve")[2] is not before[1]
    assert [timers.locate(place)[2] for places in timers.PARTS.values() for place in places] == before


def test_figures_are_written_with_the_target_and_the_machine(benchmark_module, tmp_path, capsys):
    report = benchmark_module("report")
    target = report.Target("ratio", 0.5, 0.4)
    report.show(report.Report("start", {"ratio": 0.5}, [("T", ("a",), [["1"]])], ["note"], target), tmp_path / "out")
    written = json.loads((tmp_path / "out").read_text("utf-8"))
    assert written["ratio"] == 0.5
    assert written["target"]["met"] is False
    assert written["machine"]["packages"]
    assert "ratio 0.5, target at most 0.4: MISSED" in capsys.readouterr().out
