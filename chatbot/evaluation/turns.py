"""Hand-written turns: conversations with, per kind of evidence, the documents that answer.

One JSON object a line: ``_id``, ``conversation``, ``turn``, ``question``, ``stands_for`` (what it means alone),
``category`` (``Category``), ``answers`` (kind → ids that answer; an empty list:
the kind must be withheld; a kind left out: arguable, not counted), ``carries`` and ``lets_go`` (words the resolved
question must and must not hold).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chatbot.domain import Answer, Conversation, Kind
from chatbot.errors import SourceError
from chatbot.pipeline import Chatbot

Category = Literal[
    "stand-alone",
    "follow-up",
    "topic-switch",
    "unanswerable",
    "return",
    "contrast",
    "correction",
    "reference",
    "list",
]


_LOOKED_AT = 5  # documents: what a reader sees without scrolling


class LabelledTurn(BaseModel):
    """One turn with what is known to be right."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(alias="_id")
    conversation: str
    turn: int
    question: str
    stands_for: str
    category: Category
    answers: dict[Kind, tuple[str, ...]]
    carries: tuple[str, ...] = ()
    lets_go: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A turn, the answer it got in its conversation, and the first documents found of each kind that answers it."""

    turn: LabelledTurn
    answer: Answer
    first: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Scores:
    """Shares, 0 to 1; what there is nothing to measure on is 1.

    ``resolved``: readings that hold what they must and nothing they must not. ``answered``: kinds with an answer that
    were answered; ``right_source``: of those, the ones that cite a document that answers. ``withheld``: kinds without
    an answer that were withheld. ``silent``: unanswerable turns with nothing said at all. ``found``: kinds with an
    answer for which a document that answers is among the first five of a search in the conversation.
    """

    turns: int
    resolved: float
    answered: float
    right_source: float
    withheld: float
    silent: float
    found: float


def read_turns(paths: Iterable[Path]) -> list[LabelledTurn]:
    """The turns of the files in order. Raises SourceError with file and line."""
    turns = []
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            try:
                turns.append(LabelledTurn.model_validate_json(line))
            except ValidationError as error:
                raise SourceError(path, str(error.errors()[0]["msg"]), number) from error
    return turns


def converse(chatbot: Chatbot, turns: Iterable[LabelledTurn]) -> Iterator[Asked]:
    """Asks every turn in its own conversation, with the answers that the chatbot itself gave before."""
    for _, group in groupby(turns, key=lambda turn: turn.conversation):
        conversation = Conversation()
        for turn in group:
            answer = chatbot.ask(turn.question, conversation)
            first = {kind: _first(chatbot, turn, kind, conversation) for kind, gold in turn.answers.items() if gold}
            conversation = conversation.then(answer.turn)
            yield Asked(turn, answer, first)


def score(asked: Sequence[Asked]) -> Scores:
    """The shares over all turns."""
    resolved = [_is_resolved(a) for a in asked]
    answered, right, withheld = [], [], []
    for a in asked:
        for kind, gold in a.turn.answers.items():
            cited = _cited(a.answer, kind)
            if not gold:
                withheld.append(not cited)
                continue
            answered.append(bool(cited))
            if cited:
                right.append(bool(cited & set(gold)))
    silent = [a.answer.withheld for a in asked if a.turn.category == "unanswerable"]
    found = [bool(set(first) & set(a.turn.answers[kind])) for a in asked for kind, first in a.first.items()]
    return Scores(len(asked), *(_share(values) for values in (resolved, answered, right, withheld, silent, found)))


def errors(asked: Asked) -> list[str]:
    """What is not as it should be with an answer, in plain words; nothing: all is well."""
    found = []
    reading = asked.answer.resolved.lower()
    found += [f"the reading lacks {word!r}" for word in asked.turn.carries if word not in reading]
    found += [f"the reading keeps {word!r}" for word in asked.turn.lets_go if word in reading]
    scores = {section.kind: section.score for section in asked.answer.sections}
    for kind, gold in asked.turn.answers.items():
        cited = _cited(asked.answer, kind)
        at = f"(score {scores.get(kind, 0):.2f})"
        if gold and not cited:
            found.append(f"{kind} is withheld, but {', '.join(gold)} answers {at}")
        elif gold and not cited & set(gold):
            found.append(f"{kind} cites {', '.join(sorted(cited))}, not {', '.join(gold)} {at}")
        elif cited and not gold:
            found.append(f"{kind} cites {', '.join(sorted(cited))}, but nothing answers {at}")
    return found


def _first(chatbot: Chatbot, turn: LabelledTurn, kind: Kind, conversation: Conversation) -> tuple[str, ...]:
    """The ids of the documents of a kind that are found first, in the conversation as it was before the turn."""
    hits = chatbot.search(turn.question, kind, _LOOKED_AT, conversation)
    return tuple(hit.passage.document.id for hit, _ in hits)


def _is_resolved(asked: Asked) -> bool:
    reading = asked.answer.resolved.lower()
    return all(word in reading for word in asked.turn.carries) and not any(
        word in reading for word in asked.turn.lets_go
    )


def _cited(answer: Answer, kind: Kind) -> set[str]:
    numbers = {n for s in answer.sections if s.kind is kind for claim in s.claims for n in claim.citations}
    return {c.passage.document.id for c in answer.citations if c.number in numbers}


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 1.0
