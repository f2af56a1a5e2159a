"""Drug labels: SPL as DailyMed ships it and openFDA's JSON, of invented drugs; the real ones where they are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatbot.domain import Document, Jurisdiction, Kind
from chatbot.errors import SourceError
from chatbot.readers import read_file
from chatbot.readers.source_file import SourceFile
from tests.conftest import DATA

LABELS = DATA / "corpora" / "fda_labels_spl"
CODES = {
    "box": "34066-1",
    "indications": "34067-9",
    "dosage": "34068-7",
    "contraindications": "34070-3",
    "warnings": "43685-7",
    "pregnancy": "42228-7",
    "supply": "34069-5",
    "do not use": "50570-1",
    "panel": "51945-4",
    "none": "42229-5",
}


def section(code: str, title: str = "", text: str = "", *nested: str) -> str:
    parts = f'<code code="{CODES[code]}" codeSystem="2.16.840.1.113883.6.1"/>'
    parts += f"<title>{title}</title>" * bool(title) + f"<text>{text}</text>" * bool(text)
    return f"<component><section>{parts}{''.join(nested)}</section></component>"


def label(*sections: str, title: str = "SAMPLEX (samplozide) tablets", kind: str = "34391-3") -> str:
    ingredient = """<ingredient classCode="ACTIM"><ingredientSubstance><name>SAMPLOZIDE HYDROCHLORIDE</name>
        <activeMoiety><activeMoiety><name>SAMPLOZIDE</name></activeMoiety></activeMoiety></ingredientSubstance></ingredient>
        <ingredient classCode="IACT"><ingredientSubstance><name>WATER</name></ingredientSubstance></ingredient>"""
    product = f"""<manufacturedProduct><manufacturedProduct><name>Samplex<suffix>XR</suffix></name>
        <formCode displayName="TABLET"/><asEntityWithGeneric><genericMedicine><name>Samplozide Hydrochloride</name>
        </genericMedicine></asEntityWithGeneric>{ingredient}</manufacturedProduct></manufacturedProduct>"""
    return f"""<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet href="spl.xsl" type="text/xsl"?>
        <document xmlns="urn:hl7-org:v3"><id root="99"/><code code="{kind}" displayName="HUMAN DRUG LABEL"/>
        <title>{title}</title><effectiveTime value="20240229"/><setId root="AAAA-01"/><versionNumber value="7"/>
        <author><assignedEntity><representedOrganization><name>Sample Laboratories</name></representedOrganization>
        </assignedEntity></author><component><structuredBody><component><section><code code="48780-1"/><subject>
        {product}</subject></section></component>{"".join(sections)}</structuredBody></component></document>"""


def read(folder: Path, content: str, name: str = "label.xml") -> Document:
    path = folder / name
    path.write_text(content, "utf-8")
    (document,) = read_file(SourceFile(path, folder))
    return document


def shown(document: Document) -> list[tuple[str, str, str]]:
    return [(s.role, s.heading, document.text[s.start : s.end]) for s in document.sections]


def problem(folder: Path, content: str, name: str = "label.xml") -> str:
    with pytest.raises(SourceError) as raised:
        read(folder, content, name)
    return raised.value.problem


USES = section("indications", "1 INDICATIONS AND USAGE", "<paragraph>Samplex is for sample disease.</paragraph>")


def test_a_label_says_what_it_is_of_whom_and_of_when(tmp_path: Path) -> None:
    reference = read(tmp_path, label(USES)).reference
    assert (reference.id, reference.set_id, reference.version) == ("label-aaaa-01", "aaaa-01", "7")
    assert (reference.kind, reference.jurisdiction) == (Kind.LABEL, Jurisdiction.US)
    assert (reference.date, reference.year, reference.manufacturer) == ("2024-02-29", 2024, "Sample Laboratories")
    assert reference.drugs == ("samplozide",)
    assert reference.brands == ("Samplex XR",)


def test_a_kit_is_named_after_its_drug_and_not_its_swabs(tmp_path: Path) -> None:
    swabs = """<part><partProduct><name>Swabs</name><asEntityWithGeneric><genericMedicine><name>Isopropyl alcohol</name>
        </genericMedicine></asEntityWithGeneric><ingredient classCode="ACTIB"><ingredientSubstance>
        <name>ISOPROPYL ALCOHOL</name></ingredientSubstance></ingredient></partProduct></part>"""
    syringe = swabs.replace("Swabs", "Samplex<suffix>XR</suffix>").replace("Isopropyl alcohol", "Othermide")
    syringe = syringe.replace("ISOPROPYL ALCOHOL", "OTHERMIDE")
    kit = label(USES).replace("<formCode", f"{syringe}{swabs}<formCode")
    assert read(tmp_path, kit).reference.drugs == ("samplozide", "othermide")


@pytest.mark.parametrize(
    ("title", "readable"),
    [
        (
            "These highlights do not include all the information needed to use SAMPLEX safely and effectively. See full"
            " prescribing information for SAMPLEX.<br/><br/>SAMPLEX<sup>®</sup> (samplozide)<br/>tablets, for oral use"
            "<br/>Initial U.S. Approval: 1999",
            "SAMPLEX® (samplozide) tablets, for oral use",
        ),
        ("FACT SHEET FOR SAMPLE<br/>EMERGENCY USE OF SAMPLEX", "Fact sheet for sample – emergency use of SAMPLEX"),
        ("Drug Facts", "Samplex XR (Samplozide Hydrochloride) tablet"),
        ("", "Samplex XR (Samplozide Hydrochloride) tablet"),
    ],
)
def test_the_title_is_the_drugs_without_notices(title: str, readable: str, tmp_path: Path) -> None:
    assert read(tmp_path, label(USES, title=title)).reference.title == readable


def test_a_section_without_a_role_has_that_of_the_one_above_and_its_heading_behind_it(tmp_path: Path) -> None:
    nested = section("none", "5.1 Serious CYP3A4 Inhibitors", "<paragraph>Watch for rash.</paragraph>")
    pregnancy = section("pregnancy", "5.2 Pregnancy", "<paragraph>There are no data.</paragraph>")
    document = read(tmp_path, label(section("warnings", "5 WARNINGS AND PRECAUTIONS", "", nested, pregnancy)))
    assert shown(document) == [
        (
            "warnings and precautions",
            "Warnings and precautions – Serious CYP3A4 Inhibitors",
            "Watch for rash.",
        ),
        ("pregnancy", "Warnings and precautions – Pregnancy", "There are no data."),
    ]


def test_what_stands_among_contraindications_is_one(tmp_path: Path) -> None:
    bare = section("none", "4.1 Known allergy to any sample product") + section("none", "4.2 Active sample failure now")
    pregnancy = section("pregnancy", "4.3 Pregnancy", "<paragraph>Do not give it in pregnancy.</paragraph>")
    document = read(tmp_path, label(section("contraindications", "4 CONTRAINDICATIONS", "", bare, pregnancy)))
    listed = "CONTRAINDICATIONS\n\n- Known allergy to any sample product\n- Active sample failure now"
    assert shown(document) == [
        ("contraindications", "Contraindications", listed),
        ("contraindications", "Contraindications – Pregnancy", "Do not give it in pregnancy."),
    ]


def test_a_boxed_warning_is_one_where_it_stands_by_itself_or_says_so(tmp_path: Path) -> None:
    box = section("box", "WARNING: SAMPLE FAILURE", "<paragraph>It may cause sample failure.</paragraph>")
    doses = section("box", "", "<paragraph>Adults: 5 mg daily.</paragraph>")
    document = read(tmp_path, label(box, section("dosage", "2 DOSAGE", "", doses)))
    assert [(role, heading) for role, heading, _ in shown(document)] == [
        ("boxed warning", "Boxed warning – Sample failure"),
        ("dosage", "Dosage"),
    ]


@pytest.mark.parametrize("kind", ["34390-5", "34391-3"])
def test_what_is_printed_in_a_box_on_a_label_sold_freely_is_no_boxed_warning(kind: str, tmp_path: Path) -> None:
    document = read(tmp_path, label(section("box", "", "<paragraph>Tamper-evident bottle cap.</paragraph>"), kind=kind))
    assert shown(document)[0][0] == ("" if kind == "34390-5" else "boxed warning")


def test_highlights_package_panels_and_product_codes_are_not_read(tmp_path: Path) -> None:
    uses = USES.replace(
        "</section>", "<excerpt><highlight><text>In short: sample.</text></highlight></excerpt></section>"
    )
    panel = section("panel", "PRINCIPAL DISPLAY PANEL", "<paragraph>30 tablets</paragraph>")
    supply = section(
        "supply", "16 HOW SUPPLIED", "<paragraph>NDC 0000-0000-00</paragraph><paragraph>White.</paragraph>"
    )
    document = read(tmp_path, label(uses, supply, panel))
    assert [text for _, _, text in shown(document)] == ["Samplex is for sample disease.", "White."]


def test_a_list_has_a_marker_an_item_and_the_title_that_it_goes_on_from(tmp_path: Path) -> None:
    items = (
        "<list><item>with another sample</item><item>in:<list><item>gout</item><item>rash</item></list></item></list>"
    )
    document = read(tmp_path, label(section("do not use", "Do not use", items)))
    assert shown(document)[0][2] == "Do not use\n\n- with another sample\n- in:\n  - gout\n  - rash"


def test_bullets_and_dashes_that_were_typed_are_items(tmp_path: Path) -> None:
    text = "<paragraph>Give it to people:<br/>• with gout • with rash</paragraph><paragraph>-with fever.</paragraph>"
    document = read(tmp_path, label(section("dosage", "2 DOSAGE", text)))
    assert shown(document)[0][2] == "Give it to people:\n\n- with gout\n- with rash\n- with fever."


def test_a_table_is_markdown_with_one_header_and_merged_cells_filled_in(tmp_path: Path) -> None:
    table = """<table><caption>Table 1. Doses</caption><thead><tr><th rowspan="2">Age</th><th colspan="2">Dose</th></tr>
        <tr><th>first</th><th>then<footnote ID="n">For a week.</footnote></th></tr></thead><tbody><tr>
        <td rowspan="2">Adults</td><td>10 mg|m<sup>2</sup></td><td>5 mg</td></tr><tr><td>20 mg</td><td>9 mg</td></tr>
        </tbody></table>"""
    assert shown(read(tmp_path, label(section("dosage", "2 DOSAGE", table))))[0][2] == (
        "Table 1. Doses\n\n| Age | Dose first | Dose then [1] |\n|---|---|---|\n"
        "| Adults | 10 mg\\|m2 | 5 mg |\n| Adults | 20 mg | 9 mg |\n\n[1] For a week."
    )


def test_raised_figures_stay_apart_from_what_they_stand_on(tmp_path: Path) -> None:
    text = (
        "<paragraph>Over 10<sup>9</sup>/L, 5 mg/m<sup>2</sup>, the 25<sup>th</sup>, 8%<sup>a</sup> of C<sub>max</sub>"
    )
    document = read(tmp_path, label(section("dosage", "2 DOSAGE", text + "<renderMultiMedia/> .</paragraph>")))
    assert shown(document)[0][2] == "Over 10⁹/L, 5 mg/m2, the 25th, 8% [a] of Cmax."


def test_a_short_bold_line_is_a_heading_unless_it_leads_a_list(tmp_path: Path) -> None:
    bold = '<paragraph><content styleCode="bold">{}</content></paragraph>'
    text = bold.format("Children") + "<paragraph>Give half.</paragraph>" + bold.format("Stop")
    document = read(tmp_path, label(section("dosage", "2 DOSAGE", text + "<list><item>after a rash</item></list>")))
    assert [(heading, said) for _, heading, said in shown(document)] == [
        ("Dosage – Children", "Give half."),
        ("Dosage – Stop", "Stop\n\n- after a rash"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (label(USES).replace("urn:hl7-org:v3", "urn:other"), "no drug label"),
        (label(USES).replace('root="AAAA-01"', 'root=""'), "names no set id"),
        (label(USES).replace("HUMAN DRUG", "PRESCRIPTION ANIMAL DRUG"), "for animals"),
        (label(), "no section with text"),
        (label(USES)[:900], "not well-formed XML"),
    ],
)
def test_what_is_no_label_of_a_drug_ends_as_one_sentence(content: str, expected: str, tmp_path: Path) -> None:
    assert expected in problem(tmp_path, content)


def record(**fields: Any) -> dict[str, Any]:
    named = {
        "brand_name": ["SAMPLEX"],
        "generic_name": ["SAMPLOZIDE HYDROCHLORIDE AND OTHERMIDE"],
        "substance_name": ["SAMPLOZIDE HYDROCHLORIDE", "POTASSIUM CHLORIDE"],
        "manufacturer_name": ["Sample Laboratories"],
    }
    uses = {"indications_and_usage": ["1 INDICATIONS AND USAGE SAMPLEX is for sample disease."]}
    return {"set_id": "bbbb-1", "version": "3", "effective_time": "20240230", "openfda": named, **uses, **fields}


def read_json(folder: Path, content: object) -> Document:
    return read(folder, json.dumps(content), "label.json")


@pytest.mark.parametrize("shape", [lambda r: r, lambda r: [r], lambda r: {"meta": {"a": [1]}, "results": [r]}])
def test_a_record_a_list_and_a_reply_of_openfda_are_read(shape: Any, tmp_path: Path) -> None:
    document = read_json(tmp_path, shape(record()))
    reference = document.reference
    assert (reference.id, reference.version, reference.date) == ("label-bbbb-1", "3", "")  # there is no 30 February
    assert reference.drugs == ("samplozide", "potassium chloride", "othermide")
    assert shown(document) == [("indications", "Indications and usage", "SAMPLEX is for sample disease.")]


def test_openfda_text_stands_once_where_it_says_most_closely_what_it_is(tmp_path: Path) -> None:
    nested = "8.1 Pregnancy There are no data on samples in pregnant women at all."
    fields = {"use_in_specific_populations": [f"8 USE IN SPECIFIC POPULATIONS {nested}"], "pregnancy": [nested]}
    assert shown(read_json(tmp_path, record(**fields)))[1:] == [
        ("pregnancy", "Pregnancy", "There are no data on samples in pregnant women at all.")
    ]


def test_an_openfda_table_stands_where_its_words_stood(tmp_path: Path) -> None:
    table = (
        "<table><tbody><tr><td>Age</td><td>Dose (mL)</td></tr><tr><td>2-3 years</td><td>5 mL</td></tr></tbody></table>"
    )
    text = "Directions Directions ■ shake well ■ see the chart below Age Dose (mL) 2-3 years 5 mL Use the cup."
    fields = {"dosage_and_administration": [text], "dosage_and_administration_table": [table]}
    assert shown(read_json(tmp_path, record(**fields)))[1][2] == (
        "Directions\n\n- shake well\n- see the chart below\n\n"
        "| Age | Dose (mL) |\n|---|---|\n| 2-3 years | 5 mL |\n\nUse the cup."
    )


def test_one_broken_record_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "bulk.json"
    path.write_text(json.dumps({"results": [5, record(), record(set_id=""), record(set_id="cccc-2")]}), "utf-8")
    errors: list[SourceError] = []
    documents = list(read_file(SourceFile(path, tmp_path), errors.append))
    assert [document.id for document in documents] == ["label-bbbb-1", "label-cccc-2"]
    assert [error.problem.split(" ")[:2] for error in errors] == [["record", "1"], ["record", "3"]]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"error": {"code": "NOT_FOUND"}}', "an error reply of openFDA"),
        ('{"results": []}', "no drug label of openFDA"),
        ('{"results": [{"reactions": 1}, {"reactions": 2}]}', "no drug label of openFDA"),
        ('{"name": "package", "openfda?": {"set_id": 1}}', "no drug label of openFDA"),
        ("[1, 2", "not whole JSON"),
        (" \n", "is empty"),
    ],
)
def test_json_that_is_no_label_ends_as_one_sentence(content: str, expected: str, tmp_path: Path) -> None:
    assert expected in problem(tmp_path, content, "other.json")


@pytest.mark.data
@pytest.mark.skipif(not LABELS.is_dir(), reason="the real labels are not beside the repository")
@pytest.mark.parametrize("path", sorted(LABELS.glob("*.xml")), ids=lambda path: path.name[:20])
def test_a_real_label_is_read_whole(path: Path) -> None:
    (document,) = read_file(SourceFile(path, LABELS))
    reference = document.reference
    assert all((reference.set_id, reference.title, reference.date, reference.drugs, reference.manufacturer))
    assert "highlights" not in reference.title
    borders = [offset for s in document.sections for offset in (s.start, s.end)]
    assert borders == sorted(borders)
    assert all(text == text.strip() != "" for _, _, text in shown(document))
    roles = {s.role for s in document.sections}
    assert {"indications", "dosage"} & roles
    assert ("boxed warning" in roles) == (reference.drugs[0] in ("adalimumab", "haloperidol"))
    assert not any("PRINCIPAL DISPLAY" in heading for _, heading, _ in shown(document))
