"""What the library finds while somebody types, and in which order."""

from __future__ import annotations

import pytest

from chatbot.domain import Kind, Notice, Reference, Standing
from chatbot.library import Found, Library, Wanted

ARTICLE = Reference("lam", Kind.ARTICLE, "What is the treatment for LAM?", topics=("lymphangioleiomyomatosis",))
GOUT = Reference("gout", Kind.ARTICLE, "How is gout treated?", topics=("gout",))
GUIDELINE = Reference("ats", Kind.GUIDELINE, "LAM guideline", body="American Thoracic Society", topics=("LAM",))
LABEL = Reference(
    "rapamune", Kind.LABEL, "Rapamune tablets", drugs=("sirolimus",), brands=("Rapamune",), set_id="6E31-AB"
)
TRIAL = Reference(
    "miles",
    Kind.RESEARCH,
    "Efficacy and safety of sirolimus",
    authors=("McCormack FX", "Sjögren P"),
    container="N Engl J Med",
    year=2011,
    pmid="21410393",
    doi="10.1056/NEJMoa1100391",
    topics=("lam", "sirolimus"),
)
NOTE = Reference("note", Kind.RESEARCH, "A note on the trial", pmid="21410393", topics=("lam",))
RETRACTED = Reference("bad", Kind.RESEARCH, "A sirolimuslike drug", notices=(Notice(Standing.RETRACTED),))
LIBRARY = Library((RETRACTED, NOTE, TRIAL, LABEL, GUIDELINE, GOUT, ARTICLE))


def find(words: str, **narrowed: object) -> Found:
    return LIBRARY.find(Wanted(words, **narrowed), 10, 10)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "articles", "sources"),
    [
        ("lam", ("lam",), ("ats", "note", "miles")),
        ("LAM treat", ("lam",), ()),
        ("treat lam", ("lam",), ()),
        ("am", (), ("ats",)),
        ("mccor sirolimus", (), ("miles",)),
        ("sjogren", (), ("miles",)),
        ("SJÖGREN", (), ("miles",)),
        ("engl 2011", (), ("miles",)),
        ("(gout[?", ("gout",), ()),
        ("gout sirolimus", (), ()),
        ("{}", (), ()),
        ("   ", ("gout", "lam"), ("ats", "rapamune", "note", "bad", "miles")),
    ],
)
def test_every_word_typed_begins_some_word(words: str, articles: tuple[str, ...], sources: tuple[str, ...]) -> None:
    found = find(words)
    assert found.articles == articles
    assert found.sources == sources


def test_a_whole_word_comes_before_one_that_only_begins_so() -> None:
    assert find("sirolimus").sources == ("miles", "rapamune", "bad")


@pytest.mark.parametrize(
    "typed", ["21410393", "PMID 21410393", "pmid: 21410393", "https://pubmed.ncbi.nlm.nih.gov/21410393/"]
)
def test_a_pmid_finds_every_source_that_has_it(typed: str) -> None:
    assert set(find(typed).sources) == {"miles", "note"}


@pytest.mark.parametrize(
    "typed", ["10.1056/nejmoa1100391", "doi:10.1056/NEJMoa1100391", "https://doi.org/10.1056/NEJMoa1100391"]
)
def test_a_doi_finds_its_source(typed: str) -> None:
    assert find(typed).sources == ("miles",)


def test_a_set_id_finds_its_label() -> None:
    assert find("6e31-ab").sources == ("rapamune",)


def test_part_of_an_identifier_finds_nothing() -> None:
    assert find("2141039") == Found()


def test_a_kind_narrows() -> None:
    assert find("lam", kinds=frozenset({Kind.RESEARCH})).sources == ("note", "miles")


def test_a_topic_narrows_however_it_is_spelt() -> None:
    assert find("", topics=frozenset({"LAM"})).sources == ("ats", "note", "miles")


def test_a_standing_narrows_to_what_was_retracted() -> None:
    assert find("", standings=frozenset({Standing.RETRACTED})).sources == ("bad",)


def test_a_status_narrows_to_the_articles_that_have_it() -> None:
    assert find("", among=frozenset({"gout"})) == Found(("gout",), (), 1, 0)


def test_topics_come_by_how_many_have_them_each_once() -> None:
    assert LIBRARY.topics == ["LAM", "gout", "lymphangioleiomyomatosis", "sirolimus"]


def test_standings_count_by_kind() -> None:
    assert LIBRARY.standings == {
        (Kind.ARTICLE, None): 2,
        (Kind.GUIDELINE, None): 1,
        (Kind.LABEL, None): 1,
        (Kind.RESEARCH, None): 2,
        (Kind.RESEARCH, Standing.RETRACTED): 1,
    }


def test_no_more_than_asked_for_are_given_and_all_are_counted() -> None:
    assert LIBRARY.find(Wanted("lam"), 1, 1) == Found(("lam",), ("ats",), 1, 3)


def test_an_empty_library_finds_nothing() -> None:
    assert Library(()).find(Wanted("lam"), 5, 5) == Found()
    assert Library(()).topics == []
