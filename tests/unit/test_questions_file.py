"""A questions file is read whole, or refused with file, line and what to do."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from chatbot.domain import Answer
from chatbot.errors import SourceError
from chatbot.evaluation.questions import MEASURES, Judged, Question, measured, read

GOOD = {"question": "What is it?", "cites": ["label-x-us"]}


def written(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def test_a_line_is_called_by_its_id_or_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD, "", {**GOOD, "_id": "second"}, GOOD)
    assert [item.id for item in read(path)] == ["questions.jsonl:1", "second", "questions.jsonl:4"]


def test_a_list_of_one_may_be_its_entry(tmp_path: Path) -> None:
    (item,) = read(written(tmp_path, {"question": "Why?", "cites": "a", "withheld": "guideline", "after": "What?"}))
    assert (item.cites, item.withheld, item.after) == (("a",), ("guideline",), ("What?",))


def test_all_and_any_stand_for_every_kind(tmp_path: Path) -> None:
    silent, any_kind = read(
        written(tmp_path, {"question": "Why?", "withheld": "all"}, {"question": "Why?", "answers": "any"})
    )
    assert (silent.withheld, any_kind.answers) == (("all",), ("any",))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({**GOOD, "cite": "x"}, "there is no field 'cite'; the fields are question, after, answers"),
        ({"cites": "x"}, "question: Field required"),
        ({"question": "Why?"}, "nothing is expected of the answer; write one of answers, withheld, cites"),
        ({**GOOD, "question": " "}, "question: ' ' expects nothing"),
        ({**GOOD, "quotes": [""]}, "quotes: '' expects nothing"),
        ({**GOOD, "withheld": ["labels"]}, "withheld: there is no kind of evidence 'labels'; the kinds are guideline"),
        ({**GOOD, "answers": "all"}, "answers: there is no kind of evidence 'all'"),
        ({**GOOD, "withheld": "all"}, "expects no answer, and the line expects one as well"),
        ({**GOOD, "cites": 5}, "cites: "),
        ([GOOD], "Input should be an object"),
        ("{", "Invalid JSON"),
    ],
)
def test_a_line_that_says_something_else_is_refused_with_its_number(tmp_path: Path, line: object, problem: str) -> None:
    with pytest.raises(SourceError) as error:
        read(written(tmp_path, GOOD, line))
    assert str(error.value).startswith(f"{tmp_path / 'questions.jsonl'}:2: ")
    assert problem in str(error.value)


def test_two_questions_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r":2: the _id 'a' stands on a line before"):
        read(written(tmp_path, {**GOOD, "_id": "a"}, {**GOOD, "_id": "a"}))


def test_a_file_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no question"):
        read(written(tmp_path, ""))


def test_a_file_that_is_not_there_or_not_utf_8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read(tmp_path / "absent.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b'{"question": "\xe9"}')
    with pytest.raises(SourceError, match="UTF-8"):
        read(tmp_path / "latin.jsonl")


def test_a_measure_is_over_the_questions_that_expect_it() -> None:
    nothing = {measure.name: math.nan for measure in MEASURES}
    columns = ({**nothing, "cited": 1.0, "passed": 1.0}, {**nothing, "cited": 0.0, "passed": 0.0})
    rows = [*columns, {**nothing, "withheld": 1.0, "passed": 1.0}]
    item = Question.model_validate(GOOD)
    found = measured([Judged(item, Answer("?", "?", ()), (), row) for row in rows])
    figures = {measure.name: measure.compute(found.columns) for measure in MEASURES}
    assert figures["cited"] == 0.5
    assert figures["withheld"] == 1.0
    assert figures["passed"] == pytest.approx(2 / 3)
    assert math.isnan(figures["quoted"])
