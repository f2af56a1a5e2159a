"""``python -m benchmarks.counted ARGUMENTS…``: chatbot, and what it embedded as the last line of stdout.

{"calls": of the model, "texts": in all of them}.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks.timers import locate

_ENCODE = "chatbot.embedding.encoder:OnnxEncoder.encode"


def main(arguments: Sequence[str]) -> None:
    """Runs the command line."""
    owner, name, encode = locate(_ENCODE)
    counts = {"calls": 0, "texts": 0}

    @functools.wraps(encode)
    def counted(self: Any, texts: Sequence[str]) -> Any:
        counts["calls"] += bool(texts)
        counts["texts"] += len(texts)
        return encode(self, texts)

    setattr(owner, name, counted)
    from chatbot.cli import main as chatbot

    sys.argv = ["chatbot", *arguments]
    try:
        chatbot()
    finally:
        print(json.dumps(counts), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
