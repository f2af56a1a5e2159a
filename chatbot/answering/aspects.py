"""Which sections of a drug label answer which aspect of a drug, by the headings that labels use.

A question of one word ("treatment?") stands in many sentences of a label; the section that is there to answer it is the
one to quote from. The headings are those of US prescribing information (21 CFR 201.57), of over-the-counter labels and
of EU package leaflets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_SECTIONS = (
    ("treat therap indic use manag", r"\bindicat|\buses?\b(?! in\b)|\bused for\b"),
    ("dose dosag dosing titrat administ how", r"\bdos(?:e|es|age|ing)\b|\badminist|how to (?:take|use)"),
    ("side advers reaction effect toler toxic", r"\badverse\b|\bside[- ]effects?\b|undesirable"),
    ("contraind avoid", r"\bcontraindic|do not (?:use|take)"),
    ("interact", r"\binteract|other medicines"),
    ("pregnan breastf breast lactat nurs fertil", r"pregnan|breast-?feed|lactation|nursing|specific populations"),
    ("monitor test check", r"monitor|laborator"),
    ("mechan work pharmac", r"mechanism|pharmacolog|pharmacodynamic"),
    ("store storag", r"\bstor(?:e|age)|how supplied"),
    ("overdos", r"overdos"),
    ("warn precaut risk safe safeti danger harm box", r"warning|precaution"),
    ("children child pediatr paediatr kid adolesc infant", r"pa?ediatric|child|adolescen|specific populations"),
    ("elder geriatr older", r"geriatric|elderly|specific populations"),
    ("renal kidney hepat liver", r"impair|renal|hepatic|specific populations"),
)
"""Beginnings of the indexed (stemmed) words that ask for an aspect, and what the heading of its section holds."""

_TABLE = tuple((tuple(words.split()), re.compile(heading, re.IGNORECASE)) for words, heading in _SECTIONS)


def sections_for(terms: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """What the headings hold of the label sections that answer for any of the indexed words. None of them: empty."""
    asked = tuple(terms)
    return tuple(heading for words, heading in _TABLE if any(term.startswith(words) for term in asked))
