"""Does a question tell of an emergency that is happening now? What to do at once then.

A question that names an emergency is far more often a study question than a cry for help. So a sign of the written
list counts only where somebody is ill: the person who asks, somebody near, a patient at hand; where it is said to
happen now; or where nothing is asked and something told. Parts of a question that tell of the past, of other people in
general or of a risk are not read. ``tests/unit/test_red_flags.py`` has the labelled questions, prints what is found of
them, and says what was found of sets that tell the same in unusual words: far less.

Tried and left: nearness of MiniLM's vectors to the labelled questions, together with the rules (of 42 emergencies .86
instead of .64 were found, and 15 % of ordinary questions in the first person drew an alarm).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_LIST = Path(__file__).parent / "emergencies.toml"
_NAME = re.compile(r"<(\w+)>")

_CLAUSE = re.compile(r"[.!?;:,](?:\s|$)|\s[-–—]\s|\n")
_NOT = re.compile(r"\b(ca|do|does|is|are|wo|have|has|had|did|could|would|was|were)(?:n't| not|nnot|n not|n t)\b")

_NEAR = (
    "mum|mom|mother|mummy|mommy|dad|father|daddy|wife|husband|son|daughter|girlfriend|boyfriend|brother|sister|grandma"
    "|grandpa|grandad|granddad|grandmother|grandfather|gran|nan|uncle|aunt|partner|friend|neighbour|neighbor|colleague"
)
_I = (
    "am|have|had|feel|felt|think|took|take|want|wanna|just|got|keep|cant|dont|need|was|woke|swallowed|ate|drank|spilled"
    r"|suddenly|cut|wont|started|inject\w+"
)
_SOMEBODY = re.compile(
    rf"\b(?:im|ive|i (?:{_I})|me|myself|my|our|us|he|she|hes|shes|they are|theyre|somebody|someone|do i need"
    rf"|(?:the|this|a) (?:man|woman|guy|lady|child|patient) (?:here|next to|has just|just)|{_NEAR})\b"
    r"|\bbaby (?:is|has|wont)|\bpatient (?:here|on the ward|in front|is now|has just|just|now)|\bthe patient is\b"
    r"|\b(?:his|her|him|kid|toddler|patient in (?:bed|bay|resus|room)|pt (?:in|with|has|is))\b"
    r"|\d weeks pregnant|\d (?:weeks|months)(?: ,)? (?:waters|pregnant)|\bnewborn (?:is|has|wont)"
    r"|\bwe (?:gave|have just)|\bin front of (?:me|us)"
    # What is written without a subject, as people write in haste.
    r"|\b(?:feels|hurts|hurting|keeps|wont|cant|gone|went|took|taken|swallowed|drank|ate|fell|hit|cut|closing|spurting|pls"
    r"|please|help|resus|planning|thinking of|feeling|having|used|burnt|burned|coughing|vomiting|pooing|passing|gasping"
    r"|struggling|stung|bitten|throwing up|been|too high)\b"
)
_NOW = re.compile(
    r"\b(?:right now|now|just|sudden(?:ly)?|for the last|what do i do|what to do|what now|tonight|today"
    r"|since (?:this|an hour|yesterday|last night)|an hour ago|minutes ago|this (?:morning|afternoon|evening))\b"
)
# How questions begin that are about nobody; what begins otherwise tells of something.
_ASKS = re.compile(
    r"^(?:what|which|how|when|where|who|why|does|do|did|is|are|was|were|should|can|could|would|will|may|has|have)\b"
)
# A clause that says one of these is about what was, what may be, or people in general …
_STUDY = re.compile(
    r"\b(?:(?:years?|months?|weeks|decades?) ago|last (?:year|month|summer|winter|spring|autumn|fall)|in (?:19|20)\d\d"
    r"|when (?:i|he|she|they) (?:was|were)|as a (?:child|teenager)|in childhood|histor(?:y|ies) of|family history"
    r"|died of|used to|chronic|recurrent|stable|for (?:\w+ )?(?:years|months|weeks|decades)|sometimes|occasional\w*"
    r"|mild|a bit|usually|previous\w*|if (?:someone|somebody|a|an|people|anyone|patients?|one)"
    r"|in (?:patients|people|adults|children|adolescents|infants)"
    r"|(?:risk|chances?|rate|incidence|prevalence|likelihood|causes?|prevention|treatment|management|diagnosis)"
    r" (?:of|for)"
    r"|do(?:es)? [\w ]+ (?:cause|increase|raise|lower|reduce|prevent|interact)|side effects? of|adverse reactions?"
    r"|what (?:is|are) (?:a|an|the)|what causes|when should|which patients"
    r"|how (?:is|are|common|often|do (?:i|we|you) (?:manage|treat|recogni[sz]e|diagnose|assess|screen|prevent)))\b"
)
# … unless it also says that it happens now.
_STILL = re.compile(
    r"\b(?:right now|now|sudden(?:ly)?|im having|i am having|(?:is|are|has been|ive been) having|tonight|wont stop"
    r"|i have (?:just )?(?:taken|swallowed)|cant (?:breathe|stop|wake|move|speak))\b"
)
_VIGNETTE = re.compile(
    r"\bpresents? (?:with|to)\b|\bis brought\b|\b(?:a|an) \d+ ?(?:year|month|week|day)s? old (?:man|woman|boy|girl)\b"
)
_ABSENT = re.compile(
    r"\b(?:no|denies|denied|without|not having|never had)(?: any)? (?:chest (?:pain|tightness)|shortness of breath"
    r"|suicidal \w+|bleeding|fever|seizures?|headaches?|allergic \w+)"
)


@dataclass(frozen=True, slots=True)
class RedFlag:
    """An emergency: what it may be, what to do at once in this order, and the signs that tell of it (see the list)."""

    key: str
    heading: str
    at_once: tuple[str, ...]
    signs: tuple[str, ...] = ()
    certain: tuple[str, ...] = ()


@cache
def emergencies() -> tuple[RedFlag, ...]:
    """The written list, ``emergencies.toml``, in the order in which they are looked for."""
    held = tomllib.loads(_LIST.read_text("utf-8"))
    names = held["words"] | held["steps"]

    def lines(entry: dict[str, list[str]], name: str) -> tuple[str, ...]:
        return tuple(_filled(line, names) for line in entry.get(name, []))

    return tuple(
        RedFlag(entry["key"], entry["heading"], *(lines(entry, name) for name in ("at_once", "signs", "certain")))
        for entry in held["emergency"]
    )


def red_flag(question: str) -> RedFlag | None:
    """The first emergency of the list that a question tells of; None: of none, as "" does, or as a textbook does."""
    whole = plain(question)
    told = _told(whole)
    ill = bool(_SOMEBODY.search(told) or _NOW.search(told) or not _ASKS.search(told))
    for emergency in emergencies():
        if any(_stands(sign, whole) for sign in emergency.certain):
            return emergency
        if ill and any(_stands(sign, told) for sign in emergency.signs):
            return emergency
    return None


def plain(question: str) -> str:
    """The question in small letters, negations as one word, without apostrophes; a hyphen in a word is a space."""
    text = " ".join(question.casefold().replace("’", "'").split())
    text = re.sub(r"(?<=\w)-(?=\w)", " ", text)
    return _NOT.sub(r"\1nt", text.replace("will not", "won't")).replace("'", "")


def _told(text: str) -> str:
    """What a question says of somebody and of now: without the clauses that are about something else."""
    clauses = (_ABSENT.sub(" ", clause).strip() for clause in _CLAUSE.split(text))
    if _VIGNETTE.search(text):
        return ""
    return " , ".join(clause for clause in clauses if not _STUDY.search(clause) or _STILL.search(clause))


@cache
def _parts(sign: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"(?<![a-z0-9])(?:{part})") for part in sign.split(" + "))


def _stands(sign: str, text: str) -> bool:
    return all(part.search(text) for part in _parts(sign))


def _filled(line: str, names: dict[str, str]) -> str:
    """The line with what its ``<names>`` stand for, which may hold such names themselves."""
    while match := _NAME.search(line):
        line = line.replace(match[0], names[match[1]])
    return line
