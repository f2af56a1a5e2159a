"""What another reader than a clinician is shown: other sentences, never other words, and nothing that matters less."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from chatbot.answering.suiting import is_kept
from chatbot.audience import Audience
from chatbot.domain import Answer, AnswerSection, Citation, Conversation, Sentence
from chatbot.embedding import Encoder
from chatbot.evaluation.turns import read_turns
from chatbot.evidence_tags import is_boxed_warning
from chatbot.pipeline import Chatbot
from chatbot.readability import grade
from chatbot.settings import load_settings
from chatbot.wishes import Wishes
from tests.conftest import index_paths, write_reference

TURNS = Path(__file__).parents[1] / "evaluation" / "turns"
QUESTIONS = sorted({turn.stands_for for turn in read_turns(sorted(TURNS.glob("*.jsonl")))})[::16]
OTHERS = (Audience.TRAINEE, Audience.PATIENT)

each_question = pytest.mark.parametrize("question", QUESTIONS)
each_other = pytest.mark.parametrize("audience", OTHERS)


@cache
def answered(chatbot: Chatbot, question: str, audience: Audience) -> Answer:
    return chatbot.ask(question, Conversation(), Wishes(audience))


def quoted(answer: Answer, section: AnswerSection) -> list[Citation]:
    return [answer.citations[number - 1] for claim in section.claims for number in claim.citations]


def kept(answer: Answer, section: AnswerSection) -> list[tuple[str, str]]:
    """What no reader may be spared, in the order of the page."""
    return [
        (c.passage.document.id, c.quote)
        for c in quoted(answer, section)
        if is_kept(c.passage, Sentence(c.start, c.end), c.lead)
    ]


@each_other
@each_question
def test_what_matters_to_safety_is_shown_to_everybody_in_the_same_words_and_order(
    chatbot: Chatbot, question: str, audience: Audience
) -> None:
    usual, other = answered(chatbot, question, Audience.CLINICIAN), answered(chatbot, question, audience)
    for one, two in zip(usual.sections, other.sections, strict=True):
        must = kept(usual, one)
        shown = [(c.passage.document.id, c.quote) for c in quoted(other, two)]
        assert [quote for quote in shown if quote in must] == must


@each_other
@each_question
def test_whether_a_section_answers_is_the_same_for_everybody(
    chatbot: Chatbot, question: str, audience: Audience
) -> None:
    usual, other = answered(chatbot, question, Audience.CLINICIAN), answered(chatbot, question, audience)
    said = [(s.kind, s.jurisdiction, s.withheld, s.reason, s.score, s.silence) for s in usual.sections]
    assert said == [(s.kind, s.jurisdiction, s.withheld, s.reason, s.score, s.silence) for s in other.sections]


@each_other
@each_question
def test_nothing_that_a_clinician_is_shown_is_lost(chatbot: Chatbot, question: str, audience: Audience) -> None:
    usual, other = answered(chatbot, question, Audience.CLINICIAN), answered(chatbot, question, audience)
    for one, two in zip(usual.sections, other.sections, strict=True):
        assert {claim.text for claim in one.claims} <= {claim.text for claim in (*two.claims, *two.more)}


def test_a_boxed_warning_stands_first_for_a_patient(chatbot: Chatbot) -> None:
    answer = answered(chatbot, "What are the side effects of adalimumab?", Audience.PATIENT)
    label = next(section for section in answer.sections if section.kind == "label" and section.claims)
    assert is_boxed_warning(quoted(answer, label)[0].passage)


@pytest.fixture(scope="module")
def zorbamide(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Chatbot:
    """A drug on which a hard, a plain, an explaining and a numbered sentence say the same."""
    folder = tmp_path_factory.mktemp("readers")
    write_reference(
        folder,
        "zorbamide",
        "## Side effects\n\n"
        "Side effects of zorbamide encompass gastrointestinal intolerance and hypersensitivity manifestations.\n"
        "Side effects of zorbamide encompass photosensitivity and maculopapular dermatological eruptions.\n"
        "Side effects of zorbamide encompass somnolence, paraesthesiae and neuropsychiatric disturbances.\n"
        "Side effects of zorbamide encompass asymptomatic hyperbilirubinaemia and hepatobiliary abnormalities.\n"
        "Side effects of zorbamide encompass generalised arthralgia and musculoskeletal deterioration.\n"
        "Side effects of zorbamide led 12% of participants to discontinue treatment.\n"
        "On zorbamide you may feel sick or dizzy.\n"
        "Some people sleep badly on zorbamide.\n"
        "Zorbamide harms the skin because it makes cells weak in the sun.\n",
        drugs="[zorbamide]",
    )
    built = load_settings(index=folder / "index")
    index_paths(built, encoder, folder / "zorbamide.md")
    return Chatbot(built, encoder)


def shown(answer: Answer) -> list[str]:
    return [claim.text for section in answer.sections for claim in section.claims]


def test_a_patient_is_shown_plainer_sentences_and_the_same_numbers(zorbamide: Chatbot) -> None:
    question = "What are the side effects of zorbamide?"
    usual, plain = (shown(answered(zorbamide, question, who)) for who in (Audience.CLINICIAN, Audience.PATIENT))
    assert sum(map(grade, plain)) / len(plain) < sum(map(grade, usual)) / len(usual)
    assert "On zorbamide you may feel sick or dizzy." in plain
    assert [text for text in usual if "12%" in text] == [text for text in plain if "12%" in text] != []


def test_a_trainee_is_shown_why(zorbamide: Chatbot) -> None:
    answer = answered(zorbamide, "What are the side effects of zorbamide?", Audience.TRAINEE)
    assert any("because" in text for text in shown(answer))
