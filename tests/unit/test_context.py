"""What a sentence cannot be read without: lead-ins of lists, headers of tables, what "it" refers to."""

from __future__ import annotations

import json

import pytest

from chatbot.answering.context import is_cut, lead_of, points_back
from chatbot.domain import Document, Kind, Passage, Reference, Section, Sentence
from chatbot.readers.markdown import split_sections
from chatbot.sentences import sentence_spans
from tests.conftest import CORPUS, DATA


def passage(text: str, *, after: str = "", section: Section | None = None) -> Passage:
    """A passage of the sentences of a section that begin behind the text ``after``."""
    document = Document(Reference("d", Kind.LABEL, "A label"), text, (section or Section("", 0, len(text)),))
    part = document.sections[0]
    first = text.index(after) + len(after) if after else part.start
    spans = (Sentence(part.start + a, part.start + b) for a, b in sentence_spans(text[part.start : part.end]))
    return Passage(document, part, tuple(span for span in spans if span.start >= first))


def leads(text: str, words: str, *, after: str = "") -> list[str]:
    """The leads of the sentence that holds the words."""
    found = passage(text, after=after)
    (sentence,) = (s for s in found.sentences if words in found.quote(s))
    return [found.quote(span) for span in lead_of(found, sentence)]


@pytest.mark.parametrize("marker", ["-", "*", "•", "1.", "2)", "(a)", "b)", "–"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_list_item_brings_the_line_that_introduces_the_list(marker: str, gap: str) -> None:
    text = f"It is safe. Contraindicated in patients with:{gap}{marker} liver disease\n{marker} pregnancy"
    assert leads(text, "pregnancy") == ["Contraindicated in patients with:"]
    assert leads(text, "liver disease") == ["Contraindicated in patients with:"]


def test_a_lead_in_of_several_lines_is_quoted_whole() -> None:
    text = "Sirolimus must not be given to people who have\nor have had:\n\n- asthma\n- allergy"
    assert leads(text, "allergy") == ["Sirolimus must not be given to people who have\nor have had:"]


def test_a_further_sentence_of_an_item_is_whole_without_the_line_that_introduces_the_list() -> None:
    text = "Reported infections include:\n- Tuberculosis of the lung. Test for it before treatment begins."
    assert leads(text, "Tuberculosis") == ["Reported infections include:"]
    assert leads(text, "Test for it") == []


def test_a_lead_in_may_stand_in_the_passage_before() -> None:
    text = "Do not use in:\n- asthma\n- allergy\n- gout"
    assert leads(text, "gout", after="asthma") == ["Do not use in:"]


def test_the_item_of_a_nested_list_brings_the_item_above_and_the_line_that_introduces_both() -> None:
    text = "Reduce the dose in:\n- renal impairment\n  - severe\n  - moderate\n- old age"
    assert leads(text, "moderate") == ["Reduce the dose in:", "renal impairment"]
    assert leads(text, "old age") == ["Reduce the dose in:"]


def test_a_list_within_a_list_that_lost_its_indent_brings_its_own_line_for_fragments_only() -> None:
    text = "Do the following:\n- The plan should:\n- name the risk\n- Ask about allergies at every visit."
    assert leads(text, "name the risk") == ["Do the following:", "The plan should:"]
    assert leads(text, "Ask about") == ["Do the following:"]


def test_lines_below_a_colon_are_items_without_a_marker_until_a_blank_line() -> None:
    text = "The risk factors include:\nSmoking\nHigh blood pressure.\n\nStatins lower the risk."
    assert leads(text, "High blood pressure") == ["The risk factors include:"]
    assert leads(text, "Statins lower") == []


def test_a_title_above_a_list_is_a_lead_of_fragments_only() -> None:
    text = "Contraindications\n- active liver disease\n- Women who are pregnant must not take it."
    assert leads(text, "active liver") == ["Contraindications"]
    assert leads(text, "Women who") == []


def test_a_paragraph_above_a_list_that_introduces_nothing_is_no_lead() -> None:
    assert leads("Statins lower cholesterol.\n- Check liver enzymes first.", "Check") == []
    assert leads("The steps are as follows.\n- Check liver enzymes first.", "Check") == ["The steps are as follows."]


def test_a_list_never_takes_its_lead_from_another_section() -> None:
    text = "Do not use in:\n\n- asthma\n"
    found = passage(text, section=Section("Other", 16, len(text)))
    assert lead_of(found, found.sentences[0]) == ()


def test_a_row_of_a_table_brings_its_header_and_the_line_that_introduces_the_table() -> None:
    text = "Rates were:\n\n| Reaction | 50 mg |\n|---|---|\n| Headache | 21% |\n| Flushing | 19% |\n"
    assert leads(text, "Flushing") == ["Rates were:", "| Reaction | 50 mg |"]
    assert leads(text, "Reaction") == []


def test_a_row_brings_its_header_from_the_passage_before() -> None:
    text = "It is common.\n| Reaction | 50 mg |\n| Headache | 21% |\n| Flushing | 19% |"
    assert leads(text, "Flushing", after="21% |") == ["| Reaction | 50 mg |"]


@pytest.mark.parametrize("word", ["It", "They", "This", "These drugs", "However, it", "Such patients", "Their dose"])
def test_a_sentence_that_points_back_brings_the_one_before_it(word: str) -> None:
    assert leads(f"Statins lower LDL. {word} should be checked.", "be checked") == ["Statins lower LDL."]


def test_a_sentence_that_points_back_brings_the_nearest_one_that_does_not() -> None:
    text = "Haloperidol is an antipsychotic. It blocks dopamine. It is given by mouth."
    assert leads(text, "by mouth") == ["Haloperidol is an antipsychotic."]
    assert leads(text, "by mouth", after="dopamine.") == ["Haloperidol is an antipsychotic."]


def test_what_begins_its_section_has_nothing_before_it() -> None:
    assert leads("It is given by mouth.", "It") == []


@pytest.mark.parametrize(
    "text",
    [
        "It is recommended that patients rest.",
        "It is not known whether it helps.",
        "It is important to check.",
        "This trial enrolled 90 men.",
        "Both men and women were enrolled.",
        "Such as it is",
        "Italian patients were enrolled.",
        "The latest guideline covers it.",
    ],
)
def test_a_word_that_stands_for_nothing_before_does_not_point_back(text: str) -> None:
    assert not points_back(text)


def test_a_piece_of_a_long_sentence_is_seen_at_either_end() -> None:
    text = "One two three. Four five six seven eight. Nine ten."
    found = Passage(passage(text).document, Section("", 0, len(text)), (Sentence(20, 29), Sentence(15, 24)))
    assert [is_cut(found, sentence) for sentence in found.sentences] == [True, True]
    assert not any(is_cut(passage(text), sentence) for sentence in passage(text).sentences)


def test_every_lead_of_the_corpus_is_a_span_of_the_same_section_before_its_sentence() -> None:
    rows = 0
    for path in (CORPUS / "references").rglob("*.md"):
        text = path.read_text("utf-8").split("---\n", 2)[2]
        for section in split_sections(text):
            found = passage(text, section=section)
            for sentence in found.sentences:
                lead = lead_of(found, sentence)
                rows += found.quote(sentence).startswith("|") and bool(lead)
                assert all(section.start <= span.start < span.end <= sentence.start for span in lead)
    assert rows >= 5


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data")
def test_items_of_guidelines_and_patient_pages_bring_the_line_they_belong_to() -> None:
    texts = {}
    for name in ("guidelines", "medquad"):
        with (DATA / "corpora" / name / "corpus.jsonl").open(encoding="utf-8") as lines:
            texts.update({each["_id"]: each["text"] for each in map(json.loads, lines)})
    assert leads(texts["ngc-10403"], "Acute and chronic HIV infection must be excluded by symptom history")[-1] == (
        "The key messages of the guideline are as follows:"
    )
    assert leads(texts["NHLBI_0000067_Sec7"], "Avoid taking iron, including iron pills") == ["You may be advised to:"]
