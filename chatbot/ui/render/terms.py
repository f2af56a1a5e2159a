"""A claim's text → markup in which a term that the reader may not know opens its definition.

A term is a button that opens a panel, as a citation's number is: by mouse, finger and keyboard alike, and a screen
reader says what it does. A tooltip would reach neither fingers nor, in most browsers, the keyboard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from chatbot.domain import ReviewStatus
from chatbot.glossary import NO_GLOSSARY, Glossary, Term
from chatbot.ui.render.escape import html_text, in_address

_REVIEW = {
    ReviewStatus.SUBMITTED: "Explained in this library’s words · pending human review",
    ReviewStatus.UNDER_REVIEW: "Explained in this library’s words · under review",
    ReviewStatus.APPROVED: "Explained in this library’s words · approved",
}
_AHEAD, _BEHIND = r"(?<![\w\-/±])", r"(?![\w]|[-/]\w)"
"""What a term is no part of: a longer word, a number, a unit such as "U/L"."""


class Definitions:
    """What is explained within one answer: each term where it first occurs.

    Make one for every rendering of an answer, pass every claim's text through ``with_definitions`` in the order of the
    page, and place ``panels_html`` once behind them, outside of any paragraph. ``prefix`` begins every id.
    """

    def __init__(self, glossary: Glossary = NO_GLOSSARY, prefix: str = "") -> None:
        self._glossary, self._prefix = glossary, prefix
        self._explained: dict[str, Term] = {}

    def pieces(self, text: str) -> Iterator[tuple[str, Term | None]]:
        """The text in pieces: what stands between terms, and each term that was not explained before."""
        place = 0
        pattern, terms = _matcher(self._glossary)
        for match in pattern.finditer(text) if pattern else ():
            term = terms.get(match.group()) or terms[match.group().casefold()]
            if term.id in self._explained:
                continue
            self._explained[term.id] = term
            yield text[place : match.start()], None
            yield match.group(), term
            place = match.end()
        yield text[place:], None

    def button_html(self, written: str, term: Term) -> str:
        """The term as it is written, as a button that opens its definition."""
        return (
            f'<button type="button" class="mf-term" popovertarget="{self._name(term)}" '
            f'aria-label="{html_text(written)}: show what it means">{html_text(written)}</button>'
        )

    def panels_html(self) -> str:
        """What the terms explained so far open; empty where there are none."""
        return "".join(map(self._panel_html, self._explained.values()))

    def _panel_html(self, term: Term) -> str:
        name = self._name(term)
        sources = " ".join(
            f'<a href="source?id={in_address(reference)}" target="_blank" rel="noopener">{html_text(reference)}</a>'
            for reference in term.references
        )
        based = f'<p class="mf-links">Based on {sources}</p>' if sources else ""
        return (
            f'<div id="{name}" class="mf-panel mf-meaning" popover="auto" role="dialog" '
            f'aria-label="What {html_text(term.name)} means"><div class="mf-panel-top">'
            f'<span class="mf-panel-title">{html_text(term.name)}</span><button type="button" class="mf-close" '
            f'popovertarget="{name}" popovertargetaction="hide" aria-label="Close the definition">×</button></div>'
            f"<p>{html_text(term.definition)}</p>{based}"
            f'<p class="mf-standing">{_REVIEW[self._glossary.status]}</p></div>'
        )

    def _name(self, term: Term) -> str:
        return f"{self._prefix}-term-{term.id}"


def with_definitions(text: str, definitions: Definitions) -> tuple[str, str]:
    """The text escaped, in two parts: all but its last word or term with the space behind it, and that last one.

    The last one stays on one line with the citation numbers that follow it. Of overlapping terms the longest is
    explained; abbreviations are told by their capitals, other terms in any case, and only as whole words.
    """
    pieces = [(written, term) for written, term in definitions.pieces(text.strip()) if written]
    made = [definitions.button_html(written, term) if term else html_text(written) for written, term in pieces]
    if not pieces:
        return "", ""
    last, term = pieces[-1]
    if term is not None:
        return "".join(made[:-1]), made[-1]
    head, space, tail = html_text(last).rpartition(" ")
    if space or len(pieces) == 1:
        return "".join(made[:-1]) + head + space, tail
    return "".join(made[:-2]), made[-2] + tail


@lru_cache(4)
def _matcher(glossary: Glossary) -> tuple[re.Pattern[str] | None, dict[str, Term]]:
    """A pattern that finds the longest of the names at each place, and the term of each name as it is looked up."""
    cased: dict[str, Term] = {}
    folded: dict[str, Term] = {}
    for term in glossary.terms:
        for name in (term.name, *term.names):
            if _is_abbreviation(name):
                cased[name] = term
            else:
                folded[name.casefold()] = term
    names = sorted((*cased, *folded), key=len, reverse=True)
    if not names:
        return None, {}
    any_of = "|".join(re.escape(n) if n in cased else f"(?i:{re.escape(n)})" for n in names)
    return re.compile(rf"{_AHEAD}(?:{any_of}){_BEHIND}"), {**folded, **cased}


def _is_abbreviation(name: str) -> bool:
    """Whether capitals tell it from a word: FEV1, HBsAg, mTOR."""
    return sum(letter.isupper() for letter in name) > 1
