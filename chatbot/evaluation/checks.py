"""What may be expected of an answer, checked: the same words for a user's pytest tests and questions files.

A kind is written ``guideline``, ``label``, ``research``, or, where it matters whose label, ``label:US``, ``label:EU``.
Text is compared without regard to case, white space, width of characters, or how quotation marks and dashes are drawn.
What a section folds away (``AnswerSection.more``) is part of what it says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.domain import (
    EVIDENCE_KINDS,
    Answer,
    AnswerSection,
    Citation,
    Claim,
    Jurisdiction,
    Kind,
    Reference,
    Silence,
)
from chatbot.errors import ExpectationError

__tracebackhide__ = True  # for pytest: what is wrong with an expectation is wrong in the test's own line
KINDS = (*(kind.value for kind in EVIDENCE_KINDS), *(f"{Kind.LABEL}:{j}" for j in Jurisdiction))
_DRAWN_ALIKE = str.maketrans({**dict.fromkeys("‘’‚′`", "'"), **dict.fromkeys("“”„″«»", '"'), "\u00ad": None})
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi\s*:?\s*|pmid\s*:?\s*|pmcid\s*:?\s*)", re.IGNORECASE)


@dataclass(frozen=True)
class Check:
    """Whether something holds of an answer, and what is the case: ``fact`` is true whether it holds or not.

    As truth value and in a failed ``assert`` it reads like a plain bool with its reason.
    """

    holds: bool
    fact: str

    def __bool__(self) -> bool:
        return self.holds

    def __repr__(self) -> str:
        return self.fact


def cites(answer: Answer, what: str, kind: str | None = None) -> Check:
    """Whether a section (of a kind) cites a document: by id, PMID, PMCID, DOI, set id, or whole words of its title."""
    found = [
        f"{name_of(section)} cites {', '.join(numbered(documents))}"
        for section in sections_of(answer, kind)
        if (documents := [c for c in citations_of(answer, section) if is_named(c.passage.document.reference, what)])
    ]
    if found:
        return Check(True, "; ".join(found))
    others = [c for section in sections_of(answer, kind) for c in citations_of(answer, section)]
    cited = f"cited: {', '.join(numbered(others))}" if others else "nothing is cited"
    return Check(False, f"{_none(kind, 'cites', 'cite')} {what!r}; {cited}")


def quotes(answer: Answer, words: str, kind: str | None = None) -> Check:
    """Whether the words stand in a statement (of a kind), or in the quote that a statement cites."""
    wanted = plain(required(words, "words to look for"))
    found = [
        f"{name_of(section)} [{', '.join(map(str, claim.citations))}] quotes {words!r}"
        for section in sections_of(answer, kind)
        for claim in statements(section)
        if any(wanted in plain(text) for text in _texts(answer, claim))
    ]
    return Check(bool(found), "; ".join(found) or f"{_none(kind, 'quotes', 'quote')} {words!r}")


def withheld(answer: Answer, kind: str | None = None, because: str | None = None) -> Check:
    """Whether a kind does not answer; without a kind: whether none does. A kind with no section at all is withheld.

    ``because`` is the sort of silence that each of these sections must be: a value of ``domain.Silence``.
    """
    if because is not None and because not in tuple(Silence):
        raise ExpectationError(f"there is no silence {because!r}; the sorts are {', '.join(Silence)}")
    sections = sections_of(answer, kind)
    saying = [f"{name_of(s)} answers (gate {s.score:.2f}) with {_claims(s)}" for s in sections if not s.withheld]
    silent = [s for s in sections if s.withheld]
    facts = saying or [f"{name_of(s)} is withheld ({why_silent(s)})" for s in silent]
    meant = because is None or (bool(silent) and all(s.silence == because for s in silent))
    return Check(not saying and meant, "; ".join(facts) or f"there is no section of {kind}")


def answers(answer: Answer, kind: str | None = None) -> Check:
    """Whether a kind answers; without a kind: whether any does."""
    silence = withheld(answer, kind)
    return Check(not silence.holds, silence.fact)


def asks_back(answer: Answer, words: str | None = None) -> Check:
    """Whether an unclear question is asked back; with words: whether a choice that is offered has them all."""
    if not (answer.choices or any(section.silence is Silence.UNDERSPECIFIED for section in answer.sections)):
        return Check(False, "nothing is asked back")
    wanted = _words(required(words, "words of a choice")) if words is not None else set()
    offered = [choice for choice in answer.choices if wanted <= _words(choice)]
    fact = f"asked back: {answer.notice!r} with the choices {', '.join(map(repr, answer.choices)) or '(none)'}"
    return Check(words is None or bool(offered), fact)


def read_as(answer: Answer, words: str) -> Check:
    """Whether the question was read with all these words, in any order."""
    missing = _words(required(words, "words of a reading")) - _words(answer.resolved)
    without = f", without {', '.join(sorted(missing))}" if missing else ""
    return Check(not missing, f"read as {answer.resolved!r}{without}")


def sections_of(answer: Answer, kind: str | None) -> list[AnswerSection]:
    """The sections of a kind in the order shown; all of them without one. Raises ExpectationError for no known kind."""
    if kind is None:
        return list(answer.sections)
    name, _, jurisdiction = known_kind(kind).partition(":")
    return [s for s in answer.sections if s.kind == name and (not jurisdiction or s.jurisdiction == jurisdiction)]


def statements(section: AnswerSection) -> tuple[Claim, ...]:
    """Everything a section says, what is shown at once before what is folded away."""
    return (*section.claims, *section.more)


def citations_of(answer: Answer, section: AnswerSection) -> list[Citation]:
    """What a section's statements cite, by number."""
    numbers = {number for claim in statements(section) for number in claim.citations}
    return [citation for citation in answer.citations if citation.number in numbers]


