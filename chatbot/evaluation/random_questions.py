"""Questions drawn at random from what an index holds, and whether any claim of their answers breaks a promise.

The promises: every claim is made of verbatim quotes, every citation can be resolved (its document is in the index, its
offsets hold the quote), every source is of the section's kind, and a section says something or why it does not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np

from chatbot.domain import Answer, AnswerSection, Citation, Claim, Conversation
from chatbot.evaluation.measured import Measure, Measured, mean_of
from chatbot.index.reader import Index
from chatbot.pipeline import Chatbot

MEASURES = (
    Measure("every quote verbatim", mean_of("verbatim"), bar=1.0),
    Measure("every citation resolvable", mean_of("resolvable"), bar=1.0),
    Measure("every section says something or why not", mean_of("spoken"), bar=1.0),
    Measure("answered", mean_of("answered")),
)
_ASKED = (
    "dose|side effects|use in pregnancy|use in children|interactions|monitoring|treatment|diagnosis|prognosis|"
    "boxed warning|how long|evidence for|mechanism of|contraindications|who should not get"
).split("|")
_OPENINGS = (
    "what is the|and the|what about|is there a|compare the|why the|no, I meant the|back to the|the second".split("|")
)
_PASSAGES_DRAWN = 400
_LONGEST_CONVERSATION = 3


def random_questions(index: Index, count: int, seed: int = 1) -> Iterator[tuple[int, str]]:
    """``count`` questions with the number of their conversation, the same for the same index and seed.

    A third are an aspect of a topic that is indexed, a third are scraps of passages, a third are words of both thrown
    together; conversations have one to three turns. An index without passages gives none.
    """
    draw = random.Random(seed)  # noqa: S311 - a sample, not a secret
    ids = index.passage_ids()
    passages = list(index.passages(draw.sample(ids, min(len(ids), _PASSAGES_DRAWN))).values())
    if not passages:
        return
    passages.sort(key=lambda passage: passage.id)
    topics = sorted({name for r in index.references for name in (*r.topics, *r.drugs, *r.brands)}) or ["the disease"]
    conversation, left = 0, 0
    for _ in range(count):
        if not left:
            conversation, left = conversation + 1, draw.randint(1, _LONGEST_CONVERSATION)
        left -= 1
        words = draw.choice(passages).text.split()
        start = draw.randrange(len(words))
        scrap = " ".join(words[start : start + draw.randint(1, 12)])
        aspect = f"{draw.choice(_OPENINGS)} {draw.choice(_ASKED)}"
        mixed = [*scrap.split(), *aspect.split(), *draw.choice(topics).split()]
        draw.shuffle(mixed)
        question = draw.choice([f"{aspect} of {draw.choice(topics)}?", scrap, " ".join(mixed)])
        yield conversation, question if any(c.isalnum() for c in question) else aspect


def measure(chatbot: Chatbot, questions: Sequence[tuple[int, str]]) -> Measured:
    """Asks each question in its conversation; columns of 1 and 0: the promises of the answer, and whether it speaks."""
    columns: dict[str, list[float]] = {"verbatim": [], "resolvable": [], "spoken": [], "answered": []}
    conversation, number = Conversation(), None
    for its_number, question in questions:
        if its_number != number:
            conversation, number = Conversation(), its_number
        answer = chatbot.ask(question, conversation)
        conversation = conversation.then(answer.turn)
        columns["verbatim"].append(are_quotes_verbatim(answer))
        columns["resolvable"].append(are_citations_resolvable(chatbot.index, answer))
        columns["spoken"].append(all(s.withheld != bool(s.claims) and (s.claims or s.reason) for s in answer.sections))
        columns["answered"].append(not answer.withheld)
    items = tuple(f"{conversation}: {question}" for conversation, question in questions)
    return Measured("chatbot", items, {name: np.array(values, dtype=np.float64) for name, values in columns.items()})


def are_quotes_verbatim(answer: Answer) -> bool:
    """Whether the text and the lead of every claim, those folded away included, are quotes of what it cites."""
    cited = {citation.number: citation for citation in answer.citations}
    return all(
        claim.citations and all(number in cited for number in claim.citations) and _is_quoted(claim, section, cited)
        for section in answer.sections
        for claim in (*section.claims, *section.more)
    )


def are_citations_resolvable(index: Index, answer: Answer) -> bool:
    """Whether citations are numbered from 1 and the documents, as the index holds them, have the quotes in place."""
    numbers = [citation.number for citation in answer.citations]
    return numbers == list(range(1, len(numbers) + 1)) and all(_stands(index, each) for each in answer.citations)


def _is_quoted(claim: Claim, section: AnswerSection, cited: dict[int, Citation]) -> bool:
    first = cited[claim.citations[0]]
    document = first.passage.document
    of_its_kind = document.kind is section.kind and document.reference.jurisdiction is section.jurisdiction
    return of_its_kind and claim.text == first.quote and claim.lead == first.leads


def _stands(index: Index, citation: Citation) -> bool:
    held = index.document(citation.passage.document.id)
    spans = [(citation.start, citation.end), *((span.start, span.end) for span in citation.lead)]
    return held is not None and all(
        0 <= start < end <= len(held.text) and held.text[start:end] == citation.passage.document.text[start:end]
        for start, end in spans
    )
