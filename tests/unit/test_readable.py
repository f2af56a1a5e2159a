"""Which sentences can be quoted by themselves, and which label sections answer for what."""

from __future__ import annotations

import pytest

from chatbot.answering.aspects import sections_for
from chatbot.answering.context import lead_of
from chatbot.answering.readable import is_statement, reads_alone
from chatbot.domain import Document, Kind, Passage, Reference, Section, Sentence
from chatbot.sentences import sentence_spans


def reads(text: str, words: str) -> bool:
    """Whether the sentence that holds the words can be quoted."""
    document = Document(Reference("d", Kind.LABEL, "A label"), text, (Section("", 0, len(text)),))
    passage = Passage(document, document.sections[0], tuple(Sentence(a, b) for a, b in sentence_spans(text)))
    sentence = next(s for s in passage.sentences if words in passage.quote(s))
    return reads_alone(passage, sentence, lead_of(passage, sentence))


@pytest.mark.parametrize(
    "text",
    [
        "Sirolimus is given once a day.",
        "Membrane cholesterol content was measured by filipin staining",
        "mTOR inhibitors slow the decline of lung function.",
        "The dose is 2 mg (see Dosage).",
        "It helps in 9 of 10 patients [12].",
        "Zolidan hydrochloride 6.25 mg",
    ],
)
def test_a_statement_is_quoted_with_or_without_its_stop(text: str) -> None:
    assert reads(text, text)


@pytest.mark.parametrize(
    "text",
    [
        "Contraindicated in patients with:",
        "What is the dose of sirolimus?",
        "Dosage and Administration of Sirolimus",
        "RECOMMENDATIONS FOR ADULTS WITH RENAL DISEASE AND OLD AGE",
        "See above.",
        "and the patients who took it for a year.",
        ", which was seen in nine patients.",
        "Nine of the patients who took it for a year had",
        "[5] A single sample was taken 8 hours after the dose.",
        "† Patients were counted once in each row.",
        "(Funded by the National Institute of Invention; number 12.)",
    ],
)
def test_lead_ins_questions_titles_and_fragments_are_not_quoted(text: str) -> None:
    assert not reads(text, text)


def test_a_single_word_is_quoted_as_an_item_and_not_by_itself() -> None:
    assert reads("It must not be given in:\n- pregnancy\n", "pregnancy")
    assert not reads("It must not be given.\n\npregnancy\n", "pregnancy")


def test_a_row_is_quoted_below_its_header_and_the_header_is_not() -> None:
    text = "| Reaction | 50 mg |\n|---|---|\n| Headache | 21% |"
    assert reads(text, "Headache")
    assert not reads(text, "Reaction")
    assert not reads("| One cell in a table that was taken apart.", "One cell")


def test_a_colon_or_a_question_mark_ends_no_statement() -> None:
    assert [is_statement(text) for text in ("Do:", "Why?", "Why?”", "2:1 helps.")] == [False, False, False, True]


@pytest.mark.parametrize(
    ("terms", "heading"),
    [
        (["treatment"], "Indications and usage"),
        (["dose"], "Dosage and administration"),
        (["side", "effect"], "Possible side effects"),
        (["interact"], "7 DRUG INTERACTIONS"),
        (["pregnanc"], "Use in specific populations"),
        (["storag"], "How supplied/storage and handling"),
    ],
)
def test_an_aspect_is_answered_by_the_section_of_a_label_that_is_named_after_it(terms: list[str], heading: str) -> None:
    assert any(pattern.search(heading) for pattern in sections_for(terms))


def test_what_is_no_aspect_has_no_section() -> None:
    assert sections_for(["sirolimus", "lymphangioleiomyomatosi"]) == sections_for([]) == ()
