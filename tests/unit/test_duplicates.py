"""Which entries are one work, and which of them is kept."""

from __future__ import annotations

from typing import Any

import pytest

from chatbot.domain import Kind
from chatbot.index.duplicates import Work, works
from chatbot.index.ledger import Entry, Facts


def entry(file: str, document: str = "a", *, characters: int = 100, kind: Kind = Kind.RESEARCH, **facts: Any) -> Entry:
    digest = f"{file} {document}"
    return Entry(f"/docs/{file}", 0, b"", False, document, digest, kind, characters, b"", Facts(**facts))


def kept(*entries: Entry, cited: tuple[str, ...] = ()) -> list[list[str]]:
    """The file names that are kept of each work."""
    return [[one.file.removeprefix("/docs/") for one in work.kept] for work in works(entries, cited)]


def only(*entries: Entry, cited: tuple[str, ...] = ()) -> Work:
    (work,) = works(entries, cited)
    return work


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"pmid": "99000001"}, {"pmid": " 99000001"}),
        ({"doi": "10.9999/ABC"}, {"doi": "https://doi.org/10.9999/abc"}),
        ({"doi": "doi: 10.9999/abc"}, {"doi": "http://dx.doi.org/10.9999/abc"}),
        ({"set_id": "AAAA-1"}, {"set_id": "aaaa-1"}),
        ({"pmcid": "PMC1"}, {"pmcid": "pmc1"}),
        ({"pmid": "99000001", "doi": "10.9999/1"}, {"pmid": "99000001", "doi": "10.9999/2"}),
    ],
)
def test_a_shared_identifier_makes_one_work(one: dict[str, str], other: dict[str, str]) -> None:
    assert kept(entry("1", "a", **one), entry("2", "b", **other)) == [["1"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"pmid": "99000001"}, {"pmid": "99000002"}),
        ({"pmid": "99000001", "doi": "10.9999/1"}, {"pmid": "99000002", "doi": "10.9999/1"}),
        ({"title": "One title"}, {"title": "One title"}),
        ({}, {}),
    ],
)
def test_different_surer_identifiers_or_none_at_all_leave_two_works(one: dict[str, str], other: dict[str, str]) -> None:
    assert kept(entry("1", "a", **one), entry("2", "b", **other)) == [["1"], ["2"]]


def test_identifiers_connect_three_records_of_one_work() -> None:
    first = entry("1", "a", pmid="99000001")
    second = entry("2", "b", doi="10.9999/1")
    third = entry("3", "c", pmid="99000001", doi="10.9999/1")
    assert kept(first, second, third) == [["1"]]


def test_a_record_without_pmid_does_not_join_two_works_that_differ_in_it() -> None:
    letter, reply = (entry(pmid, pmid, pmid=pmid, doi="10.9999/1") for pmid in ("99000001", "99000002"))
    bare = entry("3", "c", doi="10.9999/1")
    assert kept(letter, bare, reply) == [["99000001"], ["99000002"]]


def test_the_same_id_is_one_work_where_the_titles_agree_and_two_where_not() -> None:
    assert kept(entry("1", title="On fever."), entry("2", title="On Fever")) == [["1"]]
    assert kept(entry("1", title="On fever"), entry("2", title="On colds")) == [["1"], ["2"]]
    assert kept(entry("1"), entry("2")) == [["1"], ["2"]]


def test_the_newest_is_kept_of_those_that_say_when_they_were_changed() -> None:
    old = entry("1", "a", pmid="99000001", day="2021-05-01", characters=900)
    new = entry("2", "b", pmid="99000001", day="2024-05-01")
    assert kept(old, new) == [["2"]]


def test_of_labels_of_a_day_the_higher_version_is_kept() -> None:
    nine, ten = (entry(v, "a", set_id="s", day="2024-05-01", version=v, kind=Kind.LABEL) for v in ("9", "10"))
    assert kept(nine, ten) == [["10"]]


def test_the_full_text_is_kept_where_the_days_do_not_decide() -> None:
    abstract = entry("1", "a", pmid="99000001", day="2024-05-01")
    full = entry("2", "b", pmid="99000001", characters=9000)
    assert kept(abstract, full) == [["2"]]


def test_what_articles_cite_is_kept_whatever_is_newer() -> None:
    cited = entry("1", "a", pmid="99000001", day="2021-05-01", characters=10)
    newer = entry("2", "b", pmid="99000001", day="2024-05-01")
    assert kept(cited, newer, cited=("a",)) == [["1"]]
    assert kept(cited, newer, cited=("a", "b")) == [["1", "2"]]


def test_a_note_that_an_article_cites_does_not_take_the_place_of_the_work() -> None:
    note = entry("1", "a", pmid="99000001", note=True)
    old, new = (entry(day, "b", pmid="99000001", day=day) for day in ("2021-05-01", "2024-05-01"))
    assert kept(note, old, new, cited=("a",)) == [["1", "2024-05-01"]]
    assert kept(note, old, new) == [["2024-05-01"]]


def test_a_duplicate_is_said_with_its_reason() -> None:
    old = entry("1", "a", pmid="99000001", day="2021-05-01")
    new = entry("2", "b", pmid="99000001", day="2024-05-01")
    short = entry("3", "c", pmid="99000001", characters=50)
    reasons = [duplicate.reason for duplicate in only(old, new, short).duplicates()]
    assert reasons == [
        "same PMID 99000001; that one is newer (2024-05-01)",
        "same PMID 99000001; that one has more text",
    ]


def test_equal_ones_are_kept_in_the_order_given() -> None:
    (duplicate,) = only(entry("1", "a", doi="10.9999/1"), entry("2", "b", doi="10.9999/1")).duplicates()
    assert (duplicate.kept_file, duplicate.kept_id) == ("/docs/1", "a")
    assert duplicate.reason == "same DOI 10.9999/1; that one comes first"
