"""References as RIS and BibTeX: read back by the libraries that others read them with, they are the same."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import rispy
from bibtexparser import parse_string
from bibtexparser.model import Entry
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from chatbot.domain import Jurisdiction, Kind, Reference
from chatbot.takeaway.bibtex import as_bibtex, escaped
from chatbot.takeaway.paper import one_line
from chatbot.takeaway.references import Author, author, key_of
from chatbot.takeaway.ris import as_ris
from tests.quoted import GUIDELINE, RETRACTED

PAPER = Reference(
    "pubmed-21410393", Kind.RESEARCH, "Sirolimus in LAM: 50% & more.",
    authors=("McCormack FX", "de Perio MA Jr", "MILES Group"),
    container="N Engl J Med", year=2011, date="2011-04-28", volume="364(17)", pages="1595-606", pmid="21410393",
    doi="10.1056/NEJMoa1100391", pmcid="PMC3118601",
)  # fmt: skip
LABEL = Reference(
    "label-1", Kind.LABEL, "Samplix tablets", date="2017-11-07", set_id="0b0be196", version="20",
    manufacturer="Sample Inc", jurisdiction=Jurisdiction.US,
)  # fmt: skip
BARE = Reference("bare", Kind.RESEARCH, "Only a title")

_ODD = "{}\\%&$#_~^<>|\"'@,=é≥±µαβΔ中\n\r\t\u2028\x85 aZ09-"
unhurried = settings(deadline=None)  # a busy machine is no failure
texts = st.one_of(st.text(alphabet=_ODD, max_size=30), st.text(st.characters(codec="utf-8"), max_size=30))
_SPECIAL = re.compile(r"(?<!\\)[$&%#_~^<>|\"]")

_UNKNOWN = {
    "textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^", "textbar": "|", "textless": "<",
    "textgreater": ">",
}  # fmt: skip
_WORDS = get_default_latex_context_db()
_WORDS.add_context_category("more", prepend=True, macros=[MacroTextSpec(*pair) for pair in _UNKNOWN.items()])
"""LaTeX's own commands, those that pylatexenc does not read included."""


def ris(*references: Reference) -> list[dict[str, Any]]:
    return rispy.loads(as_ris(references))


def bibtex(*references: Reference) -> list[Entry]:
    library = parse_string(as_bibtex(references))
    assert not library.failed_blocks
    return library.entries


def fields(reference: Reference) -> dict[str, str]:
    (entry,) = bibtex(reference)
    return {field.key: field.value for field in entry.fields}


def read_by_latex(text: str) -> str:
    return str(LatexNodes2Text(latex_context=_WORDS, math_mode="text", strict_latex_spaces=True).latex_to_text(text))


def test_a_paper_in_ris_is_a_journal_article_with_all_that_the_record_gives() -> None:
    assert ris(PAPER) == [
        {
            "type_of_reference": "JOUR", "id": "pubmed-21410393", "title": "Sirolimus in LAM: 50% & more",
            "authors": ["McCormack, F. X.", "de Perio, M. A., Jr", "MILES Group"], "secondary_title": "N Engl J Med",
            "year": "2011", "date": "2011/04/28/", "volume": "364", "number": "17", "start_page": "1595",
            "end_page": "606", "doi": "10.1056/NEJMoa1100391", "accession_number": "21410393", "custom2": "PMC3118601",
            "urls": ["https://pubmed.ncbi.nlm.nih.gov/21410393/"],
        }
    ]  # fmt: skip


def test_a_paper_in_bibtex_is_an_article_with_all_that_the_record_gives() -> None:
    assert fields(PAPER) == {
        "author": "McCormack, F. X. and de Perio, Jr, M. A. and {MILES Group}",
        "title": r"{Sirolimus in LAM: 50\% \& more}", "journal": "N Engl J Med", "year": "2011", "volume": "364",
        "number": "17", "pages": "1595--606", "doi": "10.1056/NEJMoa1100391", "pmid": "21410393",
        "pmcid": "PMC3118601", "url": "https://pubmed.ncbi.nlm.nih.gov/21410393/",
    }  # fmt: skip


