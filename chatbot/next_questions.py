"""What could be asked next of what an answer is about: its drugs, its diseases, the trials and sources that it cites.

Which of these are answered is another question (``chatbot.suggestions``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from chatbot.answering.asked import aspects_in, title_parts
from chatbot.domain import Answer, Kind, Reference, Turn
from chatbot.evidence_tags import is_boxed_section
from chatbot.index.reader import Index
from chatbot.resolving.asked import AskedQuestion
from chatbot.resolving.topic import topic_of
from chatbot.words import ASPECTS, DRUG_CLASSES, GENERIC, QUALIFIERS

_OF_DRUGS = (
    ("side effects", "What are the side effects of {}?"),
    ("dose", "What is the usual dose of {}?"),
    ("contraindications", "When is {} contraindicated?"),
    ("interactions", "What does {} interact with?"),
    ("pregnancy", "Is {} safe in pregnancy?"),
    ("monitoring", "What monitoring does {} need?"),
    ("warnings", "What are the warnings for {}?"),
    ("mechanism", "How does {} work?"),
    ("kidney", "Is {} safe in kidney disease?"),
    ("liver", "Is {} safe in liver disease?"),
    ("children", "Is {} given to children?"),
    ("breastfeeding", "Is {} safe while breastfeeding?"),
    ("indications", "What are the indications of {}?"),
    ("older people", "Is {} safe in older people?"),
    ("overdose", "What happens after an overdose of {}?"),
    ("storage", "How is {} stored?"),
)
"""Aspects as ``answering.asked`` names them, in the order in which somebody who weighs a drug asks for them."""

_OF_DISEASES = (
    ("treatment", "How is {} treated?"),
    ("outlook", "What is the prognosis of {}?"),
    ("symptoms", "What are the symptoms of {}?"),
    ("diagnosis", "How is {} diagnosed?"),
    ("complications", "What are the complications of {}?"),
    ("cause", "What causes {}?"),
    ("prevention", "How is {} prevented?"),
    ("monitoring", "How is {} monitored?"),
    ("risk", "What are the risk factors for {}?"),
    ("frequency", "How common is {}?"),
    ("inheritance", "Is {} inherited?"),
    ("definition", "What is {}?"),
)
_OF_CLASSES = (
    ("side effects", "What are the side effects of {}?"),
    ("contraindications", "When are {} contraindicated?"),
    ("monitoring", "What monitoring do {} need?"),
    ("interactions", "What do {} interact with?"),
    ("pregnancy", "Are {} safe in pregnancy?"),
    ("mechanism", "How do {} work?"),
    ("older people", "Are {} safe in older people?"),
)
"""Of a class ("statins") no dose: each of its drugs has its own."""

_OF_MEASURES = (
    ("side effects", "What are the side effects of {}?"),
    ("monitoring", "How is {} monitored?"),
    ("pregnancy", "Is {} safe in pregnancy?"),
    ("recommendation", "Who is {} recommended for?"),
    ("kidney", "Is {} safe in kidney disease?"),
)
_MEASURES = frozenset(
    "prophylaxis therapy treatment vaccine vaccination transplantation transplant surgery screening".split()
)
"""Words in the names of what is done against a disease."""

_NO_DISEASE = frozenset(
    """
    health care personnel worker workers people transplant transplantation vaccination immunisation immunization
    summary trial cohort patients antibody antigen receptor inhibitor level score index volume
    """.split()
) | (ASPECTS - QUALIFIERS)
"""Words of topics that nobody suffers from."""

_BOXED = "What is the boxed warning of {}?"
_STUDY = re.compile(r"\b([A-Z][A-Z0-9]{2,}(?:-[A-Z0-9]+)*) (?:[Tt]rial|[Ss]tudy|[Rr]egistry)\b")
_ABBREVIATION = re.compile(r"\b[A-Z][A-Za-z0-9-]*[A-Z0-9]\b")
_NAMES = 3  # drugs, and diseases, that are asked about: the ones that matter most to the answer
_STUDIES = 2
_SHORT_OF = r"\s+(?:deficien|insufficien|toxic|level|supplement|therap|intake)"  # vitamin D is no disease
_READ_OF_A_SOURCE = 20_000  # characters: whom a source is about is said early


@dataclass(frozen=True, slots=True)
class _About:
    """What an answer is about, what matters most first, each as a question would write it."""

    drugs: tuple[str, ...]
    diseases: tuple[str, ...]
    measures: tuple[str, ...]
    studies: tuple[str, ...]


def next_questions(index: Index, answer: Answer, before: Sequence[Turn] = ()) -> Iterator[str]:
    """Full questions, the likeliest first: drugs, diseases and trials take turns, each by what sources hold on it.

    ``before`` are the turns ahead of the answer's own: what they were about comes last.
    """
    about = _about(index, answer, before)
    held = _headed_aspects(index, answer)
    of_drugs = [_asked_of_drug(drug, answer, held) for drug in about.drugs]
    of_diseases = [_asked_of(disease, _OF_DISEASES, held) for disease in about.diseases]
    of_measures = [_asked_of(measure, _OF_MEASURES, held) for measure in about.measures]
    of_studies = [f"What did the {study} trial show?" for study in about.studies]
    streams = (*of_drugs[:1], *of_measures, *of_diseases[:1], of_studies, *of_drugs[1:], *of_diseases[1:])
    return (text for text in dict.fromkeys(chain.from_iterable(zip_longest(*streams))) if text)


def _asked_of(name: str, wordings: Iterable[tuple[str, str]], held: frozenset[str]) -> list[str]:
    """The wordings with the name; of each three in their order, those first on which a cited source has a section."""
    given = list(wordings)
    rows = [sorted(given[start : start + 3], key=lambda pair: pair[0] not in held) for start in range(0, len(given), 3)]
    return [wording.format(name) for row in rows for _, wording in row]


def _asked_of_drug(drug: str, answer: Answer, held: frozenset[str]) -> list[str]:
    """What is asked of a drug or a class of drugs; a boxed warning first, where a cited label of the drug has one."""
    if _last_word(drug) in DRUG_CLASSES:
        return _asked_of(drug if drug.endswith("s") else f"{drug}s", _OF_CLASSES, held)
    labels = {c.passage.document.id: c.passage.document for c in answer.citations}.values()
    has_boxed = any(
        document.kind is Kind.LABEL
        and drug in document.reference.drugs
        and any(map(is_boxed_section, document.sections))
        for document in labels
    )
    boxed = (("warnings", _BOXED),) if has_boxed else ()
    return _asked_of(drug, (*boxed, *_OF_DRUGS), held)


def _headed_aspects(index: Index, answer: Answer) -> frozenset[str]:
    """The aspects on which the cited sources have sections of their own that the answer does not quote."""
    quoted = {(c.passage.document.id, c.passage.section.start) for c in answer.citations}
    headings = {
        section.heading
        for citation in answer.citations
        for section in citation.passage.document.sections
        if (citation.passage.document.id, section.start) not in quoted
    }
    return aspects_in(index.words, set(index.words.terms(" ".join(sorted(headings)))))


def _about(index: Index, answer: Answer, before: Sequence[Turn]) -> _About:
    question = answer.resolved or answer.question
    named = _named(index, question)
    documents = {citation.passage.document.id: citation.passage.document for citation in answer.citations}
    cited = [citation.passage.document.reference for citation in answer.citations]
    earlier = [_named(index, turn.reading) for turn in reversed(before)]
    drugs = [*named[0], *_drugs_of(cited), *(drug for names in earlier for drug in names[0])]
    texts = " ".join(document.text[:_READ_OF_A_SOURCE] for document in documents.values())
    diseases = [*named[1], *_diseases_of(index, cited), *(disease for names in earlier for disease in names[1])]
    said = " ".join(claim.text for section in answer.sections for claim in (*section.claims, *section.more))
    titles = " ".join(" ".join((reference.title, *reference.authors)) for reference in cited)
    studies = dict.fromkeys(_STUDY.findall(f"{said} {titles}"))
    written = (answer.question, answer.resolved, said, titles, *(turn.reading for turn in before))
    suffered = [name for name in diseases if not texts or _has_patients(name, f"{question} {texts}")]
    diseases = [found for name in suffered if (found := _as_written(name, written))]
    return _About(
        _each_once(index, drugs)[:_NAMES],
        _each_once(index, diseases)[:_NAMES],
        _measures(index, question),
        tuple(studies)[:_STUDIES],
    )


def _named(index: Index, text: str) -> tuple[list[str], list[str]]:
    """The drugs and the diseases that a question names; drugs as references spell them, diseases as they are topics."""
    words = index.words
    names = topic_of(AskedQuestion(text, words)).names
    drugs = words.drugs_named(set(words.terms(text))) + [name.text for name in names if name.drug and name.known]
    parts = [part for name in names if not name.drug for part in _parts(name.text)]
    return drugs, [part for part in parts if _is_disease(index, part)]


def _is_disease(index: Index, name: str) -> bool:
    """Whether documents name it as their topic, and it is something to suffer from."""
    terms = tuple(term for term in index.words.terms(name) if not term.isdigit())
    spelt = f"{name} {index.names.long_form(name)}".lower()  # nobody suffers from PrEP either
    return (
        terms in index.words.topic_entries
        and index.words.drug_names.isdisjoint(terms)
        and _NO_DISEASE.isdisjoint(re.findall(r"[a-z]+", spelt))
        and _last_word(name) not in DRUG_CLASSES
    )


def _has_patients(name: str, text: str) -> bool:
    """Whether a text speaks of people who have it: a topic may be anything."""
    people = "patients?|people|persons?|wom[ae]n|m[ae]n|adults?|children|adolescents|veterans|individuals|those|cases?"
    of = rf"(?:{people})(?:\s+[\w-]+){{0,2}}\s+with|treat(?:s|ed|ment of|ment for)?|symptoms of|diagnosis of"
    return bool(
        re.search(rf"\b(?:{of})\s+(?:[\w-]+\s+){{0,2}}{re.escape(name)}(?!\w|{_SHORT_OF})", text, re.IGNORECASE)
    )


def _measures(index: Index, question: str) -> tuple[str, ...]:
    """What is done against a disease, as a question names it: by an abbreviation (PrEP), or as a topic."""
    names = (part for name in topic_of(AskedQuestion(question, index.words)).names for part in _parts(name.text))
    return tuple(
        dict.fromkeys(
            name
            for name in names
            if tuple(index.words.terms(name)) in index.words.topic_entries
            and _last_word(index.names.long_form(name) or name) in _MEASURES
        )
    )[:1]


def _parts(name: str) -> tuple[str, ...]:
    """The abbreviations in a name, and the names that it joins."""
    return (*_ABBREVIATION.findall(name), *name.split(" and "))


def _last_word(name: str) -> str:
    return name.lower().rpartition(" ")[2]


def _as_written(name: str, texts: Iterable[str]) -> str:
    """How the first of the texts that holds a name writes it most often; empty: none does."""
    whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    found = next((forms for text in texts if (forms := Counter(whole.findall(text)))), Counter[str]())
    return max(found, key=lambda form: (found[form], form.islower(), form), default="")


def _drugs_of(cited: Iterable[Reference]) -> list[str]:
    """The drugs that single sources are about, those of labels and the most cited first."""
    counts: Counter[str] = Counter()
    for reference in cited:
        if len(reference.drugs) == 1:
            counts[reference.drugs[0]] += 100 if reference.kind is Kind.LABEL else 1
    return sorted(counts, key=lambda drug: (-counts[drug], drug))


def _diseases_of(index: Index, cited: Iterable[Reference]) -> list[str]:
    """What the cited sources are about beside drugs: the focus of their titles, else their first such topic."""
    counts: Counter[str] = Counter()
    for reference in cited:
        focus, aspect = title_parts(reference.title)
        names = (*([focus] if aspect else []), *reference.topics)
        counts.update([next((name for name in names if _is_disease(index, name)), "")])
    return sorted(counts.keys() - {""}, key=lambda name: (-counts[name], name))


def _each_once(index: Index, names: Iterable[str]) -> tuple[str, ...]:
    """The names that share no telling word with an earlier one, as a drug and its brand do."""
    kept: list[str] = []
    seen: set[str] = set()
    generic = {term for word in GENERIC for term in index.words.terms(word)}
    for name in names:
        spelt = f"{name} {index.names.long_form(name)} {index.names.short_form(name)}"
        terms = {same for term in index.words.terms(spelt) for same in (term, *index.words.same_drug.get(term, ()))}
        terms -= generic
        if terms and seen.isdisjoint(terms):
            kept.append(name)
            seen |= terms
    return tuple(kept)
