"""Questions that do not say of what: "what's the dose?" without a drug, or of a class with a label for each drug.

They are not answered from whatever is nearest; the person is asked back, with full questions to choose from. Another
drug's dose is the most dangerous answer there is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from chatbot.answering.gate import Terms
from chatbot.domain import EVIDENCE_KINDS, Kind
from chatbot.followup import Resolved
from chatbot.index.reader import Index
from chatbot.words import ASPECTS, BACK_REFERENCES, DRUG_CLASSES, OF_CONDITIONS, OF_DRUGS

WHICH_DRUG = "Which drug do you mean?"
WHICH_TOPIC = "Which disease or drug do you mean?"
NO_TOPIC = "The question does not say what it is about."
MANY_LABELS = "The drugs of this class have labels of their own."

_MOST_CHOICES = 6
_MOST_TRIED = 12  # each is looked for in every kind of evidence: about 20 ms
_PRONOUN = re.compile(rf"\b(?:{'|'.join(sorted(BACK_REFERENCES - set('his her its their'.split())))})\b", re.IGNORECASE)
_OPEN_END = re.compile(r"\b(?:of|for|with|on|in|to)$", re.IGNORECASE)
_STARTS_AS_SENTENCE = re.compile(r"^(?:how|can|could|is|are|do|does|did|should|may|when|why|will)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Unsaid:
    """What a question leaves open: the question to ask back, the honest line, and what may be meant, likeliest first.

    ``replaced`` is the word that stands where a name belongs ("statins"); empty: the name is added.
    """

    ask: str
    reason: str
    names: tuple[str, ...]
    replaced: str = ""


def unsaid(index: Index, resolved: Resolved, terms: Terms) -> Unsaid | None:
    """What a question leaves open; None: it says of what it asks, or asks for nothing that the index knows to ask."""
    words = index.words
    aspects = {term for word in ASPECTS for term in words.terms(word)}
    if terms.topic - aspects:
        return _class_of_drugs(index, resolved, terms)
    rest = {term for term in words.terms(resolved.text) if term not in words.filler_terms and len(term) > 1}
    if not rest or not rest <= aspects:
        return None
    of_conditions = {term for word in OF_CONDITIONS for term in words.terms(word)}
    drugs = _drugs(index)
    if drugs and not of_conditions & rest:
        return Unsaid(WHICH_DRUG, NO_TOPIC, drugs)
    return Unsaid(WHICH_TOPIC, NO_TOPIC, _topics(index))


def choices(question: str, open_point: Unsaid, is_answered: Callable[[str], bool]) -> tuple[str, ...]:
    """At most six full questions that are answered, in the order of the names. None is: none."""
    found: list[str] = []
    for name in open_point.names[:_MOST_TRIED]:
        candidate = _named(question, name, open_point.replaced)
        if is_answered(candidate):
            found.append(candidate)
        if len(found) == _MOST_CHOICES:
            break
    return tuple(found)


def _class_of_drugs(index: Index, resolved: Resolved, terms: Terms) -> Unsaid | None:
    """Whether a dose or the like is asked of a class of which several drugs have labels."""
    words = index.words
    classes = {term for word in DRUG_CLASSES for term in words.terms(word)} & terms.topic
    of_drugs = {term for word in OF_DRUGS for term in words.terms(word)}
    if not classes or not of_drugs & set(words.terms(resolved.text)):
        return None
    names: list[str] = []
    for subject in index.subjects:
        if subject.kind is not Kind.LABEL:
            continue
        names_of_it = (*subject.drugs, *subject.brands)
        about = set(words.terms(" ".join((subject.title, *subject.topics, *names_of_it))))
        if classes <= about:
            if {term for drug in names_of_it for term in words.terms(drug)} & (terms.topic - classes):
                return None  # the drug itself is named
            names += subject.drugs
    names = list(dict.fromkeys(names))
    if len(names) < 2:
        return None
    replaced = next((word for word in re.findall(r"\w+", resolved.text) if set(words.terms(word)) & classes), "")
    return Unsaid(WHICH_DRUG, MANY_LABELS, tuple(names), replaced)


def _drugs(index: Index) -> tuple[str, ...]:
    """The drugs that are indexed: those with a label of their own first, then the most written about."""
    counts: Counter[str] = Counter()
    for subject in index.subjects:
        if subject.kind in EVIDENCE_KINDS and len(subject.drugs) == 1:
            counts[subject.drugs[0]] += subject.documents * (1000 if subject.kind is Kind.LABEL else 1)
    return tuple(sorted(counts, key=lambda drug: (-counts[drug], drug)))


def _topics(index: Index) -> tuple[str, ...]:
    """What the documents are about first, drugs left out, the most written about first."""
    counts: Counter[str] = Counter()
    for subject in index.subjects:
        first = subject.topics[0] if subject.kind in EVIDENCE_KINDS and subject.topics else ""
        if first and not index.words.drug_terms.issuperset(index.words.terms(first)):
            counts[first] += subject.documents
    return tuple(sorted(counts, key=lambda topic: (-counts[topic], topic)))


def _named(question: str, name: str, replaced: str) -> str:
    """The question with the name in the place of a word or of its "it", else at its end."""
    text = question.strip().rstrip("?!. ")
    if replaced:
        text = re.sub(rf"\b{re.escape(replaced)}\b", lambda _: name, text, count=1, flags=re.IGNORECASE)
    elif _PRONOUN.search(text):
        text = _PRONOUN.sub(lambda _: name, text, count=1)
    elif _OPEN_END.search(text):
        text = f"{text} {name}"
    else:
        text = f"{text} {'with' if _STARTS_AS_SENTENCE.match(text) else 'of'} {name}"
    return f"{text[0].upper()}{text[1:]}?"
