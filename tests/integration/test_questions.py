"""A user's questions, asked on the repository's corpus."""

from __future__ import annotations

import re

import pytest

from chatbot.domain import Answer, Conversation
from chatbot.errors import EvaluationError
from chatbot.evaluation.questions import MEASURES, Question, judge, measure, read
from chatbot.pipeline import Chatbot
from tests.conftest import ROOT

BOXED = "What are the boxed warnings of adalimumab?"


def failures(chatbot: Chatbot, **line: object) -> tuple[str, ...]:
    (judged,) = judge(chatbot, [Question.model_validate(line)])
    return judged.failures


def test_the_example_passes_whole(chatbot: Chatbot) -> None:
    items = read(ROOT / "examples" / "questions.jsonl")
    assert [judged.failures for judged in judge(chatbot, items) if judged.failures] == []
    found = measure(chatbot, items)
    assert {m.name: m.compute(found.columns) for m in MEASURES} == dict.fromkeys((m.name for m in MEASURES), 1.0)
    assert found.items == tuple(item.id for item in items)


def test_a_missing_citation_says_what_is_cited_and_where_the_document_is(chatbot: Chatbot) -> None:
    (failure,) = failures(chatbot, question=BOXED, cites="label-viagra-us")
    assert failure.startswith("no section cites 'label-viagra-us'; cited: label-humira-us [1")
    assert re.search(r"\(label-viagra-us is (number \d+ of what was found of label|indexed, but not)", failure)


def test_one_of_several_documents_is_enough(chatbot: Chatbot) -> None:
    assert failures(chatbot, question=BOXED, cites_any=["label-viagra-us", "label-humira-us"]) == ()
    assert len(failures(chatbot, question=BOXED, cites_any=["label-viagra-us", "label-lipitor-us"])) == 2


def test_an_article_is_named_as_what_is_never_cited(chatbot: Chatbot) -> None:
    (failure,) = failures(chatbot, question=BOXED, cites="adalimumab-safety-screening-and-dosing")
    assert "is an article" in failure


def test_a_document_that_is_not_indexed_cannot_be_kept_out(chatbot: Chatbot) -> None:
    (failure,) = failures(chatbot, question=BOXED, not_cites="label-misspelt-us")
    assert failure == "not_cites 'label-misspelt-us' tests nothing: no indexed document is called that"


def test_what_must_not_be_is_said_where_it_is(chatbot: Chatbot) -> None:
    cited, quoted, read_with = failures(
        chatbot, question=BOXED, not_cites="Humira", not_quotes="hepatosplenic", not_read_as="boxed adalimumab"
    )
    assert cited.startswith("label:US cites label-humira-us")
    assert re.fullmatch(r"label:US \[\d\] quotes 'hepatosplenic', which it must not", quoted)
    assert read_with.endswith("with 'boxed adalimumab'")


def test_silence_where_an_answer_is_expected_and_the_reverse(chatbot: Chatbot) -> None:
    assert len(failures(chatbot, question="How is malaria treated?", answers="any")) == 1
    assert len(failures(chatbot, question=BOXED, withheld="all")) == 1


class CountingChatbot(Chatbot):
    """A chatbot that remembers what it was asked."""

    asked: list[str]

    def ask(self, question: str, conversation: Conversation = Conversation()) -> Answer:  # noqa: B008
        self.asked.append(question)
        return super().ask(question, conversation)


def test_questions_with_the_same_beginning_share_it(chatbot: Chatbot) -> None:
    counting = CountingChatbot(chatbot.settings, chatbot.encoder)
    counting.asked = []
    lines = [
        {"question": "And in pregnancy?", "after": BOXED, "read_as": "adalimumab"},
        {"question": "And its dose?", "after": [BOXED, "And in pregnancy?"], "read_as": "adalimumab"},
    ]
    measure(counting, [Question.model_validate(line) for line in lines])
    assert counting.asked.count(BOXED) == 1


def test_a_question_that_is_too_long_is_named(chatbot: Chatbot) -> None:
    with pytest.raises(EvaluationError, match=r"^long: The question has 3,000 characters"):
        failures(chatbot, _id="long", question="why" * 1000, cites="label-humira-us")
