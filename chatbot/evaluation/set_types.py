"""The types of sets that can be measured: how each is recognised, with which systems and measures, on which documents.

A new type is a module with ``MEASURES`` and ``measure(...) -> Measured``, and a row of ``SET_TYPES``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from chatbot.errors import EvaluationError
from chatbot.evaluation import answers, followups, gate_sets, gates, questions, random_questions, retrieval, turn_shares
from chatbot.evaluation.accounts import account
from chatbot.evaluation.beir import corpus_of, is_retrieval_set, read_retrieval_set, sample
from chatbot.evaluation.gate_sets import most_frequent_kind
from chatbot.evaluation.gates import Hide
from chatbot.evaluation.measured import Measured
from chatbot.evaluation.set_type import Request, SetType, holds_lines_with
from chatbot.evaluation.systems import SYSTEMS, open_system
from chatbot.evaluation.turns import converse

_RANDOM_QUESTIONS = 1000  # a minute's work where no number is given


def _retrieval(request: Request) -> Iterator[Measured]:
    wanted = read_retrieval_set(request.named, request.split, request.limit)
    _tell_missing(request, wanted.documents)
    for name in request.systems:
        yield retrieval.measure(open_system(name, request.chatbot), wanted)


def _tell_missing(request: Request, documents: set[str]) -> None:
    line = retrieval.missing_documents(request.chatbot, documents, request.named.name)
    if line:
        request.tell(line)


def _follow_ups(request: Request) -> Iterator[Measured]:
    turns = _sampled(request)
    _tell_missing(request, {document for each in turns for document in each.turn.relevant})
    yield from followups.measure(request.chatbot, turns, request.systems, most_frequent_kind(request.chatbot.index))


def _follow_up_words(request: Request) -> Iterator[Measured]:
    yield followups.measure_words(request.chatbot.index.words, _sampled(request))


def _sampled(request: Request) -> list[followups.FollowUp]:
    """The turns of at most ``limit`` conversations."""
    turns = followups.read(request.named)
    kept = set(sample(list(dict.fromkeys(each.turn.conversation_id for each in turns)), request.limit))
    return [each for each in turns if each.turn.conversation_id in kept]


def _turns(request: Request) -> Iterator[Measured]:
    asked = list(converse(request.chatbot, turn_shares.read(request.named, request.limit)))
    for line in (*turn_shares.lines_by_category(asked), *(turn_shares.error_lines(asked) if request.details else ())):
        request.tell(line)
    yield turn_shares.measured(asked)


def _questions(request: Request) -> Iterator[Measured]:
    """What failed is always told, for that is what a user's own questions are for; ``details`` adds the answer."""
    items = questions.read(request.named)
    kept = set(sample([item.id for item in items], request.limit))
    judged = list(questions.judge(request.chatbot, (item for item in items if item.id in kept)))
    for each in judged:
        if each.failures:
            request.tell("\n    ".join((f"{each.item.id}: {each.item.question}", *each.failures)))
        if each.failures and request.details:
            request.tell(account(each.answer))
    yield questions.measured(judged)


def _answers(request: Request) -> Iterator[Measured]:
    if request.split == "train":
        raise EvaluationError(f"{request.path} is halved into dev and test; choose one of them, or all, with --split")
    wanted = answers.read(request.named, request.split, request.limit)
    for name in request.systems:
        yield answers.measure(request.chatbot, wanted, name)


def _gate(hide: Hide) -> Callable[[Request], Iterator[Measured]]:
    def evaluate(request: Request) -> Iterator[Measured]:
        index = request.chatbot.index
        if request.path is None:
            questions = gate_sets.from_index(index, request.limit)
        else:
            wanted = read_retrieval_set(request.path, request.split, request.limit)
            _tell_missing(request, wanted.documents)
            questions = gate_sets.from_retrieval_set(index, wanted)
        yield gate_sets.measure(request.chatbot, questions, hide)

    return evaluate


def _labelled(request: Request) -> Iterator[Measured]:
    questions = gate_sets.from_labels(request.named, request.chatbot.index, request.limit)
    yield gate_sets.measure(request.chatbot, questions, "topic")


