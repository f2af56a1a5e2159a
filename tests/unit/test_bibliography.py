"""What is said of a source beside its title: standing, why it is left out, what says the same, what is missing."""

from __future__ import annotations

import pytest

from chatbot.bibliography import left_out_line, missing, same_text, standing_lines
from chatbot.domain import Kind, Notice, Reference, Standing

NOTICE = "J Invent Trials. 2024;7:20"


def paper(*notices: Notice, title: str = "Zolidan in gout.", pmid: str = "99000001") -> Reference:
    return Reference("p", Kind.RESEARCH, title, pmid=pmid, notices=notices)


@pytest.mark.parametrize(
    ("notice", "said"),
    [
        (Notice(Standing.RETRACTED, NOTICE, "99000002"), f"Retracted: {NOTICE}, PMID 99000002"),
        (Notice(Standing.CORRECTED, NOTICE), f"Corrected: {NOTICE}"),
        (Notice(Standing.CONCERN, "", "99000002"), "Expression of concern: PMID 99000002"),
        (Notice(Standing.UPDATED, NOTICE, "99000002"), f"Updated by {NOTICE}, PMID 99000002"),
        (Notice(Standing.SUPERSEDED), "Superseded"),
        (Notice(Standing.CORRECTED), "Corrected"),
    ],
)
def test_a_standing_is_said_with_no_more_than_its_notice_gives(notice: Notice, said: str) -> None:
    assert standing_lines(paper(notice)) == ((notice.standing, said),)


def test_the_gravest_is_said_first_and_each_once() -> None:
    erratum, concern = Notice(Standing.CORRECTED, "A"), Notice(Standing.CONCERN, "B")
    told = [standing for standing, _ in standing_lines(paper(erratum, concern, erratum))]
    assert told == [Standing.CONCERN, Standing.CORRECTED]


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (
            paper(Notice(Standing.CORRECTED, "A"), Notice(Standing.RETRACTED, NOTICE, "99000002")),
            f"Left out: “Zolidan in gout” (PMID 99000001), retracted; notice: {NOTICE}, PMID 99000002.",
        ),
        (paper(Notice(Standing.RETRACTED), pmid=""), "Left out: “Zolidan in gout”, retracted."),
        (
            paper(Notice(Standing.UPDATED, "", "99000003")),
            "Left out: “Zolidan in gout” (PMID 99000001), updated; newer: PMID 99000003.",
        ),
    ],
)
def test_what_is_left_out_is_named_with_the_reason(reference: Reference, said: str) -> None:
    assert left_out_line(reference) == said


def test_the_first_of_many_that_say_the_same_are_named_and_the_others_counted() -> None:
    named = tuple(f"set id {number} (Maker {number})" for number in range(1, 6))
    said = "The same text: set id 1 (Maker 1); set id 2 (Maker 2); set id 3 (Maker 3)"
    assert same_text(Reference("l", Kind.LABEL, "", also=named)) == f"{said}; and 2 more"
    assert same_text(Reference("l", Kind.LABEL, "", also=named[:3])) == said
    assert same_text(Reference("l", Kind.LABEL, "")) == ""


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (Reference("r", Kind.RESEARCH, "T"), ("no author given", "no date given")),
        (Reference("r", Kind.RESEARCH, " ", ("A B",), year=2011), ("no title given",)),
        (Reference("g", Kind.GUIDELINE, "T", body="A society", date="2016"), ()),
        (Reference("l", Kind.LABEL, "T"), ("no manufacturer given", "no revision date given")),
        (Reference("l", Kind.LABEL, "T", manufacturer="M", date="2016"), ()),
        (Reference("a", Kind.ARTICLE, "T"), ()),
        (Reference("s", Kind.RESEARCH, "T", facts_from=("a source",)), ()),
    ],
)
def test_what_a_source_from_elsewhere_does_not_give_is_said_to_be_missing(
    reference: Reference, said: tuple[str, ...]
) -> None:
    assert missing(reference) == said
