"""The honest line of a section that is withheld: what was looked in, and what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chatbot.domain import Jurisdiction, Kind, Passage, Reference
from chatbot.followup import topic_phrase
from chatbot.index.reader import Index

_NAMES = {
    Kind.GUIDELINE: ("guideline", "guidelines"),
    Kind.LABEL: ("drug label", "drug labels"),
    Kind.RESEARCH: ("research paper", "research papers"),
}
NOTHING = "Nothing that is indexed answers this question."


def kind_reason(index: Index, kind: Kind, topic: Sequence[str]) -> str:
    """Why guidelines or research say nothing: none indexed, none on the topic, or silent on what is asked."""
    one, many = _NAMES[kind]
    references = [reference for reference in index.references if reference.kind is kind]
    if not references:
        return f"No {one} is indexed."
    terms = [term for word in topic for term in index.words.terms(word)]
    on_topic = [reference for reference in references if _topic_terms(index, reference) & set(terms)]
    if terms and not on_topic and not index.is_mentioned(kind, terms):
        return f"No indexed {one} mentions {topic_phrase(topic)}."
    if on_topic and len(on_topic) < len(references):
        return f"The indexed {many} on {topic_phrase(topic)} do not answer this question."
    return f"The indexed {many} do not answer this question."


def label_reason(index: Index, drugs: Iterable[str], jurisdiction: Jurisdiction = Jurisdiction.US) -> str:
    """Why the labels of a jurisdiction say nothing: none for the drug is indexed, or it is silent on what is asked."""
    labels = [r for r in index.references if r.kind is Kind.LABEL and r.jurisdiction in {jurisdiction, None}]
    if not labels:
        return f"No {jurisdiction.value} drug label is indexed."
    held = {drug for label in labels for drug in label.drugs}
    silent = [drug for drug in drugs if drug in held]
    missing = [drug for drug in drugs if drug not in held]
    if silent:
        return f"The {jurisdiction.value} label for {_listed(silent)} does not answer this question."
    if missing:
        return f"No {jurisdiction.value} label for {_listed(missing)} is indexed."
    return f"No indexed {jurisdiction.value} drug label answers this question."


def drugs_at_hand(index: Index, text: str, cited: Sequence[Passage]) -> list[str]:
    """The drugs that a question names (by generic or brand name), else those its evidence is about, most often first.

    Generic names, as the references spell them.
    """
    asked = set(index.words.terms(text))
    named = [
        drug
        for reference in index.references
        for drug in reference.drugs
        if _names(index, drug, asked) or (len(reference.drugs) == 1 and _any_names(index, reference.brands, asked))
    ]
    if named:
        return sorted(set(named), key=named.index)
    counts: dict[str, int] = {}
    for passage in cited:
        for drug in passage.document.reference.drugs:
            counts[drug] = counts.get(drug, 0) + 1
    return sorted(counts, key=lambda drug: -counts[drug])[:1]


def _names(index: Index, name: str, asked: set[str]) -> bool:
    terms = index.words.terms(name)
    return bool(terms) and set(terms) <= asked


def _any_names(index: Index, names: Iterable[str], asked: set[str]) -> bool:
    return any(_names(index, name, asked) for name in names)


def _topic_terms(index: Index, reference: Reference) -> set[str]:
    words = (reference.title, *reference.topics, *reference.drugs, *reference.brands)
    return set(index.words.terms(" ".join(words)))


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
