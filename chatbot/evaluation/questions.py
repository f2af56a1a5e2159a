"""A user's questions file: what is asked, and what is expected of the answer. One JSON object a line.

==================================  ================================================================================
``question``                        what is asked (the only field that every line has)
``after``                           questions asked before it in the same conversation, oldest first
``answers``                         kinds that must answer, or "any"
``withheld``                        kinds that must say that they do not answer, or "all"
``cites``, ``cites_any``            documents that must all be cited; of which at least one must be
``not_cites``                       documents that must not be cited
``quotes``, ``not_quotes``          words that must, and must not, be quoted
``read_as``, ``not_read_as``        words that the question must, and must not, be read with
``asks_back``                       words of a question that must be offered to choose from, or "any"
``_id``, ``note``                   what the line is called (else file:line), and anything worth remembering
==================================  ================================================================================

Kinds, documents and words are written as in ``chatbot.evaluation.checks``; for a list of one, its only entry will do.
Every line expects something. Blank lines are skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from chatbot.domain import Answer, Conversation
from chatbot.errors import EvaluationError, QuestionError, SourceError
from chatbot.evaluation import accounts, checks
from chatbot.evaluation.checks import Check
from chatbot.evaluation.measured import Measure, Measured, mean_of
from chatbot.pipeline import Chatbot

MEASURES = tuple(
    Measure(name, mean_of(name)) for name in ("answered", "withheld", "cited", "quoted", "read", "asked_back", "passed")
)
"""Shares of the questions that expect such a thing, 0 to 1; ``passed``: of all questions, where nothing failed.

``answered`` counts questions with ``answers``, ``cites``, ``cites_any`` or ``quotes``: whether anything was said, or
the kinds named by ``answers``.
"""


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _something(value: str) -> str:
    return checks.required(value, "at least one word")


def _kind_or(word: str) -> AfterValidator:
    return AfterValidator(lambda value: value if value == word else checks.known_kind(value))


_Text = Annotated[str, AfterValidator(_something)]
_Texts = Annotated[tuple[_Text, ...], BeforeValidator(_listed)]
_Answering = Annotated[tuple[Annotated[str, _kind_or("any")], ...], BeforeValidator(_listed)]
_Withheld = Annotated[tuple[Annotated[str, _kind_or("all")], ...], BeforeValidator(_listed)]


class Question(BaseModel):
    """A line of a questions file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(default="", alias="_id")
    question: _Text
    after: _Texts = ()
    answers: _Answering = ()
    withheld: _Withheld = ()
    cites: _Texts = ()
    cites_any: _Texts = ()
    not_cites: _Texts = ()
    quotes: _Texts = ()
    not_quotes: _Texts = ()
    read_as: _Texts = ()
    not_read_as: _Texts = ()
    asks_back: _Texts = ()
    note: str = ""

    @property
    def expects_an_answer(self) -> bool:
        """Whether something must be said."""
        return bool(self.answers or self.cites or self.cites_any or self.quotes)

    @model_validator(mode="after")
    def _expects_something(self) -> Question:
        if not any(getattr(self, name) for name in _EXPECTATIONS):
            raise ValueError(f"nothing is expected of the answer; write one of {', '.join(_EXPECTATIONS)}")
        if "all" in self.withheld and self.expects_an_answer:
            raise ValueError('"withheld": "all" expects no answer, and the line expects one as well')
        return self


_EXPECTATIONS = [name for name in Question.model_fields if name not in ("id", "question", "after", "note")]


@dataclass(frozen=True)
class Judged:
    """A question, its answer, what is wrong with it in plain words (nothing: it passed), and the measures' columns."""

    item: Question
    answer: Answer
    failures: tuple[str, ...]
    columns: dict[str, float]


