"""An answer as plain text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from itertools import groupby

from chatbot.articles import SECTION_TITLES
from chatbot.domain import Answer, Claim, Passage, Reference

_WIDTH = 100


def answer_text(answer: Answer, *, more: bool = False) -> str:
    """The answer as it is read: sections, quotes with numbers, references. Control characters are taken out.

    ``more`` unfolds what each section has beyond half a minute's reading; else a line says how much that is.
    """
    lines: list[str] = []
    if answer.resolved != answer.question:
        lines += [f"Read as: {answer.resolved}", ""]
    if answer.notice:
        lines += [answer.notice, *(f"    • {choice}" for choice in answer.choices), ""]
    for section in answer.sections:
        lines.append(SECTION_TITLES[section.kind, section.jurisdiction].upper())
        if section.withheld:
            lines.append(f"  {section.reason}")
            if section.nearest:
                lines += _wrapped(f"Nearest: {place_line(section.nearest)}", "  ")
        lines += _claim_lines(section.claims)
        if section.more and more:
            lines += ["", "  More from these sources", *_claim_lines(section.more)]
        elif section.more:
            lines.append(f"    + {len(section.more)} more from these sources: add --more")
        lines.append("")
    if answer.references:
        lines.append("REFERENCES")
        for reference in answer.references:
            numbers = [c.number for c in answer.citations if c.passage.document.id == reference.id]
            text = f"[{', '.join(map(str, numbers))}] {reference_line(reference)}"
            lines += textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    return "".join(c if c.isprintable() or c == "\n" else " " for c in "\n".join(lines).rstrip())


def _claim_lines(claims: Iterable[Claim]) -> list[str]:
    """The claims below their headings; what several in a row cannot be read without stands above them once."""
    lines: list[str] = []
    for heading, group in groupby(claims, key=lambda claim: claim.heading):
        if heading:
            lines.append(f"  {heading}")
        for lead, run in groupby(group, key=lambda claim: claim.lead):
            indent = "    • "
            if lead:
                lines += _wrapped(" … ".join(lead), indent)
                indent = "        – "
            for claim in run:
                lines += _wrapped(f"{claim.text} [{', '.join(map(str, claim.citations))}]", indent)
    return lines


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent))


def place_line(passage: Passage) -> str:
    """Where a passage stands: the title of its document and its heading."""
    parts = (passage.document.reference.title.rstrip("."), passage.section.heading)
    return " – ".join(part for part in parts if part)


def reference_line(reference: Reference) -> str:
    """A reference on one line; what its source does not give is left out."""
    kind = f"{reference.kind.value.capitalize()}{f' ({reference.jurisdiction})' if reference.jurisdiction else ''}"
    identifiers = [
        f"{name} {value}"
        for name, value in (("PMID", reference.pmid), ("doi", reference.doi), ("set id", reference.set_id))
        if value
    ]
    parts = (
        ", ".join(reference.authors) or reference.body or reference.manufacturer,
        reference.title.rstrip("."),
        reference.container,
        reference.date or str(reference.year or ""),
        *identifiers,
    )
    return f"{kind}: {'. '.join(part for part in parts if part)}."
