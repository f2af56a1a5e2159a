"""Which drug labels say the same: labels of an invented drug, and what may and may not differ between them."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest

from chatbot.domain import Document, Jurisdiction, Kind, Reference, Section
from chatbot.index.alike import THRESHOLD, Label, groups, likeness, rank, signature

WORDS = "kidney liver heart rash fever sleep dizzy nausea urine blood pain weight infusion tablet water".split()


def prose(seed: int, count: int) -> str:
    chosen = random.Random(seed)
    return " ".join(chosen.choice(WORDS) + str(chosen.randrange(40)) for _ in range(count)) + "."


PARTS = {
    "dosage": "Take Samplozide 10 mg once daily. Do not exceed 40 mg a day. " + prose(1, 60),
    "contraindications": "Samplozide is contraindicated in sample failure (5.1). " + prose(2, 30),
    "warnings and precautions": "Made by Sample Laboratories. " + prose(3, 400),
    "how supplied": "Bottles of 30, of Sample Laboratories.",
}


def label(name: str, parts: dict[str, str] | None = None, **fields: str) -> Document:
    text, sections = "", []
    for role, part in (parts or PARTS).items():
        start = len(text)
        text += part + "\n\n"
        sections.append(Section(role, start, start + len(part), role))
    known = {"manufacturer": "Sample Laboratories", "date": "2024-01-01", "version": "1", **fields}
    reference = Reference(
        name,
        Kind.LABEL,
        "Samplozide",
        set_id=name,
        drugs=("samplozide hydrochloride", "samplozide"),
        jurisdiction=Jurisdiction.US,
        **known,  # type: ignore[arg-type]
    )
    return Document(reference, text, tuple(sections))


def indexed(document: Document) -> Label:
    reference = document.reference
    drugs = frozenset(reference.drugs)
    return Label(reference.id, drugs, reference.jurisdiction, signature(document), rank(reference))


def ids(*documents: Document) -> list[tuple[str, ...]]:
    return [tuple(label.id for label in group) for group in groups([indexed(document) for document in documents])]


def changed(role: str, old: str, new: str) -> dict[str, str]:
    assert old in PARTS[role]
    return PARTS | {role: PARTS[role].replace(old, new)}


def test_another_maker_and_another_package_say_the_same() -> None:
    other = {role: part.replace("Sample Laboratories", "Example Pharma Inc.") for role, part in PARTS.items()}
    other["how supplied"] = "NDC 00000-000-00: cartons of 90 blisters, kept below 25 degrees."
    assert ids(label("a"), label("b", other, manufacturer="Example Pharma Inc.")) == [("b", "a")]


def test_the_brand_name_in_place_of_the_generic_says_the_same() -> None:
    branded = {role: part.replace("Samplozide", "Samploz") for role, part in PARTS.items()}
    brand = label("b", branded)
    assert ids(label("a"), replace(brand, reference=replace(brand.reference, brands=("Samploz",)))) == [("b", "a")]


@pytest.mark.parametrize(
    "newer",
    [
        changed("dosage", "40 mg", "80 mg"),
        changed("dosage", "10 mg", "10 mcg"),
        changed("dosage", "Do not exceed", "Do exceed"),
        changed("contraindications", prose(2, 30), ""),
        PARTS | {"warnings and precautions": PARTS["warnings and precautions"][:-40]},
        PARTS | {"adverse reactions": prose(5, 400)},
    ],
    ids=["a larger dose", "another unit", "not", "a contraindication less", "a warning cut short", "another rest"],
)
def test_a_label_that_says_what_the_newer_one_does_not_stays(newer: dict[str, str]) -> None:
    assert ids(label("a"), label("b", newer, date="2024-02-01")) == []


def test_a_label_without_the_boxed_warning_of_the_newer_one_goes_and_the_other_way_round_both_stay() -> None:
    boxed = {"boxed warning": "WARNING: Samplozide can cause serious samples."} | PARTS
    assert ids(label("a"), label("b", boxed, date="2024-02-01")) == [("b", "a")]
    assert ids(label("a", boxed), label("b", date="2024-02-01")) == []


def test_another_number_of_a_section_referred_to_changes_nothing() -> None:
    assert ids(label("a"), label("b", changed("contraindications", "(5.1)", "(5.2)"))) == [("b", "a")]


def test_the_newest_is_kept_then_the_highest_version() -> None:
    newest = label("a", date="2025-03-01")
    assert ids(label("c", version="9"), newest, label("b", version="10")) == [("a", "b", "c")]


def test_the_order_of_the_input_changes_nothing() -> None:
    labels = [label(name, date=f"2024-01-0{day}") for name, day in (("a", 1), ("b", 3), ("c", 2))]
    assert {tuple(ids(*order)) for order in itertools.permutations(labels)} == {(("b", "c", "a"),)}


def test_all_of_a_group_are_alike_the_one_kept_and_likeness_is_not_handed_on() -> None:
    words = prose(6, 400).split()
    steps = [" ".join(words[:-cut] + prose(7, cut).split()) if cut else " ".join(words) for cut in (0, 12, 24, 36, 48)]
    labels = [label(name, PARTS | {"adverse reactions": text}) for name, text in zip("edcba", steps, strict=True)]
    signatures = {one.reference.id: signature(one) for one in labels}
    found = ids(*labels)
    assert all(likeness(signatures[group[0]], signatures[other]) >= THRESHOLD for group in found for other in group)
    assert len(found) == 2
    assert likeness(signatures["e"], signatures["a"]) < THRESHOLD


def test_labels_of_other_drugs_or_other_countries_are_never_alike() -> None:
    one = indexed(label("a"))
    assert groups([one, replace(one, id="b", drugs=frozenset({"otherozide"}))]) == []
    assert groups([one, replace(one, id="b", jurisdiction=Jurisdiction.EU)]) == []


def test_a_salt_beside_its_drug_is_no_other_ingredient() -> None:
    one = indexed(label("a"))
    assert len(groups([one, replace(one, id="b", drugs=frozenset({"samplozide"}))])) == 1
    assert groups([one, replace(one, id="b", drugs=frozenset({"samplozide", "otherozide"}))]) == []


def test_what_is_no_label_or_has_no_set_id_has_no_signature() -> None:
    document = label("a")
    assert signature(replace(document, reference=replace(document.reference, kind=Kind.RESEARCH))) == b""
    assert signature(replace(document, reference=replace(document.reference, set_id=""))) == b""
    assert groups([replace(indexed(document), signature=b"")] * 2) == []
    assert groups([]) == []


def test_a_signature_is_bytes_that_stay_the_same() -> None:
    assert signature(label("a")) == signature(label("b"))
    assert signature(label("a", date="2025-01-01")) != signature(label("a", changed("dosage", "40 mg", "80 mg")))
