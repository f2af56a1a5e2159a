"""What a reviewer decides on: an article's question, text and statements, with every quote they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from chatbot.answering.context import lead_of
from chatbot.approved import Effective, Moved, effective_status, moved_spans
from chatbot.binding import bind_article
from chatbot.domain import (
    Answer,
    AnswerSection,
    Citation,
    CitedSpan,
    Claim,
    Document,
    Reference,
    Sentence,
    content_hash,
)
from chatbot.index.reader import Index
from chatbot.review.article_text import article_text
from chatbot.verification import claim_holds, verified

_MOST_TOPICS = 8  # a card of the library shows as many on two lines
_NOTHING = "No statement of this article passed the check against its sources."


@dataclass(frozen=True)
class Content:
    """An article as it is reviewed: ``body`` is its Markdown, ``updated`` a day in ISO 8601.

    ``answer`` shows it; ``cited`` are the quotes behind it. ``moved`` are those that the index does not hold any more
    as they were quoted, or approved.
    """

    question: str
    body: str
    answer: Answer
    cited: tuple[CitedSpan, ...]
    topics: tuple[str, ...]
    updated: str
    moved: tuple[Moved, ...] = ()

    @cached_property
    def hash(self) -> str:
        """What an approval of it names."""
        return content_hash(self.question, self.body, self.cited)

    @property
    def claims(self) -> tuple[tuple[AnswerSection, Claim], ...]:
        """The statements as they are shown, in order, with the section of each."""
        return tuple((section, claim) for section in self.answer.sections for claim in section.claims)


def content_of_draft(question: str, answer: Answer, updated: str, index: Index) -> Content:
    """The article that a draft's answer makes."""
    cited = cited_spans(answer)
    body, topics = article_text(answer), topics_of(answer, question)
    return Content(question, body, answer, cited, topics, updated, moved_spans(cited, index))


def content_of_article(document: Document, index: Index) -> tuple[Content, Effective]:
    """An article of the corpus, bound to its sources as they are now, and how it stands.

    Where approved quotes are gone its statements are bound to the sentences nearest to them, for a reviewer to judge.
    """
    stands = effective_status(document, index)
    bound = bind_article(document, index, afresh=True)
    reference = document.reference
    cited = cited_spans(bound)
    answer = verified(bound, _NOTHING)
    return (
        Content(reference.title, document.text, answer, cited, reference.topics, reference.date, stands.moved),
        stands,
    )


def cited_spans(answer: Answer) -> tuple[CitedSpan, ...]:
    """The quotes behind the statements that hold, by number, with the places of those statements from 1.

    ``answer`` has a claim for each statement of the article's text, also those that do not hold.
    """
    by_number = {citation.number: citation for citation in answer.citations}
    places: dict[int, list[int]] = {}
    claims = [claim for section in answer.sections for claim in section.claims]
    for place, claim in enumerate(claims, start=1):
        for number in claim.citations if claim_holds(claim, by_number) else ():
            places.setdefault(number, []).append(place)
    return tuple(_span(by_number[number], tuple(places[number])) for number in sorted(places))


def statements_of(answer: Answer) -> tuple[tuple[AnswerSection, Claim], ...]:
    """Every statement that an answer found, shown or folded away, with its section: what an author may choose from."""
    return tuple((section, claim) for section in answer.sections for claim in (*section.claims, *section.more))


def shown_at_first(answer: Answer) -> tuple[int, ...]:
    """The places, from 0, of the statements that the answer showed."""
    shown = [claim in section.claims for section, claim in statements_of(answer)]
    return tuple(place for place, is_shown in enumerate(shown) if is_shown)


def with_statements(answer: Answer, chosen: Sequence[int]) -> Answer:
    """The answer with those of its statements (places from 0) alone, none of them folded away.

    A statement that could be read without its lead only behind another one gets it back where that one is left out.
    A section that loses all it said says so.
    """
    wanted, place = set(chosen), 0
    by_number = {citation.number: citation for citation in answer.citations}
    sections = []
    for section in answer.sections:
        kept: list[Claim] = []
        before: Claim | None = None
        for claim in (*section.claims, *section.more):
            if place in wanted:
                is_next = bool(kept) and kept[-1] is before
                kept.append(claim if is_next else _with_lead(claim, before, by_number))
            before, place = claim, place + 1
        sections.append(_with_claims(section, tuple(kept)))
    cited = tuple(by_number[number] for number in sorted(by_number))
    return verified(replace(answer, sections=tuple(sections), citations=cited), _NOTHING)


def topics_of(answer: Answer, question: str) -> tuple[str, ...]:
    """What the cited references are about, the most cited first; their drugs or headings where they name no topic.

    The question itself where they name none of these: an article without a topic is read by no filter.
    """
    counts: dict[str, int] = {}
    for citation in answer.citations:
        for topic in _about(citation.passage.document.reference):
            counts[topic] = counts.get(topic, 0) + 1
    ranked = sorted(counts, key=lambda topic: -counts[topic])  # equal ones in the order of their citations
    return tuple(ranked[:_MOST_TOPICS]) or (question.rstrip("?").strip().lower(),)


def _about(reference: Reference) -> tuple[str, ...]:
    main = tuple(heading.partition("/")[0].rstrip("*").lower() for heading in reference.mesh if "*" in heading)
    return tuple(dict.fromkeys(reference.topics or reference.drugs or main))


def _span(citation: Citation, statements: tuple[int, ...]) -> CitedSpan:
    passage = citation.passage
    return CitedSpan(passage.document.id, citation.quote, statements, passage.section.heading, citation.leads)


def _with_lead(claim: Claim, before: Claim | None, by_number: dict[int, Citation]) -> Claim:
    """The claim after what it needs, where ``before``, which is left out, was just that."""
    if claim.lead or before is None or len(claim.citations) != 1:
        return claim
    number = claim.citations[0]
    citation = by_number[number]
    lead = lead_of(citation.passage, Sentence(citation.start, citation.end))
    if not lead or citation.passage.quote(lead[-1]) != before.text:
        return claim
    by_number[number] = replace(citation, lead=lead)
    return replace(claim, lead=by_number[number].leads)


def _with_claims(section: AnswerSection, claims: tuple[Claim, ...]) -> AnswerSection:
    if claims or section.withheld:
        return replace(section, claims=claims, more=())
    return replace(
        section, claims=(), more=(), withheld=True, reason="The author left out what was found here.", silence=None
    )
