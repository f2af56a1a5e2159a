"""scripts/bench.py: what its figures are made of. The figures themselves are taken by hand, on an idle machine."""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from chatbot.index.reader import Index
from tests.conftest import index_paths, write_reference

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
    targets = [report.Target("ratio", 0.5, 0.4)]
    report.show(report.Report("start", {"ratio": 0.5}, [("T", ("a",), [["1"]])], ["note"], targets), tmp_path / "out")
    written = json.loads((tmp_path / "out").read_text("utf-8"))
    assert written["ratio"] == 0.5
    assert written["targets"][0]["met"] is False
    assert written["machine"]["packages"]
    assert "ratio 0.5, target at most 0.4: MISSED" in capsys.readouterr().out


# --- generated corpora ------------------------------------------------------------------------------------------------


@pytest.fixture
def pool(benchmark_module, settings, encoder, tmp_path):
    """Three small references as a pool to recombine."""
    for number, name in enumerate(("aspirin", "ibuprofen", "codeine")):
        text = f"In a trial of {number + 7}0 adults {name} lowered fever and pain within four hours of the first dose. "
        write_reference(tmp_path / "docs", name, text + f"The commonest side effect of {name} was nausea. It passed.")
    index_paths(settings, encoder, tmp_path / "docs")
    return benchmark_module("generated").read_pool(Index(settings, encoder))


def test_a_generated_corpus_is_the_same_each_time_and_takes_the_kinds_by_turns(benchmark_module, pool):
    generated = benchmark_module("generated")
    records = list(generated.generate(pool, 60))
    assert records == list(generated.generate(pool, 60))
    assert len(records) == round(60 / pool.passages_per_document)
    assert [record["metadata"]["kind"] for record in records[:3]] == ["guideline", "US drug label", "research abstract"]


def test_a_changed_share_of_the_documents_has_other_text_and_the_rest_is_as_it_was(benchmark_module, pool):
    generated = benchmark_module("generated")
    before = list(generated.generate(pool, 2000))
    after = list(generated.generate(pool, 2000, changed=0.1))
    changed = sum(one != other for one, other in zip(before, after, strict=True))
    assert 0.03 < changed / len(before) < 0.2


def test_a_generated_sentence_has_the_vector_that_the_index_holds(benchmark_module, pool, encoder):
    given = benchmark_module("generated").GivenVectors(encoder, pool)
    sentence = next(text for _, texts in pool.documents for text in texts if len(text) > 60)
    assert float(given.encode([sentence])[0] @ encoder.encode([sentence])[0]) > 0.999
    assert given.unknown == 0


def test_a_generated_passage_is_near_the_one_its_first_sentence_stems_from(benchmark_module, pool, encoder):
    given = benchmark_module("generated").GivenVectors(encoder, pool)
    sentence = next(text for _, texts in pool.documents for text in texts if len(text) > 60)
    vector = given.encode([f"A title\n{sentence} And more."])[0]
    assert 0.7 < float(vector @ pool.passages[pool.known[sentence][1]]) < 0.95
    assert (vector == given.encode([f"A title\n{sentence} And more."])[0]).all()


def test_a_text_of_no_part_of_the_pool_is_counted_as_unknown(benchmark_module, pool, encoder):
    given = benchmark_module("generated").GivenVectors(encoder, pool)
    assert given.encode(["Never seen before."]).shape == (1, encoder.dimension)
    assert given.unknown == 1
    assert given.encode([]).shape == (0, encoder.dimension)


def test_generated_vectors_leave_token_counts_as_they_are(benchmark_module, pool, encoder):
    given = benchmark_module("generated").GivenVectors(encoder, pool)
    texts = [*pool.documents[0][1], " ", "Never seen before."]
    assert given.count_tokens(texts) == given.count_tokens(texts) == encoder.count_tokens(texts)


# --- the page ---------------------------------------------------------------------------------------------------------

TIMES = {"p50": 20.0, "p95": 40.0, "cpu_p50": 18.0, "cpu_p95": 30.0}


def asked(factor: float) -> dict:
    systems = {
        "a whole answer": {key: factor * time for key, time in TIMES.items()},
        "LangChain, Chroma": {key: 2 * factor * time for key, time in TIMES.items()},
    }
    times = {"questions": 9, "answered": 8, "passages": round(1e5 * factor), "load_average": 1.0}
    return {"ask": {"systems": systems, "parts_mean_ms": {"embed": 3.0 * factor}, **times}}


def test_the_bars_are_judged_from_the_sizes_they_name(benchmark_module):
    report = benchmark_module("scale").report_scale({"100000": asked(1), "1000000": asked(3)})
    assert {target.what: (target.value, target.met) for target in report.targets} == {
        "p50 at 100,000 passages in ms": (20.0, True),
        "p95 at 100,000 passages in ms": (40.0, True),
        "p50 to LangChain's at 100,000 passages": (0.5, True),
        "p95 to LangChain's at 100,000 passages": (0.5, True),
        "p95 at 1,000,000 to that at 100,000 passages": (3.0, False),
    }


def test_a_size_without_the_peer_is_reported_without_it(benchmark_module):
    held = asked(1)
    del held["ask"]["systems"]["LangChain, Chroma"]
    report = benchmark_module("scale").report_scale({"100000": held})
    assert [target.bound for target in report.targets] == [100, 200]


def test_an_unknown_step_is_refused(benchmark_module, tmp_path, settings):
    scale = benchmark_module("scale")
    wanted = scale.Wanted([1000], ["built"], tmp_path, tmp_path, None, 1, 0)
    with pytest.raises(ValueError, match="no step is called built; there are build, change, memory, ask"):
        scale.measure_scale(wanted, settings, None, print)


def test_the_page_shows_what_was_measured_how_and_on_what(benchmark_module, tmp_path, capsys):
    report, scale, write = (benchmark_module(name) for name in ("report", "scale", "write"))
    report.show(scale.report_scale({"100000": asked(1)}), tmp_path / "benchmarks" / "scale.json")
    (tmp_path / "benchmarks" / "notes.md").write_text("## Not reached\n\nNothing.\n", "utf-8")
    text = write.write_page(tmp_path).read_text("utf-8")
    for shown in ("scripts/bench.py scale --like", "| LangChain, Chroma | 40.0 | 80.0 |", "cores", "## Not reached"):
        assert shown in text
    assert "## Start" not in text
    assert (tmp_path / "images" / "scale.svg").read_text("utf-8").lstrip().startswith("<?xml")


def test_the_bars_of_the_browser_are_judged_from_medians_and_from_the_slow_ones(benchmark_module):
    seconds = {"first": [1.0] * 19 + [9.0], "again": [0.5], "answer": [0.4], "pipeline": [0.1], "retrieval": [0.05]}
    report = benchmark_module("page").report_page({"passages": 60_000, "documents": 9}, seconds)
    assert [target.met for target in report.targets] == [True, True, True, True, True]
    assert report.figures["seconds"]["first"]["most"] == 9.0
    assert "25% is the pipeline" in report.notes[0]


def test_an_index_too_small_for_the_bar_is_refused_before_a_browser_is_looked_for(benchmark_module, corpus_index):
    with pytest.raises(RuntimeError, match="the bar is for 50,000 passages"):
        benchmark_module("page").measure_page(corpus_index, 5, 3, print)


def test_memory_is_that_of_the_process_that_measures(benchmark_module):
    process = benchmark_module("process")
    assert 0 < process.in_its_own(process.peak_gib) < 2
