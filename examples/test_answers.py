"""What the answers on this repository's corpus must be like. Run: .venv/bin/pytest examples

``docs/testing-answers.md`` explains each line.
"""

from __future__ import annotations

import pytest

from chatbot.testing.answers import Ask


def test_the_label_gives_the_boxed_warnings_of_adalimumab(ask: Ask) -> None:
    answer = ask("What are the boxed warnings of adalimumab?")
    assert answer.cites("label-humira-us", kind="label:US")
    assert answer.quotes("hepatosplenic T-cell lymphoma")
    assert answer.withheld("guideline")


def test_a_follow_up_stays_with_the_drug(ask: Ask) -> None:
    answer = ask("What are the boxed warnings of adalimumab?").then("And in pregnancy?")
    assert answer.read_as("adalimumab pregnancy")
    assert answer.cites("Humira", kind="label")
    assert answer.quotes("pregnancy category B")


def test_a_conversation_goes_to_another_drug_and_leaves_the_first(ask: Ask) -> None:
    talk = ask.conversation()
    talk("Can sildenafil be taken with nitrates?")
    answer = talk("Does atorvastatin interact with clarithromycin?")
    assert not answer.read_as("sildenafil")
    assert answer.cites("Lipitor")
    assert answer.quotes("20 mg daily")
    assert not answer.quotes("nitrates")


def test_an_eu_leaflet_is_not_shown_as_an_fda_label(ask: Ask) -> None:
    answer = ask("What is the dose of sirolimus in lymphangioleiomyomatosis?")
    assert answer.withheld("label:US")
    assert answer.cites("label-rapamune-eu", kind="label:EU")


@pytest.mark.parametrize("disease", ["malaria", "cholera", "appendicitis"])
def test_what_the_corpus_knows_nothing_of_is_withheld(ask: Ask, disease: str) -> None:
    assert ask(f"How is {disease} treated?").withheld()


def test_an_unclear_question_is_asked_back(ask: Ask) -> None:
    assert ask("What is the maximum dose?").asks_back("sildenafil")
