"""What is expected of an answer is compared as a reader would, and each result says what is the case."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chatbot.domain import (
    Answer,
    AnswerSection,
    Citation,
    Claim,
    Document,
    Jurisdiction,
    Kind,
    Passage,
    Reference,
    Section,
    Sentence,
    Silence,
)
from chatbot.errors import ExpectationError
from chatbot.evaluation import accounts, checks

QUOTE = "The “usual” dose is 5–10 mg\n  once daily."
LABEL = Reference(
    "label-x-us",
    Kind.LABEL,
    "Xamab (xamabum) injection: US prescribing information",
    pmid="12345",
    pmcid="PMC678",
    doi="10.1000/Xyz",
    set_id="ABC-1",
    jurisdiction=Jurisdiction.US,
)


def cited(reference: Reference, text: str, number: int = 1) -> Citation:
    whole = Section("Dose", 0, len(text))
    passage = Passage(Document(reference, text, (whole,)), whole, (Sentence(0, len(text)),))
    return Citation(number, passage, 0, len(text))


@pytest.fixture
def answer() -> Answer:
    return Answer(
        "And the dose?",
        "And the dose? – about Xamab in covid-19",
        (
            AnswerSection(Kind.GUIDELINE, withheld=True, reason="No indexed guideline mentions Xamab.", score=0.1),
            AnswerSection(Kind.LABEL, (Claim(QUOTE, (1,)),), Jurisdiction.US, score=0.9),
        ),
        (cited(LABEL, QUOTE),),
    )


@pytest.mark.parametrize(
    "name",
    [
        *("label-x-us", "12345", "PMID 12345", "pmid:12345", "PMC678", "10.1000/xyz", "doi:10.1000/XYZ"),
        *("https://doi.org/10.1000/xyz", "abc-1", "XAMAB", "xamab (xamabum)", "US  prescribing information"),
    ],
)
def test_a_document_is_named_by_an_identifier_or_words_of_its_title(name: str) -> None:
    assert checks.is_named(LABEL, name)


@pytest.mark.parametrize("name", ["label-x", "1234", "Xama", "injection US", "10.1000/xy"])
def test_parts_of_identifiers_and_of_words_name_nothing(name: str) -> None:
    assert not checks.is_named(LABEL, name)


def test_a_citation_is_found_in_its_kind_only(answer: Answer) -> None:
    assert checks.cites(answer, "label-x-us")
    assert checks.cites(answer, "label-x-us", "label")
    assert checks.cites(answer, "label-x-us", "label:US")
    assert not checks.cites(answer, "label-x-us", "label:EU")
    assert not checks.cites(answer, "label-x-us", "guideline")


@pytest.mark.parametrize("words", ['the "USUAL" dose', "5-10 mg once", "5−10 mg once daily", "dose  is\n5–10"])
def test_quotes_are_found_however_they_are_typed(answer: Answer, words: str) -> None:
    assert checks.quotes(answer, words)
    assert not checks.quotes(answer, words, "guideline")


def test_what_is_shown_before_a_statement_and_what_is_folded_away_is_said_as_well() -> None:
    folded = Claim("hepatitis.", (1,), lead=("It may cause:",))
    section = AnswerSection(Kind.LABEL, (Claim("Nausea.", (1,)),), Jurisdiction.US, more=(folded,))
    answer = Answer("?", "?", (section,), (cited(LABEL, "hepatitis."),))
    assert checks.quotes(answer, "it may cause: hepatitis")
    assert "folded away" in accounts.account(answer)


def test_a_kind_is_withheld_or_answers(answer: Answer) -> None:
    assert checks.withheld(answer, "guideline")
    assert not checks.withheld(answer, "label")
    assert not checks.withheld(answer)
    assert checks.answers(answer)
    assert checks.answers(answer, "label:US")
    assert not checks.answers(answer, "label:EU")


def test_a_reading_has_words_in_any_order(answer: Answer) -> None:
    assert checks.read_as(answer, "COVID-19 xamab dose")
    assert not checks.read_as(answer, "xamab pregnancy")
    assert not checks.read_as(answer, "covid-1")


@pytest.mark.parametrize(
    ("check", "fact"),
    [
        (lambda a: checks.cites(a, "label-x-us"), "label:US cites label-x-us [1]"),
        (lambda a: checks.cites(a, "label-y-us"), "no section cites 'label-y-us'; cited: label-x-us [1]"),
        (lambda a: checks.cites(a, "x", "guideline"), "guideline does not cite 'x'; nothing is cited"),
        (lambda a: checks.quotes(a, "5-10 mg"), "label:US [1] quotes '5-10 mg'"),
        (lambda a: checks.quotes(a, "20 mg"), "no section quotes '20 mg'"),
        (lambda a: checks.withheld(a, "guideline"), "guideline is withheld (gate 0.10)"),
        (checks.withheld, "label:US answers (gate 0.90) with 1 statement"),
        (lambda a: checks.answers(a, "label:EU"), "there is no section of label:EU"),
        (lambda a: checks.read_as(a, "adult dose"), "read as 'And the dose? – about Xamab in covid-19', without adult"),
    ],
)
def test_a_check_says_what_is_the_case(answer: Answer, check: Callable[[Answer], checks.Check], fact: str) -> None:
    assert repr(check(answer)) == fact


def test_a_sort_of_silence_can_be_asked_for() -> None:
    silent = AnswerSection(Kind.GUIDELINE, withheld=True, reason="Not on that.", silence=Silence.ASPECT)
    answer = Answer("?", "?", (silent, AnswerSection(Kind.RESEARCH, (Claim("Yes.", (1,)),))))
    assert checks.withheld(answer, "guideline", "aspect")
    assert not checks.withheld(answer, "guideline", "topic")
    assert not checks.withheld(answer, "research", "aspect")
    assert not checks.withheld(answer, "label:EU", "topic")
    with pytest.raises(ExpectationError, match="the sorts are kind, topic, aspect, underspecified"):
        checks.withheld(answer, "guideline", "absent")


def test_a_question_is_asked_back_with_choices(answer: Answer) -> None:
    choices = ("What is the dose of xamab?", "What is the dose of yamab?")
    unclear = Answer("What is the dose?", "What is the dose?", (), notice="Which drug do you mean?", choices=choices)
    assert checks.asks_back(unclear)
    assert checks.asks_back(unclear, "dose Yamab")
    assert not checks.asks_back(unclear, "dose zamab")
    assert "'Which drug do you mean?'" in repr(checks.asks_back(unclear, "dose zamab"))
    assert not checks.asks_back(answer)
    assert "asks:      Which drug do you mean?\n             What is the dose of xamab?" in accounts.account(unclear)


@pytest.mark.parametrize("kind", ["labels", "", "label:UK", "article", "guideline:US"])
def test_an_unknown_kind_is_refused_with_the_known_ones(answer: Answer, kind: str) -> None:
    with pytest.raises(ExpectationError, match="the kinds are guideline, label, research, label:US, label:EU"):
        checks.withheld(answer, kind)


@pytest.mark.parametrize("check", [checks.cites, checks.quotes, checks.read_as])
def test_what_would_hold_of_every_answer_is_refused(
    answer: Answer, check: Callable[[Answer, str], checks.Check]
) -> None:
    with pytest.raises(ExpectationError, match="expects nothing"):
        check(answer, " … ")
