"""The gate: what nothing answers is told apart, what is left open is asked back, the threshold is the index's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatbot.answering.calibration import as_metadata, calibrate, stored_calibration, threshold_of
from chatbot.answering.known_items import known_items
from chatbot.cli.documents import answer_object
from chatbot.cli.plain import answer_text
from chatbot.domain import EVIDENCE_KINDS, Answer, Conversation, Kind, Silence
from chatbot.embedding import Encoder
from chatbot.evaluation.gates import GateQuestion, auroc, judged, measure
from chatbot.index.reader import Index
from chatbot.pipeline import Chatbot
from chatbot.settings import AnswerSettings, Settings
from chatbot.ui.render import answer_html
from tests.conftest import index_paths, write_reference


def silences(answer: Answer) -> dict[Kind, Silence | None]:
    return {section.kind: section.silence for section in answer.sections}


@pytest.mark.parametrize("question", ["what's the dose?", "side effects in pregnancy?", "is it safe?", "Max dose?"])
def test_a_question_without_a_drug_is_asked_back_with_questions_that_are_answered(
    chatbot: Chatbot, question: str
) -> None:
    answer = chatbot.ask(question)
    assert answer.withheld
    assert answer.notice == "Which drug do you mean?"
    assert set(silences(answer).values()) == {Silence.UNDERSPECIFIED}
    assert 2 <= len(answer.choices) <= 6
    assert not any(chatbot.ask(choice).withheld for choice in answer.choices)


def test_a_question_without_a_disease_is_asked_back_with_diseases(chatbot: Chatbot) -> None:
    answer = chatbot.ask("prognosis?")
    assert answer.notice == "Which disease or drug do you mean?"
    assert any("lymphangioleiomyomatosis" in choice for choice in answer.choices)


def test_in_a_conversation_nothing_is_asked_back(chatbot: Chatbot) -> None:
    first = chatbot.ask("usual starting dose of atorvastatin?")
    answer = chatbot.ask("side effects?", Conversation((first.turn,)))
    assert answer.choices == ()
    assert not answer.withheld


def test_a_class_whose_drugs_have_labels_of_their_own_is_asked_back(
    settings: Settings, encoder: Encoder, tmp_path: Path
) -> None:
    for drug, dose in (("atorvastatin", "10 mg"), ("rosuvastatin", "5 mg")):
        text = f"# Dosage\nThe starting dose of {drug} is {dose} once a day. It is taken by mouth."
        fields = {"kind": "label", "jurisdiction": "US", "drugs": f"[{drug}]", "topics": f"[{drug}, statins]"}
        index_paths(settings, encoder, write_reference(tmp_path / "docs", drug, text, **fields))
    answer = Chatbot(settings, encoder).ask("What is the dose of statins?")
    assert answer.notice == "Which drug do you mean?"
    assert set(answer.choices) <= {"What is the dose of atorvastatin?", "What is the dose of rosuvastatin?"}


@pytest.mark.parametrize("drug", ["metoprolol", "apixaban", "semaglutide", "trastuzumab"])
def test_a_drug_that_is_not_indexed_gets_no_other_drugs_dose(chatbot: Chatbot, drug: str) -> None:
    answer = chatbot.ask(f"What is the dose of {drug}?")
    assert answer.withheld
    assert answer.notice == f"Nothing indexed is on {drug}."


def test_silence_on_the_topic_names_the_nearest_passage(chatbot: Chatbot) -> None:
    answer = chatbot.ask("Does atorvastatin change the colour of the eyes?")
    label = next(section for section in answer.sections if section.kind is Kind.LABEL)
    assert label.silence is Silence.ASPECT
    assert label.nearest is not None
    assert label.nearest.document.id == "label-lipitor-us"
    assert f"Nearest: {label.nearest.document.reference.title}" in " ".join(answer_text(answer).split())
    assert "Nearest passage" in answer_html(answer, "t")


def test_the_json_says_which_silence_it_is_and_what_may_be_meant(chatbot: Chatbot) -> None:
    found = answer_object(chatbot.ask("what's the dose?"))
    assert found["choices"]
    assert {section["silence"] for section in found["sections"]} == {"underspecified"}
    answered = answer_object(chatbot.ask("What is the dose of remdesivir?"))
    assert {s["silence"] for s in answered["sections"] if not s["withheld"]} == {None}
    json.dumps(answered)


def test_known_items_are_the_same_every_time_and_of_every_kind(chatbot: Chatbot) -> None:
    items = known_items(chatbot.index, 60)
    assert items == known_items(chatbot.index, 60)
    assert {item.passage.document.kind for item in items} == set(EVIDENCE_KINDS)


def test_the_threshold_rises_with_the_share_of_false_refusals(corpus_index: Settings, encoder: Encoder) -> None:
    def at(share: float) -> float:
        answer = AnswerSettings(false_refusals=share)
        return threshold_of(Index(corpus_index.model_copy(update={"answer": answer}), encoder))

    assert at(0.0) <= at(0.05) <= at(0.2)
    assert at(0.0) < at(0.2)


def test_a_threshold_that_is_set_is_in_force(corpus_index: Settings, encoder: Encoder) -> None:
    fixed = corpus_index.model_copy(update={"answer": AnswerSettings(gate_threshold=0.77)})
    assert threshold_of(Index(fixed, encoder)) == 0.77


def test_the_curve_is_stored_whole_and_refuses_more_of_what_is_hidden(chatbot: Chatbot) -> None:
    stored = stored_calibration(chatbot.index)
    assert stored is not None
    point = stored.pooled.at(0.05)
    assert point is not None
    assert point.false_refusals <= 0.06
    assert point.topic_hidden >= 0.85
    assert point.topic_hidden > point.aspect_hidden > point.false_refusals


def test_an_index_of_one_document_is_not_calibrated(settings: Settings, encoder: Encoder, tmp_path: Path) -> None:
    index_paths(settings, encoder, write_reference(tmp_path / "docs", "warts", "Salicylic acid treats warts."))
    index = Index(settings, encoder)
    calibration = calibrate(index)
    assert calibration.pooled.points == ()
    assert as_metadata(calibration)["all"]["points"] == []
    assert threshold_of(index) == 0.5


def test_hiding_a_topic_makes_its_questions_score_lower(chatbot: Chatbot) -> None:
    questions = [
        GateQuestion("viagra", "dose of Viagra in elderly patients", documents=frozenset({"label-viagra-us"})),
        GateQuestion("veklury", "How is remdesivir given?", documents=frozenset({"label-veklury-us"})),
    ]
    rows = list(judged(chatbot, questions, "topic", Kind.LABEL))
    assert [row.answerable for row in rows] == [True, False, True, False]
    assert auroc(measure(chatbot, questions, "topic", Kind.LABEL).columns) == 1.0
