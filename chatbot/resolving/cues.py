"""Openings and asides that say how a question stands to what was said before: a correction, a return, a contrast."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SORRY = (
    r"(?:no|nope|sorry|oops|wait|hang on|actually|correction|my mistake|argh|ugh|scrap that|forget that|never mind"
    r"|i mean|i meant)"
)
_MEANT = (
    r"(?:i(?: actually| really)? (?:mean|meant|want|wanted)|make (?:that|it)|should (?:be|read|say)"
    r"|i['’]?m asking about|i am asking about|it['’]?s|that['’]?s)"
)
_MARKS = r"[\s,.:;–-]*"
_CORRECTION = re.compile(
    rf"^\W*(?:(?:and|ok|okay|but|ah|oh)\W+)?(?:{_SORRY}\b{_MARKS})+"
    rf"(?:{_MEANT}\b{_MARKS}(?:asking (?:about|for)\b)?\s*)?",
    re.IGNORECASE,
)
_MEANT_BEHIND = re.compile(r"[\s,–-]*\b(?:i (?:actually )?(?:mean|meant)|sorry)\b(?=\s*(?:$|[,.?!]))", re.IGNORECASE)
_NOT_BUT = re.compile(r"^\W*not\s+(?P<wrong>[^,;.–]+?)\s*(?:,|;|–| - |\bbut\b)\s*(?P<right>.+)$", re.IGNORECASE)
_RIGHT_NOT = re.compile(
    r"^(?P<right>.+?)[\s,;–-]+(?:and )?(?:not|rather than|instead of)\s+(?P<wrong>[^,;.?]+)(?P<rest>[.?!]?.*)$",
    re.IGNORECASE,
)
_YES_NO = re.compile(r"^\W*(?:no|actually)\b\W*(?:thanks|thank you|problem|worries)", re.IGNORECASE)

_RETURN = re.compile(
    r"^\W*(?:(?:ok|okay|and|so|but|well|now)\W+)?(?:can we |let['’]?s |let us )?"
    r"(?:(?:go(?:ing)?|com(?:e|ing)|get(?:ting)?|jump(?:ing)?|switch(?:ing)?) )?(?:back|return(?:ing)?) (?:to|on)\b\s*"
    r"|^\W*(?:as for|regarding|concerning|again about|once more about|earlier (?:you|we|i) \w+ (?:about )?)\s*",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:(?:that |which |as )?(?:you|we|i) (?:\w+ )?"
    r"(?:mentioned|said|listed|named|discussed|talked about|spoke of|asked about|"
    r"started with|began with)(?: (?:first|earlier|before|above|previously|at first))?|from (?:before|earlier)|"
    r"again|(?:the )?(?:first|previous|earlier|other|original) (?:topic|subject|question|patient|condition|disease))\b",
    re.IGNORECASE,
)
_FIRST_TOPIC = re.compile(
    r"\b(?:the )?(?:first|original) (?:topic|subject|question|condition|disease)\b", re.IGNORECASE
)
_PREVIOUS_TOPIC = re.compile(
    r"\b(?:the )?(?:previous|earlier|other|last) (?:topic|subject|question|condition|disease)\b", re.IGNORECASE
)

CONTRAST = re.compile(
    r"^\W*(?:(?:ok|okay|so|then|thanks|well)\W+)*"
    r"(?:and|or|what about|how about|what of|same (?:q|question|thing|again)?\s*(?:for|with|about|in))\b",
    re.IGNORECASE,
)
_CONTRAST_ANYWHERE = re.compile(r"\b(?:instead|too|as well|likewise|do (?:it|that|so) too|the same)\b", re.IGNORECASE)
_OPENING = re.compile(
    r"^\W*(?:(?:ok|okay|so|then|thanks|well)\W+)*(?:and then|and also|and|or|but|what about|how about|what of|"
    r"same (?:q|question|thing|again)?\s*(?:for|with|about|in)|also)\b[\s,:]*",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"[\s,]*\b(?:then|instead|too|as well|though|please|now)\b[\s?.!]*$", re.IGNORECASE)
_REMARK = re.compile(r"^\W*(?:i|my|that|it)\b[^?]*$", re.IGNORECASE)  # "i keep mixing them up"
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Correction:
    """What was meant, what was not, and the question that may follow in the same breath."""

    right: str
    wrong: str = ""
    question: str = ""


def correction(text: str) -> Correction | None:
    """The correction that a text opens with or consists of ("no, I meant in children", "X, sorry, not Y"); or None."""
    first, *others = _SENTENCE.split(text, maxsplit=1)
    question = others[0] if others and not _REMARK.match(others[0]) else ""
    opened = _CORRECTION.match(first)
    behind = _MEANT_BEHIND.search(first)
    rest = first
    if opened and not _YES_NO.match(first):
        rest = first[opened.end() :]
    elif behind:
        rest = (first[: behind.start()] + first[behind.end() :]).strip()
    negated = _NOT_BUT.match(rest)
    if not negated and (opened or behind):
        negated = _RIGHT_NOT.match(rest)
    if not (opened or behind or (negated and re.match(r"\W*not\b", first, re.IGNORECASE))):
        return None
    if negated:
        return _strip(negated["right"], negated["wrong"], question)
    if not any(c.isalnum() for c in rest):
        return _strip(question, "", "") if question and opened else None
    return _strip(rest, "", question)


def _strip(right: str, wrong: str, question: str) -> Correction:
    return Correction(right.strip(" ,.;–-"), wrong.strip(" ,.;–-?"), question.strip())


def returns(text: str) -> str | None:
    """The question without its "back to"; None where it does not open with one."""
    opened = _RETURN.match(text)
    return text[opened.end() :].strip() if opened and opened.group().strip() else None


def speaks_of_earlier(text: str) -> bool:
    """Whether it says of something that it was talked about before ("the drug you mentioned")."""
    return bool(_EARLIER.search(text))


def earlier_topic(text: str) -> int | None:
    """Which topic it names by its place: 0 the first, -2 the one before; or None."""
    if _FIRST_TOPIC.search(text):
        return 0
    return -2 if _PREVIOUS_TOPIC.search(text) else None


def contrasts(text: str) -> bool:
    """Whether it asks the last question again of something else ("and X?", "X instead?")."""
    return bool(CONTRAST.match(text) or _CONTRAST_ANYWHERE.search(text))


def bare(text: str) -> str:
    """A text without the opening and the closing of a contrast, or the marks around it."""
    return _CLOSING.sub("", _OPENING.sub("", text)).strip(" ?.!,;:–-")
