"""What a claim rests on, in a word or two: the part of a drug label, or the sort of study and its year.

The parts of a label are named as ``readers.label_sections`` names them by code; a label that has headings only gets the
same names from those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from chatbot.domain import Citation, Claim, Kind, Passage, Reference, Section, Standing

BOXED_WARNING = "boxed warning"

_BOXED = re.compile(r"\b(?:boxed|black box) warnings?\b", re.IGNORECASE)
_ROLES = tuple(
    (re.compile(heading, re.IGNORECASE), role)
    for heading, role in (
        (r"\bindicat(?:ion|ed)", "indications"),
        (r"\b(?:dosage|dosing|posology|dose)\b(?! forms)", "dosage"),
        (r"\bcontraindicat", "contraindications"),
        (r"\bwarnings?\b|\bprecautions?\b", "warnings and precautions"),
        (r"\b(?:adverse|undesirable|side)[ -](?:reaction|effect|event)s?\b", "adverse reactions"),
        (r"\binteractions?\b", "interactions"),
        (r"\bpregnan", "pregnancy"),
        (r"\blactat|\bbreast-?feeding|\bnursing\b", "lactation"),
        (r"\bp(?:a)?ediatric|\bchildren\b", "pediatric use"),
        (r"\bgeriatric|\belderly|\bolder (?:people|adults)", "geriatric use"),
        (r"\brenal|\bkidney", "renal impairment"),
        (r"\bhepatic|\bliver", "hepatic impairment"),
        (r"\bspecific populations\b", "specific populations"),
        (r"\bmonitor", "monitoring"),
        (r"\boverdos", "overdosage"),
        (r"\bmechanism of action\b|\bmechanism\b", "mechanism of action"),
        (r"\bpharmacokinetic", "pharmacokinetics"),
        (r"\bclinical (?:studies|trials)\b", "clinical studies"),
        (r"\bstor(?:age|e)\b|\bhandling\b", "storage and handling"),
        (r"\bhow supplied\b", "how supplied"),
    )
)
"""What a heading holds, and what its section is then, in the order of a label. Headings of US prescribing information
(21 CFR 201.57) and of EU leaflets."""

_PARTS = re.compile(r"\s+–\s+")  # between the headings of nested sections
_MOST_ROLES = 2  # of a heading that joins sections; one that names more is not about any of them
_LOUD = {Standing.CONCERN: "Expression of concern", Standing.SUPERSEDED: "Superseded"}


def tag(reference: Reference, section: Section) -> str:
    """What a quote from a section of a source rests on: "Boxed warning", "Randomised trial 2011", "Guideline 2016".

    A label's section is what its code says, else what its heading says, the innermost first; one that says nothing
    known is "Drug label". A source whose study type is not given is "Research"; where no year is given there is none.
    """
    if reference.kind is Kind.LABEL:
        return (section.role or _role_of(section.heading) or "drug label").capitalize()
    sort = reference.study if reference.kind is Kind.RESEARCH and reference.study else reference.kind.value
    year = str(reference.year) if reference.year else reference.date[:4]
    return f"{sort.capitalize()} {year}".rstrip()


def tags_of(claim: Claim, citations: Sequence[Citation]) -> tuple[str, ...]:
    """The tags of what a claim cites, each once, in the order of its numbers. ``citations`` are those of the answer."""
    cited = _cited(claim, citations)
    return tuple(dict.fromkeys(tag(c.passage.document.reference, c.passage.section) for c in cited))


def cautions_of(claim: Claim, citations: Sequence[Citation]) -> tuple[str, ...]:
    """What a reader must know before the claim is used: a source under concern or superseded. Mostly none."""
    told = {n.standing for c in _cited(claim, citations) for n in c.passage.document.reference.notices}
    return tuple(words for standing, words in _LOUD.items() if standing in told)


def is_boxed_warning(passage: Passage) -> bool:
    """Whether a passage stands in a label's boxed warning."""
    return passage.document.kind is Kind.LABEL and is_boxed_section(passage.section)


def is_boxed_section(section: Section) -> bool:
    """Whether a label's section is its boxed warning: by its code, or where it has none by its headings."""
    return section.role == BOXED_WARNING if section.role else bool(_BOXED.search(section.heading))


def _role_of(heading: str) -> str:
    if _BOXED.search(heading):
        return BOXED_WARNING
    for part in reversed(_PARTS.split(heading)):
        roles = [role for pattern, role in _ROLES if pattern.search(part)]
        if 0 < len(roles) <= _MOST_ROLES:
            return ", ".join(roles)
    return ""


def _cited(claim: Claim, citations: Iterable[Citation]) -> list[Citation]:
    return [citation for citation in citations if citation.number in claim.citations]
