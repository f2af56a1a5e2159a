"""What figures of an evaluation are made of: sets, splits, intervals, demands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from chatbot.errors import EvaluationError, SourceError
from chatbot.evaluation.beir import half_of, is_retrieval_set, read_retrieval_set, sample
from chatbot.evaluation.demands import read_demands, unmet
from chatbot.evaluation.intervals import Interval, figures
from chatbot.evaluation.measured import Measure, Measured, mean_of
from chatbot.evaluation.picture import check_picture
from chatbot.evaluation.set_types import SET_TYPES, type_of
from chatbot.evaluation.systems import DEPTH, first_of_each

HIT = Measure("hit", mean_of("hit"))
MISSED = Measure("missed", mean_of("missed"), higher_is_better=False)


def measured(values: Sequence[float], system: str = "chatbot", groups: tuple[str, ...] = ()) -> Measured:
    hits = np.array(values, dtype=np.float64)
    items = tuple(map(str, range(len(values))))
    return Measured(system, items, {"hit": hits, "missed": 1 - hits}, groups)


def write_set(folder: Path, queries: dict[str, list[str]], qrels: dict[str, list[str]]) -> Path:
    """A BEIR folder: ids of questions per queries file, lines per qrels file."""
    for name, ids in queries.items():
        lines = [json.dumps({"_id": number, "text": f"question {number}"}) for number in ids]
        (folder / name).write_text("\n".join(lines), "utf-8")
    for name, lines in qrels.items():
        (folder / name).write_text("\n".join(["query-id\tcorpus-id\tscore", *lines]) + "\n", "utf-8")
    return folder


# --- intervals -----------------------------------------------------------------------------------------------------


def test_the_interval_of_a_share_is_that_of_the_normal_distribution_on_many_items() -> None:
    found = figures([measured([0.0, 1.0] * 500)], [HIT])[0].interval
    half_width = 1.96 * (0.25 / 1000) ** 0.5
    assert found.value == 0.5
    assert found.low == pytest.approx(0.5 - half_width, abs=0.003)
    assert found.high == pytest.approx(0.5 + half_width, abs=0.003)


def test_a_gap_that_every_item_shows_is_certain_however_much_the_items_differ() -> None:
    values = np.linspace(0.1, 0.9, 30)
    first, second = figures([measured(values), measured(values - 0.1, "bm25")], [HIT])
    assert first.difference is None
    assert second.difference is not None
    assert (second.difference.low, second.difference.high) == (pytest.approx(0.1), pytest.approx(0.1))
    assert second.difference.excludes_zero
    assert second.interval.high - second.interval.low > 0.1


def test_a_system_does_not_differ_from_itself() -> None:
    gap = figures([measured([0, 1, 1]), measured([0, 1, 1], "again")], [HIT])[1].difference
    assert gap == Interval(0.0, 0.0, 0.0)
    assert not gap.excludes_zero


def test_items_of_one_group_are_drawn_together() -> None:
    values = [0.0] * 50 + [1.0] * 50
    alone = figures([measured(values)], [HIT])[0].interval
    grouped = figures([measured(values, groups=("a",) * 50 + ("b",) * 50)], [HIT])[0].interval
    assert (grouped.low, grouped.high) == (0.0, 1.0)
    assert alone.low > 0.3


def test_a_figure_with_nothing_to_measure_is_nan_and_differs_from_nothing() -> None:
    found = figures([measured([np.nan, np.nan])], [HIT])[0].interval
    assert np.isnan([found.value, found.low, found.high]).all()
    assert not found.excludes_zero


def test_the_same_results_give_the_same_intervals() -> None:
    values = [0.0, 0.3, 1.0, 0.7]
    assert figures([measured(values)], [HIT]) == figures([measured(values)], [HIT])


def test_systems_measured_on_different_items_are_not_compared() -> None:
    with pytest.raises(ValueError, match="same items"):
        figures([measured([0, 1]), measured([0, 1, 1], "bm25")], [HIT])


# --- demands -------------------------------------------------------------------------------------------------------


def test_a_demand_without_a_name_is_of_the_first_measure() -> None:
    assert [(d.measure.name, d.bound) for d in read_demands(["0.7", "MISSED=.2"], [HIT, MISSED])] == [
        ("hit", 0.7),
        ("missed", 0.2),
    ]


@pytest.mark.parametrize(("text", "said"), [("speed=1", "no measure 'speed'; choose from hit"), ("hit=x", "'x'")])
def test_a_demand_that_cannot_be_read_says_why(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_demands([text], [HIT])


@pytest.mark.parametrize(
    ("demand", "fails"),
    [("hit=.75", False), ("hit=.76", True), ("missed=.25", False), ("missed=.24", True)],
)
def test_a_demand_is_the_least_of_what_is_good_and_the_most_of_what_is_bad(demand: str, fails: bool) -> None:
    found = figures([measured([0, 1, 1, 1]), measured([0, 0, 0, 0], "bm25")], [HIT, MISSED])
    lines = unmet(found, read_demands([demand], [HIT, MISSED]))
    assert bool(lines) is fails
    assert all("of chatbot is" in line for line in lines)


def test_what_could_not_be_measured_meets_no_demand() -> None:
    assert unmet(figures([measured([np.nan])], [HIT]), read_demands(["0"], [HIT]))


# --- sets ----------------------------------------------------------------------------------------------------------


def test_splits_are_told_from_the_names_of_files(tmp_path: Path) -> None:
    folder = write_set(
        tmp_path,
        {"queries_test.jsonl": ["1"], "queries_train.jsonl": ["2"]},
        {"qrels_test.tsv": ["1\ta\t1"], "qrels_train.tsv": ["2\tb\t1"]},
    )
    assert read_retrieval_set(folder, "test").judged == {"1": {"a": 1}}
    assert list(read_retrieval_set(folder, "all").questions) == ["1", "2"]
    with pytest.raises(EvaluationError, match="no dev split; choose one of all, test, train"):
        read_retrieval_set(folder, "dev")


def test_a_set_without_splits_is_halved_and_no_question_is_in_both_halves(tmp_path: Path) -> None:
    ids = [str(number) for number in range(400)]
    folder = write_set(tmp_path, {"queries.jsonl": ids}, {"qrels.tsv": [f"{i}\td\t1" for i in ids]})
    dev, test, both = (list(read_retrieval_set(folder, split).questions) for split in ("dev", "test", "all"))
    assert not set(dev) & set(test)
    assert sorted(dev + test) == sorted(both)
    assert 150 < len(dev) < 250
    assert {half_of(item) for item in dev} == {"dev"}


def test_judgements_in_a_folder_of_their_own_are_found(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    write_set(tmp_path, {"queries.jsonl": ["1", "2"]}, {"qrels/test.tsv": ["1\ta\t1", "2\tb\t0"]})
    assert is_retrieval_set(tmp_path)
    assert list(read_retrieval_set(tmp_path).questions) == ["1"]


@pytest.mark.parametrize(
    ("line", "said"),
    [("1 a 1", r"qrels.tsv:2: .*separated by tabs"), ("9\ta\t1", r"qrels.tsv:2: question 9 is judged, but")],
)
def test_a_wrong_judgement_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    folder = write_set(tmp_path, {"queries.jsonl": ["1"]}, {"qrels.tsv": [line]})
    with pytest.raises(SourceError, match=said):
        read_retrieval_set(folder, "all")


def test_a_wrong_question_is_named_with_its_line(tmp_path: Path) -> None:
    folder = write_set(tmp_path, {"queries.jsonl": ["1"]}, {"qrels.tsv": ["1\ta\t1"]})
    (folder / "queries.jsonl").write_text('{"_id": "1", "text": "fine"}\n{"_id": "2"}\n', "utf-8")
    with pytest.raises(SourceError, match=r"queries.jsonl:2: .*a line is"):
        read_retrieval_set(folder, "all")


def test_a_sample_is_the_same_in_every_run_and_keeps_the_order() -> None:
    items = [str(number) for number in range(100)]
    drawn = sample(items, 10)
    assert drawn == sample(items, 10) == sorted(drawn, key=int)
    assert set(drawn) <= set(sample(items, 20))
    assert sample(items, None) == sample(items, 500) == items


def test_every_type_of_set_says_what_it_looks_like_and_knows_what_it_usually_measures() -> None:
    for each in SET_TYPES:
        assert each.looks_like
        assert each.measures
        assert set(each.usual) <= set(each.systems)


def test_a_path_that_is_no_set_is_answered_with_what_sets_look_like(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"no set that can be measured; known are: .*a BEIR folder"):
        type_of(tmp_path)
    with pytest.raises(EvaluationError, match="no such file or folder"):
        type_of(tmp_path / "absent")
    with pytest.raises(EvaluationError, match="no type of set 'speed'; choose from"):
        type_of(tmp_path, "speed")


def test_a_beir_folder_is_recognised(tmp_path: Path) -> None:
    write_set(tmp_path, {"queries.jsonl": ["1"]}, {"qrels.tsv": ["1\ta\t1"]})
    assert type_of(tmp_path).name == "retrieval"


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        (("conversation", "question", "stands_for", "answers"), "turns"),
        (("question", "cites"), "questions"),
        (("conversation_id", "utterance", "rewrite", "relevant"), "follow-ups"),
    ],
)
def test_a_file_of_lines_is_recognised_by_its_first_object(tmp_path: Path, keys: tuple[str, ...], name: str) -> None:
    (tmp_path / "set.jsonl").write_text("\n" + json.dumps(dict.fromkeys(keys, "")), "utf-8")
    assert type_of(tmp_path / "set.jsonl").name == name


@pytest.mark.parametrize("text", ["", "not JSON", "[1]", '{"speed": 1}'])
def test_a_file_of_anything_else_is_no_set(tmp_path: Path, text: str) -> None:
    (tmp_path / "set.jsonl").write_text(text, "utf-8")
    with pytest.raises(EvaluationError, match="no set that can be measured"):
        type_of(tmp_path / "set.jsonl")


def test_a_folder_of_tasks_with_labels_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "tasks.jsonl").touch()
    assert type_of(tmp_path).name == "gate-labels"


def test_what_is_made_from_the_index_needs_no_path_and_what_is_read_does() -> None:
    assert type_of(None, "gate").name == "gate"
    with pytest.raises(EvaluationError, match="no set is named"):
        type_of(None, "answers")


def test_a_system_that_is_unknown_is_answered_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match="no system 'google' for retrieval; choose from chatbot, bm25"):
        next(each for each in SET_TYPES if each.name == "retrieval").chosen(["google"])


def test_a_document_stands_where_its_best_passage_does() -> None:
    assert first_of_each(["a", "b", "a", "c", "b"]) == ["a", "b", "c"]
    assert len(first_of_each(map(str, range(500)))) == DEPTH


def test_a_picture_needs_an_ending_that_can_be_drawn() -> None:
    with pytest.raises(EvaluationError, match=r"written as .png or .svg"):
        check_picture(Path("figures.gif"))
