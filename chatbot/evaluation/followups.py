"""Multi-turn sets: how well a follow-up is found when read as typed, as resolved, or as a person would rewrite it.

One JSON object a line, turns in order: ``conversation_id``, ``turn``, ``utterance``, ``rewrite`` (what it means alone),
``response`` (what was answered), ``relevant`` (ids of the documents that answer) and, where a conversation changes its
subject, ``focus`` (the subject of the turn).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from chatbot.domain import Conversation, Kind, Turn
from chatbot.errors import SourceError
from chatbot.evaluation.beir import sample
from chatbot.evaluation.measured import Columns, Measure, Measured, mean_of
from chatbot.followup import resolve
from chatbot.pipeline import Chatbot
from chatbot.vocabulary import Vocabulary

SYSTEMS = ("as typed", "resolved", "rewrite", "previous + question", "first + question")
_LOOKED_AT = 5  # documents: what a reader sees without scrolling


class SetTurn(BaseModel):
    """One turn of a multi-turn set; what else a line holds is left unread."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    conversation_id: str
    turn: int
    utterance: str
    rewrite: str
    response: str | None = None
    relevant: tuple[str, ...] = ()
    focus: str = ""


@dataclass(frozen=True)
class FollowUp:
    """A turn with the turns before it."""

    turn: SetTurn
    before: tuple[SetTurn, ...]

    @property
    def id(self) -> str:
        return f"{self.turn.conversation_id}:{self.turn.turn}"

    @property
    def switches(self) -> bool:
        """Whether it leaves the subject of the turn before."""
        return bool(self.before) and self.turn.focus != self.before[-1].focus


def read(path: Path, limit: int | None = None) -> list[FollowUp]:
    """Every turn of a file (of ``limit`` of its conversations) with its history, in the file's order.

    Raises SourceError with file and line.
    """
    turns = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            turns.append(SetTurn.model_validate_json(line))
        except ValidationError as error:
            raise SourceError(path, str(error.errors()[0]["msg"]), number) from error
    kept = set(sample(list(dict.fromkeys(turn.conversation_id for turn in turns)), limit))
    turns = [turn for turn in turns if turn.conversation_id in kept]
    conversations = (list(group) for _, group in groupby(turns, key=lambda turn: turn.conversation_id))
    return [FollowUp(turn, tuple(group[:number])) for group in conversations for number, turn in enumerate(group)]


def measure(
    chatbot: Chatbot, follow_ups: Sequence[FollowUp], systems: Sequence[str] = SYSTEMS, kind: Kind = Kind.RESEARCH
) -> Iterator[Measured]:
    """The columns of each system, per turn.

    ``hit`` (1: a relevant document among the first five) and ``rewrite hit`` are of follow-ups, NaN for the first turn
    of a conversation and for turns that change the subject; ``any hit`` is of every turn. ``carried over`` is of turns
    that change the subject, NaN elsewhere: 1 where words of the old one were put into the question.
    """
    found = {system: [_look(chatbot, each, system, kind) for each in follow_ups] for system in {*systems, "rewrite"}}
    is_follow_up = np.array([bool(each.before) and not each.switches for each in follow_ups])
    switches = np.array([each.switches for each in follow_ups])
    rewrite = np.array([hit for hit, _ in found["rewrite"]], dtype=np.float64)
    for system in systems:
        hits, carried = (np.array(values, dtype=np.float64) for values in zip(*found[system], strict=True))
        columns = {
            "hit": np.where(is_follow_up, hits, np.nan),
            "rewrite hit": np.where(is_follow_up, rewrite, np.nan),
            "any hit": hits,
            "carried over": np.where(switches, carried, np.nan),
        }
        conversations = tuple(each.turn.conversation_id for each in follow_ups)
        yield Measured(system, tuple(each.id for each in follow_ups), columns, conversations)


def _look(chatbot: Chatbot, each: FollowUp, system: str, kind: Kind) -> tuple[bool, bool]:
    """Whether a relevant document is among the first five, and whether earlier turns went into the question."""
    question, conversation, carried = _asked(chatbot, each, system)
    hits = chatbot.search(question, kind, _LOOKED_AT, conversation)
    return bool({hit.passage.document.id for hit, _ in hits} & set(each.turn.relevant)), carried


def _asked(chatbot: Chatbot, each: FollowUp, system: str) -> tuple[str, Conversation, bool]:
    asked, before = each.turn.utterance, each.before
    if system == "resolved":
        conversation = conversation_of(chatbot, before)
        return asked, conversation, bool(chatbot.resolve(asked, conversation).carried)
    if system == "rewrite":
        return each.turn.rewrite, Conversation(), False
    if system == "as typed" or not before:
        return asked, Conversation(), False
    return f"{before[-1 if system.startswith('previous') else 0].utterance} {asked}", Conversation(), True


def conversation_of(chatbot: Chatbot, turns: Sequence[SetTurn]) -> Conversation:
    """The conversation that the turns make, each as the chatbot reads it, with the answers that the set gives."""
    conversation = Conversation()
    for turn in turns:
        reading = chatbot.resolve(turn.utterance, conversation).text
        conversation = conversation.then(Turn(turn.utterance, reading, turn.response or ""))
    return conversation


def _share_of_rewrite(columns: Columns) -> float:
    """The hits as a share of the rewrite's; NaN where the rewrite hits nothing."""
    out_of = np.nansum(columns["rewrite hit"])
    return float(np.nansum(columns["hit"]) / out_of) if out_of else float("nan")


MEASURES: tuple[Measure, ...] = (
    Measure("hit@5", mean_of("hit")),
    Measure("share of the rewrite's", _share_of_rewrite, bar=1.0),
    Measure("wrong carry-over", mean_of("carried over"), higher_is_better=False, bar=0.02),
    Measure("hit@5, all turns", mean_of("any hit")),
)


def measure_words(vocabulary: Vocabulary, follow_ups: Sequence[FollowUp]) -> Measured:
    """How the words that are put into a follow-up compare with those of a person's rewrite, where there is no corpus.

    Columns per follow-up, of indexed words: ``added`` by the resolver, ``wanted`` by the rewrite, ``both``. A sanity
    figure only: a rewrite draws on answers and on knowledge, and most of what it adds stands in no earlier question.
    """
    rows, items, conversations = [], [], []
    for each in follow_ups:
        if not each.before:
            continue
        turns = tuple(Turn(turn.utterance, answer=turn.response or "") for turn in each.before)
        typed, wanted, reading = (
            set(vocabulary.terms(text))
            for text in (
                each.turn.utterance,
                each.turn.rewrite,
                resolve(each.turn.utterance, Conversation(turns), vocabulary).text,
            )
        )
        added, missing = reading - typed, wanted - typed
        rows.append((len(added), len(missing), len(added & missing)))
        items.append(each.id)
        conversations.append(each.turn.conversation_id)
    values = np.array(rows, dtype=np.float64).reshape(len(rows), 3)
    columns = {name: values[:, number] for number, name in enumerate(("added", "wanted", "both"))}
    return Measured("resolved", tuple(items), columns, tuple(conversations))


def _ratio(part: str, whole: str) -> Callable[[Columns], float]:
    def compute(columns: Columns) -> float:
        out_of = columns[whole].sum()
        return float(columns[part].sum() / out_of) if out_of else float("nan")

    return compute


WORD_MEASURES: tuple[Measure, ...] = (
    Measure("precision of the added words", _ratio("both", "added")),
    Measure("recall of the rewrite's words", _ratio("both", "wanted")),
)
