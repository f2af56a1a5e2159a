"""References to things said before, put into words: "the second one", "the other two", "which of these", "that trial".

What is pointed at is written into the question, which is then read like any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from chatbot.domain import Kind, Statement
from chatbot.resolving.asked import AskedQuestion
from chatbot.resolving.cues import speaks_of_earlier
from chatbot.resolving.memory import Memory
from chatbot.resolving.naming import drugs_in
from chatbot.vocabulary import Vocabulary

_ORDINALS = {
    word: number
    for number, words in enumerate(("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th"))
    for word in words.split()
} | {"last": -1, "final": -1}
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5}
_ORDINAL = rf"(?P<ordinal>{'|'.join(_ORDINALS)})"
_COUNT = rf"(?P<count>{'|'.join(_NUMBERS)})"
_THING = r"(?:one|drug|medicine|medication|agent|option|choice|treatment|antidepressant|antibiotic|statin|opioid)"
_SOURCE = (
    r"(?P<source>trial|study|paper|review|survey|cohort|meta-analysis|analysis|guideline|label|leaflet|source|article)"
)
_STATEMENT = r"(?P<statement>recommendation|point|statement|warning|finding|sentence|advice)"

_NTH = re.compile(
    rf"\b(?:the|that|your) {_ORDINAL}"
    rf"(?: (?:of (?:the|these|those|them)(?: {_COUNT})?|{_THING})\b|(?=\s*(?:[,?:;]|[–-]\s|$)))",
    re.IGNORECASE,
)
_PAIR = re.compile(rf"\b(?:the )?(?P<which>former|latter)\b(?: {_THING})?", re.IGNORECASE)
_OTHER = re.compile(rf"\b(?:the|that) other (?:{_COUNT}|{_THING})\b", re.IGNORECASE)
_BEFORE = re.compile(
    rf"\b(?:the one (?:before|from before)|(?:the|that) (?:previous|earlier) {_THING})\b", re.IGNORECASE
)
_THESE = re.compile(
    rf"\b(?:(?P<of>which|either|both|all|any|one|none|each)(?: {_COUNT})? of "
    rf"(?:these|those|them|the {_COUNT.replace('count', 'number')})"
    rf"|(?:these|those) (?:{_COUNT.replace('count', 'more')}|drugs|medicines|medications|agents|options)|both)\b",
    re.IGNORECASE,
)
_NTH_SOURCE = re.compile(rf"\b(?:(?:the|that|your) {_ORDINAL}|that|this|the same) {_SOURCE}\b", re.IGNORECASE)
_NTH_STATEMENT = re.compile(rf"\b(?:(?:the|that|your) {_ORDINAL}|that|this) {_STATEMENT}\b", re.IGNORECASE)
_KINDS = {"guideline": Kind.GUIDELINE, "label": Kind.LABEL, "leaflet": Kind.LABEL}
# "the first drug" is one of those asked about; "the first one" may be of those an answer lists.
_NAMED_DRUG = re.compile(rf"\bthe {_ORDINAL} (?:drug|medicine|medication)\b", re.IGNORECASE)
_TURNS_READ = 3  # a list further back is no longer what "the other two" are of
_LONGEST_TITLE, _LONGEST_QUOTE = 100, 90  # characters: more would hide the question


@dataclass(frozen=True, slots=True)
class Pointed:
    """The question with what it points at; ``listed`` is what it counted through, ``quoted`` whether it is a source."""

    text: str
    listed: tuple[str, ...] = ()
    quoted: bool = False


def dereference(text: str, memory: Memory, vocabulary: Vocabulary) -> Pointed | None:
    """The question with what it points at in words; None where it points at nothing that is known."""
    return _point_at_things(text, memory, vocabulary) or _point_at_what_was_said(text, memory)


def _point_at_things(text: str, memory: Memory, vocabulary: Vocabulary) -> Pointed | None:
    patterns = ((_NTH, _nth), (_PAIR, _of_two), (_OTHER, _others), (_BEFORE, _one_before), (_THESE, _these))
    matches = [(found, choose) for pattern, choose in patterns if (found := pattern.search(text))]
    lists = _lists(text, memory, vocabulary) if matches else []
    listed_at_all = [*memory.drugs, *(name for names in lists for name in names)]
    at_hand = _with_other_names([name.text for name in memory.topic.drugs], vocabulary, listed_at_all)
    for found, choose in matches:
        if choose is _these and len(AskedQuestion(text, vocabulary).drugs) > 1:
            continue  # "which of these: A, B" lists them itself
        for listed in [_distinct(memory.drugs, vocabulary)] if choose is _one_before else lists:
            chosen = choose(found, listed, at_hand)
            if chosen:
                instead = _written(found, chosen)
                rest = re.sub(
                    r"^\s*(?:that |which )?(?:you|we|i) \w+(?: (?:first|earlier|before))?\b", "", text[found.end() :]
                )
                return Pointed(f"{text[: found.start()]}{instead}{rest}", listed)
    return None


def _written(found: re.Match[str], chosen: Sequence[str]) -> str:
    names = " and ".join([", ".join(chosen[:-1]), chosen[-1]] if len(chosen) > 1 else chosen)
    before = found.groupdict().get("of")
    return f"{before} of {names}" if before else names


def _lists(text: str, memory: Memory, vocabulary: Vocabulary) -> list[tuple[str, ...]]:
    """What may be counted through, likeliest first: each with two things or more, no drug in it under two names."""
    asked = memory.last.topic if memory.last else None
    answers = [drugs_in(turn.answer, vocabulary) for turn in memory.turns[: -_TURNS_READ - 1 : -1]]
    lists = [
        memory.listed,
        tuple(name.text for name in asked.drugs) if asked else (),
        *answers[:1],
        memory.drugs,
        tuple(name.text for name in asked.conditions) if asked else (),
        *answers[1:],
    ]
    if speaks_of_earlier(text) or _NAMED_DRUG.search(text):
        lists = [memory.drugs, *lists]
    distinct = [_distinct(names, vocabulary) for names in lists]
    return [names for names in distinct if len(names) > 1]


def _with_other_names(names: Sequence[str], vocabulary: Vocabulary, listed: Sequence[str]) -> frozenset[str]:
    """The names, in lower case, and those of a list that are other names of the same drugs."""
    terms = {term for name in names for term in vocabulary.terms(name)}
    same = terms.union(*(vocabulary.same_drug.get(term, ()) for term in terms))
    return frozenset(name.lower() for name in (*names, *listed) if same & set(vocabulary.terms(name)))


def _distinct(names: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    kept: list[str] = []
    seen: set[str] = set()
    for name in names:
        terms = set(vocabulary.terms(name))
        same = terms.union(*(vocabulary.same_drug.get(term, ()) for term in terms))
        if terms and not seen & same:
            kept.append(name)
        seen |= same
    return tuple(kept)


def _nth(found: re.Match[str], listed: Sequence[str], at_hand: Set[str]) -> tuple[str, ...]:  # noqa: ARG001
    count = _NUMBERS.get((found.groupdict().get("count") or "").lower(), len(listed))
    number = _ORDINALS[found["ordinal"].lower()]
    if len(listed) < count:
        return ()
    within = listed[:count]
    return (within[number],) if -1 <= number < len(within) else ()


def _of_two(found: re.Match[str], listed: Sequence[str], at_hand: Set[str]) -> tuple[str, ...]:  # noqa: ARG001
    return (listed[0] if found["which"].lower() == "former" else listed[1],)


def _others(found: re.Match[str], listed: Sequence[str], at_hand: Set[str]) -> tuple[str, ...]:
    """Those that the last question was not about; as many as were asked for."""
    others = [name for name in listed if name.lower() not in at_hand]
    count = _NUMBERS.get((found["count"] or "").lower(), 1)
    if len(others) < count or len(others) == len(listed):
        return ()
    return tuple(others[:count] if count > 1 else others[-1:])


def _one_before(found: re.Match[str], listed: Sequence[str], at_hand: Set[str]) -> tuple[str, ...]:  # noqa: ARG001
    """The latest of those asked about that is not at hand."""
    return tuple([name for name in listed if name.lower() not in at_hand][-1:])


def _these(found: re.Match[str], listed: Sequence[str], at_hand: Set[str]) -> tuple[str, ...]:  # noqa: ARG001
    groups = found.groupdict()
    stated = next((groups[key] for key in ("count", "number", "more") if groups.get(key)), "")
    count = _NUMBERS.get(stated.lower(), 2 if found.group().lower().startswith("both") else len(listed))
    return tuple(listed[:count]) if len(listed) >= count else ()


def _point_at_what_was_said(text: str, memory: Memory) -> Pointed | None:
    statements = memory.turn.statements if memory.turn else ()
    for pattern, choose in ((_NTH_SOURCE, _source), (_NTH_STATEMENT, _statement)):
        found = pattern.search(text)
        said = choose(found, statements) if found else ""
        if found and said:
            return Pointed(f"{text[: found.end()]} (“{said}”){text[found.end() :]}", quoted=True)
    return None


def _source(found: re.Match[str], statements: Sequence[Statement]) -> str:
    """The title of the source that is pointed at: of its sort, in the order cited."""
    noun = found["source"].lower()
    kind = _KINDS.get(noun, Kind.RESEARCH)
    cited = {s.reference.id: s.reference for s in statements if s.reference.kind is kind or noun == "source"}
    sources = list(cited.values())
    of_the_sort = [r for r in sources if noun in f"{r.study} {r.title}".lower()] or sources
    number = _ORDINALS[(found["ordinal"] or "first").lower()]
    return _cut(of_the_sort[number].title, _LONGEST_TITLE) if -1 <= number < len(of_the_sort) and of_the_sort else ""


def _statement(found: re.Match[str], statements: Sequence[Statement]) -> str:
    """The claim that is pointed at: recommendations are guidelines', warnings are labels'."""
    kind = {"recommendation": Kind.GUIDELINE, "warning": Kind.LABEL}.get(found["statement"].lower())
    said = [s.text for s in statements if kind is None or s.reference.kind is kind]
    number = _ORDINALS[(found["ordinal"] or "first").lower()]
    return _cut(said[number], _LONGEST_QUOTE) if said and -1 <= number < len(said) else ""


def _cut(text: str, limit: int) -> str:
    text = text.strip().rstrip(".")
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"
