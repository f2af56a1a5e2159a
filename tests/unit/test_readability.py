"""How hard a sentence is to read."""

from __future__ import annotations

import pytest

from chatbot.readability import grade


def test_a_grade_is_that_of_kincaid_for_one_sentence() -> None:
    assert grade("The cat sat on the mat.") == pytest.approx(max(0.0, 0.39 * 6 + 11.8 * 6 / 6 - 15.59))
    assert grade("Doctor and patient.") == pytest.approx(0.39 * 3 + 11.8 * 5 / 3 - 15.59)


def test_long_words_and_long_sentences_are_harder() -> None:
    plain = "You may feel sick and have a headache."
    assert grade(plain) < grade("Gastrointestinal adverse reactions and cephalalgia were frequently reported.")
    assert grade(plain) < grade(f"{plain.rstrip('.')} and {plain.lower().rstrip('.')} and {plain.lower()}")


def test_an_abbreviation_is_read_letter_by_letter_and_numbers_are_no_words() -> None:
    assert grade("FVC fell.") > grade("Breath fell.")
    assert grade("It fell by 10 to 20.") == grade("It fell by to.")


@pytest.mark.parametrize("text", ["", " ", "12.5 %", "…"])
def test_what_has_no_words_has_no_grade(text: str) -> None:
    assert grade(text) == 0.0