def name_of(section: AnswerSection) -> str:
    """The kind as it is written in tests."""
    return f"{section.kind}:{section.jurisdiction}" if section.jurisdiction else str(section.kind)


def why_silent(section: AnswerSection) -> str:
    """The sort of silence of a withheld section, where it is known, and its score."""
    return f"{section.silence}, gate {section.score:.2f}" if section.silence else f"gate {section.score:.2f}"


def numbered(citations: Sequence[Citation]) -> list[str]:
    """The cited documents, each once, with the numbers that cite it: ``label-humira-us [1, 2]``."""
    numbers: dict[str, list[int]] = {}
    for citation in citations:
        numbers.setdefault(citation.passage.document.id, []).append(citation.number)
    return [f"{document} {sorted(found)}" for document, found in numbers.items()]


def is_named(reference: Reference, what: str) -> bool:
    """Whether ``what`` is one of the document's identifiers, or whole words of its title as they follow each other."""
    wanted = plain(required(what, "an id, PMID, DOI or words of a title"))
    identifiers = (reference.id, reference.pmid, reference.pmcid, reference.doi, reference.set_id)
    if _PREFIX.sub("", wanted) in {plain(identifier) for identifier in identifiers if identifier}:
        return True
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", plain(reference.title)) is not None


def plain(text: str) -> str:
    """Text as it is compared."""
    drawn = unicodedata.normalize("NFKC", text.translate(_DRAWN_ALIKE))
    return " ".join(_DASHES.sub("-", drawn).casefold().split())


def known_kind(kind: str) -> str:
    """The kind. Raises ExpectationError where there is no such kind."""
    if kind not in KINDS:
        raise ExpectationError(f"there is no kind of evidence {kind!r}; the kinds are {', '.join(KINDS)}")
    return kind


def required(text: str, what: str) -> str:
    """The text. Raises ExpectationError where it has no letter or digit, which would hold of every answer."""
    if not any(character.isalnum() for character in text):
        raise ExpectationError(f"{text!r} expects nothing; write {what}")
    return text


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", plain(text)))


def _texts(answer: Answer, claim: Claim) -> list[str]:
    """The statement with what is shown before it, and what it cites."""
    cited = [citation.quote for citation in answer.citations if citation.number in claim.citations]
    return [" ".join((*claim.lead, claim.text)), *cited]


def _none(kind: str | None, does: str, do: str) -> str:
    return f"{kind} does not {do}" if kind else f"no section {does}"


def _claims(section: AnswerSection) -> str:
    number = len(statements(section))
    return "1 statement" if number == 1 else f"{number} statements"
