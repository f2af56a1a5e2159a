"""Follow-ups read against the repository's corpus."""

from __future__ import annotations

import pytest

from chatbot.domain import Conversation, Kind, Reference, Statement, Turn
from chatbot.followup import Resolved
from chatbot.pipeline import Chatbot

CROHNS = Turn("drugs for crohns disease", answer="Adalimumab (Humira), infliximab and certolizumab are used.")


def resolved(chatbot: Chatbot, *turns: str | Turn) -> Resolved:
    *before, last = (Turn(turn) if isinstance(turn, str) else turn for turn in turns)
    return chatbot.resolve(last.question, Conversation(tuple(before)))


def read_as(chatbot: Chatbot, *turns: str | Turn) -> str:
    return resolved(chatbot, *turns).text


@pytest.mark.parametrize(
    ("before", "question", "reading"),
    [
        ("what is the dose of haloperidol?", "and in elderly pts?", "what is the dose of haloperidol in elderly pts?"),
        ("what is the dose of haloperidol?", "can i give it with lithium", "can i give haloperidol with lithium"),
        ("treatment of PTSD", "how long?", "how long? – about PTSD"),
        ("viagra dose", "and with ritonavir", "viagra dose with ritonavir"),
        ("treatment of PTSD", "What are the symptoms in children?", "What are the symptoms of PTSD in children?"),
        ("treatment of PTSD", "Is this condition inherited?", "Is PTSD inherited?"),
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
        ("how do you manage neuroleptic malignant syndrome", "tardive dyskinesia - any treatment?"),
        ("Can haloperidol be given with lithium?", "How is Lyme disease treated?"),
        ("treatment of hepatitis B", "He also takes Viagra. How long before sex should he take it?"),
    ],
)
def test_a_question_with_its_own_topic_lets_the_old_one_go(chatbot: Chatbot, before: str, question: str) -> None:
    assert read_as(chatbot, before, question) == question


def test_the_topic_is_that_of_the_latest_turn_that_set_one(chatbot: Chatbot) -> None:
    reading = read_as(chatbot, "treatment of LAM", "dose of atorvastatin?", "and at night?", "in renal impairment?")
    assert "atorvastatin" in reading
    assert "LAM" not in reading


@pytest.mark.parametrize(
    ("turns", "reading"),
    [
        (
            ("can rapamune be taken with grapefruit?", "same question for lipitor"),
            "can lipitor be taken with grapefruit?",
        ),
        (("is haloperidol ok in pregnancy", "atorvastatin?"), "is atorvastatin ok in pregnancy"),
        (("humira dose for plaque psoriasis", "and in UC"), "humira dose in ulcerative colitis"),
        (("dose of infliximab in crohns", "what about rituximab instead?"), "dose of rituximab in crohns"),
        (("compare humira and infliximab in crohns", "the latter in pregnancy?"), "infliximab in pregnancy?"),
        (
            ("humira dose", "viagra with nitrates", "compared with the one before?"),
            "compared with humira? – about viagra",
        ),
    ],
)
def test_a_contrast_asks_the_last_question_of_something_else(
    chatbot: Chatbot, turns: tuple[str, ...], reading: str
) -> None:
    assert read_as(chatbot, *turns) == reading


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        ("no, I meant in children", "dose of adalimumab in crohns in children"),
        ("sorry, infliximab", "dose of infliximab in crohns"),
        ("ulcerative colitis i meant, not crohns", "dose of adalimumab in ulcerative colitis"),
    ],
)
def test_a_correction_takes_the_place_of_what_was_wrong(chatbot: Chatbot, question: str, reading: str) -> None:
    assert read_as(chatbot, "dose of adalimumab in crohns", question) == reading


def test_what_was_corrected_is_forgotten(chatbot: Chatbot) -> None:
    reading = read_as(chatbot, "dose of simvastatin in CKD", "sorry, atorvastatin", "side effects?")
    assert "atorvastatin" in reading
    assert "simvastatin" not in reading


