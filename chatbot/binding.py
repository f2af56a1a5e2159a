"""An article → the same ``Answer`` that a follow-up gets: each citation bound to the sentence that says it best.

The sentence of a cited reference is chosen by cosine and by the numbers it shares with the claim, so that a reader can
check an author's words against the source's like any other quote. An approved article is bound to the quotes that were
approved, where they still stand word for word, and to no others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from chatbot.approved import approval_of, find_span
from chatbot.articles import WrittenClaim, WrittenSection, parse_article
from chatbot.domain import (
    Answer,
    AnswerSection,
    Approval,
    Citation,
    CitedSpan,
    Claim,
    Document,
    Passage,
    Reference,
    Sentence,
)
from chatbot.index.reader import Index
from chatbot.retrieval import Floats
from chatbot.verification import numbers

_NUMBERS = 0.5  # weight of the share of the claim's numbers that a sentence holds, beside its cosine

_Spans = list[tuple[Passage, Sentence, Floats]]


@dataclass(frozen=True)
class _Quoted:
    """A span that a claim is bound to, and what it is quoted after."""

    passage: Passage
    sentence: Sentence
    lead: tuple[Sentence, ...] = ()


@dataclass
class _Sources:
    """What is cited, as it is indexed, and the citations made so far."""

    index: Index
    documents: dict[str, Document | None]
    spans: dict[str, _Spans] = field(default_factory=dict)
    citations: dict[tuple[str, int, int, tuple[Sentence, ...]], Citation] = field(default_factory=dict)

    def of(self, reference: str) -> _Spans:
        """The sentences of a reference, read when they are first asked for."""
        if reference not in self.spans:
            self.spans[reference] = _spans(self.index, self.documents[reference])
        return self.spans[reference]

    def cite(self, claim: WrittenClaim, quoted: Sequence[_Quoted]) -> Claim:
        """The claim with the numbers of what it is bound to; a span that is cited again keeps its number."""
        numbered = []
        for one in quoted:
            key = (one.passage.document.id, one.sentence.start, one.sentence.end, one.lead)
            if key not in self.citations:
                place = len(self.citations) + 1
                self.citations[key] = Citation(place, one.passage, one.sentence.start, one.sentence.end, one.lead)
            numbered.append(self.citations[key])
        lead = next((citation.leads for citation in numbered if citation.lead), ())
        return Claim(claim.text, tuple(sorted({citation.number for citation in numbered})), claim.heading, lead)


def bind_article(document: Document, index: Index, *, afresh: bool = False) -> Answer:
    """The article as an answer to its question, unverified: citations numbered by first use, a claim for each written.

    A claim whose references are not indexed comes without citations, which verification takes out. So does one whose
    references are all retracted: its section names them, and says how many statements rested on them alone. So does
    one of an approved article whose approved quotes are all gone, unless it is bound ``afresh``: then, as a reviewer
    needs it, to the sentences that are nearest now.
    """
    sections = parse_article(document)
    claims = [claim for section in sections for claim in section.claims]
    cites = dict.fromkeys(cite for claim in claims for cite in claim.cites)
    sources = _Sources(index, {cite: index.document(cite) for cite in cites})
    approval = approval_of(document)
    bound = _bound(claims, sources, approval, afresh)
    retracted = {c: d.reference for c, d in sources.documents.items() if d and not d.reference.is_quotable}
    made, place = [], 0
    for section in sections:
        written = tuple(bound[place : place + len(section.claims)])
        place += len(section.claims)
        reason = _lost(section.claims, written, retracted, is_approved=approval is not None)
        made.append(_section(section, written, reason, retracted))
    question = document.reference.title
    citations = tuple(sources.citations.values())
    evidence = tuple(dict.fromkeys(citation.passage.id for citation in citations))
    return Answer(question, question, tuple(made), citations, evidence=evidence)


def _bound(claims: list[WrittenClaim], sources: _Sources, approval: Approval | None, afresh: bool) -> list[Claim]:
    vectors = sources.index.encoder.encode([claim.text for claim in claims]) if afresh or not approval else None
    bound = []
    for place, claim in enumerate(claims, start=1):
        approved = [span for span in approval.cited if place in span.statements] if approval else []
        standing = [found for span in approved if (found := _standing(span, sources))]
        if vectors is None or (approved and len(standing) == len(approved)):
            bound.append(sources.cite(claim, standing))
            continue
        nearest = _support(claim.text, vectors[place - 1], [sources.of(reference) for reference in claim.cites])
        bound.append(sources.cite(claim, [_Quoted(passage, sentence) for passage, sentence in nearest]))
    return bound


def _standing(span: CitedSpan, sources: _Sources) -> _Quoted | None:
    """Where an approved quote stands now; None: nowhere, or in a source that must not be quoted."""
    document = sources.documents.get(span.reference)
    found = find_span(span, document) if document and document.reference.is_quotable else None
    if document is None or found is None:
        return None
    section, sentence, lead = found
    around = (passage for passage, _, _ in sources.of(span.reference) if passage.section == section)
    holds = (p for p in around if p.start <= sentence.start and sentence.end <= p.end)
    return _Quoted(next(holds, Passage(document, section, (sentence,))), sentence, lead)


def _section(
    section: WrittenSection, written: tuple[Claim, ...], lost: str, retracted: Mapping[str, Reference]
) -> AnswerSection:
    left_out = tuple(dict.fromkeys(retracted[c] for claim in section.claims for c in claim.cites if c in retracted))
    reason = lost if written else section.reason
    return AnswerSection(section.kind, written, section.jurisdiction, not written, reason, 1.0, left_out=left_out)


def _support(text: str, vector: Floats, references: list[_Spans]) -> list[tuple[Passage, Sentence]]:
    """The sentence of each reference that supports a claim best, then those that hold numbers still missing."""
    wanted = numbers(text)
    chosen = []
    for spans in references:
        if spans:
            held = [numbers(passage.quote(sentence)) & wanted for passage, sentence, _ in spans]
            shares = np.array([len(found) / max(1, len(wanted)) for found in held])
            cosines = np.array([own for _, _, own in spans]) @ vector
            chosen.append(spans[int((cosines + _NUMBERS * shares).argmax())])
    rest = [span for spans in references for span in spans]
    missing = wanted - {number for passage, sentence, _ in chosen for number in numbers(passage.quote(sentence))}
    while missing and rest:
        best = max(rest, key=lambda span: (len(numbers(span[0].quote(span[1])) & missing), float(span[2] @ vector)))
        found = numbers(best[0].quote(best[1])) & missing
        if not found:
            break  # verification takes the claim out
        chosen.append(best)
        missing -= found
    return [(passage, sentence) for passage, sentence, _ in chosen]


def _lost(
    claims: Sequence[WrittenClaim],
    bound: Sequence[Claim],
    retracted: Mapping[str, Reference],
    *,
    is_approved: bool,
) -> str:
    """How many claims are not shown because what they rest on was retracted or moved; empty: none."""
    lost = [written for written, claim in zip(claims, bound, strict=True) if not claim.citations]
    count = sum(not retracted.keys().isdisjoint(written.cites) for written in lost)
    changed = len(lost) - count if is_approved else 0
    told = (_not_shown(count, "was retracted"), _not_shown(changed, "is not as it was when it was approved"))
    return " ".join(filter(None, told))


def _not_shown(count: int, why: str) -> str:
    if count == 1:
        return f"One statement is not shown: what it rests on {why}."
    return f"{count} statements are not shown: what they rest on {why}." if count else ""


def _spans(index: Index, document: Document | None) -> _Spans:
    if document is None or not document.reference.is_quotable:
        return []
    return [
        (passage, sentence, vectors[number])
        for passage, vectors in index.passages_of(document)
        for number, sentence in enumerate(passage.sentences, start=1)
    ]
