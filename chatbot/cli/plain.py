"""An answer as plain text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby

from chatbot.articles import SECTION_TITLES
from chatbot.bibliography import left_out_line, missing, same_text, standing_lines
from chatbot.domain import Answer, AnswerSection, Citation, Claim, Kind, Passage, Reference, Silence
from chatbot.evidence_tags import cautions_of, tags_of

_WIDTH = 100


def answer_text(answer: Answer, *, more: bool = False) -> str:
    """The answer as it is read: sections, quotes with tags and numbers, references. Control characters are taken out.

    ``more`` unfolds what each section has beyond half a minute's reading; else a line says how much that is.
    """
    lines: list[str] = []
    if answer.resolved != answer.question:
        lines += [f"Read as: {answer.resolved}", ""]
    if answer.notice:
        lines += [answer.notice, *(f"    • {choice}" for choice in answer.choices), ""]
    for section in answer.sections:
        lines += [*_section_lines(section, answer.citations, more=more), ""]
    if answer.references:
        lines.append("REFERENCES")
        for reference in answer.references:
            cited = [citation for citation in answer.citations if citation.passage.document.id == reference.id]
            lines += _reference_lines(reference, cited)
    return "".join(c if c.isprintable() or c == "\n" else " " for c in "\n".join(lines).rstrip())


def _section_lines(section: AnswerSection, citations: Sequence[Citation], *, more: bool) -> list[str]:
    lines = [SECTION_TITLES[section.kind, section.jurisdiction].upper()]
    lines += _claim_lines(section.claims, citations)
    if section.more and more:
        lines += ["", "  More from these sources", *_claim_lines(section.more, citations)]
    elif section.more:
        lines.append(f"    + {len(section.more)} more from these sources: add --more")
    if section.reason:
        lines += _wrapped(section.reason, "  ")
    if section.nearest and section.silence is Silence.ASPECT:
        lines += _wrapped(f"Nearest: {place_line(section.nearest)}", "  ")
    for reference in section.left_out:
        lines += _wrapped(left_out_line(reference), "  ")
    return lines


def _claim_lines(claims: Iterable[Claim], citations: Sequence[Citation]) -> list[str]:
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
                tags = "; ".join((*cautions_of(claim, citations), *tags_of(claim, citations)))
                lines += _wrapped(f"{claim.text} [{', '.join(map(str, claim.citations))}] ({tags})", indent)
    return lines


def _reference_lines(reference: Reference, cited: Sequence[Citation]) -> list[str]:
    """A reference, the places that are quoted of it, and below them what has become of it since."""
    lines = _hanging(f"[{', '.join(str(citation.number) for citation in cited)}] {reference_line(reference)}")
    places: dict[str, list[int]] = {}
    for citation in cited:
        if place := _place(citation):
            places.setdefault(place, []).append(citation.number)
    if places:
        quoted = "; ".join(f"{place} [{', '.join(map(str, numbers))}]" for place, numbers in places.items())
        lines += _wrapped(f"Quoted: {quoted}", "    ")
    for _, words in standing_lines(reference):
        lines += _wrapped(f"{words}.", "    ")
    if same := same_text(reference):
        lines += _wrapped(f"{same}.", "    ")
    return lines


def _place(citation: Citation) -> str:
    """Where in its source a quote stands: the section of a label, the page of what has pages."""
    heading = citation.passage.section.heading if citation.passage.document.reference.kind is Kind.LABEL else ""
    return ", ".join(part for part in (heading, citation.page and f"p. {citation.page}") if part)


def _hanging(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent))


def place_line(passage: Passage) -> str:
    """Where a passage stands: the title of its document and its heading."""
    parts = (passage.document.reference.title.rstrip("."), passage.section.heading)
    return " – ".join(part for part in parts if part)


def reference_line(reference: Reference) -> str:
    """A reference on one line. Of what its source does not give, it says what a clinician would look for."""
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
        *(words.capitalize() for words in missing(reference)),
    )
    return f"{kind}: {'. '.join(part.rstrip('.') for part in parts if part)}."
