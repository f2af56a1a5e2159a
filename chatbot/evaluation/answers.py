"""Quotes against answers that experts wrote: BioASQ's layout, where a question has ideal answers and gold snippets.

``queries.jsonl`` {"_id", "text", "metadata": {"ideal_answer": [text, …], "snippets": [{"text"}, …]}} beside the
documents (``corpus.jsonl``). Every system takes a few sentences from the ten documents that the chatbot's search finds
best, so that only the choice of sentences is compared.

Two figures, because each can be had for nothing: long sentences recall more, the first sentence of a good document is
often right. ``inside``: the share of the sentences whose text, white space aside, lies within a gold snippet.
``rouge2``: ROUGE-2 recall of the ideal answer (rouge-score, with its stemmer), of the one recalled best where there are
several, since each stands for itself. Leads are not counted: only the quotes themselves.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chatbot.answering.compose import choose
from chatbot.answering.gate import question_terms
from chatbot.domain import EVIDENCE_KINDS, Conversation
from chatbot.errors import EvaluationError, SourceError
from chatbot.evaluation.extras import package_missing
from chatbot.evaluation.measured import Measure, Measured, mean_of
from chatbot.index.reader import Index
from chatbot.pipeline import Chatbot
from chatbot.retrieval import Hit, embed_query, retrieve

SYSTEMS = ("chatbot", "sentence cosine", "lead", "random", "oracle")
"""``chatbot``: what an answer would quote. ``sentence cosine``: the sentences nearest to the question. ``lead``: the
first sentence of each of the best documents. ``oracle``: knows the ideal answers, and adds the sentence that recalls
most of them."""

MEASURES = (
    Measure("inside a gold snippet", mean_of("inside"), bar=0.75),
    Measure("ROUGE-2 recall", mean_of("rouge2"), bar=0.53),
    Measure("sentences", mean_of("sentences")),
    Measure("words", mean_of("words"), higher_is_better=False),
)
_Recall = Callable[[list[str]], float]  # of the ideal answers by some quotes

_DOCUMENTS = 10
_PASSAGES = 10_000  # of a kind: all that are found, so that every passage of the ten documents is among them


class _Snippet(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str


class _Metadata(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    ideal_answer: tuple[str, ...] = Field(min_length=1)
    snippets: tuple[_Snippet, ...]


class AnsweredQuestion(BaseModel):
    """A question with what experts answered and where they found it."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: str = Field(alias="_id", min_length=1)
    text: str = Field(min_length=1)
    metadata: _Metadata


@dataclass(frozen=True)
class _Found:
    """A sentence of the ten best documents, with what the systems choose by. ``rank`` is its document's, from 0."""

    text: str
    cosine: float
    rank: int
    start: int


def read(path: Path, split: Literal["dev", "test", "all"] = "test", limit: int | None = None) -> list[AnsweredQuestion]:
    """The questions of a split in the file's order, at most ``limit`` of them, drawn by a hash of their ids.

    ``path`` is the file or its folder; the test half has the ids with an odd CRC-32. Raises SourceError with file and
    line, EvaluationError where the split is empty.
    """
    path = path / "queries.jsonl" if path.is_dir() else path
    found = []
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(path, f"cannot be read ({error}); name a file of questions with ideal answers") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                found.append(AnsweredQuestion.model_validate_json(line))
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(map(str, first["loc"]))
                raise SourceError(
                    path, f"field {place}: {first['msg']}; see chatbot.evaluation.answers", number
                ) from error
    kept = [q for q in found if split == "all" or (zlib.crc32(q.id.encode()) % 2 == 1) is (split == "test")]
    if not kept:
        raise EvaluationError(f"{path} has no question in its {split} half; choose another with --split")
    drawn = sorted(kept, key=lambda q: zlib.crc32(f"{q.id} drawn".encode()))[:limit]
    return [question for question in kept if question in drawn]


