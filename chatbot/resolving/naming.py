"""Which words name a drug, and which words of a question are a topic whole."""

from __future__ import annotations

import re

from chatbot.vocabulary import Vocabulary
from chatbot.words import DRUG_CLASSES, DRUG_ENDINGS

_SHORTEST_STEM = 7  # shorter words end like a drug by chance ("april")
_LONGEST_TOPIC = 8
WORD = re.compile(r"[^\W_](?:[\w'’/-]*[^\W_])?")
_HEADS = frozenset("inhibitor inhibitors blocker blockers agonist agonists antagonist antagonists".split())


def names_drug(lower: str, terms: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    """Whether a word (in lower case, with its indexed words) names a drug or a class of drugs."""
    if lower in DRUG_CLASSES or any(term in vocabulary.drug_names for term in terms):
        return True
    return len(lower) >= _SHORTEST_STEM and lower.endswith(DRUG_ENDINGS)


def telling(terms: tuple[str, ...]) -> tuple[str, ...]:
    """Without the letters and numbers that any two names may share ("Crohn's", "type 2")."""
    return tuple(term for term in terms if len(term) > 1 and not term.isdigit())


def named_whole(question: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The words of the topics, drugs and brands that a question names in full."""
    terms = [term for term in vocabulary.terms(question) if not term.isdigit()]
    spans = (terms[i:j] for i in range(len(terms)) for j in range(i + 1, min(i + _LONGEST_TOPIC, len(terms)) + 1))
    return frozenset(term for span in spans if tuple(span) in vocabulary.topic_entries for term in span)


def drugs_in(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The drugs that a text names, in order, each once; where it names fewer than two, its drug classes as well."""
    drugs, all_named, before = [], [], ""
    for match in WORD.finditer(text):
        word = match.group()
        lower = word.lower()
        if names_drug(lower, tuple(vocabulary.terms(word)), vocabulary):
            name = f"{before} {word}" if lower in _HEADS else word
            name = name.lower() if name.istitle() and lower.endswith(DRUG_ENDINGS) else name
            all_named.append(name)
            drugs += [name] if lower not in DRUG_CLASSES else []
        before = word
    distinct = dict.fromkeys(drugs)
    return tuple(distinct if len(distinct) > 1 else dict.fromkeys(all_named))
