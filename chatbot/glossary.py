"""The terms that a reader may not know, each with its definition: ``corpus/glossary.md`` → ``Glossary``.

The file is Markdown that a person edits: a front matter with ``kind: glossary``, then a heading of the second level for
each term, under it a line "Also: …" with its other names, if it has any, and one paragraph that says what it means. A
definition may cite references of the corpus as articles do: ``[@research-miles-trial]``. It is no source: nothing of it
is indexed or quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from markdown_it import MarkdownIt
from pydantic import BaseModel, ConfigDict, Field

from chatbot.articles import cited_ids
from chatbot.domain import ReviewStatus
from chatbot.errors import SourceError
from chatbot.readers.formats import GLOSSARY
from chatbot.readers.front_matter import IsoDate, parse_fields, split_front_matter
from chatbot.readers.text_file import read_text

_ALSO = "Also:"
_MARKER = re.compile(r"\s*\[@[^\]]*\]")
_LONGEST = 300  # characters of a definition: three lines of a small panel


@dataclass(frozen=True, slots=True)
class Term:
    """A term, its other names, what it means in plain words, and the ids of the references that say so.

    ``id`` is made of its name, for use in markup: lower-case letters, digits and hyphens.
    """

    id: str
    name: str
    names: tuple[str, ...]
    definition: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class Glossary:
    """The terms in the order of the file, and how far the review of their definitions has come."""

    terms: tuple[Term, ...] = ()
    status: ReviewStatus = ReviewStatus.SUBMITTED


NO_GLOSSARY = Glossary()


class _Fields(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["glossary"]
    title: Annotated[str, Field(min_length=1)]
    status: ReviewStatus
    updated: IsoDate


def glossary(corpus: Path) -> Glossary:
    """The glossary of a corpus, read again when its file changes; no file: no terms.

    Raises SourceError with file and line where it is not written as it should be.
    """
    path = corpus / GLOSSARY
    try:
        stat = path.stat()
    except OSError:
        return NO_GLOSSARY
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(4)
def _read(path: Path, modified: int, size: int) -> Glossary:  # noqa: ARG001 - another file when they differ
    front_matter, body = split_front_matter(path, read_text(path))
    status = parse_fields(path, front_matter, _Fields, called="its front matter").status
    first_line = front_matter.count("\n") + 3
    terms: dict[str, Term] = {}
    named: dict[str, str] = {}
    for name, blocks, line in _sections(body, first_line):
        term = _term(path, name, blocks, line)
        for each in (term.name, *term.names):
            if named.setdefault(each.casefold(), term.name) != term.name or term.id in terms:
                raise SourceError(path, f"“{each}” is explained twice; name it under one term only", line)
        terms[term.id] = term
    return Glossary(tuple(terms.values()), status)


def _term(path: Path, name: str, blocks: list[str], line: int) -> Term:
    also = [block for block in blocks if block.startswith(_ALSO)]
    said = [block for block in blocks if not block.startswith(_ALSO)]
    if len(said) != 1 or len(also) > 1:
        raise SourceError(path, f"“{name}” needs one paragraph that says what it means (and at most one Also:)", line)
    references = tuple(sorted(cited_ids(said[0]), key=said[0].find))
    definition = _MARKER.sub("", " ".join(said[0].split()))
    if not definition or len(definition) > _LONGEST:
        raise SourceError(path, f"“{name}”: a definition has 1 to {_LONGEST} characters", line)
    names = [other.strip() for other in ",".join(also).removeprefix(_ALSO).split(",")]
    key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not key:
        raise SourceError(path, f"“{name}” is no term; begin it with a letter", line)
    return Term(key, name, tuple(filter(None, names)), definition, references)


def _sections(body: str, first_line: int) -> Iterator[tuple[str, list[str], int]]:
    """The name, the paragraphs and the file's line of each heading of the second level."""
    name, line = "", 0
    blocks: list[str] = []
    within = ""
    for token in MarkdownIt("commonmark").parse(body):
        if token.type.endswith("_open"):
            within = token.tag
        if token.type != "inline" or token.map is None:
            continue
        if within != "h2":
            blocks.append(token.content)
            continue
        if name:
            yield name, blocks, line
        name, blocks, line = token.content.strip(), [], token.map[0] + first_line
    if name:
        yield name, blocks, line
