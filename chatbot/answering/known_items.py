"""Questions that an index can answer, made from its own passages without labels.

What people type names topic and aspect, or is a telegram of a few words, some of them others than the source's.
So a known item of a document with a title "focus: aspect" is that; of another that names its topic, a heading asked of
it or the topic with two to four words of one sentence; of one that names none, five to eight words of a sentence. Half
of the words of aspects are exchanged for others that mean the same, and every second question made of a sentence gets a
word that the passage does not hold. These shares were set on MedQuAD, MTRAG-UN and the hand-written turns, so that a
threshold refuses about as many real questions as known items.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from chatbot.answering.asked import title_parts
from chatbot.domain import EVIDENCE_KINDS, Passage
from chatbot.index.reader import Index
from chatbot.words import FILLERS, SAME_ASPECT

_SEED = 20260
_WORD = re.compile(r"[^\W_](?:[\w'’-]*[^\W_])?")
_EXCHANGED = 0.5  # share of the words of aspects
_STRAY = 0.5  # share of the questions made of a sentence
_TELEGRAM_WORDS, _SENTENCE_WORDS = (2, 4), (5, 8)  # fewest and most; with fewer, what names no topic may mean anything
_FEWEST_WORDS = 4  # of a sentence that is asked for
_LONGEST_NAME = 3  # words taken from a title that is a sentence
_HEADING_QUESTIONS = (
    "What is the {aspect} of {topic}?",
    "{topic} {aspect}",
    "{aspect} in {topic}?",
    "{aspect} {topic}",
)
_STYLES = ("heading", "heading", "telegram")  # of a document with topic and headings
_OPENINGS = ("how", "what", "does", "which", "why")
_ROWS = tuple(tuple(row.split()) for row in SAME_ASPECT)


@dataclass(frozen=True)
class KnownItem:
    """A question and the passage it was made of, which answers it."""

    question: str
    passage: Passage


def known_items(index: Index, count: int) -> list[KnownItem]:
    """At most ``count`` items, as many of each kind of evidence as it has passages for. The same every time.

    An empty index: none. What is retracted answers nothing, so nothing is made of it.
    """
    draw = random.Random(_SEED)  # noqa: S311 - a sample, not a secret
    ids = sorted(index.passage_ids())
    draw.shuffle(ids)
    kinds = [kind for kind in EVIDENCE_KINDS if index.counts.get(kind)]
    wanted = {kind: count // len(kinds) for kind in kinds}
    items: list[KnownItem] = []
    stray: list[str] = []
    for start in range(0, len(ids), count):
        part = ids[start : start + count]
        found = index.passages(part)
        for passage in (found[i] for i in part if i in found):
            kind = passage.document.kind
            is_wanted = bool(wanted.get(kind)) and passage.document.reference.is_quotable
            question = _question(index, passage, draw, stray) if is_wanted else ""
            if question:
                wanted[kind] -= 1
                items.append(KnownItem(question, passage))
                stray += draw.sample(words := _words(index, passage.text), min(3, len(words)))
        if not any(wanted.values()):
            break
    return items


def _question(index: Index, passage: Passage, draw: random.Random, stray: Sequence[str]) -> str:
    """A question that the passage answers; empty where it has too few words for one."""
    topic = _topic(index, passage, draw)
    aspect = passage.section.heading or title_parts(passage.document.reference.title)[1]
    sentences = [words for s in passage.sentences if len(words := _words(index, passage.quote(s))) >= _FEWEST_WORDS]
    if not sentences:
        return ""
    style = _style(passage, topic, aspect, draw)
    if style == "heading":
        asked = " ".join(_exchanged(word, draw) for word in aspect.lower().split())
        return draw.choice(_HEADING_QUESTIONS).format(aspect=asked, topic=topic)
    words = draw.choice(sentences)
    telegram = style == "telegram"
    number = min(len(words), draw.randint(*(_TELEGRAM_WORDS if telegram else _SENTENCE_WORDS)))
    kept = [_exchanged(words[place], draw) for place in sorted(draw.sample(range(len(words)), number))]
    if stray and draw.random() < _STRAY:
        kept.insert(draw.randrange(len(kept) + 1), draw.choice(stray))
    if telegram:
        return " ".join(draw.choice(([topic, *kept], [*kept, topic])))
    return " ".join([draw.choice(_OPENINGS), *kept])


def _style(passage: Passage, topic: str, aspect: str, draw: random.Random) -> str:
    """How it is asked for: where the title is a question's own ("focus: aspect"), by that."""
    if not topic:
        return "sentence"
    if title_parts(passage.document.reference.title)[1]:
        return "heading"
    return draw.choice(_STYLES) if aspect else "telegram"


def _topic(index: Index, passage: Passage, draw: random.Random) -> str:
    """What a document is about in a few words: its first drug or topic, its title's focus, or rare words of a title."""
    reference = passage.document.reference
    named = next(iter((*reference.drugs, *reference.topics)), "")
    focus, aspect = title_parts(reference.title)
    if named or aspect:
        return named or focus
    words = _words(index, focus)
    rare = sorted(words, key=lambda word: (-_information(index, word), word))[: draw.randint(1, _LONGEST_NAME)]
    return " ".join(word for word in words if word in rare)


def _information(index: Index, word: str) -> float:
    frequency = min(index.words.document_frequency(term) for term in index.words.terms(word))
    return log((index.words.size + 1) / (frequency + 0.5))


def _words(index: Index, text: str) -> list[str]:
    """The words of a text that carry meaning, each once, in order."""
    found = (match.group() for match in _WORD.finditer(text))
    return [
        word
        for word in dict.fromkeys(found)
        if len(word) > 2 and not word.isdigit() and word.lower() not in FILLERS and index.words.terms(word)
    ]


def _exchanged(word: str, draw: random.Random) -> str:
    rows = [row for row in _ROWS if word.lower() in row]
    return draw.choice(rows[0]) if rows and draw.random() < _EXCHANGED else word
