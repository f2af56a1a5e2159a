"""Abbreviations that a text itself explains: "lymphangioleiomyomatosis (LAM)".

The rules of Schwartz and Hearst 2003 (doi:10.1142/9789812776303_0042; precision .96, recall .82 on their abstracts):
the letters of the short form, read from its end, must occur in this order in the words before the bracket, its first
one at the beginning of a word. Theirs also read "LAM (lymphangioleiomyomatosis)", and so do these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BRACKET = re.compile(r"\(([^()]{2,80})\)")
_SENTENCE_END = re.compile(r"[.;:!?]\s+(?=[A-Z])|\n")
_CLAUSES = re.compile(r"[()\[\]:;]")  # no long form goes on over these
_SHORT = re.compile(r"[A-Za-z0-9][\w+/.-]*(?: [\w+/-]+)?")
_LONGEST_SHORT = 10  # characters; longer ones are words
_FEWEST_LETTERS = 2
_LONGEST_LONG = 120  # characters


def abbreviations(text: str) -> Iterator[tuple[str, str]]:
    """(short form, long form) as printed, in the text's order, one for each place that explains one."""
    for bracket in _BRACKET.finditer(text):
        inside = re.split(r"[,;]| or ", bracket.group(1))[0].strip()
        before = _SENTENCE_END.split(text[max(0, bracket.start() - 2 * _LONGEST_LONG) : bracket.start()])[-1].split()
        if not before:
            continue
        if _is_short(inside):
            long_form = _long_form(inside, before)
            if long_form:
                yield inside, long_form
        elif _is_short(before[-1]):
            long_form = _long_form(before[-1], inside.split())
            if long_form and long_form == " ".join(inside.split()):
                yield before[-1], long_form


def _is_short(text: str) -> bool:
    """Whether it can be a short form: 2 to 10 characters in at most two words, at least two letters.

    Two of them are capitals or digits: one alone is a name or a word ("Naprosyn", "See").
    """
    letters = sum(character.isalpha() for character in text)
    marked = sum(character.isupper() or character.isdigit() for character in text)
    return len(text) <= _LONGEST_SHORT and min(letters, marked) >= _FEWEST_LETTERS and bool(_SHORT.fullmatch(text))


def _long_form(short: str, words: list[str]) -> str:
    """The shortest end of the words that spells the short form out; none: an empty string."""
    most = min(len(short) + 5, 2 * len(short))  # words; Schwartz and Hearst's bound
    text = " ".join(words[-most:])
    start = _match(short, text)
    if start < 0:
        return ""
    found = text[start:].strip(" \"'“”‘’[")
    said = found.lower().split()
    is_longer = len(short) < len(found) <= _LONGEST_LONG
    return found if is_longer and short.lower() not in said and not _CLAUSES.search(found) else ""


def _match(short: str, text: str) -> int:
    """Where in the text the word begins at which the short form's first character matches; -1: it does not."""
    place = len(text)
    for number in range(len(short) - 1, -1, -1):
        wanted = short[number].lower()
        if not wanted.isalnum():
            continue
        place -= 1
        while place >= 0 and (text[place].lower() != wanted or (number == 0 and _is_inside(text, place))):
            place -= 1
        if place < 0:
            return -1
    return text.rfind(" ", 0, place) + 1 if _is_inside(text, place) else place


def _is_inside(text: str, place: int) -> bool:
    """Whether the character before belongs to the same word."""
    return place > 0 and text[place - 1].isalnum()
