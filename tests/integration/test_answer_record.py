"""An answer that was kept is read again as it was."""

from __future__ import annotations

import pytest

from chatbot.answer_record import AnswerRecord, answer_of, documents_of, read_document, record_of, write_document
from chatbot.domain import Answer
from chatbot.pipeline import Chatbot

QUESTIONS = (
    "What is the dose of sirolimus in LAM?",
    "Which boxed warning does haloperidol have?",
    "what's the maximum dose?",
    "What is the capital of France?",
)


def read_again(answer: Answer) -> Answer:
    record = AnswerRecord.model_validate_json(record_of(answer).model_dump_json())
    kept = {key: write_document(document) for key, document in documents_of(answer).items()}
    return answer_of(record, lambda key: read_document(kept[key]))


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_read_again_equals_the_one_that_was_kept(chatbot: Chatbot, question: str) -> None:
    answer = chatbot.ask(question)
    assert read_again(answer) == answer


def test_an_article_read_again_equals_the_one_that_was_kept(chatbot: Chatbot) -> None:
    article = chatbot.article("lam-treatment")
    assert article is not None
    assert read_again(article) == article


def test_a_document_read_again_has_the_hash_that_it_was_kept_under(chatbot: Chatbot) -> None:
    kept = documents_of(chatbot.ask(QUESTIONS[0]))
    assert kept
    assert {key: read_document(write_document(document)).hash for key, document in kept.items()} == {
        key: key for key in kept
    }
