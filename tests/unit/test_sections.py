"""Markdown → sections: under which heading a text stands, and its exact place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.readers.markdown import split_sections


def cut(text: str) -> list[tuple[str, str]]:
    """Heading and stripped text of each section."""
    return [(section.heading, text[section.start : section.end].strip()) for section in split_sections(text)]


def test_a_section_is_the_text_from_its_heading_to_the_next() -> None:
    text = "## Results\n\nIt worked.\n\n## Safety\n\nIt was safe.\n"
    spans = [(section.start, section.end) for section in split_sections(text)]
    assert [text[start:end] for start, end in spans] == ["\nIt worked.\n\n", "\nIt was safe.\n"]


def test_text_before_the_first_heading_has_no_heading() -> None:
    assert cut("Before.\n\n## A\n\nAfter.\n") == [("", "Before."), ("A", "After.")]


def test_text_without_headings_is_one_section() -> None:
    assert cut("One.\n\nTwo.\n") == [("", "One.\n\nTwo.")]


@pytest.mark.parametrize("text", ["", "\n \n", "## Only\n", "# A\n\n## B\n\n### C\n"])
def test_what_holds_no_text_has_no_sections(text: str) -> None:
    assert split_sections(text) == ()


def test_sections_without_text_of_their_own_are_left_out() -> None:
    assert cut("## Empty\n\n## Full\n\nText.\n") == [("Full", "Text.")]


def test_a_deeper_heading_is_named_with_the_one_above_it() -> None:
    text = "## Dose\n\nAll.\n\n### Adults\n\nTwo.\n\n#### Old\n\nOne.\n\n### Children\n\nNone.\n\n## Safety\n\nSafe.\n"
    assert [heading for heading, _ in cut(text)] == [
        "Dose",
        "Dose – Adults",
        "Dose – Adults – Old",
        "Dose – Children",
        "Safety",
    ]


def test_the_title_of_the_page_names_its_own_text_only() -> None:
    assert cut("# Title\n\nOne.\n\n## A\n\nTwo.\n") == [("Title", "One."), ("A", "Two.")]


@pytest.mark.parametrize(
    ("text", "heading", "body"),
    [
        ("Dose\n----\n\nTwo.\n", "Dose", "Two."),
        ("## Dose ##\nTwo.\n", "Dose", "Two."),
        ("## Dose\nTwo.", "Dose", "Two."),
    ],
    ids=["underlined", "closed", "no line end"],
)
def test_every_way_to_write_a_heading_is_known(text: str, heading: str, body: str) -> None:
    assert cut(text) == [(heading, body)]


@pytest.mark.parametrize("text", ["```\n## No\n```\n", "    ## No\n", "> ## No\n", "- ## No\n", "#No\n", "\\## No\n"])
def test_what_only_looks_like_a_heading_is_text(text: str) -> None:
    assert cut(f"## Yes\n\n{text}") == [("Yes", text.strip())]


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_separators_that_end_no_line_of_markdown_move_no_border(character: str) -> None:
    assert cut(f"One{character}two.\n\n## A\n\nThree.\n") == [("", f"One{character}two."), ("A", "Three.")]


LINES = st.sampled_from(["# One", "## Two", "### Three", "Some text.", "- item", "> quote", "```", "", "é\u00a0x"])


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(LINES, max_size=12).map("\n".join))
def test_sections_lie_in_order_and_leave_out_nothing_but_headings(text: str) -> None:
    sections = split_sections(text)
    left, behind = "", 0
    for section in sections:
        assert behind <= section.start < section.end <= len(text)
        left, behind = left + text[behind : section.start], section.end
    words = (left + text[behind:]).split()
    assert set(words) <= {"#", "##", "###", "One", "Two", "Three"}