def read(path: Path) -> tuple[Question, ...]:
    """The questions of a file in its order. Raises SourceError with the line, or where there is no question."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")  # JSON may hold other line separators
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(path, f"cannot be read ({error}); name a file of UTF-8 JSON lines") from error
    items: dict[str, Question] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            item = Question.model_validate_json(line)
        except ValidationError as error:
            raise SourceError(path, _problem(error), number) from error
        name = item.id or f"{path.name}:{number}"
        if name in items:
            raise SourceError(path, f"the _id {name!r} stands on a line before; give each question its own", number)
        items[name] = item.model_copy(update={"id": name})
    if not items:
        raise SourceError(path, 'holds no question; a line is {"question": "…", "cites": ["…"]}')
    return tuple(items.values())


def judge(chatbot: Chatbot, items: Iterable[Question]) -> Iterator[Judged]:
    """Asks each question after those of its ``after``, and compares. Raises EvaluationError where that cannot be."""
    known: dict[tuple[str, ...], Conversation] = {(): Conversation()}
    for item in items:
        try:
            yield _judged(chatbot, item, _conversation(chatbot, item.after, known))
        except QuestionError as error:
            raise EvaluationError(f"{item.id}: {error}") from error


def measured(judged: Sequence[Judged]) -> Measured:
    """The columns of what was judged; NaN where a question does not expect such a thing."""
    columns = {m.name: np.array([j.columns[m.name] for j in judged], dtype=np.float64) for m in MEASURES}
    return Measured("chatbot", tuple(j.item.id for j in judged), columns)


def measure(chatbot: Chatbot, items: Sequence[Question]) -> Measured:
    """Asks and measures. ``judge`` and ``measured`` do the same in two steps, with what is wrong in between."""
    return measured(tuple(judge(chatbot, items)))


def _conversation(chatbot: Chatbot, asked: tuple[str, ...], known: dict[tuple[str, ...], Conversation]) -> Conversation:
    """The questions with the chatbot's own answers; what was asked for another line is not asked again."""
    if asked not in known:
        before = _conversation(chatbot, asked[:-1], known)
        known[asked] = before.then(chatbot.ask(asked[-1], before).turn)
    return known[asked]


def _judged(chatbot: Chatbot, item: Question, conversation: Conversation) -> Judged:
    answer = chatbot.ask(item.question, conversation)
    wrong = {
        "answered": _unanswered(item, answer),
        "withheld": _not_withheld(item, answer),
        "cited": _wrongly_cited(chatbot, item, answer, conversation),
        "quoted": _wrongly_quoted(item, answer),
        "read": _wrongly_read(item, answer),
        "asked_back": _not_asked_back(item, answer),
    }
    failures = tuple(failure for found in wrong.values() for failure in found or ())
    columns = {name: float("nan") if found is None else float(not found) for name, found in wrong.items()}
    return Judged(item, answer, failures, {**columns, "passed": float(not failures)})


# Each gives what is wrong in plain words, and None where the question expects nothing of the sort.


def _unanswered(item: Question, answer: Answer) -> list[str] | None:
    if not item.expects_an_answer:
        return None
    return _failed(checks.answers(answer, None if kind == "any" else kind) for kind in item.answers or ("any",))


def _not_withheld(item: Question, answer: Answer) -> list[str] | None:
    if not item.withheld:
        return None
    return _failed(checks.withheld(answer, None if kind == "all" else kind) for kind in item.withheld)


def _wrongly_cited(chatbot: Chatbot, item: Question, answer: Answer, conversation: Conversation) -> list[str] | None:
    if not (item.cites or item.cites_any or item.not_cites):
        return None
    wrong = []
    missing = [what for what in item.cites if not checks.cites(answer, what)]
    if item.cites_any and not any(checks.cites(answer, what) for what in item.cites_any):
        missing += item.cites_any
    for what in missing:
        where = accounts.whereabouts(chatbot, answer, conversation, what)
        wrong.append(f"{checks.cites(answer, what)} ({where})")
    for what in item.not_cites:
        check = checks.cites(answer, what)
        if check:
            wrong.append(f"{check}, which it must not")
        elif not accounts.is_indexed(chatbot, what):
            wrong.append(f"not_cites {what!r} tests nothing: no indexed document is called that")
    return wrong


def _wrongly_quoted(item: Question, answer: Answer) -> list[str] | None:
    if not (item.quotes or item.not_quotes):
        return None
    missing = [f"{c} ({accounts.unquoted(answer, w)})" for w in item.quotes if not (c := checks.quotes(answer, w))]
    return missing + [f"{c}, which it must not" for w in item.not_quotes if (c := checks.quotes(answer, w))]


def _wrongly_read(item: Question, answer: Answer) -> list[str] | None:
    if not (item.read_as or item.not_read_as):
        return None
    kept = [f"{c}, with {w!r}" for w in item.not_read_as if (c := checks.read_as(answer, w))]
    return _failed(checks.read_as(answer, words) for words in item.read_as) + kept


def _not_asked_back(item: Question, answer: Answer) -> list[str] | None:
    if not item.asks_back:
        return None
    return _failed(checks.asks_back(answer, None if words == "any" else words) for words in item.asks_back)


def _failed(found: Iterable[Check]) -> list[str]:
    return [check.fact for check in found if not check]


def _problem(error: ValidationError) -> str:
    """The first problem of a line, in words of the file."""
    first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")  # a misspelt field comes first
    field = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        known = ", ".join(("question", "after", *_EXPECTATIONS, "_id", "note"))
        return f"there is no field {field!r}; the fields are {known}"
    message = str(first["msg"]).removeprefix("Value error, ")
    return f"{field}: {message}" if field else message