def measure(
    chatbot: Chatbot, questions: Sequence[AnsweredQuestion], system: str = "chatbot", sentences: int = 3
) -> Measured:
    """A system's figures, question by question. Raises EvaluationError for an unknown system or a missing package."""
    if system not in SYSTEMS:
        raise EvaluationError(f"there is no system {system!r} that quotes; choose from {', '.join(SYSTEMS)}")
    recall = _rouge2_recall()
    rows = []
    for question in questions:
        ideal = partial(recall, question.metadata.ideal_answer)
        quotes = _quotes(chatbot, question, system, sentences, ideal)
        rows.append(_judged(quotes, question, ideal))
    names = ("inside", "rouge2", "sentences", "words")
    values = np.array(rows, dtype=np.float64).reshape(len(rows), len(names))
    columns = {name: values[:, place] for place, name in enumerate(names)}
    return Measured(system, tuple(q.id for q in questions), columns)


def _quotes(chatbot: Chatbot, question: AnsweredQuestion, system: str, sentences: int, recall: _Recall) -> list[str]:
    index = chatbot.index
    hits, ranks = _hits_of_best_documents(chatbot, index, question.text)
    if system == "chatbot":
        terms = question_terms(index, chatbot.resolve(question.text, Conversation()))
        shown = choose(index, terms, hits, sentences).shown
        return [quote.passage.quote(quote.sentence) for quote in shown]
    found = [
        _Found(hit.passage.quote(sentence), hit.sentence_scores[number], ranks[hit.passage.document.id], sentence.start)
        for hit in hits
        for number, sentence in enumerate(hit.passage.sentences)
    ]
    if system == "oracle":
        return _best_by(found, sentences, recall)
    if system == "random":
        order = np.random.default_rng(zlib.crc32(question.id.encode())).permutation(len(found))
        chosen = [found[place] for place in order[:sentences]]
    elif system == "lead":
        first = {each.rank: each for each in sorted(found, key=lambda each: -each.start)}
        chosen = [first[rank] for rank in sorted(first)][:sentences]
    else:
        chosen = sorted(found, key=lambda each: -each.cosine)[:sentences]
    return [each.text for each in chosen]


def _hits_of_best_documents(chatbot: Chatbot, index: Index, question: str) -> tuple[list[Hit], dict[str, int]]:
    """Every passage of the ten best documents, scored as for an answer, and the documents' ranks."""
    resolved = chatbot.resolve(question, Conversation())
    query = embed_query(index, resolved.readings, resolved.about)
    found = [pair for kind in EVIDENCE_KINDS for pair in chatbot.search(question, kind, _DOCUMENTS)]
    best = sorted(found, key=lambda pair: (-pair[1], pair[0].passage.id))[:_DOCUMENTS]
    ranks = {hit.passage.document.id: rank for rank, (hit, _) in enumerate(best)}
    pool = [passage.id for hit, _ in best for passage, _ in index.passages_of(hit.passage.document)]
    kinds = dict.fromkeys(hit.passage.document.kind for hit, _ in best)
    hits = [hit for kind in kinds for hit in retrieve(index, query, kind, _PASSAGES, pool)]
    return [hit for hit in hits if hit.passage.document.id in ranks], ranks


def _best_by(found: list[_Found], sentences: int, value: _Recall) -> list[str]:
    """The sentences that one after the other raise a value most."""
    chosen: list[str] = []
    texts = list(dict.fromkeys(each.text for each in found))
    while texts and len(chosen) < sentences:
        chosen.append(texts.pop(max(range(len(texts)), key=lambda place: value([*chosen, texts[place]]))))
    return chosen


def _judged(quotes: list[str], question: AnsweredQuestion, recall: _Recall) -> tuple[float, float, int, int]:
    snippets = [_plain(snippet.text) for snippet in question.metadata.snippets]
    inside = [any(_plain(quote) in snippet for snippet in snippets) for quote in quotes]
    words = sum(len(quote.split()) for quote in quotes)
    return float(np.mean(inside)) if inside else 0.0, recall(quotes), len(quotes), words


def _plain(text: str) -> str:
    return " ".join(text.split())


def _rouge2_recall() -> Callable[[Sequence[str], list[str]], float]:
    """ROUGE-2 recall of (ideal answers, quotes): of the answer that the quotes together recall best."""
    try:
        from rouge_score.rouge_scorer import RougeScorer
    except ModuleNotFoundError as error:
        raise package_missing(error, "evaluate") from error
    scorer = RougeScorer(["rouge2"], use_stemmer=True)

    def recall(ideals: Sequence[str], quotes: list[str]) -> float:
        text = "\n".join(quotes)
        return max(float(scorer.score(ideal, text)["rouge2"].recall) for ideal in ideals)

    return recall
