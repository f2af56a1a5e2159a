"""The honest line of a section that is withheld: what was looked in, and what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatbot.domain import Jurisdiction, Kind, Passage, Silence
from chatbot.followup import topic_phrase
from chatbot.index.reader import Index

_NAMES = {
    Kind.GUIDELINE: ("guideline", "guidelines"),
    Kind.LABEL: ("drug label", "drug labels"),
    Kind.RESEARCH: ("research paper", "research papers"),
}
NOTHING = "Nothing that is indexed answers this question."


@dataclass(frozen=True)
class Withheld:
    """The honest line of a section, and which sort of silence it is."""

    reason: str
    silence: Silence


def kind_withheld(index: Index, kind: Kind, topic: Sequence[str], *, is_on_topic: bool) -> Withheld:
    """Why guidelines or research say nothing: none indexed, none on the topic, or silent on what is asked.

    ``is_on_topic``: a passage was found that is.
    """
    one, many = _NAMES[kind]
    indexed = index.counts.get(kind, 0)
    if not indexed:
        return Withheld(f"No {one} is indexed.", Silence.KIND)
    topic = [word for word in topic if not index.words.drug_terms.isdisjoint(index.words.terms(word))] or topic
    terms = [term for word in topic for term in index.words.terms(word)]
    silence = Silence.ASPECT if is_on_topic and terms else Silence.TOPIC
    on_topic = index.documents_on(kind, terms)
    if terms and not on_topic and not index.is_mentioned(kind, terms):
        return Withheld(f"No indexed {one} mentions {topic_phrase(topic)}.", Silence.TOPIC)
    about = f" on {topic_phrase(topic)}" if 0 < on_topic < indexed else ""
    return Withheld(f"The indexed {many}{about} do not answer this question.", silence)


def label_withheld(index: Index, drugs: Iterable[str], jurisdiction: Jurisdiction = Jurisdiction.US) -> Withheld:
    """Why the labels of a jurisdiction say nothing: none for the drug is indexed, or it is silent on what is asked."""
    held = index.words.labelled_drugs.get(jurisdiction)
    if held is None:
        return Withheld(f"No {jurisdiction.value} drug label is indexed.", Silence.KIND)
    silent = [drug for drug in drugs if drug in held]
    missing = [drug for drug in drugs if drug not in held]
    if silent:
        reason = f"The {jurisdiction.value} label for {_listed(silent)} does not answer this question."
        return Withheld(reason, Silence.ASPECT)
    if missing:
        return Withheld(f"No {jurisdiction.value} label for {_listed(missing)} is indexed.", Silence.TOPIC)
    return Withheld(f"No indexed {jurisdiction.value} drug label answers this question.", Silence.TOPIC)


def only_retracted(kind: Kind) -> Withheld:
    """Why a kind says nothing on which it had something to say before it was retracted."""
    many = _NAMES[kind][1]
    return Withheld(
        f"The only {many} found that answer this question are retracted. They are not used.", Silence.RETRACTED
    )


def nothing_at_all(topic: Sequence[str], silences: Iterable[Silence | None]) -> str:
    """The line above an answer whose every section is withheld: nothing on the topic, or nothing that answers."""
    if topic and set(silences) <= {Silence.KIND, Silence.TOPIC}:
        return f"Nothing indexed is on {topic_phrase(topic)}."
    return NOTHING


def drugs_at_hand(index: Index, text: str, cited: Sequence[Passage]) -> list[str]:
    """The drugs that a question names (by generic or brand name), else those its evidence is about, most often first.

    Generic names, as the references spell them.
    """
    named = index.words.drugs_named(set(index.words.terms(text)))
    if named:
        return named
    counts: dict[str, int] = {}
    for passage in cited:
        for drug in passage.document.reference.drugs:
            counts[drug] = counts.get(drug, 0) + 1
    return sorted(counts, key=lambda drug: -counts[drug])[:1]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
