"""How long a whole answer takes, beside LangChain's default retrieval on the same passages, and where the time goes."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.langchain_chain import open_chain
from benchmarks.report import Report, Say, Target
from benchmarks.timers import PARTS, REST, Timers
from chatbot.domain import EVIDENCE_KINDS
from chatbot.errors import QuestionError
from chatbot.index.reader import Index
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings

_TARGET_MS = 150
_K = 10
_WARM_UP = 10
_SEED = 20260

Ask = Callable[[str], Any]


def measure_asking(settings: Settings, questions: Path | None, number: int, chain: Path | None, say: Say) -> Report:
    """Milliseconds of ``Chatbot.ask`` and of ``Chroma.similarity_search``, question by question, by turns.

    Without ``questions`` they are drawn from the index. Without ``chain`` the peer's collection is temporary.
    """
    chatbot = Chatbot(settings)
    index = chatbot.index
    wanted = number + _WARM_UP
    texts = _drawn(read_questions(questions), wanted) if questions else questions_of(index, wanted)
    warm_up, texts = texts[:_WARM_UP], texts[_WARM_UP:] or texts
    # The folder may outlast its files' being open: the peer's client has no way to close them.
    with tempfile.TemporaryDirectory(prefix="bench-ask-", ignore_cleanup_errors=True) as temporary:
        store, passages = open_chain(index, chain or Path(temporary), say)

        def search(question: str) -> Any:
            return store.similarity_search(question, k=_K)

        for text in warm_up:
            chatbot.ask(text)
            search(text)
        say(f"Asking {len(texts)} questions of both, by turns ...")
        ours, peer = _by_turns(texts, chatbot.ask, search)
    say("Asking them once more with timers in place ...")
    parts, answered = _parts(texts, chatbot)
    sizes = {"documents": len(index.references), "passages": passages, "questions": len(texts), "answered": answered}
    return _report(ours, peer, parts, sizes)


def read_questions(path: Path) -> list[str]:
    """The texts of ``{"_id", "text"}`` lines. Raises QuestionError with file and line where one is not such a line."""
    texts = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            texts.append(str(json.loads(line)["text"]))
        except (ValueError, KeyError, TypeError) as error:
            raise QuestionError(f'{path}:{number}: not a JSON object with a "text"; correct the line') from error
    if not texts:
        raise QuestionError(f"{path}: holds no question; put one JSON object a line there")
    return texts


def questions_of(index: Index, number: int) -> list[str]:
    """Section headings with their document's topic, and titles where there is none, of passages drawn by seed."""
    ids = index.passage_ids()
    drawn = random.Random(_SEED).sample(ids, min(len(ids), 2 * number))  # noqa: S311 - a sample, not a secret
    found = index.passages(drawn)
    texts = []
    for passage in (found[i] for i in drawn if i in found):
        reference = passage.document.reference
        about = next(iter((*reference.drugs, *reference.topics)), "")
        heading = passage.section.heading
        if reference.kind in EVIDENCE_KINDS:
            texts.append(f"{heading} {about}" if heading and about else reference.title)
    return list(dict.fromkeys(texts))[:number]


def _drawn(texts: list[str], number: int) -> list[str]:
    return random.Random(_SEED).sample(texts, min(len(texts), number))  # noqa: S311 - a sample, not a secret


def _by_turns(texts: Sequence[str], ours: Ask, peer: Ask) -> tuple[list[float], list[float]]:
    """Milliseconds of each, in the order of the questions; who goes first changes from one to the next."""
    times: tuple[list[float], list[float]] = ([], [])
    for number, text in enumerate(texts):
        pair = list(zip((ours, peer), times, strict=True))
        for ask, taken in pair if number % 2 else reversed(pair):
            started = time.perf_counter()
            ask(text)
            taken.append(1000 * (time.perf_counter() - started))
    return times


def _parts(texts: Sequence[str], chatbot: Chatbot) -> tuple[dict[str, float], int]:
    """Mean milliseconds a question of each part, and how many questions were answered."""
    timers = Timers()
    answered = 0
    with timers.installed():
        started = time.perf_counter()
        for text in texts:
            answered += not chatbot.ask(text).withheld
        whole = time.perf_counter() - started
    parts = {part: 1000 * timers.seconds[part] / len(texts) for part in PARTS}
    return {**parts, REST: 1000 * whole / len(texts) - sum(parts.values())}, answered


def _report(ours: list[float], peer: list[float], parts: dict[str, float], sizes: dict[str, int]) -> Report:
    (p50, p95), (peer_p50, peer_p95) = (np.percentile(times, [50, 95]).tolist() for times in (ours, peer))
    figures = {
        **sizes,
        "ask_ms": {"p50": p50, "p95": p95},
        "langchain_ms": {"p50": peer_p50, "p95": peer_p95},
        "ratio": {"p50": p50 / peer_p50, "p95": p95 / peer_p95},
        "parts_mean_ms": parts,
    }
    rows = [
        ["a whole answer", f"{p50:.1f}", f"{p95:.1f}"],
        [f"LangChain, Chroma, k = {_K}", f"{peer_p50:.1f}", f"{peer_p95:.1f}"],
        ["ratio", f"{p50 / peer_p50:.2f}", f"{p95 / peer_p95:.2f}"],
    ]
    total = sum(parts.values())
    shares = [[part, f"{ms:.2f}", f"{ms / total:.1%}"] for part, ms in sorted(parts.items(), key=lambda item: -item[1])]
    tables = [
        (f"Asking (milliseconds, {sizes['questions']} questions)", ("", "p50", "p95"), rows),
        ("Where a whole answer's time goes (from a second pass)", ("part", "mean ms", "share"), shares),
    ]
    note = (
        f"{sizes['documents']:,} documents, {sizes['passages']:,} passages that can be cited; {sizes['answered']} of "
        f"{sizes['questions']} questions answered."
    )
    return Report("ask", figures, tables, [note], Target("p50 of a whole answer in ms", p50, _TARGET_MS))
