"""What a question names is searched for by its other names too, and those are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatbot.domain import Kind
from chatbot.embedding import Encoder
from chatbot.expansion import Added, Why, expand, with_added
from chatbot.index.reader import Index
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings
from tests.conftest import index_paths, write_reference


def words(chatbot: Chatbot, question: str) -> dict[str, str]:
    return {added.words: added.typed for added in chatbot.added(question)}


def test_an_abbreviation_is_searched_for_by_what_documents_say_it_stands_for(chatbot: Chatbot) -> None:
    assert words(chatbot, "What is the treatment for LAM?") == {"lymphangioleiomyomatosis": "LAM"}
    assert words(chatbot, "what is the treatment for lam") == {"lymphangioleiomyomatosis": "lam"}


def test_what_has_an_abbreviation_is_searched_for_by_it(chatbot: Chatbot) -> None:
    assert words(chatbot, "treatment of lymphangioleiomyomatosis") == {"LAM": "lymphangioleiomyomatosis"}


def test_a_brand_is_searched_for_by_its_generic_name_and_back(chatbot: Chatbot) -> None:
    assert words(chatbot, "Is Humira safe in pregnancy?")["adalimumab"] == "Humira"
    assert words(chatbot, "Is adalimumab safe in pregnancy?")["Humira"] == "adalimumab"


def test_a_brand_finds_passages_that_say_the_generic_name_only(chatbot: Chatbot) -> None:
    hits = chatbot.search("Humira concentration in synovial fluid", Kind.RESEARCH, 3)
    texts = [hit.passage.document.text for hit, _ in hits]
    assert any("adalimumab" in text.lower() and "humira" not in text.lower() for text in texts)


def test_a_misspelt_name_is_searched_for_as_it_is_spelled(chatbot: Chatbot) -> None:
    assert words(chatbot, "What is the dose of adalimumb?")["adalimumab"] == "adalimumb"
    assert words(chatbot, "What is the weather like on Jupiter?") == {}


def test_a_question_that_says_both_is_searched_for_as_it_is(chatbot: Chatbot) -> None:
    assert words(chatbot, "What is lymphangioleiomyomatosis (LAM)?") == {}


@pytest.fixture
def ambiguous(settings: Settings, encoder: Encoder, tmp_path: Path) -> Index:
    """Documents that disagree on what RA stands for, and agree on ED."""
    write_reference(tmp_path / "docs", "one", "Rheumatoid arthritis (RA) hurts. Erectile dysfunction (ED) does not.")
    write_reference(tmp_path / "docs", "two", "Retinoic acid (RA) is a vitamin. Erectile dysfunction (ED) is none.")
    index_paths(settings, encoder, tmp_path / "docs")
    return Index(settings, encoder)


def test_an_abbreviation_of_several_things_is_left_as_it_is(ambiguous: Index) -> None:
    assert ambiguous.names.long_form("RA") == ""
    assert ambiguous.names.short_form("rheumatoid arthritis") == ""


def test_an_everyday_word_is_an_abbreviation_only_in_capitals(ambiguous: Index) -> None:
    assert ambiguous.names.long_form("ED") == "Erectile dysfunction"
    assert ambiguous.names.long_form("ed") == ""


def test_what_a_removed_document_explained_is_forgotten(
    ambiguous: Index, settings: Settings, encoder: Encoder, tmp_path: Path
) -> None:
    (tmp_path / "docs" / "two.md").unlink()
    index_paths(settings, encoder, tmp_path / "docs")
    assert Index(settings, encoder).names.long_form("RA") == "Rheumatoid arthritis"
    assert ambiguous.names.long_form("RX") == ""


def test_added_words_stand_in_brackets_behind_the_question() -> None:
    added = (Added("LAM", "lymphangioleiomyomatosis", Why.ABBREVIATION),)
    assert with_added("What is LAM?", added) == "What is LAM (lymphangioleiomyomatosis)"
    assert with_added("What is LAM?", ()) == "What is LAM?"


def test_no_more_than_six_words_are_added(chatbot: Chatbot) -> None:
    names = chatbot.index.names
    every = " ".join(name for r in chatbot.index.references for name in (*r.drugs, *r.brands))
    assert len(expand(every, names)) <= 6


def test_added_words_weigh_less_than_typed_ones(chatbot: Chatbot) -> None:
    wanted = chatbot.index.wanted("sirolimus", "sirolimus rapamycin").words
    alone = chatbot.index.wanted("rapamycin").words
    term = next(iter(alone))
    assert wanted[term] == pytest.approx(alone[term] * chatbot.settings.retrieval.expansion_weight)
    assert wanted == {**wanted, **chatbot.index.wanted("sirolimus").words}


def test_a_misspelt_word_finds_what_shares_its_parts(settings: Settings, encoder: Encoder, tmp_path: Path) -> None:
    write_reference(tmp_path / "docs", "one", "Amoxicillin treats infections of the ear.")
    write_reference(tmp_path / "docs", "two", "Codeine treats pain of the ear.")
    index_paths(settings, encoder, tmp_path / "docs")
    index = Index(settings, encoder)
    found = index.candidates(Kind.RESEARCH, [index.wanted("amxacilin")], encoder.encode(["amxacilin"]))
    assert {c.id.partition(":")[0]: c.lexical[0] > 0 for c in found} == {"one": True, "two": False}


def test_a_batch_of_searches_tells_what_was_added(chatbot: Chatbot) -> None:
    from chatbot.cli.documents import hits_object

    question = "What is the treatment for LAM?"
    told = hits_object("1", chatbot.search(question, Kind.RESEARCH, 1), chatbot.added(question))
    assert json.dumps(told["added"]) == (
        '[{"typed": "LAM", "words": "lymphangioleiomyomatosis", "why": "abbreviation"}]'
    )
