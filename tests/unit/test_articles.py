"""The Markdown of an article → sections, claims, and the references that they cite."""

from __future__ import annotations

import pytest

from chatbot.articles import SECTION_TITLES, WrittenClaim, WrittenSection, cited_ids, parse_article
from chatbot.domain import Document, Jurisdiction, Kind, Reference


def sections(text: str) -> tuple[WrittenSection, ...]:
    return parse_article(Document(Reference("a", Kind.ARTICLE, "What?"), text, ()))


def claims(text: str) -> tuple[WrittenClaim, ...]:
    """The claims of a text below one title."""
    (section,) = sections(f"## From the Research\n\n{text}\n")
    return section.claims


@pytest.mark.parametrize(("key", "title"), SECTION_TITLES.items(), ids=SECTION_TITLES.values())
def test_a_title_names_kind_and_jurisdiction(key: tuple[Kind, Jurisdiction | None], title: str) -> None:
    (section,) = sections(f"## {title}\n\nIt works [@a].\n")
    assert (section.kind, section.jurisdiction, len(section.claims)) == (*key, 1)


def test_sections_keep_the_order_of_the_article() -> None:
    text = "## From the Research\n\nOne [@a].\n\n## From the Guidelines\n\nTwo [@b].\n"
    assert [section.kind for section in sections(text)] == [Kind.RESEARCH, Kind.GUIDELINE]


def test_a_title_that_names_no_kind_of_evidence_is_passed_over() -> None:
    text = "Before [@x].\n\n## Summary\n\nNot this [@a].\n\n## From the Research\n\nThis [@b].\n"
    (section,) = sections(text)
    assert [claim.text for claim in section.claims] == ["This."]


def test_a_text_without_sections_has_none() -> None:
    assert sections("") == sections("Just text [@a].\n") == ()


def test_a_claim_is_the_text_before_its_marker_with_a_stop() -> None:
    assert claims("Sirolimus helps [@a].") == (WrittenClaim("Sirolimus helps.", "", ("a",)),)


@pytest.mark.parametrize("text", ["It helps [@a].", "It helps. [@a]", "It helps [@a]", "It\nhelps\n[@a]."])
def test_a_claim_reads_the_same_however_stop_and_line_are_set(text: str) -> None:
    assert [claim.text for claim in claims(text)] == ["It helps."]


@pytest.mark.parametrize("end", ["?", "!"])
def test_a_claim_keeps_its_own_end(end: str) -> None:
    assert [claim.text for claim in claims(f"Does it{end} [@a]")] == [f"Does it{end}"]


@pytest.mark.parametrize("marker", ["[@a; @b-2]", "[@a;@b-2]", "[@a, @b-2]", "[@a ; @b-2]"])
def test_a_marker_may_name_several_references(marker: str) -> None:
    assert claims(f"It helps {marker}.")[0].cites == ("a", "b-2")


def test_every_sentence_with_its_own_marker_is_a_claim() -> None:
    found = claims("One helps [@a]. Two harms [@b]. Three is left [@a].")
    assert [(claim.text, claim.cites) for claim in found] == [
        ("One helps.", ("a",)),
        ("Two harms.", ("b",)),
        ("Three is left.", ("a",)),
    ]


def test_every_list_item_is_a_claim_under_its_sub_heading() -> None:
    found = claims("First [@a].\n\n### Dose\n\n- Two [@a].\n- Three [@b].\n\n### Safety\n\n1. Four [@b].")
    assert [(claim.text, claim.heading) for claim in found] == [
        ("First.", ""),
        ("Two.", "Dose"),
        ("Three.", "Dose"),
        ("Four.", "Safety"),
    ]


def test_a_sub_heading_ends_with_its_section() -> None:
    text = "## From the Guidelines\n\n### Dose\n\nOne [@a].\n\n## From the Research\n\nTwo [@b].\n"
    assert [section.claims[0].heading for section in sections(text)] == ["Dose", ""]


@pytest.mark.parametrize("text", ["No marker here.", "A link [a](b).", "[@Not-An-Id] here.", "Mail a@b.org."])
def test_text_without_a_marker_is_no_claim(text: str) -> None:
    assert claims(text) == ()


def test_a_section_without_claims_gives_the_reason_of_its_block_quote() -> None:
    (section,) = sections("## From the FDA Drug Label\n\n> No US label for sirolimus\n> is indexed.\n")
    assert section.claims == ()
    assert " ".join(section.reason.split()) == "No US label for sirolimus is indexed."


def test_a_block_quote_holds_no_claim_and_beside_claims_it_is_no_reason() -> None:
    (section,) = sections("## From the Research\n\n> Not this [@a].\n\nThis [@b].\n")
    assert ([claim.text for claim in section.claims], section.reason) == (["This."], "")


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", set()),
        ("One [@a]. Two [@b; @c-1].\n\n> Three [@a].", {"a", "b", "c-1"}),
        ("[a] (@b) [@] [@A] [@a b] a@b.org", set()),
    ],
)
def test_cited_ids_are_those_of_every_marker(text: str, ids: set[str]) -> None:
    assert cited_ids(text) == ids
