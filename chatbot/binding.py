"""An article → the same ``Answer`` that a follow-up gets: each citation bound to the sentence that says it best.

The sentence of a cited reference is chosen by cosine and by the numbers it shares with the claim, so that a reader can
check an author's words against the source's like any other quote.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from chatbot.articles import WrittenClaim, parse_article
from chatbot.domain import Answer, AnswerSection, Citation, Claim, Document, Passage, Reference, Sentence
from chatbot.index.reader import Index
from chatbot.retrieval import Floats
from chatbot.verification import numbers

_NUMBERS = 0.5  # weight of the share of the claim's numbers that a sentence holds, beside its cosine

_Spans = list[tuple[Passage, Sentence, Floats]]


def bind_article(document: Document, index: Index) -> Answer:
    """The article as an answer to its question, unverified: citations numbered by first use.

    A claim whose references are not indexed comes without citations, which verification takes out. So does one whose
    references are all retracted: its section names them, and says how many statements rested on them alone.
    """
    sections = parse_article(document)
    claims = [claim for section in sections for claim in section.claims]
    vectors = index.encoder.encode([claim.text for claim in claims])
    sources = {cite: index.document(cite) for cite in dict.fromkeys(cite for claim in claims for cite in claim.cites)}
    spans = {cite: _spans(index, source) for cite, source in sources.items()}
    retracted = {
        cite: source.reference for cite, source in sources.items() if source and not source.reference.is_quotable
    }
    citations: dict[tuple[str, int], Citation] = {}
    vector_of = iter(vectors)
    bound = []
    for section in sections:
        written = tuple(_bind(claim, next(vector_of), spans, citations) for claim in section.claims)
        reason = section.reason if not written else _lost(section.claims, written, retracted)
        left_out = tuple(dict.fromkeys(retracted[c] for claim in section.claims for c in claim.cites if c in retracted))
        bound.append(
            AnswerSection(section.kind, written, section.jurisdiction, not written, reason, 1.0, left_out=left_out)
        )
    question = document.reference.title
    evidence = tuple(dict.fromkeys(citation.passage.id for citation in citations.values()))
    return Answer(question, question, tuple(bound), tuple(citations.values()), evidence=evidence)


def _bind(
    claim: WrittenClaim, vector: Floats, spans: dict[str, _Spans], citations: dict[tuple[str, int], Citation]
) -> Claim:
    cited = []
    for passage, sentence in _support(claim.text, vector, [spans[reference] for reference in claim.cites]):
        key = (passage.document.id, sentence.start)
        if key not in citations:
            citations[key] = Citation(len(citations) + 1, passage, sentence.start, sentence.end)
        cited.append(citations[key].number)
    return Claim(claim.text, tuple(sorted(set(cited))), claim.heading)


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
    while missing:
        best = max(rest, key=lambda span: (len(numbers(span[0].quote(span[1])) & missing), float(span[2] @ vector)))
        found = numbers(best[0].quote(best[1])) & missing
        if not found:
            break  # verification takes the claim out
        chosen.append(best)
        missing -= found
    return [(passage, sentence) for passage, sentence, _ in chosen]


def _lost(claims: tuple[WrittenClaim, ...], bound: tuple[Claim, ...], retracted: Mapping[str, Reference]) -> str:
    """How many claims are not shown because what they rest on was retracted; empty: none."""
    count = sum(
        not claim.citations and not retracted.keys().isdisjoint(written.cites)
        for written, claim in zip(claims, bound, strict=True)
    )
    if not count:
        return ""
    if count == 1:
        return "One statement is not shown: what it rests on was retracted."
    return f"{count} statements are not shown: what they rest on was retracted."


def _spans(index: Index, document: Document | None) -> _Spans:
    if document is None or not document.reference.is_quotable:
        return []
    return [
        (passage, sentence, vectors[number])
        for passage, vectors in index.passages_of(document)
        for number, sentence in enumerate(passage.sentences, start=1)
    ]
