"""An answer as plain text for a terminal."""

from __future__ import annotations

import textwrap
from itertools import groupby

from chatbot.articles import SECTION_TITLES
from chatbot.domain import Answer, Reference

_WIDTH = 100


def answer_text(answer: Answer) -> str:
    """The answer as it is read: sections, quotes with numbers, references. Control characters are taken out."""
    lines: list[str] = []
    if answer.resolved != answer.question:
        lines += [f"Read as: {answer.resolved}", ""]
    if answer.notice:
        lines += [answer.notice, ""]
    for section in answer.sections:
        lines.append(SECTION_TITLES[section.kind, section.jurisdiction].upper())
        if section.withheld:
            lines.append(f"  {section.reason}")
        for heading, claims in groupby(section.claims, key=lambda claim: claim.heading):
            if heading:
                lines.append(f"  {heading}")
            for claim in claims:
                text = f"{' '.join(claim.text.split())} [{', '.join(map(str, claim.citations))}]"
                lines += textwrap.wrap(text, _WIDTH, initial_indent="    • ", subsequent_indent="      ")
        lines.append("")
    if answer.references:
        lines.append("REFERENCES")
        for reference in answer.references:
            numbers = [c.number for c in answer.citations if c.passage.document.id == reference.id]
            text = f"[{', '.join(map(str, numbers))}] {reference_line(reference)}"
            lines += textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    return "".join(c if c.isprintable() or c == "\n" else " " for c in "\n".join(lines).rstrip())


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
