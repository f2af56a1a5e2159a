"""What is shown has passed the check: every claim cited, every citation used, numbered by first use."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.domain import (
    Answer,
    AnswerSection,
    Citation,
    Claim,
    Document,
    Kind,
    Notice,
    Passage,
    Reference,
    Section,
    Sentence,
    Standing,
)
from chatbot.verification import numbers, verified

TEXT = "Sirolimus helps.   It is safe."
NOTHING = "Nothing in the index answers this question."


def citation(number: int, start: int = 0, end: int = 16, document: str = "trial") -> Citation:
    source = Document(Reference(document, Kind.RESEARCH, "A trial"), TEXT, (Section("", 0, len(TEXT)),))
    return Citation(number, Passage(source, source.sections[0], (Sentence(0, 16), Sentence(19, 30))), start, end)


def section(*cited: tuple[int, ...], kind: Kind = Kind.RESEARCH, reason: str = "") -> AnswerSection:
    """A section of claims named by their order, with these citations."""
    claims = tuple(Claim(f"Claim {name}.", numbers, "Dose") for name, numbers in zip("abc", cited, strict=False))
    return AnswerSection(kind, claims, reason=reason, score=0.5)


def answer(*sections: AnswerSection, citations: tuple[Citation, ...] = ()) -> Answer:
    return Answer("Q?", "Q?", sections, citations)


def test_an_answer_that_holds_is_left_as_it_is() -> None:
    given_answer = answer(section((1,), (1, 2)), citations=(citation(1), citation(2, 19, 30)))
    assert verified(given_answer, NOTHING) == given_answer


def test_a_claim_without_citations_is_taken_out_and_the_others_stay() -> None:
    checked = verified(answer(section((1,), (), (1,)), citations=(citation(1),)), NOTHING)
    assert [claim.text for claim in checked.sections[0].claims] == ["Claim a.", "Claim c."]


@pytest.mark.parametrize(
    "bad",
    [citation(2, -1, 5), citation(2, 5, 5), citation(2, 9, 4), citation(2, 0, 99), citation(2, 16, 19), citation(3)],
    ids=["before the text", "empty", "backwards", "behind the text", "only spaces", "another number"],
)
def test_a_claim_with_a_citation_that_does_not_hold_is_taken_out(bad: Citation) -> None:
    checked = verified(answer(section((1,), (1, 2)), citations=(citation(1), bad)), NOTHING)
    assert [claim.text for claim in checked.sections[0].claims] == ["Claim a."]
    assert checked.citations == (citation(1),)


@pytest.mark.parametrize(("text", "shown"), [("It takes 12 weeks.", True), ("It takes 13 weeks.", False)])
def test_a_claim_is_shown_only_with_numbers_that_its_quotes_hold(text: str, shown: bool) -> None:
    reference = Reference("d", Kind.RESEARCH, "A trial")
    words = "Recovery took 12 weeks."
    document = Document(reference, words, (Section("", 0, len(words)),))
    passage = Passage(document, document.sections[0], (Sentence(0, len(words)),))
    part = AnswerSection(Kind.RESEARCH, (Claim(text, (1,)),))
    checked = verified(answer(part, citations=(Citation(1, passage, 0, len(words)),)), NOTHING)
    assert bool(checked.sections[0].claims) is shown


LEAD = "Sirolimus helps."


@pytest.mark.parametrize(
    ("lead", "said", "shown"),
    [
        ((Sentence(0, 16),), (LEAD,), True),
        ((Sentence(0, 16),), (), True),
        ((Sentence(0, 16),), ("Another lead.",), False),
        ((), (LEAD,), False),
        ((Sentence(-1, 5),), (TEXT[-1:5],), False),
        ((Sentence(19, 30),), ("It is safe.",), False),
        ((Sentence(5, 5),), ("",), False),
    ],
    ids=["verbatim", "not shown", "other words", "no span", "before the text", "behind the quote", "empty"],
)
def test_a_claim_is_shown_only_with_a_lead_that_stands_before_its_quote(
    lead: tuple[Sentence, ...], said: tuple[str, ...], shown: bool
) -> None:
    cited = replace(citation(1, 19, 30), lead=lead)
    part = AnswerSection(Kind.RESEARCH, (Claim("It is safe.", (1,), lead=said),))
    assert bool(verified(answer(part, citations=(cited,)), NOTHING).sections[0].claims) is shown


def test_a_lead_of_another_section_does_not_hold() -> None:
    source = Document(Reference("d", Kind.LABEL, "A label"), TEXT, (Section("", 0, 17), Section("Safety", 17, 30)))
    cited = Citation(1, Passage(source, source.sections[1], (Sentence(19, 30),)), 19, 30, (Sentence(0, 16),))
    part = AnswerSection(Kind.LABEL, (Claim("It is safe.", (1,), lead=(LEAD,)),))
    assert verified(answer(part, citations=(cited,)), NOTHING).withheld


def test_a_claim_of_a_retracted_source_is_not_shown() -> None:
    cited = citation(1)
    reference = replace(cited.passage.document.reference, notices=(Notice(Standing.RETRACTED),))
    document = replace(cited.passage.document, reference=reference)
    retracted = replace(cited, passage=replace(cited.passage, document=document))
    assert verified(answer(section((1,)), citations=(retracted,)), NOTHING).withheld


def test_what_is_folded_away_is_checked_too_and_numbered_behind_everything_shown() -> None:
    first = replace(section((3,)), more=(Claim("M.", (1,)), Claim("Uncited.", ())))
    checked = verified(answer(first, section((2,)), citations=tuple(citation(n) for n in (1, 2, 3))), NOTHING)
    assert [claim.citations for part in checked.sections for claim in (*part.claims, *part.more)] == [(1,), (3,), (2,)]
    assert [claim.text for claim in checked.sections[0].more] == ["M."]


def test_what_is_folded_away_takes_the_place_of_claims_that_do_not_hold() -> None:
    checked = verified(answer(replace(section(()), more=(Claim("M.", (1,)),)), citations=(citation(1),)), NOTHING)
    assert [claim.text for claim in checked.sections[0].claims] == ["M."]
    assert (checked.sections[0].more, checked.withheld) == ((), False)


def test_citations_are_numbered_from_one_in_the_order_of_their_first_use() -> None:
    citations = tuple(citation(n, document=f"d{n}") for n in (3, 5, 9))
    checked = verified(answer(section((9,), (3,)), section((9,), (5,)), citations=citations), NOTHING)
    assert [(c.number, c.passage.document.id) for c in checked.citations] == [(1, "d9"), (2, "d3"), (3, "d5")]
    assert [claim.citations for part in checked.sections for claim in part.claims] == [(1,), (2,), (1,), (3,)]


def test_the_numbers_of_a_claim_ascend() -> None:
    checked = verified(answer(section((2,), (1, 2)), citations=(citation(1), citation(2))), NOTHING)
    assert [claim.citations for claim in checked.sections[0].claims] == [(1,), (1, 2)]


def test_citations_that_no_claim_uses_are_left_out() -> None:
    checked = verified(answer(section((2,)), citations=(citation(1), citation(2, 19, 30))), NOTHING)
    assert checked.citations == (citation(1, 19, 30),)


def test_text_heading_kind_and_score_are_kept() -> None:
    checked = verified(answer(section((4,)), citations=(citation(4),)), NOTHING)
    assert checked.sections == (AnswerSection(Kind.RESEARCH, (Claim("Claim a.", (1,), "Dose"),), score=0.5),)


@pytest.mark.parametrize(
    ("reason", "said"), [("", "passed the check"), ("No label is indexed.", "No label is indexed.")]
)
def test_a_section_that_loses_every_claim_is_withheld_with_a_reason(reason: str, said: str) -> None:
    checked = verified(answer(section((7,), (), reason=reason), section((1,)), citations=(citation(1),)), NOTHING)
    assert (checked.sections[0].claims, checked.sections[0].withheld) == ((), True)
    assert said in checked.sections[0].reason
    assert (checked.sections[1].withheld, checked.notice) == (False, "")


def test_a_section_that_was_withheld_keeps_its_reason() -> None:
    withheld = AnswerSection(Kind.LABEL, withheld=True, reason="The label is silent.", score=0.1)
    assert verified(answer(withheld), NOTHING).sections == (withheld,)


@pytest.mark.parametrize("sections", [(), (section((1,)),), (section(()), section((2,), kind=Kind.LABEL))])
def test_an_answer_of_which_nothing_is_left_says_so(sections: tuple[AnswerSection, ...]) -> None:
    checked = verified(answer(*sections), NOTHING)
    assert (checked.withheld, checked.notice, checked.citations) == (True, NOTHING, ())


def test_a_notice_that_is_there_is_kept() -> None:
    assert verified(Answer("Q?", "Q?", (), notice="Not in English."), NOTHING).notice == "Not in English."


CITED = st.lists(st.lists(st.integers(0, 6), max_size=3).map(tuple), max_size=4)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(CITED, max_size=3), st.lists(st.tuples(st.integers(-2, 34), st.integers(-2, 34)), max_size=6))
def test_whatever_goes_in_only_what_holds_comes_out(cited: list[list[tuple[int, ...]]], places) -> None:
    citations = tuple(citation(n, start, end) for n, (start, end) in enumerate(places, start=1))
    checked = verified(answer(*(section(*each) for each in cited), citations=citations), NOTHING)
    used = [number for part in checked.sections for claim in part.claims for number in claim.citations]
    assert list(dict.fromkeys(used)) == [c.number for c in checked.citations] == list(range(1, len(set(used)) + 1))
    assert all(c.quote.strip() and c.quote in TEXT for c in checked.citations)
    assert all(claim.citations for part in checked.sections for claim in part.claims)
    assert all(bool(part.claims) != part.withheld and (part.claims or part.reason) for part in checked.sections)
    assert bool(checked.notice) is checked.withheld


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", set()),
        ("No number.", set()),
        ("2 mg, then 0.5 mg/kg.", {"2", "0.5"}),
        ("0,5 mg and 0·5 mg and 0.5 mg", {"0.5"}),
        ("53.2±26.6% (P<0.001)", {"53.2", "26.6", "0.001"}),
        ("88-90%, -12 to 5–15", {"88", "90", "12", "5", "15"}),
        ("In 2016.", {"2016"}),
        ("1,000 and 10,000,000", {"1.000", "10.000.000"}),
        ("FEV1, COVID-19, 12th", {"1", "19", "12"}),
    ],
)
def test_numbers_are_those_that_are_written(text: str, found: set[str]) -> None:
    assert numbers(text) == found
