"""Does the source say it? What is shown has passed here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from chatbot.domain import Answer, AnswerSection, Citation, Claim

_NUMBER = re.compile(r"\d+(?:[.,·]\d+)*")


def verified(answer: Answer, nothing: str) -> Answer:
    """The answer without what does not hold: claims without citations, whose source is retracted, whose quote or lead
    is not in its document, or with a number that none of their quotes holds.

    Citations are numbered anew, 1 to n in the order of first use: what is shown, section by section, then what is
    folded away; those no claim uses are left out. A section that loses all it shows shows what was folded away. Where
    no section has a claim, ``nothing`` becomes the notice.
    """
    by_number = {citation.number: citation for citation in answer.citations}
    held = [_held(section, by_number) for section in answer.sections]
    used = [claim for claims, _ in held for claim in claims] + [claim for _, more in held for claim in more]
    order = {number: place for place, number in enumerate(dict.fromkeys(n for c in used for n in c.citations), start=1)}
    sections = tuple(
        _with_claims(section, _numbered(claims, order), _numbered(more, order))
        for section, (claims, more) in zip(answer.sections, held, strict=True)
    )
    citations = tuple(replace(by_number[number], number=place) for number, place in order.items())
    checked = replace(answer, sections=sections, citations=citations)
    return replace(checked, notice=nothing) if checked.withheld and not checked.notice else checked


def numbers(text: str) -> set[str]:
    """The numbers of a text as they are written, decimal commas as points."""
    return {match.group().replace(",", ".").replace("·", ".") for match in _NUMBER.finditer(text)}


def _held(section: AnswerSection, by_number: Mapping[int, Citation]) -> tuple[list[Claim], list[Claim]]:
    """The claims that hold, and those of what is folded away."""
    claims, more = ([c for c in part if claim_holds(c, by_number)] for part in (section.claims, section.more))
    return (claims, more) if claims else (more, [])


def claim_holds(claim: Claim, by_number: Mapping[int, Citation]) -> bool:
    """Whether a claim may be shown, by the rules of ``verified``; ``by_number`` are the citations of its answer."""
    cited = [by_number[number] for number in claim.citations if number in by_number]
    if not cited or len(cited) < len(claim.citations) or not all(_holds(citation) for citation in cited):
        return False
    is_lead = not claim.lead or any(claim.lead == citation.leads for citation in cited)
    return is_lead and numbers(claim.text) <= {number for citation in cited for number in numbers(citation.quote)}


def _holds(citation: Citation) -> bool:
    """Whether the quote stands in its document, which is not retracted, and its lead before it in the same section."""
    if not citation.passage.document.reference.is_quotable:
        return False
    section, text = citation.passage.section, citation.passage.document.text
    if not 0 <= citation.start < citation.end <= len(text) or not citation.quote.strip():
        return False
    return all(section.start <= span.start < span.end <= citation.start for span in citation.lead)


def _numbered(claims: list[Claim], order: Mapping[int, int]) -> tuple[Claim, ...]:
    return tuple(replace(claim, citations=tuple(sorted(order[n] for n in claim.citations))) for claim in claims)


def _with_claims(section: AnswerSection, claims: tuple[Claim, ...], more: tuple[Claim, ...]) -> AnswerSection:
    if claims or section.withheld:
        return replace(section, claims=claims, more=more)
    reason = section.reason or "No statement of this section passed the check against its source."
    return replace(section, claims=(), more=(), withheld=True, reason=reason)
