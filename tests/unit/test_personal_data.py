"""Personal data in questions: what is found of 140 labelled ones, half of which the rules were not written with."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.safety.personal import held_in, personal_data, without_personal_data
from chatbot.ui.render.safety import held_back_html

FOLDER = Path(__file__).parent / "safety_sets"
NOTHING = "-"


def labelled(half: str) -> list[tuple[str, str]]:
    """(what it holds, question) of each line."""
    lines = (FOLDER / f"personal_{half}.txt").read_text("utf-8").splitlines()
    return [(label, text) for label, _, text in (line.partition("\t") for line in lines if not line.startswith("#"))]


@pytest.mark.parametrize("half", ["tuned", "held_out"])
def test_what_tells_who_somebody_is_is_found_and_what_medicine_writes_is_left_alone(half: str) -> None:
    questions = [(label, held_in(text)) for label, text in labelled(half)]
    personal = [found for label, found in questions if label != NOTHING]
    plain = [found for label, found in questions if label == NOTHING]
    sensitivity = sum(map(bool, personal)) / len(personal)
    specificity = sum(not found for found in plain) / len(plain)
    print(f"\n{half}: sensitivity {sensitivity:.3f} of {len(personal)}, specificity {specificity:.3f} of {len(plain)}")
    assert sensitivity >= 0.95
    assert specificity >= 0.95


@pytest.mark.parametrize(
    ("question", "left"),
    [
        (
            "My patient John Smith takes warfarin. Can he have ibuprofen?",
            "My patient takes warfarin. Can he have ibuprofen?",
        ),
        ("is sirolimus safe? reply to j.smith@example.com", "is sirolimus safe? reply to"),
        ("My patient John Smith, DOB 03/04/1961, MRN 00482913, is dizzy", "My patient, is dizzy"),
        ("What is LAM?", "What is LAM?"),
        ("", ""),
    ],
)
def test_the_question_without_it_keeps_the_rest(question: str, left: str) -> None:
    assert without_personal_data(question) == left
    assert held_in(left) == ()


def test_a_check_digit_tells_an_nhs_number_from_any_ten_digits() -> None:
    assert personal_data("943 476 5919 is allergic") == ("an NHS number: “943 476 5919”",)
    assert personal_data("943 476 5918 is allergic") == ()


def test_parts_are_named_in_their_order_and_each_once() -> None:
    found = personal_data("Mrs Patel, DOB 1/2/1950, patel@example.com")
    assert [part.split(":")[0] for part in found] == ["a name", "a date of birth", "an e-mail address"]


def test_numbers_that_everybody_may_call_are_nobodys() -> None:
    assert personal_data("Is 1-800-222-1222 the poison centre?") == ()


def test_what_was_found_is_shown_as_text() -> None:
    shown = held_back_html(["a name: “<b>Bob</b>”"])
    assert "<b>" not in shown
    assert "&lt;b&gt;Bob" in shown
