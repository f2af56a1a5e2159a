"""An approved article ↔ its file in the corpus, which carries its own approval: who, when, the hash, every quote."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from chatbot.domain import Approval, CitedSpan, Document, ReviewStatus
from chatbot.errors import KeepingError, SourceError
from chatbot.readers.front_matter import MOST_CHARACTERS, ArticleFields, parse_fields, split_front_matter
from chatbot.readers.markdown import split_sections
from chatbot.readers.text_file import read_text
from chatbot.review.content import Content

_FOLDER = "articles"
_MOST_SLUG = 80  # characters, as of a file's own id


def article_path(corpus: Path, article_id: str) -> Path:
    """Where the article lies below the corpus folder."""
    return corpus / _FOLDER / f"{article_id}.md"


def file_text(article_id: str, content: Content, approval: Approval) -> str:
    """The file of an approved article. Raises KeepingError where it holds more quotes than a front matter may.

    Read back, it is the same article: the same text, the same quotes, the same hash.
    """
    fields = {
        "id": article_id,
        "question": content.question,
        "topics": list(content.topics),
        "status": ReviewStatus.APPROVED.value,
        "updated": content.updated,
        "approved": {"by": approval.by, "date": approval.on, "content": approval.hash},
        "cited": [_fields(span) for span in approval.cited],
    }
    # One line a value: a quote that was folded would be hard to compare with its source by eye.
    front = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=2**20, default_flow_style=None)
    if len(front) > MOST_CHARACTERS:
        raise KeepingError(
            f"the article has {len(front):,} characters of quotes, more than the {MOST_CHARACTERS:,} that its file may "
            "begin with; return it and ask for fewer statements"
        )
    return f"---\n{front}---\n{content.body}"


def parse_file(path: Path, text: str) -> Document:
    """The article of a file's text, as the readers read it. Raises SourceError."""
    front, body = split_front_matter(path, text)
    reference = parse_fields(path, front, ArticleFields).to_reference()
    return Document(reference, body, split_sections(body))


def read_article(corpus: Path, article_id: str) -> Document:
    """The article as its file is now. Raises KeepingError where it is not there or cannot be read."""
    path = article_path(corpus, article_id)
    try:
        return parse_file(path, read_text(path))
    except SourceError as error:
        raise KeepingError(
            f"{path} cannot be read as the article {article_id} ({error.problem}); articles are approved in the corpus "
            "folder: set CHATBOT_CORPUS to the one that is indexed"
        ) from error


def write_article(path: Path, text: str) -> None:
    """Writes the file whole or not at all; a reader meets the old one or the new one. Raises KeepingError."""
    new = path.with_name(f".{path.stem}.{uuid4().hex}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(path)
    except OSError as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise KeepingError(
            f"the approved article cannot be written to {path} ({error.strerror}); nothing was approved. See that the "
            "folder belongs to whoever runs the server, or choose another with CHATBOT_CORPUS"
        ) from error


def new_id(question: str, is_taken: Callable[[str], bool]) -> str:
    """An id for an article with this question: its words, with a number where ``is_taken`` says that they are."""
    letters = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:_MOST_SLUG].strip("-") or "article"
    names = (slug if number == 1 else f"{slug}-{number}" for number in range(1, 10_000))
    return next(name for name in names if not is_taken(name))


def _fields(span: CitedSpan) -> dict[str, Any]:
    fields: dict[str, Any] = {"reference": span.reference, "quote": span.quote, "statements": list(span.statements)}
    return (
        fields | ({"section": span.section} if span.section else {}) | ({"lead": list(span.lead)} if span.lead else {})
    )
