"""What in a question would tell who somebody is: names, dates of birth, numbers of records, ways to reach a person.

Rules, not a model: each says in words what it found, so that a person can judge it. What medicine writes alike is left
alone: doses, values, years, identifiers of papers, trials and labels, and names that are those of diseases and drugs.
Numbers that carry a check digit are taken for what they seem only where it is right, unless the question names them.
``tests/unit/test_personal_data.py`` has the labelled questions and prints what is found of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatbot.safety.given_names import GIVEN_NAMES

_RELATION = (
    "son|daughter|husband|wife|mother|father|mum|mom|dad|brother|sister|partner|friend|girlfriend|boyfriend|child|baby"
    "|grandmother|grandfather|grandma|grandpa|aunt|uncle|colleague|neighbou?r|client|patient"
)
_CAP = r"[A-ZÀ-ÖØ-Þ](?:['’][A-ZÀ-ÖØ-Þ])?[a-zß-öø-ÿ]+(?:-[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)?"
_TITLED = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Mx|Miss|Herrn?|Frau|Mme|Madame|Monsieur|Señora?|Sra|Signora?)\b\.?\s+(?:[A-Z]\.\s*)*({_CAP})"
)
_SAID = re.compile(rf"(?i:\bmy name is|\bname is|\bname:|\bnamed|\bpatient(?: is)? called)\s+({_CAP}(?:\s+{_CAP})?)")
_RELATED = re.compile(
    rf"\b[Mm]y (?:{_RELATION}),? ({_CAP}(?: {_CAP})?)"
    r"(?=,? (?:has|takes|is|was|had|needs|wants|weighs|got|can|does|on\b|\(|\d)|,)"
)
_NAMED_PATIENT = re.compile(rf"\b(?:[Pp]t|[Pp]atient|[Cc]lient)[.:]?\s+({_CAP})(?=,? (?:\(?\d|is\b|has\b|takes\b))")
_SURNAME_FIRST = re.compile(rf"\b([A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’-]{{2,}}), ({_CAP})\b")
_PAIR = re.compile(rf"\b({_CAP})\s+(?:[A-Z]\.\s*)?({_CAP})(?!['’]s\b)(?:\s+(\w+))?")
_SMALL_PAIR = re.compile(r"(?i:\b(?:patient|pt|client|name is|named)[,:]?\s+)([a-z]+)\s+([a-z][\w'’-]+)")
_NO_SURNAME = frozenset(
    "disease syndrome test sign score scale criteria trial study method index law murmur virus reaction cancer tumour "
    "tumor phenomenon operation procedure classification questionnaire hospital university institute clinic college "
    "street road has is was had takes took with on in and or for the a who needs wants can does will after since about "
    "from to of at should may must not".split()
)
_OF_MEDICINE = frozenset(
    "disease syndrome test sign score scale criteria trial study murmur virus reaction splint phenomenon "
    "sequence congenital hereditary familial murmur".split()
)
_NO_NAME = frozenset("Is Has Was Had Takes Took Does Can Will And Or With On In The Who Needs".split())
_DATE = (
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)?\.?(?: of)? "
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez)[a-zä]*\.?,? \d{4}"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})"
)
_BORN = re.compile(
    rf"\b(?:born|d\.?o\.?b\.?|date of birth|birth ?da(?:y|te)|b\.|geb(?:oren|\.)?|née? le)\W{{0,3}}"
    rf"(?:is |on |am |the |=)*({_DATE})",
    re.IGNORECASE,
)
_NUMBER = r"\s*(?:number|num\b|no\b|nr\b|nummer|id\b|#)?\.?\s*(?:is\b|[:#=])?\s*"
_CODE = r"((?!NCT|ISRCTN|PMID)(?=[\w/-]*\d[\w/-]*\d[\w/-]*\d)[A-Z0-9][A-Z0-9/-]{3,}[A-Z0-9])\b"
_NAMED = r"\s*(?:number|num\b|no\b|nr\b|nummer|id\b|#)\.?\s*(?:is\b|[:#=])?\s*"
_RECORD = re.compile(
    rf"\b(?:MRN\W{{0,3}}|(?:record|chart|hospital|hosp|patient|pt|case|file|encounter|admission){_NAMED}){_CODE}",
    re.IGNORECASE,
)
_INSURANCE = re.compile(
    r"\b(?:insurance|member|policy|health ?card|medicare|medicaid|subscriber|versicherten?|versicherungs)"
    rf"{_NAMED}{_CODE}",
    re.IGNORECASE,
)
_NHS = re.compile(rf"\b(NHS{_NUMBER})?(?<!\d)(\d{{3}}[ -]?\d{{3}}[ -]?\d{{4}})(?![\d-])", re.IGNORECASE)
_SSN = re.compile(r"(?<![\d-])((?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4})(?![\d-])")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
_CALLED = re.compile(
    r"\b(?:phone|telephone|tel|call|mobile|cell|ring|text|reach|contact|fax|whatsapp|handy)\b[^\d+]{0,30}"
    r"((?:\+|\(?0|\()?\d[\d ()/.-]{5,}\d)",
    re.IGNORECASE,
)
_STREET = (
    r"(?:Street|St\b|Road|Rd\b|Avenue|Ave\b|Lane|Drive|Court|Boulevard|Blvd\b|Way\b|Square|Terrace|Crescent|Close\b"
    r"|Gardens)"
)
_ADDRESS = re.compile(
    rf"\b\d{{1,5}}[A-Za-z]?,? (?:{_CAP} ){{1,3}}{_STREET}"
    r"|\b[A-ZÄÖÜ][a-zäöüß-]+(?:straße|strasse|str\.|gasse|platz|allee) \d{1,4}[a-z]?\b"
    r"|\b\d{1,4},? (?:rue|avenue) (?:de|du|des)\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b|, [A-Z]{2} \d{5}(?:-\d{4})?\b"
)
_REGIONS = (None, "US", "GB", "DE")  # how numbers without a country code are written: the largest plans that differ
_SHOWN = {
    "name": "a name",
    "birth": "a date of birth",
    "record": "a record number",
    "insurance": "an insurance number",
    "nhs": "an NHS number",
    "ssn": "a social security number",
    "phone": "a phone number",
    "email": "an e-mail address",
    "address": "an address",
}


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """A part of a question, ``question[start:end]``, that would tell who somebody is; ``kind`` is a key of the list."""

    start: int
    end: int
    kind: str


def personal_data(question: str) -> tuple[str, ...]:
    """What a question seems to hold, each as "a phone number: “…”", in its order; none: nothing."""
    return tuple(f"{_SHOWN[held.kind]}: “{question[held.start : held.end]}”" for held in held_in(question))


def without_personal_data(question: str) -> str:
    """The question without what ``held_in`` finds; what it means is for a person to check."""
    kept, place = "", 0
    for held in held_in(question):
        kept, place = kept + question[place : held.start], held.end
    text = re.sub(r"\(\s*\)", "", kept + question[place:])
    text = re.sub(r"\s+([,.;:?!])", r"\1", " ".join(text.split()))
    return re.sub(r"([,;:])(?:\s*[,;:])+", r"\1", text).strip(" ,;:")


def held_in(question: str) -> tuple[Held, ...]:
    """The parts that seem personal, in the question's order, none within another; the surest rule has the first say."""
    found: list[Held] = []
    for kind, start, end in _candidates(question):
        if all(end <= other.start or start >= other.end for other in found):
            found.append(Held(start, end, kind))
    return tuple(sorted(found))