def test_a_return_brings_the_earlier_topic_back_whole(chatbot: Chatbot) -> None:
    reading = resolved(chatbot, "sirolimus in LAM", "viagra with nitrates", "back to sirolimus: monitoring?")
    assert reading.text == "sirolimus: monitoring? – about LAM"
    assert set(reading.topic) == {"sirolimus", "LAM"}


def test_the_first_drug_mentioned_is_the_first_one_asked_about(chatbot: Chatbot) -> None:
    reading = read_as(chatbot, "humira dose", "viagra with nitrates", "for the first drug you mentioned, side effects?")
    assert reading == "for humira, side effects?"


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        ("dose of the second one?", "dose of infliximab? – about crohns disease"),
        (
            "which of these is safest in pregnancy?",
            "which of adalimumab, infliximab and certolizumab is safest in pregnancy?",
        ),
    ],
)
def test_what_an_answer_lists_can_be_counted_through(chatbot: Chatbot, question: str, reading: str) -> None:
    assert read_as(chatbot, CROHNS, question).startswith(reading.partition(" – ")[0])


def test_the_other_two_are_those_not_asked_about(chatbot: Chatbot) -> None:
    assert read_as(chatbot, CROHNS, "humira dose?", "and the other two?").startswith("infliximab and certolizumab dose")


def test_that_trial_is_the_one_the_answer_cites(chatbot: Chatbot) -> None:
    miles = Reference("miles", Kind.RESEARCH, "Efficacy and safety of sirolimus in LAM.", study="randomised trial")
    other = Reference("other", Kind.RESEARCH, "Long-term outcomes", study="cohort")
    said = (Statement("Survival was 94 %.", other), Statement("FEV1 rose.", miles))
    reading = read_as(chatbot, Turn("does sirolimus work in LAM?", statements=said), "how many patients in that trial?")
    assert reading == "how many patients in that trial (“Efficacy and safety of sirolimus in LAM”)?"


def test_a_conversation_without_statements_reads_that_trial_by_its_topic(chatbot: Chatbot) -> None:
    assert "sirolimus" in read_as(chatbot, "does sirolimus work in LAM?", "how many patients in that trial?")


def test_an_abbreviation_stands_in_brackets_behind_what_it_stands_for(chatbot: Chatbot) -> None:
    reading = read_as(chatbot, "What is the treatment for lymphangioleiomyomatosis (LAM)?", "And in pregnancy?")
    assert reading == "What is the treatment for lymphangioleiomyomatosis (LAM) in pregnancy?"


def test_a_question_about_something_else_altogether_carries_nothing(chatbot: Chatbot) -> None:
    question = "What is the capital of France?"
    assert read_as(chatbot, "usual dose of atorvastatin?", question) == question


def test_an_unseen_bare_word_is_asked_of_the_topic(chatbot: Chatbot) -> None:
    assert read_as(chatbot, "adalimumab vs olokizumab in RA", "biosimilars?").startswith(
        "biosimilars? – about adalimumab"
    )


def test_an_impersonal_it_refers_to_nothing(chatbot: Chatbot) -> None:
    question = "Is it known that haloperidol prolongs the QT interval?"
    assert read_as(chatbot, "treatment of PTSD", question) == question


def test_shorthand_is_spelled_out(chatbot: Chatbot) -> None:
    assert read_as(chatbot, "1st line tx for ptsd") == "1st line treatment for ptsd"


def test_what_follows_a_number_is_a_unit_and_no_shorthand(chatbot: Chatbot) -> None:
    assert read_as(chatbot, "a limit of 200 TB") == "a limit of 200 TB"


def test_without_a_conversation_a_question_is_itself(chatbot: Chatbot) -> None:
    alone = resolved(chatbot, "What are the side effects?")
    assert alone.text == "What are the side effects?"
    assert alone.carried == ()
    assert [reading.weight for reading in alone.readings] == [1.0]


def test_the_readings_of_a_follow_up_share_the_weight(chatbot: Chatbot) -> None:
    turn = Turn("dose of haloperidol", answer="Haloperidol 0.5 mg twice daily for agitation.")
    follow_up = resolved(chatbot, turn, "side effects?")
    assert sum(reading.weight for reading in follow_up.readings) == pytest.approx(1.0)
    assert follow_up.about == ("haloperidol",)
