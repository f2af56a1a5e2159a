"""A source on its page: every character of its text is there, and quotes, tables, lists and pages where they belong."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from chatbot.domain import Document, Kind, Notice, Reference, Section, Standing
from chatbot.readers import read_file
from chatbot.readers.source_file import SourceFile
from chatbot.ui.render.escape import html_text
from chatbot.ui.render.source_blocks import headings_of
from chatbot.ui.render.source_head import finding_html, source_head_html, whole_source_html
from chatbot.ui.render.source_text import outline_html, text_html
from chatbot.ui.source_place import Finding, Place, mark_of, place_of
from tests.conftest import CORPUS
from tests.integration.page_reading import HOSTILE, Markup

FILES = sorted(path for path in CORPUS.rglob("*.md") if path.parent.name != "corpus")
SOURCE = Reference("s", Kind.RESEARCH, "A source")
STRANGE = (
    "# Title\n\n## First\n\n"
    f"{HOSTILE}\n\n"
    "- one\n  goes on\n    * nested\n-\n1. first\n(a) second\n\n"
    "| head \\| er | b |\n|---|:--|\n| x<y | |\n||\n|no end\n  | indented |  \n\u00a0| odd |\n\n"
    "\x00\x07\r\n\t\u2028\u202e \u00ad para\x0cgraph\n\n\n   \n## Second\n\n### Third\n\n"
    "last \U0001f642 </div></mark> &amp;amp;"
)


class _Text(HTMLParser):
    """The text of markup as a browser has it, without what was added to the source's."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._open: list[bool] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(dict(attrs).get("class") == "mf-page")

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.parts.append(data)


def text_of(markup: str) -> str:
    return "".join(_Text(markup).parts)


def as_shown(text: str) -> str:
    """Control characters are spaces on every page."""
    return text_of(html_text(text))


def document(text: str, *headings: str, pages: tuple[int, ...] = ()) -> Document:
    """A document whose lines named are headings."""
    borders = [(text.index(line), text.index(line) + len(line), line.lstrip("# ")) for line in headings]
    ends = [*(start for start, _, _ in borders[1:]), len(text)][: len(borders)]
    sections = tuple(Section(name, behind, end) for (_, behind, name), end in zip(borders, ends, strict=True))
    return Document(SOURCE, text, sections or (Section("", 0, len(text)),), pages)


def inside(markup: str, tag: str) -> list[str]:
    end = f"</{tag.split(maxsplit=1)[0]}>"
    return [text_of(part.split(end)[0].split(">", 1)[1]) for part in markup.split(f"<{tag}")[1:]]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_character_of_a_source_of_the_corpus_is_shown(path: object) -> None:
    (found,) = read_file(SourceFile(path, CORPUS, None), lambda error: pytest.fail(str(error)))  # type: ignore[arg-type]
    third = len(found.text) // 3
    assert text_of(text_html(found, (third, 2 * third))) == as_shown(found.text)


@pytest.mark.parametrize("start", range(0, len(STRANGE), 7))
def test_every_character_of_a_hostile_source_is_shown_wherever_the_quote_is(start: int) -> None:
    strange = document(STRANGE, "# Title", "## First", "## Second", "### Third", pages=(0, 40, 41, 90, len(STRANGE)))
    markup = text_html(strange, (start, start + 30))
    assert text_of(markup) == as_shown(STRANGE)
    assert not Markup(markup).open_tags
    assert not {"script", "img", "a"} & {tag for tag, _ in Markup(markup).tags}


def test_the_quote_is_marked_and_nothing_else() -> None:
    text = "Before it. The quote\nis here. Behind it."
    start, end = text.index("The"), text.index(" Behind")
    markup = text_html(document(text), (start, end))
    assert inside(markup, "mark") == ["The quote\nis here."]
    assert Markup(markup).values("id") == ["mf-quote"]


def test_a_quote_over_cells_and_items_has_one_mark_in_each_and_one_id() -> None:
    text = "| a | b |\n|---|---|\n| one | two |\n\n- three\n- four"
    markup = text_html(document(text), (text.index("one"), text.index("four")))
    assert inside(markup, "mark") == ["one", "two", "three"]
    assert Markup(markup).values("id") == ["mf-quote"]


def test_a_table_has_its_header_and_cells() -> None:
    markup = text_html(document("| Drug | Dose |\n|---|---|\n| a \\| b | 2 mg |"))
    plain = re.sub(r'<span class="mf-sign">.*?</span>', "", markup)
    assert inside(plain, "th scope") == ["Drug", "Dose"]
    assert inside(plain, "td")[1:] == ["a | b", "2 mg"]
    assert markup.count("<tr>") == 2
    assert markup.count('<tr class="mf-sign">') == 1


