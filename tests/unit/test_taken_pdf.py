"""The PDF as it is read back: every word of it, its headings and links, and that it can be read aloud."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pdfplumber
import pytest
from pdfplumber.pdf import PDF

from chatbot.domain import Answer, Reference
from chatbot.takeaway.pdf import as_pdf
from chatbot.takeaway.taken import Taken
from tests.quoted import ARTICLE, GUIDELINE, HEADER, HOSTILE, RETRACTED, ROW, quoted_answer

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def opened(*answers: Answer, article: Reference | None = None) -> PDF:
    return pdfplumber.open(io.BytesIO(as_pdf(Taken(answers, "A name", NOW, article=article))))


def text_of(pdf: PDF) -> str:
    return " ".join(" ".join(page.extract_text() or "" for page in pdf.pages).split())


def types_of(tree: list[dict[str, Any]]) -> list[str]:
    return [part for node in tree for part in (node["type"], *types_of(node.get("children", [])))]


@pytest.mark.parametrize(
    "words",
    ["≥ 5 µg ± 2 μg", "α β γ δ κ Δ Ω", "⩾ ⩽ ≤ ≈ ∼ ↑ ↓ → × ² ½ ™", "“fluffy office” – effect…", "Łódź, Gößé", HOSTILE],
)  # fmt: skip
def test_every_character_of_a_quote_is_read_back(words: str) -> None:
    assert words in text_of(opened(quoted_answer(words)))


def test_a_character_that_no_font_has_stands_as_its_code_and_is_not_lost() -> None:
    assert "a [U+12000] b" in text_of(opened(quoted_answer("a \U00012000 b")))


def test_question_statements_references_standing_and_disclaimer_are_all_there() -> None:
    text = text_of(opened(quoted_answer("Say it.", "Say more.", reference=replace(RETRACTED, pmid="12"))))
    for words in (
        "Q?", "Say it. [1] (Guideline 2016)", "Say more. [2]", "[1, 2] Guideline", "A society · 2016", "PMID 12",
        "Retracted: J 2020;1:2, PMID 99.", "Nobody has reviewed it.", "Made on 23 November 2026.",
        "Professional Medical Disclaimer", "1 / 1",
    ):  # fmt: skip
        assert words in text


def test_a_row_of_a_table_stands_in_a_table() -> None:
    pdf = opened(quoted_answer(ROW, header=HEADER))
    assert "40 kg 5 | 6 mg [1]" in text_of(pdf)
    types = types_of(pdf.pages[0].structure_tree)
    assert types.count("TH") == 3
    assert types.count("TD") == 3


def test_it_has_a_title_a_language_headings_lists_and_links_for_those_who_listen() -> None:
    pdf = opened(quoted_answer("Say it.", reference=replace(GUIDELINE, pmid="12")), article=ARTICLE)
    catalog, types = pdf.doc.catalog, types_of(pdf.pages[0].structure_tree)
    assert pdf.metadata["Title"] == "Q?"
    assert (catalog["Lang"], catalog["MarkInfo"]["Marked"]) == (b"en", True)
    assert {"H1", "L", "LI", "LBody", "P", "Link"} <= set(types)
    assert [link["uri"] for link in pdf.pages[0].hyperlinks] == ["https://pubmed.ncbi.nlm.nih.gov/12/"]


def test_its_outline_names_the_questions_and_below_them_the_sections() -> None:
    pdf = opened(quoted_answer("Say it."), replace(quoted_answer("Say more."), question="More?"))
    outline = [(level, title) for level, title, *_ in pdf.doc.get_outlines()]
    assert outline == [
        (1, "1. Q?"), (2, "From the Guidelines"), (2, "References"),
        (1, "2. More?"), (2, "From the Guidelines"), (2, "References"),
        (1, "Professional Medical Disclaimer"),
    ]  # fmt: skip


def test_a_long_answer_goes_on_over_pages_without_losing_a_statement() -> None:
    words = [f"Statement number {number} says what it says about something." for number in range(1, 121)]
    pdf = opened(quoted_answer(*words))
    text = text_of(pdf)
    assert len(pdf.pages) > 2
    assert all(part in text for part in words)
