"""What stands on paper, format aside: every word of a Markdown file or a PDF, in reading order.

Plain data of strings and numbers, so that a format has nothing to decide but how it looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from chatbot.articles import SECTION_TITLES
from chatbot.bibliography import (
    byline,
    kind_name,
    left_out_line,
    links,
    same_text,
    standing_lines,
    whose_words,
    written_date,
)
from chatbot.domain import Answer, AnswerSection, Citation, Claim, Kind, Passage, Reference, Silence
from chatbot.editorial import DISCLAIMER, NOTICES, REVIEWED
from chatbot.evidence_tags import cautions_of, tags_of
from chatbot.takeaway.taken import Taken

UNREVIEWED = "Put together by software from sentences of the indexed sources, word for word. Nobody has reviewed it."
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim on one line, or the cells of a table's row; its citations; what it rests on, cautions first."""

    text: str
    cells: tuple[str, ...]
    numbers: tuple[int, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Statements that follow one another and share what they cannot be read without.

    ``header`` are the cells of a table's header where they are its rows, else none.
    """

    lead: str
    header: tuple[str, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Runs below one sub-heading, or below none."""

    heading: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section of an answer; ``said`` are the lines about what it does not show."""

    title: str
    groups: tuple[Group, ...]
    more: tuple[Group, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """Where a citation's quote stands, and its words with the lead before them where no statement shows them."""

    numbers: tuple[int, ...]
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Source:
    """A cited reference: its numbers, what it is, what has become of it since, where it is read, what is quoted."""

    numbers: tuple[int, ...]
    kind: str
    title: str
    byline: str
    since: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    whose: str
    quoted: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answer. ``reading`` is empty where the question is read as it was typed."""

    question: str
    reading: str
    notice: str
    choices: tuple[str, ...]
    parts: tuple[Part, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole. ``about`` says what it is and who has reviewed it; ``after`` are the questions asked before it."""

    title: str
    about: tuple[str, ...]
    after: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    disclaimer: str


def paper_of(taken: Taken) -> Paper:
    """What is taken away, as it stands on paper."""
    return Paper(
        one_line(taken.title),
        (*_about(taken), f"Made on {written_date(taken.made.date().isoformat())}."),
        tuple(one_line(turn.question) for turn in taken.before.turns),
        tuple(map(_sheet, taken.answers)),
        DISCLAIMER,
    )


def one_line(text: str) -> str:
    """The text on one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _about(taken: Taken) -> list[str]:
    if taken.article is None:
        return [UNREVIEWED]
    updated = [f"Last updated: {written_date(taken.article.date)}."] if taken.article.date else []
    status = taken.article.status
    review = f"Review status of the article: {status.value}. {REVIEWED[status]}"
    behind = [f"What follows the article: {UNREVIEWED[0].lower()}{UNREVIEWED[1:]}"] if len(taken.answers) > 1 else []
    return [f"{NOTICES[status]}.", review, *updated, *behind]


def _sheet(answer: Answer) -> Sheet:
    said = [section for section in answer.sections if section.silence is not Silence.UNDERSPECIFIED]
    return Sheet(
        one_line(answer.question),
        "" if answer.resolved in {"", answer.question} else one_line(answer.resolved),
        one_line(answer.notice),
        tuple(map(one_line, answer.choices)),
        tuple(_part(section, answer.citations) for section in said),
        _sources(answer),
    )


def _part(section: AnswerSection, citations: Sequence[Citation]) -> Part:
    title = SECTION_TITLES.get((section.kind, section.jurisdiction), SECTION_TITLES[section.kind, None])
    is_on_topic = section.silence is Silence.ASPECT
    nearest = [f"Nearest: {_where(section.nearest)}"] if section.nearest and is_on_topic else []
    left_out = map(left_out_line, section.left_out)
    said = tuple(one_line(line) for line in (section.reason, *nearest, *left_out) if line)
    return Part(title, _groups(section.claims, citations), _groups(section.more, citations), said)


def _where(passage: Passage) -> str:
    parts = (passage.document.reference.title.rstrip("."), passage.section.heading)
    return " – ".join(part for part in parts if part)


def _groups(claims: Iterable[Claim], citations: Sequence[Citation]) -> tuple[Group, ...]:
    below = groupby(claims, key=lambda claim: claim.heading)
    return tuple(Group(one_line(heading), _runs(group, citations)) for heading, group in below)


def _runs(claims: Iterable[Claim], citations: Sequence[Citation]) -> tuple[Run, ...]:
    runs = []
    for lead, run in groupby(claims, key=lambda claim: claim.lead):
        is_table = bool(lead) and lead[-1].strip().startswith("|")
        header = _cells(lead[-1]) if is_table else ()
        words = " … ".join(map(one_line, lead[:-1] if is_table else lead))
        runs.append(Run(words, header, tuple(_statement(claim, header, citations) for claim in run)))
    return tuple(runs)


def _statement(claim: Claim, header: Sequence[str], citations: Sequence[Citation]) -> Statement:
    cells = _fitted(_cells(claim.text), len(header)) if header else ()
    tags = (*cautions_of(claim, citations), *tags_of(claim, citations))
    return Statement(one_line(claim.text), cells, claim.citations, tags)


def _cells(row: str) -> tuple[str, ...]:
    cells = _CELL.split(one_line(row).removeprefix("|").removesuffix("|"))
    return tuple(cell.strip().replace("\\|", "|") for cell in cells)


def _fitted(cells: tuple[str, ...], columns: int) -> tuple[str, ...]:
    """As many cells as the header has, none of their words lost: those beyond the last stand in it."""
    if len(cells) <= columns:
        return cells + ("",) * (columns - len(cells))
    return (*cells[: columns - 1], " | ".join(cells[columns - 1 :]))


def _sources(answer: Answer) -> tuple[Source, ...]:
    """By kind, then by first citation, as on the page."""
    kinds = list(Kind)
    by_kind = sorted(answer.references, key=lambda reference: kinds.index(reference.kind))
    shown = {
        (n, one_line(claim.text)) for s in answer.sections for claim in (*s.claims, *s.more) for n in claim.citations
    }
    return tuple(
        _source(reference, [c for c in answer.citations if c.passage.document.id == reference.id], shown)
        for reference in by_kind
    )


def _source(reference: Reference, cited: Sequence[Citation], shown: set[tuple[int, str]]) -> Source:
    since = [f"{words}." for _, words in standing_lines(reference)]
    study = one_line(reference.study.capitalize())
    same = same_text(reference)
    return Source(
        tuple(citation.number for citation in cited),
        f"{kind_name(reference)} · {study}" if study else kind_name(reference),
        one_line(reference.title),
        one_line(byline(reference)),
        tuple(map(one_line, (*since, f"{same}.") if same else since)),
        links(reference),
        whose_words(reference),
        _quoted(cited, shown),
    )


def _quoted(cited: Sequence[Citation], shown: set[tuple[int, str]]) -> tuple[Quoted, ...]:
    """The place of each quote, those in one place together; words only where no statement shows them as they are."""
    found: dict[tuple[str, str], list[int]] = {}
    for citation in cited:
        words = one_line(citation.quote)
        if (citation.number, words) in shown:
            words = ""
        elif citation.lead:
            words = " … ".join((*map(one_line, citation.leads), words))
        if words or _place(citation):
            found.setdefault((_place(citation), words), []).append(citation.number)
    return tuple(Quoted(tuple(numbers), place, words) for (place, words), numbers in found.items())


def _place(citation: Citation) -> str:
    heading = one_line(citation.passage.section.heading)
    return ", ".join(part for part in (heading, citation.page and f"p. {citation.page}") if part)
