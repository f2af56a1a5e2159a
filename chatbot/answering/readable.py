"""Which sentences can be quoted at all: not a title, a question, a lead-in by itself, or a piece of a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.answering.context import is_cut, is_item, is_row, is_whole_line
from chatbot.domain import Passage, Sentence

_FEWEST_WORDS = 4  # of a quote with its lead: less says nothing
_TITLE_WORDS = 8  # a line without a stop that has no more words is a title
_CAPITALS = 0.7  # share of capitalised words from which a line without a stop is a title
_NO_STATEMENT = re.compile(r"[:?？؟][\"'”’»)\]*]*\Z")
_STOP = re.compile(r"[.!…。！｡۔।॥;][\"'”’»)\]}*]*(?:\s*\[[^\]]*\]|\d[\d,–-]*)*\Z")
_OPEN_END = re.compile(
    r"(?:,|\b(?:a|an|the|of|in|on|at|by|for|from|to|with|without|and|or|but|nor|as|is|are|was|were|be|been|has|have|had"
    r"|than|that|which|who|whose|when|if|per|via|into|between|among|its|their|may|can|will|should))\Z"
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|can|may|might|will|should|must|does|do|did|cannot|causes?|caused)\b"
)
_OPEN_START = re.compile(
    r"(?:and|or|but|of|which|that|who|whose|than|with|by|due to|because)\b|[,;)\]%]"
    r"|(?:\[\w{1,3}\]|[*†‡§¶])\s"  # a note to a table, which says nothing without the cell it belongs to
    r"|\((?:Funded|Supported|Sponsored)\b"  # who paid, and the number of a registration
)
HAS_AMOUNT = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?:m?c?g|mg|µg|ml|mL|units?|IU|%|times|tablets?|capsules?|teaspoon(?:ful)?s?|puffs?|drops?"
    r"|weeks?|days?|hours?)\b|daily",
    re.IGNORECASE,
)
"""What a dose cannot be without."""


def is_statement(text: str) -> bool:
    """Whether a sentence may say something by itself, judged by its end alone: no lead-in and no question."""
    return not _NO_STATEMENT.search(text)


def reads_alone(passage: Passage, sentence: Sentence, lead: Sequence[Sentence]) -> bool:
    """Whether a sentence with its lead can be read: a statement, whole, and more than a title.

    A row of a table needs its header; an item of a list may be a single word below its lead.
    """
    text = passage.quote(sentence)
    words = text.split()
    if not is_statement(text) or len(words) + sum(len(passage.quote(s).split()) for s in lead) < _FEWEST_WORDS:
        return False
    if is_row(passage, sentence):
        return bool(lead) and text.count("|") > 1
    if is_cut(passage, sentence) or _OPEN_END.search(text):
        return False
    if lead and is_item(passage, sentence):
        return True
    if _OPEN_START.match(text) or len(words) < _FEWEST_WORDS:
        return False
    return not is_whole_line(passage, sentence) or not _is_title(text, words)


def _is_title(text: str, words: Sequence[str]) -> bool:
    if _STOP.search(text) or _VERB.search(text) or HAS_AMOUNT.search(text):
        return False
    large = [word for word in words if len(word) > 3]
    capitals = sum(word[0].isupper() for word in large) / max(1, len(large))
    return len(words) <= _TITLE_WORDS or capitals >= _CAPITALS
