"""Does the source say it? What is shown has passed here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from chatbot.domain import Answer, AnswerSection, Citation, Claim

_NUMBER = re.compile(r"\d+(?:[.,·]\d+)*")


def verified(answer: Answer, nothing: str) -> Answer:
    """The answer without what does not hold: claims without citations, whose quote is not in its document, or with a
    number that none of their quotes holds.

    Citations are numbered anew, 1 to n in the order of first use; those no claim uses are left out. Where no section
    has a claim, ``nothing`` becomes the notice.
    """
    by_number = {citation.number: citation for citation in answer.citations}
    renumbered: dict[int, Citation] = {}
    sections = []
    for section in answer.sections:
        claims = []
        for claim in section.claims:
            cited = [by_number.get(number) for number in claim.citations]
            if not cited or not all(_holds(citation) for citation in cited) or not _says_numbers(claim, cited):
                continue
            for number in claim.citations:
                renumbered.setdefault(number, replace(by_number[number], number=len(renumbered) + 1))
            numbered = sorted(renumbered[number].number for number in claim.citations)
            claims.append(Claim(claim.text, tuple(numbered), claim.heading))
        sections.append(_with_claims(section, claims))
    checked = replace(answer, sections=tuple(sections), citations=tuple(renumbered.values()))
    return replace(checked, notice=nothing) if checked.withheld and not checked.notice else checked


def numbers(text: str) -> set[str]:
    """The numbers of a text as they are written, decimal commas as points."""
    return {match.group().replace(",", ".").replace("·", ".") for match in _NUMBER.finditer(text)}


def _holds(citation: Citation | None) -> bool:
    if citation is None:
        return False
    document = citation.passage.document
    inside = 0 <= citation.start < citation.end <= len(document.text)
    return inside and bool(citation.quote.strip())


def _says_numbers(claim: Claim, cited: Sequence[Citation | None]) -> bool:
    return numbers(claim.text) <= {number for citation in cited if citation for number in numbers(citation.quote)}


def _with_claims(section: AnswerSection, claims: list[Claim]) -> AnswerSection:
    if claims or section.withheld:
        return replace(section, claims=tuple(claims))
    reason = section.reason or "No statement of this section passed the check against its source."
    return replace(section, claims=(), withheld=True, reason=reason)
