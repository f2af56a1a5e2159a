"""Gate sets: questions that an index answers, the same ones made unanswerable, and how well the gate tells them apart.

Unanswerable questions are made by hiding hits (``chatbot.answering.hiding``), so no index is built again; the
frequencies of words still count what is hidden. MTRAG's questions bring labels of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chatbot.answering.calibration import threshold_of
from chatbot.answering.gate import judge, question_terms
from chatbot.answering.hiding import without_aspect, without_topic
from chatbot.domain import Conversation, Kind, Turn
from chatbot.errors import SourceError
from chatbot.evaluation.measured import Columns, Measure, Measured
from chatbot.pipeline import Chatbot
from chatbot.retrieval import Hit, embed_query, retrieve

_Row = TypeVar("_Row", bound=BaseModel)
Hide = Literal["topic", "aspect"]

_DEPTH = 200  # hits looked at, so that something is left where a topic is hidden


@dataclass(frozen=True)
class GateQuestion:
    """A question, its conversation, and either the documents that answer it or a label of its own.

    ``documents`` are for sets made by hiding; ``answerable`` for sets that bring labels.
    """

    id: str
    text: str
    conversation: Conversation = Conversation()  # noqa: RUF009 - frozen
    documents: frozenset[str] = frozenset()
    answerable: bool | None = None


@dataclass(frozen=True)
class Judged:
    """A question as it was judged: ``values`` are the gate's features, ``score`` what it makes of them."""

    id: str
    answerable: bool
    score: float
    values: tuple[float, ...]


def read_beir(queries: Path, qrels: Path) -> list[GateQuestion]:
    """The questions of a retrieval set that have relevant documents, in the file's order. Raises SourceError."""
    relevant: dict[str, set[str]] = {}
    for number, line in enumerate(_lines(qrels)[1:], start=2):
        parts = line.split("\t")
        if len(parts) != 3:
            raise SourceError(qrels, "not query-id, corpus-id and score with tabs between", number)
        if float(parts[2]) > 0:
            relevant.setdefault(parts[0], set()).add(parts[1])
    found = _objects(queries, _Query)
    return [GateQuestion(q.id, q.text, documents=frozenset(relevant[q.id])) for q in found if q.id in relevant]


def read_mtrag(path: Path) -> list[GateQuestion]:
    """MTRAG-UN's answerable and unanswerable tasks with their conversations. Raises SourceError.

    PARTIAL and UNDERSPECIFIED tasks are left out: a part of an answer is neither, and what is underspecified is
    answered by asking back, not by silence.
    """
    questions = []
    for task in _objects(path, _Task):
        label = next((a for a in task.answerability if a in {"ANSWERABLE", "UNANSWERABLE"}), None)
        if label is None:
            continue
        said = task.history
        turns = tuple(Turn(one.text, answer=other.text) for one, other in zip(said[::2], said[1::2], strict=False))
        questions.append(
            GateQuestion(task.task_id, task.utterance, Conversation(turns), answerable=label == "ANSWERABLE")
        )
    return questions


def judged(chatbot: Chatbot, questions: Iterable[GateQuestion], hide: Hide, kind: Kind) -> Iterator[Judged]:
    """Every question, judged by the gate as it is and, where it brings no label, once more with what answers hidden.

    A question none of whose documents is found at all is left out of both: there is nothing to tell apart.
    """
    for question in questions:
        index = chatbot.index
        resolved = chatbot.resolve(question.text, question.conversation)
        terms = question_terms(index, resolved)
        query = embed_query(index, resolved.readings, resolved.about)
        hits = retrieve(index, query, kind, _DEPTH, chatbot.pool(index, question.conversation))

        def row(left: Sequence[Hit], answerable: bool, name: str = question.id) -> Judged:
            found = judge(index, terms, kind, left)  # noqa: B023 - called within the turn of the loop
            return Judged(name, answerable, found.score, found.values)

        if question.answerable is not None:
            yield row(hits, question.answerable)
            continue
        answering = [hit.passage for hit in hits if hit.passage.document.id in question.documents]
        if answering:
            keep = (
                without_topic(index, terms, answering, hits)
                if hide == "topic"
                else without_aspect(index, answering, hits)
            )
            yield row(hits, True)
            yield row([hit for hit in hits if keep(hit)], False, f"{question.id} without {hide}")


def measure(
    chatbot: Chatbot, questions: Iterable[GateQuestion], hide: Hide = "topic", kind: Kind = Kind.RESEARCH
) -> Measured:
    """The columns of ``tabulate`` at the threshold in force, a row for every judgement."""
    return tabulate(list(judged(chatbot, questions, hide, kind)), threshold_of(chatbot.index, kind))


def tabulate(rows: Sequence[Judged], threshold: float) -> Measured:
    """Columns ``answerable`` (1 or 0), ``score``, and ``refused`` (1: the score is below the threshold, else 0)."""
    columns = {
        "answerable": np.array([row.answerable for row in rows], dtype=np.float64),
        "score": np.array([row.score for row in rows], dtype=np.float64),
        "refused": np.array([row.score < threshold for row in rows], dtype=np.float64),
    }
    return Measured("chatbot", tuple(row.id for row in rows), columns)


def auroc(columns: Columns) -> float:
    """The share of pairs of an answerable and an unanswerable question that the score orders rightly, ties half.

    By ranks (Mann and Whitney 1947, doi:10.1214/aoms/1177730491). Only one sort of question: NaN.
    """
    score, answerable = columns["score"], columns["answerable"] > 0
    positives, negatives = int(answerable.sum()), int((~answerable).sum())
    if not positives or not negatives:
        return float("nan")
    ordered = np.sort(score)
    ranks = (np.searchsorted(ordered, score, "left") + np.searchsorted(ordered, score, "right") + 1) / 2
    return float((ranks[answerable].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def _share(
    of: Callable[[Columns], NDArray[np.bool_]], among: Callable[[Columns], NDArray[np.bool_]]
) -> Callable[[Columns], float]:
    def compute(columns: Columns) -> float:
        chosen = among(columns)
        return float((of(columns) & chosen).sum() / chosen.sum()) if chosen.any() else float("nan")

    return compute


def _refused(columns: Columns) -> NDArray[np.bool_]:
    return columns["refused"] > 0


def _answerable(columns: Columns) -> NDArray[np.bool_]:
    return columns["answerable"] > 0


def _unanswerable(columns: Columns) -> NDArray[np.bool_]:
    return ~_answerable(columns)


MEASURES: tuple[Measure, ...] = (
    Measure("AUROC", auroc),
    Measure("refusal precision", _share(_unanswerable, _refused)),
    Measure("refusal recall", _share(_refused, _unanswerable)),
    Measure("false refusals", _share(_refused, _answerable), higher_is_better=False),
)


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: str = Field(alias="_id")
    text: str


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str


class _Task(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    task_id: str
    utterance: str
    history: tuple[_Said, ...] = ()
    answerability: tuple[str, ...]


def _objects(path: Path, model: type[_Row]) -> list[_Row]:
    found = []
    for number, line in enumerate(_lines(path), start=1):
        try:
            found.append(model.model_validate_json(line))
        except ValidationError as error:
            raise SourceError(path, str(error.errors()[0]["msg"]), number) from error
    return found


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text("utf-8").split("\n") if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(path, f"cannot be read ({error}); name a file of UTF-8 text") from error
