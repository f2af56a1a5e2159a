"""Asking in a test: alone, in conversations, after an article."""

from __future__ import annotations

import pytest

from chatbot.errors import ExpectationError, QuestionError
from chatbot.pipeline import Chatbot
from chatbot.testing.answers import Ask

BOXED, PREGNANCY = "What are the boxed warnings of adalimumab?", "And in pregnancy?"


@pytest.fixture
def asking(chatbot: Chatbot) -> Ask:
    return Ask(chatbot)


def test_three_ways_to_ask_a_follow_up_give_the_same_answer(asking: Ask) -> None:
    talk = asking.conversation()
    talk(BOXED)
    followed = (asking(BOXED).then(PREGNANCY), asking(PREGNANCY, after=[BOXED]), talk(PREGNANCY))
    assert len({asked.answer for asked in followed}) == 1
    assert [asked.question for asked in talk.answers] == [BOXED, PREGNANCY]


def test_questions_asked_alone_know_nothing_of_each_other(asking: Ask) -> None:
    asking(BOXED)
    assert not asking(PREGNANCY).read_as("adalimumab")


def test_an_article_is_an_answer_that_can_be_followed_up(asking: Ask) -> None:
    article = asking.article("lam-treatment")
    assert article.cites("research-miles-trial", kind="research")
    assert article.then("Can it be taken with grapefruit juice?").cites("label-rapamune-eu")


def test_an_unknown_article_is_refused_with_the_known_ones(asking: Ask) -> None:
    with pytest.raises(ExpectationError, match=r"no article 'lam'; the articles are .*lam-treatment"):
        asking.article("lam")


def test_an_empty_question_is_refused_as_everywhere(asking: Ask) -> None:
    with pytest.raises(QuestionError, match="The question is empty"):
        asking(" ")


def test_what_is_looked_at_last_is_what_is_explained(asking: Ask) -> None:
    first = asking(BOXED)
    asking("How is malaria treated?")
    first.quotes("hepatosplenic")
    assert asking.explain is not None
    assert f"asked:     {BOXED}" in asking.explain()
    assert "needed:    gate guideline" in asking.explain()
