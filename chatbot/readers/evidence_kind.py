"""Which kind of evidence a document is, by a written order of precedence.

1. What it says itself: front matter, sidecar, a record's own metadata.
2. Its format, where that can only be one: SPL and openFDA records are drug labels.
3. Its publication types: "Guideline" and "Practice Guideline" make a guideline.
4. What the user said for documents that do not say theirs (``--kind``).
5. The nearest folder, up to the one asked for, that is named after a kind: ``guidelines/``, ``labels/``, ``research/``.
6. Research.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from chatbot.domain import EVIDENCE_KINDS, Kind
from chatbot.readers.source_file import SourceFile

_GUIDELINE_TYPES = {"guideline", "practice guideline"}
_FOLDER = {kind: re.compile(rf"(?:^|[\W_]){kind.value}(?:e?s)?(?:$|[\W_])", re.IGNORECASE) for kind in EVIDENCE_KINDS}


def kind_of(
    source: SourceFile, *, stated: Kind | None = None, fixed: Kind | None = None, types: Sequence[str] = ()
) -> Kind:
    """The kind: ``stated`` by the document, ``fixed`` by its format, by publication ``types``, the user or a folder."""
    if stated or fixed:
        return stated or fixed or Kind.RESEARCH
    if any(publication.lower() in _GUIDELINE_TYPES for publication in types):
        return Kind.GUIDELINE
    return source.kind or _of_folder(source) or Kind.RESEARCH


@lru_cache(maxsize=64)  # asked once a record, and a file may have thirty thousand
def _of_folder(source: SourceFile) -> Kind | None:
    path, root = source.path.absolute(), source.root.absolute()
    for folder in path.parents[: max(1, len(path.relative_to(root).parts))]:
        named = [kind for kind, pattern in _FOLDER.items() if pattern.search(folder.name)]
        if len(named) == 1:
            return named[0]
    return None
