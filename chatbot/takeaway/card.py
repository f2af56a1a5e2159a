"""An answer card: one answer with everything that is needed to check it again, as JSON that a person can read.

It holds the question and the turns it followed (a follow-up is not understood without them), the answer, every quote
with its place and the hash of its document, what the index was, and the settings. It proves that the card has not
changed by accident, and nothing about who made it: whoever changes a card can give it a new hash.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from chatbot.answer_record import AnswerRecord
from chatbot.audience import Audience
from chatbot.domain import Conversation, Reference, Statement, Turn
from chatbot.errors import CardError
from chatbot.settings import AnswerSettings, RetrievalSettings

_MOST_BYTES = 16_000_000  # the card of a twentieth turn has .1 MB
_MOST_NAMED = 100  # characters of what a stranger's file holds, in a message about it


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LeadRecord(_Record):
    """What a quote cannot be read without, and where it stands."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str = Field(min_length=1)


class QuoteRecord(_Record):
    """A citation's words: ``text[start:end]`` of the document, in characters from 0. ``page`` is counted from 1."""

    number: int
    document: str
    section: str
    page: int | None
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str = Field(min_length=1)
    lead: tuple[LeadRecord, ...] = ()


class DocumentRecord(_Record):
    """A document that the answer needs: SHA-256 of its text in UTF-8, the hash the index knows it by, its reference."""

    id: str
    text_sha256: str
    hash: str
    reference: Reference


class StatementRecord(_Record):
    """A claim of an earlier turn, and which of the card's ``references`` it cites, counted from 0."""

    text: str
    reference: int = Field(ge=0)


class TurnRecord(_Record):
    """An earlier turn: without these a follow-up would be read as something else."""

    question: str
    resolved: str
    answer: str
    evidence: tuple[str, ...]
    statements: tuple[StatementRecord, ...]


class AskedRecord(_Record):
    """How it was asked. ``article`` is the id of the article that the answer is; None: it answers a question.

    ``again`` says whether the same answer came out once more when the card was made.
    """

    audience: Audience
    as_typed: bool
    article: str | None
    again: bool


class IndexRecord(_Record):
    """The index when the card was made; ``holds`` is a hash over the hashes of all its documents."""

    built: dict[str, str | int]
    generation: int
    documents: int
    holds: str
    gate: str


class SettingsRecord(_Record):
    """The settings that decide what is found and said."""

    answer: AnswerSettings
    retrieval: RetrievalSettings


class AnswerCard(_Record):
    """The card. ``sha256`` is over all the rest."""

    format: Literal["medical-follow-up answer card"] = "medical-follow-up answer card"
    version: Literal[1] = 1
    made: AwareDatetime
    software: str
    asked: AskedRecord
    answer: AnswerRecord
    quotes: tuple[QuoteRecord, ...]
    documents: tuple[DocumentRecord, ...]
    before: tuple[TurnRecord, ...]
    references: tuple[Reference, ...]
    index: IndexRecord
    settings: SettingsRecord
    sha256: str = ""

    @model_validator(mode="after")
    def _holds_together(self) -> AnswerCard:
        """Every citation has its quote and its document, every statement its reference."""
        quotes = {quote.number: quote for quote in self.quotes}
        hashes = {document.hash: document.id for document in self.documents}
        for cited in self.answer.citations:
            quote = quotes.get(cited.number)
            place = (hashes.get(cited.passage.document), cited.start, cited.end)
            if quote is None or (quote.document, quote.start, quote.end) != place:
                raise ValueError(f"citation {cited.number} has no quote that fits it")
        if len(quotes) != len(self.answer.citations) or len(quotes) != len(self.quotes):
            raise ValueError("there are quotes that nothing cites")
        if any(s.reference >= len(self.references) for turn in self.before for s in turn.statements):
            raise ValueError("an earlier statement cites a reference that is not there")
        return self

    @property
    def conversation(self) -> Conversation:
        """The turns before the question."""
        return Conversation(
            tuple(
                Turn(
                    turn.question,
                    turn.resolved,
                    turn.answer,
                    turn.evidence,
                    tuple(Statement(s.text, self.references[s.reference]) for s in turn.statements),
                )
                for turn in self.before
            )
        )

    def sealed(self) -> AnswerCard:
        """The card with the hash over all the rest of it."""
        return self.model_copy(update={"sha256": self.digest()})

    def digest(self) -> str:
        """SHA-256 over the card without its hash, as JSON with sorted keys: spacing and order of a file are nothing."""
        content = self.model_dump(mode="json", exclude={"sha256"})
        written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()

    def written(self) -> str:
        """The card as it is kept in a file."""
        return self.model_dump_json(indent=2) + "\n"


def read_card(path: Path) -> AnswerCard:
    """The card of a file. Raises CardError where it cannot be read, is no card, is a newer one, or was changed."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise CardError(f"{path} cannot be read ({error.strerror}); name the file of an answer card") from error
    if len(content) > _MOST_BYTES:
        raise CardError(f"{path} is larger than {_MOST_BYTES // 1_000_000} MB, which no answer card is")
    try:
        card = AnswerCard.model_validate_json(content)
    except ValidationError as error:
        raise CardError(f"{path} is not an answer card that this version reads: {_problem(error)}") from None
    if card.sha256 != card.digest():
        raise CardError(f"{path} was changed after it was made: its content does not fit its own hash")
    return card


def _problem(error: ValidationError) -> str:
    """The first thing that is wrong, and where. What the file holds is not repeated beyond a name."""
    first: Any = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    shown = "".join(c if c.isprintable() else " " for c in place)[:_MOST_NAMED]
    message = " ".join(str(first["msg"]).split())[: 2 * _MOST_NAMED]
    return f"{shown}: {message}" if shown else message
