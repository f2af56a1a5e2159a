"""The sentence splitter: every case of sentence_cases.txt, and what holds for any text."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.sentences import sentence_spans

CASES = Path(__file__).with_name("sentence_cases.txt")
ESCAPES = {"\\n": "\n", "\\r": "\r", "\\t": "\t"}
# What no sentence holds: list markers, the hashes of headings, the lines that rule a table or a page.
MARKER = re.compile(r"[-*•◦▪‣·–—]|\d{1,3}[.)]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{2,4})\)|#+|[-|:=_*+~]+")
PIECES = [
    *[
        ". ",
        "... ",
        ".5 ",
        "?) ",
        ".",
        "。",
        "؟",
        "…",
        ":",
        '"',
        "(",
        '" ',
        "[1]",
        "|",
        "|---|",
        "---",
        "=",
        "# ",
        "- ",
    ],
    *[
        "1. ",
        "2) ",
        "a) ",
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "\t",
        "\u2029",
        "\u200b",
        "\xa0",
        "\x00",
        "A",
        "a",
        "é",
        "β",
        "89 ",
    ],
    *["e.g. ", "U.S. ", "b.i.d. ", "Dr. ", "E. coli ", "The ", "patients ", "mTOR ", "www.x.org"],
]

SHORT_UNITS = ["a.", ".", " ", "\n"]
UNITS = [
    *[". ", "a. ", "A. ", "- ", "1. ", "a\n", "A\n", "-\n", "a:\nA", "|", "| ", "#", "# ", "=", "*", "[", "\r\n", "a "],
    *[").", ".)", ".[1]", ".1,", '."', "e.g. ", "? ", "é… ", "。", ".\u2028", "The a. ", "U.S. A "],
]


def read_cases() -> list[tuple[str, str, list[str]]]:
    """(name, text, expected sentences) of each line of the cases file."""
    cases = []
    section = ""
    for number, line in enumerate(CASES.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("== "):
            section = line[3:].replace(" ", "-")
        elif line and not line.startswith("#"):
            marked = re.sub(r"\\[nrt]", lambda escape: ESCAPES[escape[0]], line)
            sentences = [re.sub("⟨[^⟩]*⟩", "", piece).strip() for piece in marked.split("¦")]
            cases.append((f"{section}:{number}", re.sub("[¦⟨⟩]", "", marked.replace(" ¦ ", " ")), sentences))
    return cases


def pieces_left_out(text: str) -> list[str]:
    """The words that no span holds."""
    left, position = [], 0
    for start, end in [*sentence_spans(text), (len(text), len(text))]:
        left += text[position:start].split()
        position = end
    return left


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in read_cases()], ids=[c[0] for c in read_cases()])
def test_text_is_split_as_a_reader_would(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == expected


def test_there_are_enough_cases_and_each_is_there_once() -> None:
    texts = [text for _, text, _ in read_cases()]
    assert len(texts) >= 200
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("text", ["", " ", "\n", " \t\r\n\u2028\u2029\xa0\x1f "])
def test_blank_text_has_no_sentence(text: str) -> None:
    assert sentence_spans(text) == []


@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_gives_ascending_trimmed_spans_that_cover_all_but_markers(text: str) -> None:
    spans = sentence_spans(text)
    offsets = [offset for span in spans for offset in span]
    assert offsets == sorted(offsets)
    assert all(text[start:end] and text[start:end] == text[start:end].strip() for start, end in spans)
    assert [word for word in pieces_left_out(text) if not MARKER.fullmatch(word)] == []


@given(st.lists(st.sampled_from([text for _, text, _ in read_cases()]), min_size=1))
def test_paragraphs_are_split_independently_of_each_other(texts: list[str]) -> None:
    together = "\n\n".join(texts)
    found = [together[start:end] for start, end in sentence_spans(together)]
    assert found == [text[start:end] for text in texts for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("unit", "size"),
    [*((unit, 1_000_000) for unit in SHORT_UNITS), *((unit, 250_000) for unit in UNITS)],
)
def test_one_pattern_over_and_over_takes_linear_time(unit: str, size: int) -> None:
    text = unit * (size // len(unit))
    began = time.perf_counter()
    spans = sentence_spans(text)
    assert time.perf_counter() - began < 10, f"{len(spans)} spans"  # about 1 second a megabyte; squared it is hours
