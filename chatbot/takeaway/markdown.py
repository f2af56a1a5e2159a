"""Answers as Markdown that reads well anywhere: as plain text, on GitHub, in a notebook, in a text editor.

Only what CommonMark and GitHub's tables have; no HTML. What sources and people say is escaped as sparingly as it can be
without any of it becoming markup, so that the file is read easily before it is rendered, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from chatbot.takeaway.paper import Group, Paper, Part, Run, Sheet, Source, Statement, paper_of
from chatbot.takeaway.taken import Taken

_ALWAYS = re.compile(r"([\\`*_\[\]~$])")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")  # "<5 mg" opens no tag and stays
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")
_BLOCK = re.compile(r"^([#>+\-=|:])|^(\d{1,9})([.)])(?=\s|$)")
_HEADING_END = re.compile(r"(?<=\s)(?=#+$)")
_UNSAFE_IN_ADDRESS = {"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C"}


def as_markdown(taken: Taken) -> str:
    """The whole as one Markdown text that ends in a line break."""
    return "\n".join(_lines(paper_of(taken))).rstrip() + "\n"


def escaped(text: str, *, begins: bool = True) -> str:
    """A text of one line → Markdown that shows every character of it and makes nothing of any.

    ``begins``: it may stand at the beginning of a line, where more characters have a meaning.
    """
    text = _TAG.sub("&lt;", _ENTITY.sub("&amp;", _ALWAYS.sub(r"\\\1", text)))
    text = _HEADING_END.sub(r"\\", text)
    if not begins:
        return text
    return _BLOCK.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)


def _lines(paper: Paper) -> Iterator[str]:
    yield f"# {escaped(paper.title)}"
    yield ""
    yield "\n>\n".join(f"> {escaped(line)}" for line in paper.about)
    yield ""
    if paper.after:
        yield from ("Asked after:", "", *(f"- {escaped(question)}" for question in paper.after), "")
    many = len(paper.sheets) > 1
    for number, sheet in enumerate(paper.sheets, start=1):
        if many:
            yield from (f"## {number}. {escaped(sheet.question, begins=False)}", "")
        yield from _sheet(sheet, "###" if many else "##")
    yield from ("---", "", f"**Professional Medical Disclaimer.** {escaped(paper.disclaimer)}")


def _sheet(sheet: Sheet, level: str) -> Iterator[str]:
    if sheet.reading:
        yield from (f"**Read as:** {escaped(sheet.reading)}", "")
    if sheet.notice:
        yield from (f"**{escaped(sheet.notice)}**", "")
    yield from (f"- {escaped(choice)}" for choice in sheet.choices)
    if sheet.choices:
        yield ""
    for part in sheet.parts:
        yield from _part(part, level)
    if sheet.sources:
        yield from (f"{level} References", "")
        for source in sheet.sources:
            yield from _source(source)
        yield ""


def _part(part: Part, level: str) -> Iterator[str]:
    yield from (f"{level} {escaped(part.title)}", "")
    yield from _groups(part.groups, f"{level}#")
    if part.more:
        yield from (f"{level}# More from these sources", "")
        yield from _groups(part.more, f"{level}##")
    for line in part.said:
        yield from (f"> {escaped(line)}", "")


def _groups(groups: Iterable[Group], level: str) -> Iterator[str]:
    for group in groups:
        if group.heading:
            yield from (f"{level} {escaped(group.heading)}", "")
        listed = False
        for run in group.runs:
            if run.header:
                yield from ([""] if listed else [])
                yield from _table(run)
                listed = False
            else:
                yield from _list(run)
                listed = True
        yield from ([""] if listed else [])


def _list(run: Run) -> Iterator[str]:
    """A statement an item; several that share what they belong to stand below it."""
    if len(run.statements) == 1 or not run.lead:
        lead = f"{escaped(run.lead)} " if run.lead else ""
        yield from (f"- {lead}{_statement(statement, begins=not lead)}" for statement in run.statements)
        return
    yield f"- {escaped(run.lead)}"
    yield from (f"  - {_statement(statement)}" for statement in run.statements)


def _statement(statement: Statement, *, begins: bool = True) -> str:
    return f"{escaped(statement.text, begins=begins)} {_rests_on(statement)}"


def _rests_on(statement: Statement) -> str:
    tags = f" ({escaped('; '.join(statement.tags))})" if statement.tags else ""
    return f"{_numbers(statement.numbers)}{tags}"


def _numbers(numbers: Sequence[int]) -> str:
    return f"[{', '.join(map(str, numbers))}]"


def _table(run: Run) -> Iterator[str]:
    """Rows below their header; what each rests on is a column of its own."""
    if run.lead:
        yield from (escaped(run.lead), "")
    yield _row([*map(_cell, run.header), "Source"])
    yield _row(["---"] * (len(run.header) + 1))
    yield from (_row([*map(_cell, statement.cells), _rests_on(statement)]) for statement in run.statements)
    yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return escaped(text, begins=False).replace("|", "\\|")


def _source(source: Source) -> Iterator[str]:
    links = ", ".join(f"[{escaped(label)}]({_address(address)})" for label, address in source.links)
    yield f"- {_numbers(source.numbers)} **{escaped(source.kind)}:** {escaped(source.title, begins=False)}"
    for line in (escaped(source.byline), links, *(f"**{escaped(line)}**" for line in source.since)):
        if line:
            yield f"  - {line}"
    yield f"  - {escaped(source.whose)}"
    for quoted in source.quoted:
        place = f" {escaped(quoted.place)}" if quoted.place else ""
        words = f"{':' if place else ''} “{escaped(quoted.words, begins=False)}”" if quoted.words else ""
        yield f"  - {_numbers(quoted.numbers)}{place}{words}"


def _address(address: str) -> str:
    return "".join(_UNSAFE_IN_ADDRESS.get(c, c) for c in address)
