"""Whether an approval still holds: its article reads as it was approved, and every quote stands where it was cited.

An approval names the hash of what was approved and lists every quote. So it can be checked by anybody, at any time,
from the article's file and the index alone; what moved is said with its words then and now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chatbot.domain import (
    Approval,
    CitedSpan,
    Document,
    Reference,
    ReviewStatus,
    Section,
    Sentence,
    content_hash,
)

if TYPE_CHECKING:  # the page's frame is drawn before the stores are imported
    from chatbot.index.reader import Index

# Of the words of two sentences, together, that both have. It only decides what is shown beside a quote that moved: with
# less in common, saying that the words are gone is truer than showing another sentence.
_ALIKE = 0.3
_WORD = re.compile(r"\w+")


class Change(StrEnum):
    """What became of a cited span, as it is told to a reader."""

    CHANGED = "The source no longer says this"
    REMOVED = "The source is no longer indexed"
    RETRACTED = "The source was retracted"


@dataclass(frozen=True, slots=True)
class Moved:
    """A cited span that is not as it was approved.

    ``reference`` is the source as it is indexed now, None where it is not. ``nearest`` is the sentence of the source
    that is most like the quote now; empty where none is.
    """

    span: CitedSpan
    change: Change
    reference: Reference | None = None
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class Effective:
    """How far the review of an article has come, by what is in force now, and why it is not what its file says.

    ``edited``: the article's own text or its list of quotes was changed after it was approved. ``unsigned``: its file
    says that it is approved and not by whom and what.
    """

    status: ReviewStatus
    approval: Approval | None = None
    moved: tuple[Moved, ...] = ()
    edited: bool = False
    unsigned: bool = False

    @property
    def is_sent_back(self) -> bool:
        """Whether an approval was there and does not hold any more."""
        return self.edited or bool(self.moved)


def effective_status(document: Document, index: Index) -> Effective:
    """The status of an article by its own approval and by what is indexed: an approval that does not hold is Submitted.

    Costs a read of each cited document where the article is approved, else nothing.
    """
    reference = document.reference
    if reference.status is not ReviewStatus.APPROVED:
        return Effective(reference.status)
    if reference.approval is None:
        return Effective(ReviewStatus.SUBMITTED, unsigned=True)
    if approval_of(document) is None:
        return Effective(ReviewStatus.SUBMITTED, reference.approval, edited=True)
    moved = moved_spans(reference.approval.cited, index)
    status = ReviewStatus.SUBMITTED if moved else ReviewStatus.APPROVED
    return Effective(status, reference.approval, moved)


def approval_of(document: Document) -> Approval | None:
    """The approval of the article as it reads now, whatever became of its sources; None where there is none."""
    approval, reference = document.reference.approval, document.reference
    if reference.status is not ReviewStatus.APPROVED or approval is None:
        return None
    return approval if approval.hash == content_hash(reference.title, document.text, approval.cited) else None


def moved_spans(cited: tuple[CitedSpan, ...], index: Index) -> tuple[Moved, ...]:
    """Those of the spans that do not stand in the index as they were quoted, in their order."""
    documents = {span.reference: index.document(span.reference) for span in cited}
    found = (_moved(span, documents[span.reference], index) for span in cited)
    return tuple(moved for moved in found if moved)


def find_span(span: CitedSpan, document: Document) -> tuple[Section, Sentence, tuple[Sentence, ...]] | None:
    """Where a quote stands word for word, its lead before it: in the section it was quoted from, else in the first
    that holds both. None: nowhere.
    """
    for section in sorted(document.sections, key=lambda section: section.heading != span.section):
        start = document.text.find(span.quote, section.start, section.end)
        while start >= 0:
            lead = _find_lead(span, document, section, start)
            if lead is not None:
                return section, Sentence(start, start + len(span.quote)), lead
            start = document.text.find(span.quote, start + 1, section.end)
    return None


def _find_lead(span: CitedSpan, document: Document, section: Section, before: int) -> tuple[Sentence, ...] | None:
    """The spans of the lead in reading order, each the nearest that stands before what follows it."""
    found: list[Sentence] = []
    for words in reversed(span.lead):
        start = document.text.rfind(words, section.start, before)
        if start < 0:
            return None
        found.insert(0, Sentence(start, start + len(words)))
        before = start
    return tuple(found)


def _moved(span: CitedSpan, document: Document | None, index: Index) -> Moved | None:
    if document is None:
        return Moved(span, Change.REMOVED)
    if not document.reference.is_quotable:
        return Moved(span, Change.RETRACTED, document.reference)
    if find_span(span, document):
        return None
    return Moved(span, Change.CHANGED, document.reference, _nearest(span.quote, document, index))


def _nearest(quote: str, document: Document, index: Index) -> str:
    wanted = _words(quote)
    best, most = "", _ALIKE
    for passage, _ in index.passages_of(document):
        for sentence in passage.sentences:
            words = _words(passage.quote(sentence))
            alike = len(wanted & words) / max(1, len(wanted | words))
            if alike > most:
                best, most = passage.quote(sentence), alike
    return best


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