def test_items_of_a_list_are_nested_as_they_are_indented() -> None:
    markup = text_html(document("- one\n  - two\n1. three"))
    assert Markup(markup).values("class")[2:] == [
        "mf-items",
        "mf-in-0",
        "mf-sign",
        "mf-in-1",
        "mf-sign",
        "mf-in-0 mf-numbered",
    ]


def test_page_numbers_stand_where_pages_begin() -> None:
    text = "First page ends here and the second begins. Third."
    markup = text_html(document(text, pages=(0, text.index("and"), text.index("Third"))))
    assert Markup(markup).text == "Page 1 First page ends here Page 2 and the second begins. Page 3 Third."


def test_pages_that_hold_nothing_have_their_numbers_too() -> None:
    markup = text_html(document("One.", pages=(0, 4, 4)))
    assert Markup(markup).text == "Page 1 One. Page 2 Page 3"


def test_headings_of_labels_are_nested_by_their_paths() -> None:
    text = "Warnings – Infections\n\nx\n\nWarnings – Cancer – Lymphoma\n\ny"
    label = document(text, "Warnings – Infections", "Warnings – Cancer – Lymphoma")
    outline = Markup(outline_html(headings_of(label), (text.index("y"), len(text))))
    assert outline.text == "Warnings Infections Cancer Lymphoma"
    assert outline.values("href") == ["#mf-part-0", "#mf-part-0", "#mf-part-1", "#mf-part-1"]
    assert outline.values("class") == ["mf-depth-1", "mf-depth-2", "mf-depth-2", "mf-depth-3"]
    assert outline.values("aria-current") == ["location"]


def test_every_link_of_the_outline_has_its_heading() -> None:
    markup = Markup(whole_source_html(document(STRANGE, "# Title", "## First", "## Second", "### Third"), None))
    assert {address.removeprefix("#") for address in markup.values("href")} <= set(markup.values("id"))


def test_a_source_without_headings_has_no_outline() -> None:
    assert "mf-outline" not in whole_source_html(document("Only text."), None)


# --- where a quote is -------------------------------------------------------------------------------------------------


def test_a_quote_of_the_same_text_is_where_it_was() -> None:
    one = document("Some words. The quote.")
    assert Place("s", (12, 22), mark_of(one), "The quote.").found_in(one) == ((12, 22), Finding.IN_PLACE)


def test_a_quote_of_another_text_is_looked_for_by_its_words() -> None:
    moved = document("New words stand here. The\n quote.")
    span, finding = Place("s", (12, 22), "0" * 12, "The quote.").found_in(moved)
    assert finding is Finding.MOVED
    assert span is not None
    assert moved.text[slice(*span)] == "The\n quote."
    assert "still in it" in finding_html(finding)


def test_a_quote_that_is_gone_is_said_to_be() -> None:
    assert Place("s", (0, 3), "0" * 12, "Other").found_in(document("New.")) == (None, Finding.GONE)
    assert "no longer in it" in finding_html(Finding.GONE)


@pytest.mark.parametrize(
    "numbers",
    [("a", "5"), ("-1", "5"), ("", "5"), ("1", ""), ("5", "5"), ("9", "3"), ("0", "99"), ("9" * 30, "1"), ("١", "٣")],
)
def test_numbers_that_are_no_span_of_the_text_are_passed_over(numbers: tuple[str, str]) -> None:
    place = place_of({"id": "s", "start": numbers[0], "end": numbers[1]})
    assert place.found_in(document("Some words.")) == (None, Finding.NONE_ASKED)


@pytest.mark.parametrize(
    ("standing", "words"), [(Standing.RETRACTED, "was retracted"), (Standing.SUPERSEDED, "newer source")]
)
def test_the_standing_is_told_above_the_text_with_its_notice(standing: Standing, words: str) -> None:
    told = Reference("s", Kind.RESEARCH, "t", notices=(Notice(standing, "N Engl J Med 2020", "123"),), also=("Other",))
    text = Markup(source_head_html(told)).text
    assert words in text
    assert "N Engl J Med 2020, PMID 123" in text
    assert "The same text: Other" in text


def test_a_summary_is_said_not_to_be_the_source() -> None:
    assert "this library’s own words" in source_head_html(Reference("s", Kind.RESEARCH, "t", facts_from=("x",)))
