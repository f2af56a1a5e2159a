"""Making the card of an answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from chatbot import __version__
from chatbot.answer_record import documents_of, record_of
from chatbot.answering.calibration_keys import METADATA_KEY
from chatbot.audience import Audience
from chatbot.domain import Answer, Citation, Conversation, Document, Reference
from chatbot.index.fingerprint import fingerprint_of
from chatbot.takeaway.card import (
    AnswerCard,
    AskedRecord,
    DocumentRecord,
    IndexRecord,
    LeadRecord,
    QuoteRecord,
    SettingsRecord,
    StatementRecord,
    TurnRecord,
)
from chatbot.takeaway.taken import Taken
from chatbot.wishes import Wishes

if TYPE_CHECKING:
    from chatbot.index.reader import Index
    from chatbot.pipeline import Chatbot


def card_of(taken: Taken, chatbot: Chatbot) -> AnswerCard:
    """The card of the first answer that is taken away. Raises IndexUnavailable."""
    answer = taken.answers[0]
    references = list(dict.fromkeys(s.reference for turn in taken.before.turns for s in turn.statements))
    return AnswerCard(
        made=taken.made.replace(microsecond=0),
        software=__version__,
        asked=_asked(taken, answer, chatbot),
        answer=record_of(answer),
        quotes=tuple(map(_quote, answer.citations)),
        documents=tuple(_document(document) for document in documents_of(answer).values()),
        before=tuple(_turns(taken.before, references)),
        references=tuple(references),
        index=index_record(chatbot.index),
        settings=SettingsRecord(answer=chatbot.settings.answer, retrieval=chatbot.settings.retrieval),
    ).sealed()


def index_record(index: Index) -> IndexRecord:
    """What a card says of an index; ``gate`` is a hash over the thresholds that were measured on it."""
    gate = json.dumps(index.metadata(METADATA_KEY), sort_keys=True)
    return IndexRecord(**asdict(fingerprint_of(index)), gate=hashlib.sha256(gate.encode()).hexdigest())


def _asked(taken: Taken, answer: Answer, chatbot: Chatbot) -> AskedRecord:
    """How it was asked: an answer does not say for whom it was chosen, nor whether it was read as typed, so the ways
    are tried until the same answer comes out."""
    if taken.article is not None:
        again = chatbot.article(taken.article.id) == answer
        return AskedRecord(audience=taken.audience, as_typed=False, article=taken.article.id, again=again)
    for wishes in _ways(taken.audience, taken.before):
        if is_same(chatbot.ask(answer.question, taken.before, wishes), answer):
            return AskedRecord(audience=wishes.audience, as_typed=wishes.as_typed, article=None, again=True)
    return AskedRecord(audience=taken.audience, as_typed=False, article=None, again=False)


def _ways(audience: Audience, before: Conversation) -> Iterator[Wishes]:
    """The likeliest first."""
    for reader in (audience, *(other for other in Audience if other is not audience)):
        for as_typed in (False, True) if before.turns else (False,):
            yield Wishes(reader, as_typed)


def is_same(one: Answer, other: Answer) -> bool:
    """Whether two answers say the same; the passages that a next turn would look at are no part of what they say."""
    return replace(one, evidence=()) == replace(other, evidence=())


def _quote(citation: Citation) -> QuoteRecord:
    passage = citation.passage
    return QuoteRecord(
        number=citation.number,
        document=passage.document.id,
        section=passage.section.heading,
        page=citation.page,
        start=citation.start,
        end=citation.end,
        text=citation.quote,
        lead=tuple(LeadRecord(start=s.start, end=s.end, text=passage.quote(s)) for s in citation.lead),
    )


def _document(document: Document) -> DocumentRecord:
    return DocumentRecord(
        id=document.id, text_sha256=document.text_hash, hash=document.hash, reference=document.reference
    )


def _turns(conversation: Conversation, references: Sequence[Reference]) -> Iterator[TurnRecord]:
    places = {reference: place for place, reference in enumerate(references)}
    for turn in conversation.turns:
        yield TurnRecord(
            question=turn.question,
            resolved=turn.resolved,
            answer=turn.answer,
            evidence=turn.evidence,
            statements=tuple(StatementRecord(text=s.text, reference=places[s.reference]) for s in turn.statements),
        )
