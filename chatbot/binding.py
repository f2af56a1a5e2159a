"""An article → the same ``Answer`` that a follow-up gets: each citation bound to the sentence that says it best.

The sentence of a cited reference is chosen by cosine and by the numbers it shares with the claim, so that a reader can
check an author's words against the source's like any other quote.
"""

from __future__ import annotations

import numpy as np

from chatbot.articles import WrittenClaim, parse_article
from chatbot.domain import Answer, AnswerSection, Citation, Claim, Document, Passage, Sentence
from chatbot.index.reader import Index
from chatbot.retrieval import Floats
from chatbot.verification import numbers

_NUMBERS = 0.5  # weight of the share of the claim's numbers that a sentence holds, beside its cosine
_SECOND = 0.1  # a second sentence of a reference is cited where it adds numbers and is at most this much farther

_Spans = list[tuple[Passage, Sentence, Floats]]


def bind_article(document: Document, index: Index) -> Answer:
    """The article as an answer to its question, unverified: citations numbered by first use.

    A claim whose references are not indexed comes without citations, which verification takes out.
    """
    sections = parse_article(document)
    claims = [claim for section in sections for claim in section.claims]
    vectors = index.encoder.encode([claim.text for claim in claims])
    spans = {cite: _spans(index, cite) for claim in claims for cite in claim.cites}
    citations: dict[tuple[str, int], Citation] = {}
    vector_of = iter(vectors)
    bound = []
    for section in sections:
        written = tuple(_bind(claim, next(vector_of), spans, citations) for claim in section.claims)
        reason = section.reason if not written else ""
        bound.append(AnswerSection(section.kind, written, section.jurisdiction, not written, reason, 1.0))
    question = document.reference.title
    evidence = tuple(dict.fromkeys(citation.passage.id for citation in citations.values()))
    return Answer(question, question, tuple(bound), tuple(citations.values()), evidence=evidence)


def _bind(
    claim: WrittenClaim, vector: Floats, spans: dict[str, _Spans], citations: dict[tuple[str, int], Citation]
) -> Claim:
    cited = []
    for reference in claim.cites:
        for passage, sentence in _best(claim.text, vector, spans[reference]):
            key = (reference, sentence.start)
            if key not in citations:
                citations[key] = Citation(len(citations) + 1, passage, sentence.start, sentence.end)
            cited.append(citations[key].number)
    return Claim(claim.text, tuple(sorted(set(cited))), claim.heading)


def _best(text: str, vector: Floats, spans: _Spans) -> list[tuple[Passage, Sentence]]:
    """The sentence that supports a claim best, and a second one where the first lacks numbers that it has."""
    if not spans:
        return []
    wanted = numbers(text)
    cosines = np.array([own for _, _, own in spans]) @ vector
    held = [numbers(passage.quote(sentence)) & wanted for passage, sentence, _ in spans]
    scores = cosines + _NUMBERS * np.array([len(found) / max(1, len(wanted)) for found in held])
    first = int(scores.argmax())
    chosen = [first]
    missing = wanted - held[first]
    adding = [row for row in range(len(spans)) if held[row] & missing and cosines[row] >= cosines[first] - _SECOND]
    if adding:
        chosen.append(max(adding, key=lambda row: (len(held[row] & missing), float(scores[row]))))
    return [(spans[row][0], spans[row][1]) for row in chosen]


def _spans(index: Index, reference: str) -> _Spans:
    document = index.document(reference)
    if document is None:
        return []
    return [
        (passage, sentence, vectors[number])
        for passage, vectors in index.passages_of(document)
        for number, sentence in enumerate(passage.sentences, start=1)
    ]
