"""An answer on the page and in a terminal: leads, rows of tables, and what is folded away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot.cli.documents import answer_object
from chatbot.cli.plain import answer_text
from chatbot.domain import Answer, AnswerSection, Citation, Claim, Document, Kind, Passage, Reference, Section, Sentence
from chatbot.ui.render import answer_html
from tests.integration.page_reading import Markup

TEXT = "Do not use in:\n- asthma\n- gout\n\n| Weight | Dose |\n|---|---|\n| 40 kg | 5 mg |\n| 80 kg | <b> |\nIt is new."
LEAD, HEADER = Sentence(0, 14), Sentence(32, 49)
DOCUMENT = Document(Reference("d", Kind.GUIDELINE, "A guideline"), TEXT, (Section("", 0, len(TEXT)),))


def cited(number: int, words: str, *lead: Sentence, start: int = 0) -> tuple[Claim, Citation]:
    """A claim of these words and its citation, in a passage that begins at ``start``."""
    place = TEXT.index(words)
    passage = Passage(DOCUMENT, DOCUMENT.sections[0], (Sentence(start, start + 1), Sentence(place, place + len(words))))
    citation = Citation(number, passage, place, place + len(words), lead)
    return Claim(words, (number,), "Use", citation.leads), citation


def answer(*pairs: tuple[Claim, Citation], more: int = 0) -> Answer:
    """An answer of one section, the last ``more`` claims of it folded away."""
    claims = tuple(claim for claim, _ in pairs)
    section = AnswerSection(Kind.GUIDELINE, claims[: len(claims) - more], more=claims[len(claims) - more :])
    return Answer("Q?", "Q?", (section,), tuple(citation for _, citation in pairs))


ITEMS = (cited(1, "asthma", LEAD), cited(2, "gout", LEAD))
ROWS = (cited(1, "| 40 kg | 5 mg |", HEADER), cited(2, "| 80 kg | <b> |", HEADER))


def test_what_several_items_belong_to_is_shown_once_above_them() -> None:
    body = answer_html(answer(*ITEMS), "a").split("mf-references")[0]
    assert body.count("Do not use in:") == 1
    assert body.index("Do not use in:") < body.index("asthma") < body.index("gout")


def test_a_lead_stands_before_its_claim_and_is_no_part_of_it() -> None:
    body = answer_html(answer(ITEMS[0]), "a")
    assert '<span class="mf-lead-in">Do not use in:</span> <span class="mf-claim">' in body


def test_rows_become_a_table_below_their_header_with_a_number_each() -> None:
    markup = Markup(answer_html(answer(*ROWS), "a"))
    assert [tag for tag, _ in markup.tags if tag in {"table", "th", "tr", "td"}] == [
        "table", "tr", "th", "th", "tr", "td", "td", "tr", "td", "td",
    ]  # fmt: skip
    assert "Weight Dose 40 kg 5 mg 1 Guideline 80 kg <b> 2 Guideline" in markup.text
    assert not markup.open_tags


def test_a_row_may_hold_a_bar_of_its_own() -> None:
    claim, citation = ROWS[0]
    row = replace(claim, text=r"| a \| b | c |")
    assert "<td>a | b</td>" in answer_html(answer((row, citation)), "a")


def test_the_panel_marks_the_quote_alone_and_underlines_its_lead() -> None:
    markup = answer_html(answer(ITEMS[1]), "a").split("<blockquote>")[1].split("</blockquote>")[0]
    assert markup.startswith('<span class="mf-lead-in">Do not use in:</span>\n- asthma\n- <mark>gout</mark>')


def test_the_panel_shows_a_lead_from_before_the_passage_first() -> None:
    claim, citation = cited(1, "gout", LEAD, start=TEXT.index("asthma"))
    markup = answer_html(answer((claim, citation)), "a").split("<blockquote>")[1]
    assert markup.startswith('<span class="mf-lead-in">Do not use in:</span> … asthma\n- <mark>gout</mark>')


def test_what_is_folded_away_is_in_a_native_disclosure_with_its_numbers() -> None:
    body = answer_html(answer(*ITEMS, more=1), "a")
    folded = body.split('<details class="mf-more">')[1].split("</details>")[0]
    assert folded.startswith("<summary>More from these sources</summary>")
    assert "gout" in folded
    assert 'popovertarget="a-c2"' in folded
    assert "asthma" not in folded


def test_nothing_folded_away_leaves_no_disclosure() -> None:
    assert "<details" not in answer_html(answer(*ITEMS), "a")


def test_a_terminal_shows_the_lead_once_and_says_how_much_is_folded_away() -> None:
    text = answer_text(answer(*ITEMS, cited(3, "It is new."), more=1))
    items = "        – asthma [1] (Guideline)\n        – gout [2] (Guideline)\n"
    assert f"    • Do not use in:\n{items}    + 1 more from these sources" in text
    assert "It is new" not in text


def test_a_terminal_unfolds_the_rest_when_asked() -> None:
    text = answer_text(answer(*ITEMS, more=1), more=True)
    assert text.index("asthma [1]") < text.index("More from these sources") < text.index("gout [2]")


@pytest.mark.parametrize("part", ["claims", "more"])
def test_json_holds_leads_and_what_is_folded_away(part: str) -> None:
    written = answer_object(answer(*ITEMS, more=1))
    assert written["sections"][0][part][0]["lead"] == ["Do not use in:"]
    assert written["citations"][1]["lead"] == [{"start": 0, "end": 14, "quote": "Do not use in:"}]


# --- what a quote rests on, and where it stands -----------------------------------------------------------------------

PAGED = replace(DOCUMENT, pages=(0, 20))
SPL = Document(
    Reference("l", Kind.LABEL, "A label", manufacturer="M.", set_id="s-1", also=("set id s-2 (N)",)),
    "It may kill.",
    (Section("WARNING: DEATH", 0, 12, "boxed warning"),),
)


def of_label() -> Answer:
    passage = Passage(SPL, SPL.sections[0], (Sentence(0, 12),))
    section = AnswerSection(Kind.LABEL, (Claim("It may kill.", (1,), "WARNING: DEATH"),))
    return Answer("Q?", "Q?", (section,), (Citation(1, passage, 0, 12),))


def on_pages() -> Answer:
    pairs = [(claim, replace(c, passage=replace(c.passage, document=PAGED))) for claim, c in ITEMS]
    return answer(*pairs)


def test_a_quote_of_a_source_with_pages_names_its_page() -> None:
    assert [citation.page for citation in on_pages().citations] == [1, 2]
    assert answer(*ITEMS).citations[0].page is None
    assert "Quoted: p. 1 [1]; p. 2 [2]" in answer_text(on_pages())
    page = Markup(answer_html(on_pages(), "a")).text
    assert "p. 1, 2 Cited as" in page
    assert "A guideline no author given · no date given p. 2" in page
    assert [citation["page"] for citation in answer_object(on_pages())["citations"]] == [1, 2]


def test_a_label_is_cited_with_its_set_id_and_section_and_says_which_others_are_the_same() -> None:
    text = answer_text(of_label())
    assert "Label: M. A label. set id s-1. No revision date given." in text
    assert "Quoted: WARNING: DEATH [1]" in text
    assert "The same text: set id s-2 (N)" in text
    page = Markup(answer_html(of_label(), "a")).text
    assert page.count("The same text: set id s-2 (N)") == 2
    assert "Section: WARNING: DEATH" in page


def test_each_claim_has_its_tag_beside_it_in_terminal_page_and_json() -> None:
    assert "• It may kill. [1] (Boxed warning)" in answer_text(of_label())
    markup = answer_html(of_label(), "a")
    assert '</button></span></span></span> <span class="mf-rests mf-boxed">Boxed warning</span></li>' in markup
    assert '<span class="mf-study">Boxed warning</span>' in markup.split('popover="auto"')[1]
    written = answer_object(of_label())
    assert written["sections"][0]["claims"][0]["tags"] == ["Boxed warning"]
    assert (written["citations"][0]["tag"], written["citations"][0]["section"]) == ("Boxed warning", "WARNING: DEATH")


def test_a_review_is_shown_of_what_was_written_here_and_not_of_a_source() -> None:
    assert "review" not in Markup(answer_html(of_label(), "a")).text
    summary = replace(SPL, reference=replace(SPL.reference, facts_from=("the label",)))
    passage = Passage(summary, summary.sections[0], (Sentence(0, 12),))
    shown = Markup(answer_html(replace(of_label(), citations=(Citation(1, passage, 0, 12),)), "a")).text
    assert "Quoted from this library’s summary of the source · Pending review" in shown


def test_a_section_that_shows_less_than_its_sources_hold_says_so_behind_its_claims() -> None:
    section = replace(of_label().sections[0], reason="One statement is not shown.")
    shown = replace(of_label(), sections=(section,))
    for text in (answer_text(shown), Markup(answer_html(shown, "a")).text):
        assert text.index("It may kill.") < text.index("One statement is not shown.")
