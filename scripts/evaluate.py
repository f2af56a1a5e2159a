#!/usr/bin/env python
"""`chatbot evaluate`; where no set is named first, on the hand-written turns of this repository.

.venv/bin/python scripts/evaluate.py            the hand-written turns, by category and in all
.venv/bin/python scripts/evaluate.py --errors   and each turn that is not as it should be
.venv/bin/python scripts/evaluate.py SET ...    what `chatbot evaluate SET ...` measures
"""

from __future__ import annotations

import sys
from pathlib import Path

from chatbot.cli import main

_TURNS = Path(__file__).parent.parent / "tests" / "evaluation" / "turns"

if __name__ == "__main__":
    given = sys.argv[1:]
    names_a_set = bool(given) and (not given[0].startswith("-") or given[0] in ("--as", "--help"))
    sys.argv[1:] = ["evaluate", *given] if names_a_set else ["evaluate", str(_TURNS), *given]
    main()
