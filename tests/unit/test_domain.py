"""References, documents, passages, answers and conversations: identity, quotes, and what never changes."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest

from chatbot.domain import (
    Answer,
    AnswerSection,
    Citation,
    Claim,
    Conversation,
    Document,
    Jurisdiction,
    Kind,
    Passage,
    Reference,
    ReviewStatus,
    Section,
    Sentence,
    Turn,
)

TEXT = "Sirolimus slows the decline. It is given once a day. Levels are measured."
SENTENCES = (Sentence(0, 28), Sentence(29, 52), Sentence(53, 73))
OTHER: dict[str, Any] = {
    "kind": Kind.LABEL,
    "year": 1999,
    "jurisdiction": Jurisdiction.EU,
    "status": ReviewStatus.APPROVED,
    **dict.fromkeys(("authors", "drugs", "brands", "topics", "facts_from"), ("other",)),
}


def document(name: str = "trial", text: str = TEXT) -> Document:
    return Document(Reference(name, Kind.RESEARCH, f"A study of {name}"), text, (Section("", 0, len(text)),))


def passage(of: Document, *sentences: Sentence) -> Passage:
    return Passage(of, of.sections[0], sentences or SENTENCES)


def test_the_hash_of_a_document_is_sha256_in_hexadecimal_and_the_same_for_equal_documents() -> None:
    assert document().hash == document().hash
    assert len(document().hash) == 64
    assert set(document().hash) <= set("0123456789abcdef")


@pytest.mark.parametrize("name", [field.name for field in fields(Reference)])
def test_a_change_of_any_field_of_the_reference_changes_the_hash(name: str) -> None:
    before = document()
    changed = replace(before.reference, **{name: OTHER.get(name, "other")})
    assert replace(before, reference=changed).hash != before.hash


@pytest.mark.parametrize("change", [{"text": TEXT + " "}, {"sections": (Section("Dose", 0, len(TEXT)),)}])
def test_a_change_of_text_or_sections_changes_the_hash(change: dict[str, Any]) -> None:
    assert replace(document(), **change).hash != document().hash


def test_a_text_with_a_lone_surrogate_has_a_hash() -> None:
    assert document(text="\ud800").hash != document(text="\ud801").hash


def test_the_version_names_the_document_and_changes_with_its_text() -> None:
    assert document().version == f"trial:{document().hash[:16]}"
    assert document(text="Other.").version != document().version


def test_id_and_kind_of_a_document_are_its_references() -> None:
    assert (document("a").id, document("a").kind) == ("a", Kind.RESEARCH)


def test_a_passage_is_the_exact_text_from_its_first_to_its_last_sentence() -> None:
    found = passage(document(), *SENTENCES[1:])
    assert (found.start, found.end) == (29, 73)
    assert found.text == "It is given once a day. Levels are measured."


def test_a_quote_is_its_sentence_verbatim() -> None:
    whole = passage(document())
    assert [whole.quote(sentence) for sentence in whole.sentences] == [TEXT[s.start : s.end] for s in SENTENCES]


def test_a_passage_keeps_its_id_when_the_text_behind_it_changes() -> None:
    before, after = document(), document(text=TEXT + " A new last sentence.")
    assert passage(after).id == passage(before).id
    assert passage(before).id.startswith("trial:")


@pytest.mark.parametrize(
    "change",
    [
        {"id": "other"},
        {"kind": Kind.GUIDELINE},
        {"title": "Another title"},
    ],
)
def test_a_passage_of_another_id_kind_or_title_has_another_id(change: dict[str, Any]) -> None:
    before = document()
    after = replace(before, reference=replace(before.reference, **change))
    assert passage(after).id != passage(before).id


def test_a_passage_elsewhere_under_another_heading_or_with_another_text_has_another_id() -> None:
    before = document()
    moved = document(text=" " + TEXT)
    others = [
        passage(before, *SENTENCES[1:]),
        passage(moved, *(Sentence(s.start + 1, s.end + 1) for s in SENTENCES)),
        passage(document(text=TEXT.replace("once", "twice"))),
        Passage(before, Section("Dose", 0, len(TEXT)), SENTENCES),
    ]
    assert len({passage(before).id, *(other.id for other in others)}) == 5


def test_the_quote_of_a_citation_is_a_span_of_its_document() -> None:
    citation = Citation(1, passage(document()), 29, 52)
    assert citation.quote == TEXT[29:52] == "It is given once a day."


def test_the_leads_of_a_citation_are_spans_of_its_document() -> None:
    citation = Citation(1, passage(document()), 53, 73, SENTENCES[:2])
    assert citation.leads == ("Sirolimus slows the decline.", "It is given once a day.")


def test_references_of_an_answer_are_each_there_once_in_the_order_of_their_first_citation() -> None:
    first, second = document("first"), document("second")
    citations = tuple(Citation(n, passage(d), 0, 28) for n, d in enumerate((second, first, second), start=1))
    answer = Answer("Q?", "Q?", (), citations)
    assert [reference.id for reference in answer.references] == ["second", "first"]


@pytest.mark.parametrize(("withheld", "whole"), [((True, True), True), ((True, False), False), ((), True)])
def test_an_answer_is_withheld_when_every_section_is(withheld: tuple[bool, ...], whole: bool) -> None:
    sections = tuple(AnswerSection(Kind.RESEARCH, withheld=each) for each in withheld)
    assert Answer("Q?", "Q?", sections).withheld is whole


def test_the_turn_of_an_answer_keeps_question_reading_text_and_evidence() -> None:
    sections = (
        AnswerSection(Kind.GUIDELINE, (Claim("One.", (1,)), Claim("Two.", (1,)))),
        AnswerSection(Kind.LABEL, withheld=True, reason="Nothing."),
        AnswerSection(Kind.RESEARCH, (Claim("It is three.", (2,), lead=("Three.",)),), more=(Claim("Four.", (2,)),)),
    )
    turn = Answer("And it?", "LAM: and it?", sections, evidence=("p",)).turn
    assert (turn.question, turn.resolved, turn.evidence) == ("And it?", "LAM: and it?", ("p",))
    assert turn.answer == "One. Two. Three. It is three."


def test_a_turn_is_read_as_it_was_resolved_or_else_as_it_was_typed() -> None:
    assert Turn("And it?", "LAM: and it?").reading == "LAM: and it?"
    assert Turn("And it?").reading == "And it?"


def test_a_new_turn_leaves_the_old_conversation_as_it_was() -> None:
    empty = Conversation()
    one = empty.then(Turn("A?"))
    two = one.then(Turn("B?"))
    assert (empty.turns, one.turns, two.turns) == ((), (Turn("A?"),), (Turn("A?"), Turn("B?")))


@pytest.mark.parametrize(
    ("thing", "name"),
    [(document(), "text"), (Turn("Q?"), "question"), (Conversation(), "turns")],
    ids=["document", "turn", "all"],
)
def test_what_the_domain_holds_cannot_be_changed(thing: object, name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(thing, name, None)
