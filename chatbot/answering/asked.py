"""Aspects of a topic: which ones a question asks for, and which ones the heading of a passage promises.

An aspect has several words ("prognosis", "outlook"); a heading that holds one of them is there to answer questions
that hold another. Matching headings alone, because in running text every aspect word stands everywhere.
"""

from __future__ import annotations

from collections.abc import Set
from weakref import WeakKeyDictionary

from chatbot.domain import Passage
from chatbot.index.known_words import KnownWords

_ASPECTS = {
    "definition": "information overview definition description summary introduction",
    "symptoms": "symptom sign presentation manifestation features",
    "treatment": "treatment treat therapy therapies management manage",
    "dose": "dose dosage dosing administration",
    "cause": "cause causes causing etiology pathogenesis pathophysiology",
    "genetics": "genetic genetics gene genes mutation",
    "inheritance": "inherited inheritance inherit hereditary",
    "frequency": "frequency prevalence incidence epidemiology common many affected",
    "diagnosis": "diagnosis diagnose diagnosed diagnostic test tests exams exam screening",
    "outlook": "outlook prognosis survival mortality expectancy",
    "prevention": "prevention prevent prophylaxis",
    "risk": "risk risks susceptibility",
    "complications": "complication complications",
    "stages": "stage stages staging",
    "research": "research trials",
    "side effects": "side adverse reaction reactions tolerability",
    "pregnancy": "pregnancy pregnant",
    "breastfeeding": "breastfeeding breastfeed lactation nursing",
    "children": "child children pediatric paediatric adolescents",
    "older people": "elderly older geriatric",
    "kidney": "renal kidney",
    "liver": "hepatic liver",
    "interactions": "interaction interactions interact",
    "contraindications": "contraindication contraindications contraindicated",
    "warnings": "warning warnings precaution precautions boxed",
    "mechanism": "mechanism action work works pharmacology",
    "storage": "storage store stored",
    "overdose": "overdose overdosage",
    "monitoring": "monitor monitoring",
    "indications": "indication indications indicated usage uses",
    "missed dose": "missed miss forget",
}
_DEFINITION = frozenset({"definition"})
_CAUSE, _EFFECTS = frozenset({"cause"}), frozenset({"side effects"})
_OF_USE = frozenset(
    {
        "treatment",
        "dose",
        "risk",
        "side effects",
        "pregnancy",
        "breastfeeding",
        "children",
        "older people",
        "kidney",
        "liver",
        "interactions",
        "contraindications",
        "warnings",
        "monitoring",
        "indications",
    }
)
"""Aspects of a drug that are asked by who is about to use it."""

_TO_USE = (
    "start starting initiate begin prescribe give given take taking use used safe safety danger dangerous harm avoid"
)
"""Where no aspect is named: what is done with a drug."""

_FOCUS_WORDS = 8  # a title "focus: aspect" has a focus of at most so many words; longer ones are sentences

_tables: WeakKeyDictionary[KnownWords, dict[str, frozenset[str]]] = WeakKeyDictionary()


def asked_of(words: KnownWords, text: str, topic: Set[str]) -> frozenset[str]:
    """The aspects that a question asks of its topic; "What is X?" asks for a definition. None known: empty."""
    found = aspects_in(words, {term for term in words.terms(text) if term not in topic})
    if found == _CAUSE and topic & words.drug_terms:
        found = _EFFECTS  # "does sildenafil cause headache?"
    rest = {term for term in words.terms(text) if term not in topic and term not in words.filler_terms}
    return found or (_DEFINITION if topic and not rest else frozenset())


def is_of_use(words: KnownWords, text: str, asked: Set[str]) -> bool:
    """Whether a question that asks these aspects is about using a drug or its safety.

    Where it names no aspect, by its words: "can she start adalimumab?".
    """
    if "overdose" in asked:
        return False  # it has been taken
    return bool(asked & _OF_USE) if asked else not set(words.terms(text)).isdisjoint(words.terms(_TO_USE))


def headed(words: KnownWords, passage: Passage) -> frozenset[str]:
    """The aspects that a passage's heading, or the end of a title "focus: aspect", promises."""
    _, aspect = title_parts(passage.document.reference.title)
    return aspects_in(words, set(words.terms(f"{aspect} {passage.section.heading}")))


def title_parts(title: str) -> tuple[str, str]:
    """Focus and aspect of a title "focus: aspect"; of any other title, itself and nothing."""
    focus, colon, aspect = title.partition(":")
    return (focus.strip(), aspect.strip()) if colon and len(focus.split()) <= _FOCUS_WORDS else (title.strip(), "")


def aspects_in(words: KnownWords, terms: Set[str]) -> frozenset[str]:
    """The aspects that indexed words name."""
    if words not in _tables:
        _tables[words] = {name: frozenset(words.terms(row)) for name, row in _ASPECTS.items()}
    return frozenset(name for name, row in _tables[words].items() if not row.isdisjoint(terms))
