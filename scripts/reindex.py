#!/usr/bin/env python
"""Indexes again: the same as ``chatbot index``.

.venv/bin/python scripts/reindex.py [FOLDER …]
"""

import sys

from chatbot.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["index"]
    main()
