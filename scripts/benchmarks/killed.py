"""``python -m benchmarks.killed MOMENT ARGUMENTS…``: chatbot in a process that ends itself by kill -9 at a moment.

A moment is ``place number before|after``: around which call of what writes. ``count`` instead runs to the end and
prints, as the last line of stdout, how often each place is called.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.timers import locate

# What a run writes with, in the order of a run. A name that is gone is an error: correct it here.
PLACES = (
    "chatbot.index.manifest:Manifest.set",
    "chatbot.index.manifest:Manifest.intend",
    "chatbot.index.vectors:VectorStore.upsert",
    "chatbot.index.lexical:LexicalStore.add",
    "chatbot.index.lexical:LexicalStore.commit",
    "chatbot.index.manifest:Manifest.add",
    "chatbot.index.manifest:Manifest.add_passage",
    "chatbot.index.manifest:Manifest.remove",
    "chatbot.index.manifest:Manifest.forget_intents",
    "chatbot.index.vectors:VectorStore.delete",
    "chatbot.index.lexical:LexicalStore.delete",
    "chatbot.index.manifest:Manifest.purge",
    "chatbot.index.lexical:LexicalStore.close",
    "pathlib:Path.replace",
    "shutil:rmtree",
)


def main(moment: str, arguments: Sequence[str]) -> None:
    """Runs the command line; does not return where the moment comes."""
    counts: Counter[str] = Counter()
    wanted = moment.split()
    for place in PLACES:
        owner, name, function = locate(place)
        setattr(owner, name, _counted(place, function, counts, wanted))
    from chatbot.cli import main as chatbot

    sys.argv = ["chatbot", *arguments]
    try:
        chatbot()
    finally:
        if moment == "count":
            print(json.dumps(counts), flush=True)


def _counted(place: str, function: Callable[..., Any], counts: Counter[str], wanted: Sequence[str]) -> Any:
    @functools.wraps(function)
    def counted(*arguments: Any, **named: Any) -> Any:
        counts[place] += 1
        here = [place, str(counts[place])]
        if [*here, "before"] == wanted:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **named)
        if [*here, "after"] == wanted:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return counted


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