def test_a_label_names_its_set_id_version_revision_date_and_address() -> None:
    (entry,) = ris(LABEL)
    assert (entry["type_of_reference"], entry["accession_number"], entry["edition"]) == ("PAMP", "0b0be196", "20")
    assert (entry["publisher"], entry["date"]) == ("Sample Inc", "2017/11/07/")
    assert entry["urls"] == ["https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=0b0be196"]
    assert entry["notes"] == ["Drug label (US)", "Set id 0b0be196", "Version 20", "Revised 7 November 2017"]
    assert bibtex(LABEL)[0].entry_type == "manual"
    assert fields(LABEL)["note"] == "Drug label (US). Set id 0b0be196. Version 20. Revised 7 November 2017"


@pytest.mark.parametrize(
    ("reference", "in_ris", "in_bibtex"),
    [
        (GUIDELINE, "RPRT", "techreport"),
        (replace(GUIDELINE, body=""), "RPRT", "misc"),
        (replace(GUIDELINE, container="J"), "JOUR", "article"),
        (replace(BARE, url="https://a.test/"), "ELEC", "misc"),
        (replace(BARE, pmid="1"), "JOUR", "article"),
        (BARE, "GEN", "misc"),
    ],
)
def test_each_sort_of_source_has_its_type(reference: Reference, in_ris: str, in_bibtex: str) -> None:
    assert ris(reference)[0]["type_of_reference"] == in_ris
    assert bibtex(reference)[0].entry_type == in_bibtex


def test_what_the_source_does_not_give_has_no_field() -> None:
    assert ris(BARE) == [{"type_of_reference": "GEN", "id": "bare", "title": "Only a title"}]
    assert fields(BARE) == {"title": "{Only a title}"}


def test_that_a_source_was_retracted_is_noted_first() -> None:
    assert ris(RETRACTED)[0]["notes"][0] == "Retracted: J 2020;1:2, PMID 99"
    assert fields(RETRACTED)["note"].startswith("Retracted: J 2020;1:2, PMID 99")


def test_no_references_are_an_empty_text() -> None:
    assert as_ris([]) == as_bibtex([]) == ""


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("McCormack FX", Author("McCormack", "FX")),
        ("van der Berg ÅB 3rd", Author("van der Berg", "ÅB", "3rd")),
        ("Jane Doe", Author("Jane Doe")),
        ("World Health Organization WHO", Author("World Health Organization WHO")),
        ("MILES Trial Group", Author("MILES Trial Group")),
        ("Study Group II", Author("Study Group II")),
    ],
)
def test_a_name_is_taken_apart_only_where_it_is_written_as_medline_does(name: str, parts: Author) -> None:
    assert author(name) == parts


def test_that_there_are_more_authors_is_said_in_bibtex() -> None:
    assert fields(replace(BARE, authors=("Muster M", "et al.")))["author"] == "Muster, M. and others"


@unhurried
@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=90), min_size=2, max_size=2, unique=True))
@example(["a b", "a-b"])
@example(["x" * 70, "x" * 71])
def test_two_ids_never_share_a_key_and_every_key_is_plain(ids: list[str]) -> None:
    keys = [key_of(replace(BARE, id=id_)) for id_ in ids]
    assert len(set(keys)) == 2
    assert all(re.fullmatch(r"[A-Za-z0-9.:-]{1,80}", key) for key in keys)


@unhurried
@given(texts)
@example("TY  - JOUR\nER  - ")
def test_whatever_a_text_holds_ris_gives_it_back_on_one_line(text: str) -> None:
    entries = ris(replace(BARE, title=f"x{text}x", body=text))
    assert len(entries) == 1
    assert entries[0]["title"] == one_line(f"x{text}x")
    assert entries[0].get("publisher", "") == one_line(text)


@unhurried
@given(texts)
@example("}, note = {x")
@example("@article{a, b}")
def test_whatever_a_text_holds_bibtex_gives_it_back(text: str) -> None:
    title = fields(replace(BARE, title=f"x{text}x"))["title"]
    assert title == f"{{{escaped(one_line(f'x{text}x'))}}}"


@unhurried
@given(texts)
def test_an_escaped_text_has_nothing_special_to_tex_and_no_unpaired_brace(text: str) -> None:
    written, depth = escaped(one_line(text)), 0
    assert not _SPECIAL.search(written)
    for character in written:  # BibTeX counts every brace, escaped or not
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0


@unhurried
@given(st.text(alphabet="{}\\%&$#_~<>|^é≥≤±µαβΔΩ→ aZ09", max_size=30).map(one_line))
def test_latex_shows_an_escaped_text_as_it_was(text: str) -> None:
    assert read_by_latex(escaped(text)) == text
