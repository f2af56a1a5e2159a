"""Suggested follow-ups: every one is answered when it is asked, none was asked before, none asks the same twice."""

from __future__ import annotations

import pytest

from chatbot.domain import Answer, Conversation
from chatbot.pipeline import Chatbot
from chatbot.suggestions import suggestions
from tests.conftest import CORPUS

ARTICLES = sorted(path.stem for path in (CORPUS / "articles").glob("*.md"))
each_article = pytest.mark.parametrize("article_id", ARTICLES)


def article(chatbot: Chatbot, article_id: str) -> Answer:
    found = chatbot.article(article_id)
    assert found is not None
    return found


@each_article
def test_an_article_gives_three_to_five_and_each_is_answered_when_it_is_chosen(
    chatbot: Chatbot, article_id: str
) -> None:
    answer = article(chatbot, article_id)
    found = suggestions(chatbot, answer, ())
    assert 3 <= len(found) <= 5
    conversation = Conversation((answer.turn,))
    assert [text for text in found if chatbot.ask(text, conversation).withheld] == []


@pytest.mark.parametrize("article_id", ["lam-treatment", "prep-hiv-prevention", "haloperidol-psychosis-tourette"])
def test_choosing_the_first_one_again_and_again_never_repeats_and_is_always_answered(
    chatbot: Chatbot, article_id: str
) -> None:
    answer, before, asked = article(chatbot, article_id), Conversation(), list[str]()
    for _ in range(3):
        found = suggestions(chatbot, answer, asked, before=before)
        assert not set(found) & set(asked)
        if not found:
            break
        before = before.then(answer.turn)
        answer = chatbot.ask(found[0], before)
        assert not answer.withheld
        asked.append(found[0])
    assert len(asked) >= 2


def test_the_same_answer_gives_the_same_suggestions(chatbot: Chatbot) -> None:
    answer = article(chatbot, "lam-treatment")
    assert suggestions(chatbot, answer, ()) == suggestions(chatbot, answer, ())


def test_what_an_article_on_a_disease_leads_to_is_varied(chatbot: Chatbot) -> None:
    found = suggestions(chatbot, article(chatbot, "lam-treatment"), ())
    assert "What are the side effects of sirolimus?" in found
    assert "What did the MILES trial show?" in found
    assert any("LAM" in text for text in found)


@pytest.mark.parametrize(
    "asked", ["side effects?", "adverse reactions of Rapamune", "Which side effects has sirolimus?"]
)
def test_a_question_asked_in_other_words_is_not_suggested(chatbot: Chatbot, asked: str) -> None:
    found = suggestions(chatbot, article(chatbot, "lam-treatment"), [asked])
    assert not [text for text in found if "side effects" in text]


def test_no_two_ask_the_same_of_one_drug(chatbot: Chatbot) -> None:
    found = suggestions(chatbot, article(chatbot, "haloperidol-psychosis-tourette"), (), limit=5)
    assert len(set(found)) == len(found)


def test_at_most_as_many_as_wanted(chatbot: Chatbot) -> None:
    assert len(suggestions(chatbot, article(chatbot, "lam-treatment"), (), limit=2)) == 2


def test_a_question_asked_back_and_one_about_nothing_suggest_nothing(chatbot: Chatbot) -> None:
    assert suggestions(chatbot, chatbot.ask("what's the maximum dose?"), ()) == ()
    assert suggestions(chatbot, chatbot.ask("What is the capital of France?"), ()) == ()


def test_an_unanswered_question_leads_back_to_what_the_conversation_is_about(chatbot: Chatbot) -> None:
    before = Conversation((article(chatbot, "lam-treatment").turn,))
    answer = chatbot.ask("What is the capital of France?", before)
    found = suggestions(chatbot, answer, (), before=before)
    assert found
    assert not any("France" in text for text in found)
