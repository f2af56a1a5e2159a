"""The last question with something else in a place of it: "and in children?", "atorvastatin?", "I meant Crohn's"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.resolving import cues
from chatbot.resolving.asked import AskedQuestion, Word
from chatbot.resolving.memory import Memory
from chatbot.resolving.phrasing import replace_words, tidy
from chatbot.resolving.topic import Name, topic_of
from chatbot.vocabulary import Vocabulary
from chatbot.words import MODIFIERS, OF_CONDITIONS, OF_DRUGS, SECTIONS_OF_LABELS

_PREPOSITION = re.compile(r"^(?:in|for|with|during|after|before|under|on|at|of|among)\b\s*", re.IGNORECASE)
_TAKEN_WITH = re.compile(r"^(?:with|plus)\b", re.IGNORECASE)
_ABOUT = " – about "


@dataclass(frozen=True, slots=True)
class Changed:
    """The last question changed; ``beside``: its subject stands, with something else beside it."""

    text: str
    beside: bool = False


def substituted_text(asked: AskedQuestion, memory: Memory, vocabulary: Vocabulary) -> Changed | None:
    """The last question asked again of what a fragment names; None where the fragment does not ask that.

    A drug replaces the drug that the last question newly named, else the one it carried. A disease replaces the
    disease beside a drug. Circumstances ("in children") replace those of their sort, or are added.
    """
    last = memory.last
    fragment = cues.bare(asked.text)
    leads = bool(_PREPOSITION.match(fragment))
    contrasts = cues.contrasts(asked.text)
    if last is None or not fragment or not asked.content:
        return None
    asked = AskedQuestion(fragment, vocabulary, memory.topic)
    if not asked.is_fragment:
        adds = leads and _only_adds(asked) and (not asked.foreign or not memory.topic.is_known)
        return Changed(_append(last.text, fragment), beside=True) if adds else None
    before = AskedQuestion(last.text, vocabulary)
    if asked.drugs:
        return _with_drug(asked, before, memory, vocabulary, contrasts=contrasts)
    if asked.own:
        return _with_condition(asked, before, memory, vocabulary, contrasts=contrasts)
    opens = contrasts or leads or any(word.lower.isdigit() for word in asked.words)
    return _in_other_circumstances(last.text, before, asked, fragment) if opens else None


def _with_drug(
    asked: AskedQuestion, before: AskedQuestion, memory: Memory, vocabulary: Vocabulary, *, contrasts: bool
) -> Changed | None:
    fragment = asked.text
    if _TAKEN_WITH.match(fragment):
        beside = [word for word in before.drugs if before.is_with(word)]
        if beside:
            return Changed(replace_words(before.text, _joined(before, beside), fragment), beside=True)
        return Changed(_append(before.text, fragment), beside=True)
    says_more = len(asked.content) > len(asked.drugs) or any(asked.is_with(word) for word in asked.drugs)
    known = memory.matching(frozenset(term for word in asked.drugs for term in word.terms), vocabulary) is not None
    if says_more and (known or not contrasts):
        return None  # "viagra with nitrates" says all it asks
    spans = _drug_spans(before, memory.last.own.drugs if memory.last else (), vocabulary)
    if spans:
        is_beside = any(before.is_with(word) and word.start >= spans[0][0] for word in before.drugs)
        return Changed(replace_words(before.text, spans, _PREPOSITION.sub("", fragment)), beside=is_beside)
    answers = not contrasts and not memory.topic.names  # the answer to "which drug do you mean?"
    return Changed(_append(before.text, fragment)) if answers else None


def _with_condition(
    asked: AskedQuestion, before: AskedQuestion, memory: Memory, vocabulary: Vocabulary, *, contrasts: bool
) -> Changed | None:
    spans = _condition_spans(before, asked, memory, vocabulary, contrasts=contrasts)
    if spans:
        return Changed(replace_words(before.text, spans, asked.text))
    fits = bool(_PREPOSITION.match(asked.text)) and (bool(memory.topic.drugs) or bool(asked.foreign))
    return Changed(_append(before.text, asked.text), beside=True) if fits else None


def _only_adds(asked: AskedQuestion) -> bool:
    """Whether a text that opens with a preposition asks nothing itself ("for kidney function on PrEP")."""
    return not asked.has_verb and not asked.aspects & (OF_DRUGS | OF_CONDITIONS)


def corrected_text(asked: AskedQuestion, wrong: str, memory: Memory, vocabulary: Vocabulary) -> str | None:
    """The last question with what was meant in the place of what was not; with it at the end where no place is told."""
    last = memory.last
    if last is None:
        return None
    before = AskedQuestion(last.text, vocabulary)
    fragment = cues.bare(asked.text)
    spans = _spans_of(before, frozenset(vocabulary.terms(wrong)) | _letters(wrong)) if wrong else []
    if not spans and asked.drugs:
        spans = _drug_spans(before, last.own.drugs, vocabulary)
    if not spans and any(not word.drug for word in asked.own):
        names = topic_of(before).conditions
        spans = _name_spans(before, names[-1:])
    if spans:
        return replace_words(last.text, spans, fragment)
    changed = _in_other_circumstances(last.text, before, asked, fragment)
    return changed.text if changed else _append(last.text, fragment)


def _drug_spans(before: AskedQuestion, own: Sequence[Name], vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """Where the last question names the drugs to be replaced.

    One that is taken with another first, then those that it named itself, else all it holds.
    """
    beside = [word for word in before.drugs if before.is_with(word)]
    if beside:
        return _joined(before, beside)
    terms = {term for name in own for word in name.words for term in vocabulary.terms(word)}
    newly = [word for word in before.drugs if terms & set(word.terms)]
    return _joined(before, newly or list(before.drugs))


def _condition_spans(
    before: AskedQuestion, asked: AskedQuestion, memory: Memory, vocabulary: Vocabulary, *, contrasts: bool
) -> list[tuple[int, int]]:
    """Where the last question names the disease that another takes the place of.

    Beside a drug, every disease does. Without one, only the topic's own beside something else that was asked about
    ("acupuncture in PTSD" and "for chronic pain"), or where a whole topic is named with no "in" before it.
    """
    names = topic_of(before).conditions
    if before.drugs:
        related = all(asked.is_at_home(word, named=True) for word in asked.foreign)
        return _name_spans(before, names) if related or contrasts else []
    topical = memory.topic.terms(vocabulary)
    of_topic = [name for name in names if topical & {t for word in name.words for t in vocabulary.terms(word)}]
    if not asked.foreign or not contrasts:
        return []
    bare = not _PREPOSITION.match(asked.text) and all(word.whole for word in asked.foreign)
    carried = memory.last is not None and any(word in memory.last.carried for name in of_topic for word in name.words)
    return _name_spans(before, of_topic) if carried or len(of_topic) < len(names) or bare else []


def _in_other_circumstances(text: str, before: AskedQuestion, asked: AskedQuestion, fragment: str) -> Changed | None:
    if before.aspects & OF_DRUGS and any(word.lower in SECTIONS_OF_LABELS for word in asked.words):
        return None  # "side effects?", "and in pregnancy?": a label answers the second in a section of its own
    for row in MODIFIERS:
        group = frozenset(row.split())
        there = [word for word in before.words if word.lower in group]
        if there and any(word.lower in group for word in asked.words):
            return Changed(replace_words(text, _joined(before, there), _PREPOSITION.sub("", fragment)))
    return Changed(_append(text, fragment), beside=True)


def _append(text: str, fragment: str) -> str:
    head, about, tail = text.partition(_ABOUT)
    link = " " if _PREPOSITION.match(fragment) else ", "
    mark = "?" if head.rstrip().endswith("?") else ""
    return tidy(f"{head.rstrip(' ?.!')}{link}{fragment}{mark}{about}{tail}")


def _name_spans(before: AskedQuestion, names: Sequence[Name]) -> list[tuple[int, int]]:
    found = [before.text.find(name.text) for name in names]
    return sorted((at, at + len(name.text)) for at, name in zip(found, names, strict=True) if at >= 0)


def _spans_of(before: AskedQuestion, terms: frozenset[str]) -> list[tuple[int, int]]:
    """Where the last question says some words: the whole name that holds them, or the words themselves."""
    names = [
        name
        for name in topic_of(before).names
        if any(word.lower() in terms or _stem(before, word) & terms for word in name.words)
    ]
    if names:
        return _name_spans(before, names)
    return _joined(before, [word for word in before.words if set(word.terms) & terms and word.is_content])


def _stem(before: AskedQuestion, text: str) -> frozenset[str]:
    return frozenset(term for word in before.words if word.text == text for term in word.terms)


def _letters(text: str) -> frozenset[str]:
    """Single letters, which are stop words elsewhere ("hepatitis B, not C")."""
    return frozenset(word.lower() for word in text.split() if len(word) == 1)


def _joined(before: AskedQuestion, words: Sequence[Word]) -> list[tuple[int, int]]:
    """The spans of words, those with only "and", "or" or marks between them as one."""
    spans: list[tuple[int, int]] = []
    for word in words:
        between = before.text[spans[-1][1] : word.start] if spans else "x"
        if spans and re.fullmatch(r"[\s,/()]*(?:(?:and|or|plus)\b)?[\s(]*", between, re.IGNORECASE):
            spans[-1] = (spans[-1][0], word.end)
        else:
            spans.append((word.start, word.end))
    return spans
