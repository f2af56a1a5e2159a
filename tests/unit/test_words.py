"""The word lists hold what their users look up: lower-case words, each in the list it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from chatbot import words

LISTS = {
    "ASPECTS": words.ASPECTS,
    "FILLERS": words.FILLERS,
    "BACK_REFERENCES": words.BACK_REFERENCES,
    "JOINED": words.JOINED,
    "SAME_ASPECT": [word for row in words.SAME_ASPECT for word in row.split()],
    "SHORTHAND": words.SHORTHAND.keys(),
}


@pytest.mark.parametrize("listed", LISTS.values(), ids=LISTS)
def test_every_word_is_lower_case_and_a_single_word(listed: Iterable[str]) -> None:
    assert [word for word in listed if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", word)] == []


def test_pronouns_are_no_aspects() -> None:
    assert words.BACK_REFERENCES.isdisjoint(words.ASPECTS)


def test_shorthand_is_no_word_of_talk_and_no_pronoun() -> None:
    assert words.SHORTHAND.keys().isdisjoint(words.FILLERS | words.BACK_REFERENCES)


@pytest.mark.parametrize("row", words.SAME_ASPECT)
def test_a_row_of_aspects_holds_each_word_once_and_more_than_one(row: str) -> None:
    assert len(row.split()) == len(set(row.split())) > 1


def test_shorthand_is_written_out_in_longer_words_that_are_no_shorthand() -> None:
    for short, written in words.SHORTHAND.items():
        assert len(written) > len(short)
        assert not set(written.split()) & words.SHORTHAND.keys()


@pytest.mark.parametrize(
    ("text", "stands_for_nothing"),
    [
        ("it is known that", True),
        ("Is it true that", True),
        ("it's possible", True),
        ("it has been recommended", True),
        ("Is it safe?", False),
        ("it works", False),
        ("bit known", False),
    ],
)
def test_an_it_that_stands_for_nothing_is_recognised(text: str, stands_for_nothing: bool) -> None:
    assert bool(re.search(words.IMPERSONAL, text, re.IGNORECASE)) is stands_for_nothing


@pytest.mark.parametrize(
    ("text", "asks_again"),
    [
        ("And in children?", True),
        ("what about sirolimus?", True),
        ("OK, and the dose?", True),
        ("same question for statins", True),
        ("Android users?", False),
        ("What is LAM?", False),
    ],
)
def test_an_opening_that_asks_again_is_recognised(text: str, asks_again: bool) -> None:
    assert bool(re.match(words.CONTRAST, text, re.IGNORECASE)) is asks_again
