"""Follow-ups read against the repository's corpus."""

from __future__ import annotations

import pytest

from chatbot.domain import Conversation, Turn
from chatbot.pipeline import Chatbot


def read_as(chatbot: Chatbot, *questions: str) -> str:
    *before, last = questions
    return chatbot.resolve(last, Conversation(tuple(Turn(question) for question in before))).text


@pytest.mark.parametrize(
    ("before", "question", "reading"),
    [
        ("what is the dose of haloperidol?", "and in elderly pts?", "and in elderly pts? – about haloperidol"),
        ("what is the dose of haloperidol?", "can i give it with lithium", "can i give haloperidol with lithium"),
        ("treatment of PTSD", "how long?", "how long? – about PTSD"),
        ("viagra dose", "and with ritonavir", "and with ritonavir – about viagra"),
    ],
)
def test_an_elliptical_question_carries_the_topic_over(
    chatbot: Chatbot, before: str, question: str, reading: str
) -> None:
    assert read_as(chatbot, before, question) == reading


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("treatment of LAM", "viagra contraindications"),
        ("dose of adalimumab", "1st line treatment for ptsd"),
        ("statins and gallstones", "what is the dose of metoprolol in atrial fibrillation?"),
        ("side effects of remdesivir", "is atorvastatin safe in pregnancy?"),
    ],
)
def test_a_question_with_its_own_topic_lets_the_old_one_go(chatbot: Chatbot, before: str, question: str) -> None:
    assert read_as(chatbot, before, question) == question


def test_the_topic_is_that_of_the_latest_turn_that_set_one(chatbot: Chatbot) -> None:
    reading = read_as(chatbot, "treatment of LAM", "dose of atorvastatin?", "and at night?", "in renal impairment?")
    assert "atorvastatin" in reading
    assert "LAM" not in reading


def test_a_contrast_asks_the_last_question_of_the_other_drug(chatbot: Chatbot) -> None:
    reading = read_as(chatbot, "can rapamune be taken with grapefruit?", "same question for lipitor")
    assert "grapefruit" in reading
    assert "rapamune" not in reading.lower()


def test_an_abbreviation_stands_in_brackets_behind_what_it_stands_for(chatbot: Chatbot) -> None:
    reading = read_as(chatbot, "What is the treatment for lymphangioleiomyomatosis (LAM)?", "And in pregnancy?")
    assert reading == "And in pregnancy? – about lymphangioleiomyomatosis (LAM)"


def test_a_question_about_something_else_altogether_carries_nothing(chatbot: Chatbot) -> None:
    question = "What is the capital of France?"
    assert read_as(chatbot, "usual dose of atorvastatin?", question) == question


def test_an_impersonal_it_refers_to_nothing(chatbot: Chatbot) -> None:
    question = "Is it known that haloperidol prolongs the QT interval?"
    assert read_as(chatbot, "treatment of PTSD", question) == question


def test_shorthand_is_spelled_out(chatbot: Chatbot) -> None:
    assert read_as(chatbot, "1st line tx for ptsd") == "1st line treatment for ptsd"


def test_without_a_conversation_a_question_is_itself(chatbot: Chatbot) -> None:
    resolved = chatbot.resolve("What are the side effects?", Conversation())
    assert resolved.text == "What are the side effects?"
    assert resolved.carried == ()
    assert [reading.weight for reading in resolved.readings] == [1.0]


def test_the_readings_of_a_follow_up_share_the_weight(chatbot: Chatbot) -> None:
    turn = Turn("dose of haloperidol", answer="Haloperidol 0.5 mg twice daily for agitation.")
    resolved = chatbot.resolve("and in children?", Conversation((turn,)))
    assert sum(reading.weight for reading in resolved.readings) == pytest.approx(1.0)
    assert resolved.carried == ("haloperidol",)
