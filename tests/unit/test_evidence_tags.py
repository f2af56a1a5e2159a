"""What a claim rests on: the part of a label by code or heading, the sort of study and its year."""

from __future__ import annotations

import pytest

from chatbot.domain import Citation, Claim, Document, Kind, Notice, Passage, Reference, Section, Sentence, Standing
from chatbot.evidence_tags import cautions_of, is_boxed_warning, tag, tags_of

LABEL = Reference("l", Kind.LABEL, "A label")
TRIAL = Reference("t", Kind.RESEARCH, "A trial", study="randomised trial", year=2011)


def cited(number: int, reference: Reference, heading: str = "", role: str = "") -> Citation:
    document = Document(reference, "It helps.", (Section(heading, 0, 9, role),))
    return Citation(number, Passage(document, document.sections[0], (Sentence(0, 9),)), 0, 9)


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Boxed warning", "Boxed warning"),
        ("WARNING: BLEEDING – Black Box Warning", "Boxed warning"),
        ("Contraindications", "Contraindications"),
        ("4 CONTRAINDICATIONS", "Contraindications"),
        ("Dosage and administration", "Dosage"),
        ("Dosage forms and strengths", "Drug label"),
        ("Indications and usage", "Indications"),
        ("Adverse reactions", "Adverse reactions"),
        ("4. Possible side effects", "Adverse reactions"),
        ("Drug interactions", "Interactions"),
        ("Use in pregnancy and breastfeeding", "Pregnancy, lactation"),
        ("Contraindications, warnings and precautions", "Contraindications, warnings and precautions"),
        ("Specific populations – Geriatric use", "Geriatric use"),
        ("Warnings and precautions – Malignancies", "Warnings and precautions"),
        ("Package leaflet", "Drug label"),
        ("", "Drug label"),
    ],
)
def test_a_label_without_codes_is_tagged_by_its_headings_the_innermost_first(heading: str, said: str) -> None:
    assert tag(LABEL, Section(heading, 0, 9)) == said


def test_the_code_of_a_section_goes_before_its_heading() -> None:
    assert tag(LABEL, Section("Contraindications", 0, 9, "boxed warning")) == "Boxed warning"


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (TRIAL, "Randomised trial 2011"),
        (Reference("m", Kind.RESEARCH, "", study="meta-analysis"), "Meta-analysis"),
        (Reference("r", Kind.RESEARCH, "", date="1998-03"), "Research 1998"),
        (Reference("r", Kind.RESEARCH, ""), "Research"),
        (Reference("g", Kind.GUIDELINE, "", year=2016, study="systematic review"), "Guideline 2016"),
    ],
)
def test_other_sources_are_tagged_by_study_type_and_year(reference: Reference, said: str) -> None:
    assert tag(reference, Section("Contraindications", 0, 9)) == said


@pytest.mark.parametrize(
    ("kind", "heading", "role", "boxed"),
    [
        (Kind.LABEL, "WARNING: SERIOUS INFECTIONS", "boxed warning", True),
        (Kind.LABEL, "Boxed warning", "", True),
        (Kind.LABEL, "Changes to the boxed warning", "recent changes", False),
        (Kind.LABEL, "Warnings", "", False),
        (Kind.RESEARCH, "Boxed warnings", "", False),
    ],
)
def test_a_boxed_warning_is_known_by_code_and_without_one_by_heading(
    kind: Kind, heading: str, role: str, boxed: bool
) -> None:
    assert is_boxed_warning(cited(1, Reference("l", kind, ""), heading, role).passage) is boxed


def test_a_claim_has_the_tags_of_what_it_cites_each_once() -> None:
    citations = (cited(1, TRIAL), cited(2, LABEL, "Uses"), cited(3, TRIAL), cited(4, LABEL, "", "pregnancy"))
    assert tags_of(Claim("It helps.", (1, 3, 4)), citations) == ("Randomised trial 2011", "Pregnancy")


@pytest.mark.parametrize(
    ("standings", "said"),
    [
        ((), ()),
        ((Standing.CORRECTED, Standing.UPDATED), ()),
        ((Standing.SUPERSEDED, Standing.CONCERN), ("Expression of concern", "Superseded")),
    ],
)
def test_a_claim_warns_of_sources_under_concern_or_superseded(
    standings: tuple[Standing, ...], said: tuple[str, ...]
) -> None:
    source = Reference("r", Kind.RESEARCH, "", notices=tuple(map(Notice, standings)))
    assert cautions_of(Claim("It helps.", (1,)), (cited(1, source),)) == said
