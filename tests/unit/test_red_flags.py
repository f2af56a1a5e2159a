"""Emergencies in questions: what is found of 620 labelled ones.

The held-out ones were written after the rules and not used to change them, in the plain words that people mostly use.
Of three earlier sets, written to say the same things otherwise, .53, .64 and .89 were found before the rules were
mended for them: emergencies told in unusual words are missed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.safety.red_flags import emergencies, plain, red_flag
from chatbot.ui.render.safety import red_flag_html

FOLDER = Path(__file__).parent / "safety_sets"
NOT_NOW = "-"


def labelled(half: str) -> list[tuple[str, str]]:
    """(what it tells of, question) of each line."""
    lines = (FOLDER / f"red_flags_{half}.txt").read_text("utf-8").splitlines()
    return [(label, text) for label, _, text in (line.partition("\t") for line in lines if not line.startswith("#"))]


def told(question: str) -> str:
    flag = red_flag(question)
    return flag.key if flag else NOT_NOW


def test_the_set_is_large_enough_and_no_question_is_in_both_halves() -> None:
    tuned, held_out = labelled("tuned"), labelled("held_out")
    assert len(held_out) >= 60
    assert not {text for _, text in tuned} & {text for _, text in held_out}


@pytest.mark.parametrize("half", ["tuned", "held_out"])
def test_emergencies_are_found_and_study_questions_left_alone(half: str) -> None:
    questions = labelled(half)
    aimed = [(label, told(text)) for label, text in questions if label != NOT_NOW]
    study = [told(text) for label, text in questions if label == NOT_NOW]
    sensitivity = sum(found != NOT_NOW for _, found in aimed) / len(aimed)
    right = sum(label == found for label, found in aimed) / len(aimed)
    specificity = study.count(NOT_NOW) / len(study)
    print(
        f"\n{half}: sensitivity {sensitivity:.3f} of {len(aimed)}, the right emergency {right:.3f}, "
        f"specificity {specificity:.3f} of {len(study)}"
    )
    # A cry for help that is missed weighs more than a study question with a box above its answer.
    assert sensitivity >= 0.95
    assert right >= 0.9
    assert specificity >= 0.9


def test_every_emergency_of_the_list_is_asked_for_in_the_labelled_questions() -> None:
    asked = {label for half in ("tuned", "held_out") for label, _ in labelled(half)}
    assert {flag.key for flag in emergencies()} - asked <= {"emergency"}  # what is none of the others


def test_the_first_thing_to_do_comes_first_and_no_dose_is_named() -> None:
    for flag in emergencies():
        assert len(flag.at_once) >= 2
        assert not any(unit in step.split() for step in flag.at_once for unit in ("mg", "ml", "mcg", "g"))


def test_numbers_to_call_say_where_they_are_true() -> None:
    for step in (step for flag in emergencies() for step in flag.at_once):
        for number, place in (("911", "the US and Canada"), ("999", "UK"), ("988", "the US and Canada"), ("112", "EU")):
            assert number not in step or place in step


def test_a_clause_on_the_past_does_not_hide_what_happens_now() -> None:
    assert told("My father had a stroke five years ago, can he take ibuprofen?") == NOT_NOW
    assert told("My father had a stroke five years ago, and now his face is drooping") == "stroke"


@pytest.mark.parametrize("typed", ["I can’t breathe", "i cannot breathe", "I can not breathe", "I CAN'T BREATHE!!"])
def test_a_cry_for_help_is_read_however_it_is_typed(typed: str) -> None:
    assert told(typed) == "breathing"


def test_nothing_typed_tells_of_nothing() -> None:
    assert red_flag("") is None
    assert plain("  It isn’t \n now ") == "it isnt now"


def test_the_advice_is_announced_at_once() -> None:
    flag = red_flag("I have crushing chest pain")
    assert flag is not None
    assert 'role="alert"' in red_flag_html(flag)
    assert red_flag_html(flag).index(flag.heading) < red_flag_html(flag).index("emergency number")