def _random_questions(request: Request) -> Iterator[Measured]:
    count = request.limit or _RANDOM_QUESTIONS
    yield random_questions.measure(
        request.chatbot, list(random_questions.random_questions(request.chatbot.index, count))
    )


SET_TYPES: tuple[SetType, ...] = (
    SetType(
        name="retrieval",
        looks_like="a BEIR folder: corpus.jsonl, queries*.jsonl, qrels*.tsv",
        measures=retrieval.MEASURES,
        evaluate=_retrieval,
        matches=is_retrieval_set,
        systems=tuple(SYSTEMS),
        usual=("chatbot", "bm25", "dense"),
        corpus=corpus_of,
    ),
    SetType(
        name="answers",
        looks_like="with --as answers: a BEIR folder whose queries have ideal answers and gold snippets",
        measures=answers.MEASURES,
        evaluate=_answers,
        systems=answers.SYSTEMS,
        usual=("chatbot", "lead", "sentence cosine"),
        corpus=corpus_of,
    ),
    SetType(
        name="gate",
        looks_like="with --as gate: questions with their topic hidden, made from a BEIR folder or from the index",
        measures=gates.MEASURES,
        evaluate=_gate("topic"),
        corpus=corpus_of,
        is_made=True,
    ),
    SetType(
        name="gate-aspect",
        looks_like="with --as gate-aspect: the same with only what answers hidden",
        measures=gates.MEASURES,
        evaluate=_gate("aspect"),
        corpus=corpus_of,
        is_made=True,
    ),
    SetType(
        name="gate-labels",
        looks_like="a folder with corpus.jsonl and tasks.jsonl, whose tasks say whether they can be answered",
        measures=gates.MEASURES,
        evaluate=_labelled,
        matches=gate_sets.is_labelled,
        corpus=corpus_of,
    ),
    SetType(
        name="follow-ups",
        looks_like="a file of turns: lines with conversation_id, utterance, rewrite, relevant",
        measures=followups.MEASURES,
        evaluate=_follow_ups,
        matches=lambda path: path.is_file() and holds_lines_with("utterance", "rewrite", "relevant")(path),
        systems=followups.SYSTEMS,
        usual=("resolved", *(name for name in followups.SYSTEMS if name != "resolved")),
    ),
    SetType(
        name="follow-up-words",
        looks_like="with --as follow-up-words: the same, comparing words with the rewrite's where there is no corpus",
        measures=followups.WORD_MEASURES,
        evaluate=_follow_up_words,
        systems=("resolved",),
        usual=("resolved",),
    ),
    SetType(
        name="turns",
        looks_like="hand-written turns: lines with conversation, question, stands_for, answers",
        measures=turn_shares.MEASURES,
        evaluate=_turns,
        matches=holds_lines_with("conversation", "stands_for", "answers"),
    ),
    SetType(
        name="questions",
        looks_like="your own questions: lines with question and what is expected of the answer",
        measures=(questions.MEASURES[-1], *questions.MEASURES[:-1]),  # what passed is what a build should fail on
        evaluate=_questions,
        matches=lambda path: path.is_file() and holds_lines_with("question")(path),
    ),
    SetType(
        name="random-questions",
        looks_like="made from the index: questions drawn at random, what no answer may break",
        measures=random_questions.MEASURES,
        evaluate=_random_questions,
        is_made=True,
    ),
)


def type_of(path: Path | None, name: str | None = None) -> SetType:
    """The type of a set: the one named, else the first that recognises the path.

    Raises EvaluationError where the path is missing, or no type has the name or recognises the path.
    """
    if name is not None:
        named = next((each for each in SET_TYPES if each.name == name), None)
        if named is None:
            raise EvaluationError(
                f"there is no type of set {name!r}; choose from {', '.join(e.name for e in SET_TYPES)}"
            )
        if path is not None or named.is_made:
            return named
    if path is None:
        raise EvaluationError("no set is named; write its folder or file behind the command")
    if not path.exists():
        raise EvaluationError(f"{path}: no such file or folder; name a set to measure")
    found = next((each for each in SET_TYPES if each.matches(path)), None)
    if found is None:
        known = "; ".join(f"{each.name} ({each.looks_like})" for each in SET_TYPES if each.looks_like)
        raise EvaluationError(f"{path} is no set that can be measured; known are: {known}")
    return found