def _candidates(question: str) -> Iterator[tuple[str, int, int]]:
    yield from (("email", *match.span()) for match in _EMAIL.finditer(question))
    yield from (("birth", *match.span()) for match in _BORN.finditer(question))
    yield from (("insurance", *match.span()) for match in _INSURANCE.finditer(question))
    for match in _NHS.finditer(question):
        if match[1] or (" " in match[2] and _is_nhs_number(match[2])):
            yield "nhs", *match.span()
    yield from (("record", *match.span()) for match in _RECORD.finditer(question))
    yield from (("ssn", *match.span()) for match in _SSN.finditer(question))
    yield from (("phone", *match.span(1)) for match in _CALLED.finditer(question))
    yield from _phones(question)
    yield from (("address", *match.span()) for match in _ADDRESS.finditer(question))
    yield from _names(question)


def _names(question: str) -> Iterator[tuple[str, int, int]]:
    yield from (("name", *match.span()) for match in _TITLED.finditer(question))
    for match in _SURNAME_FIRST.finditer(question):
        if match[2].casefold() in GIVEN_NAMES:
            yield "name", *match.span()
    for pattern in (_SAID, _RELATED, _NAMED_PATIENT):
        for match in pattern.finditer(question):
            if match[1].split()[0] not in _NO_NAME:
                yield "name", *match.span(1)
    for match in _PAIR.finditer(question):
        after = (match[2].casefold(), (match[3] or "").casefold())
        if match[1].casefold() in GIVEN_NAMES and after[0] not in _NO_SURNAME and after[1] not in _OF_MEDICINE:
            yield "name", match.start(1), match.end(2)
    for match in _SMALL_PAIR.finditer(question):
        if match[1].casefold() in GIVEN_NAMES and match[2].casefold() not in _NO_SURNAME:
            yield "name", match.start(1), match.end(2)


def _phones(question: str) -> Iterator[tuple[str, int, int]]:
    """Numbers that some plan allows and that are written as phone numbers are; not those that everybody may call."""
    import phonenumbers  # megabytes of number plans, wanted only here

    if sum(character.isdigit() for character in question) < 7:
        return
    for region in _REGIONS:
        for match in phonenumbers.PhoneNumberMatcher(question, region):
            written = match.raw_string
            public = phonenumbers.number_type(match.number) is phonenumbers.PhoneNumberType.TOLL_FREE
            inside = question[match.start - 1 : match.start].strip(" (:,;")  # of a longer code, as in PF-05190457
            if not public and not inside and (written[0] in "+(0" or written.count("-") == 2):
                yield "phone", match.start, match.end


def _is_nhs_number(written: str) -> bool:
    """Whether the last of ten digits is the check digit, modulo 11, of the nine before (NHS Data Dictionary)."""
    digits = [int(character) for character in written if character.isdigit()]
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == digits[9] and check != 10
