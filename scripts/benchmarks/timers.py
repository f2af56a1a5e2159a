"""Where a question's time goes, from outside: named functions of the chatbot, wrapped for as long as one measures."""

from __future__ import annotations

import functools
import importlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

REST = "the rest"

# Part → what counts to it, as "module:name" in the namespace where the name is looked up. A part's time is its own:
# that of parts called from inside it is theirs.
PARTS: dict[str, Sequence[str]] = {
    "generation check": ("chatbot.index.live:LiveIndex.current",),
    "resolve": ("chatbot.pipeline:resolve",),
    "embed": ("chatbot.pipeline:embed_query",),
    "Chroma": ("chatbot.index.vectors:VectorStore.nearest",),
    "Tantivy": ("chatbot.index.lexical:LexicalStore.best", "chatbot.index.lexical:LexicalStore.best_marks"),
    "manifest vectors": ("chatbot.index.manifest:Manifest.vectors",),
    "manifest passages": ("chatbot.index.manifest:Manifest.passages",),
    "fusion": ("chatbot.answering.looking:retrieve_evidence",),
    "gate": (
        "chatbot.pipeline:question_terms",
        "chatbot.pipeline:unsaid",
        "chatbot.answering.looking:judge",
        "chatbot.answering.looking:threshold_of",
    ),
    "compose": (
        "chatbot.pipeline:choose",
        "chatbot.pipeline:cite",
        "chatbot.pipeline:kind_withheld",
        "chatbot.pipeline:label_withheld",
        "chatbot.pipeline:drugs_at_hand",
    ),
    "verify": ("chatbot.pipeline:verified",),
}


class Timers:
    """Seconds of each part. For one thread."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(PARTS, 0.0)
        self._inside: list[float] = []  # per open call: seconds of the timed calls within it

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Inside, calls of the parts' functions are timed; afterwards everything is as it was.

        Raises RuntimeError where a name of ``PARTS`` is not there any more.
        """
        places = [(part, *locate(place)) for part, named in PARTS.items() for place in named]
        try:
            for part, owner, name, function in places:
                setattr(owner, name, self._timed(part, function))
            yield
        finally:
            for _, owner, name, function in places:
                setattr(owner, name, function)

    def _timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            self._inside.append(0.0)
            started = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                whole = time.perf_counter() - started
                self.seconds[part] += whole - self._inside.pop()
                if self._inside:
                    self._inside[-1] += whole

        return timed


def locate(place: str) -> tuple[Any, str, Callable[..., Any]]:
    """(owner, name, function) of ``module:name`` or ``module:Class.name``. Raises RuntimeError where it is gone."""
    module, _, path = place.partition(":")
    *outer, name = path.split(".")
    try:
        owner = functools.reduce(getattr, outer, importlib.import_module(module))
        return owner, name, getattr(owner, name)
    except (ImportError, AttributeError) as error:
        raise RuntimeError(f"{place} is not there any more; correct PARTS in {__name__}") from error
