"""Questions on a study by its name are answered from its record, with what it found."""

from __future__ import annotations

import pytest

from chatbot.answering.studies import study_named
from chatbot.domain import Answer, Kind
from chatbot.embedding import Encoder
from chatbot.pipeline import Chatbot
from chatbot.settings import load_settings
from tests.conftest import index_paths, write_reference
from tests.integration.test_pipeline import assert_every_claim_is_a_cited_quote

REGISTERED = (
    "BACKGROUND: Sarnic fever has no treatment. METHODS: We gave zolidan or placebo to 80 adults with sarnic fever for "
    "12 months in one clinic. RESULTS: The fever ended in 60 of 80 adults on zolidan and in 20 of 80 on placebo. "
    "CONCLUSIONS: Zolidan ended sarnic fever in most adults. (Funded by an invented fund; LARCH ClinicalTrials.gov "
    "number, NCT00000000.)"
)
MENTIONED = "The larch tree grows slowly. In the LARCH trial zolidan was given to adults. Larch resin has no use."


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Chatbot:
    """A chatbot on one study's record, a source that mentions the study, and one of a group of authors."""
    folder = tmp_path_factory.mktemp("studies")
    settings = load_settings(index=folder / "index")
    paths = [
        write_reference(folder, "sarnic", REGISTERED, title="Zolidan in sarnic fever", topics="[sarnic fever]"),
        write_reference(folder, "larch", MENTIONED, title="Trees of the north", topics="[trees]"),
        write_reference(
            folder,
            "plumarin",
            "In the ELM trial, plumarin tea lengthened sleep by nine minutes a night.",
            title="Plumarin tea and sleep",
            authors="[A B, ELM Study Group]",
        ),
    ]
    index_paths(settings, encoder, *paths)
    return Chatbot(settings, encoder)


def research(answer: Answer) -> tuple[set[str], list[str]]:
    """The documents cited, and what is quoted."""
    assert_every_claim_is_a_cited_quote(answer)
    said = next(section for section in answer.sections if section.kind is Kind.RESEARCH)
    return {reference.id for reference in answer.references}, [claim.text for claim in said.claims]


@pytest.mark.parametrize("question", ["What did the LARCH trial show?", "what were the results of the larch study"])
def test_a_study_is_found_by_its_name_and_says_what_it_found(known: Chatbot, question: str) -> None:
    documents, said = research(known.ask(question))
    assert documents == {"sarnic"}
    assert any(text.startswith("RESULTS: The fever ended in 60 of 80") for text in said)
    assert not any("Funded" in text for text in said)


def test_a_study_is_found_by_its_group_of_authors(known: Chatbot) -> None:
    documents, said = research(known.ask("What did the ELM trial show?"))
    assert documents == {"plumarin"}
    assert "nine minutes" in said[0]


def test_a_study_that_is_not_indexed_is_not_made_up_of_another(known: Chatbot) -> None:
    assert known.ask("What did the ROWAN trial show?").withheld


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("What did the MILES trial show?", "MILES"),
        ("results of the sprint study", "SPRINT"),
        ("HOPE-3 trial", "HOPE-3"),
        ("What is the dose of sirolimus?", ""),
        ("in trials", ""),
    ],
)
def test_what_stands_before_trial_may_be_a_name(text: str, named: str) -> None:
    assert study_named(text) == named
