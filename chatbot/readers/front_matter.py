"""The YAML front matter of the corpus: its fields, and errors that name file, line and field."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from chatbot.domain import EVIDENCE_KINDS, Jurisdiction, Kind, Reference, ReviewStatus
from chatbot.errors import SourceError

_MAX_CHARACTERS = 65_536

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]
IsoDate = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
Study = Literal[
    "meta-analysis",
    "systematic review",
    "randomised trial",
    "cohort",
    "case-control",
    "case series",
    "case report",
    "review",
    "laboratory study",
    "survey",
    "registry",
]


class _Fields(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReferenceFields(_Fields):
    """The front matter of a file below ``references/``."""

    id: Slug
    kind: Kind
    title: Text
    topics: Annotated[Texts, Field(min_length=1)]
    status: ReviewStatus
    facts_from: Annotated[Texts, Field(min_length=1)]
    authors: Texts = ()
    body: str = ""
    container: str = ""
    year: Annotated[int, Field(ge=1800, le=2200)] | None = None
    date: IsoDate | Literal[""] = ""
    volume: str = ""
    pages: str = ""
    pmid: Annotated[str, Field(pattern=r"^\d{1,9}$")] | Literal[""] = ""
    doi: Annotated[str, Field(pattern=r"^10\.\S+/\S+$")] | Literal[""] = ""
    pmcid: Annotated[str, Field(pattern=r"^PMC\d+$")] | Literal[""] = ""
    set_id: str = ""
    version: str = ""
    manufacturer: str = ""
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | Literal[""] = ""
    jurisdiction: Jurisdiction | None = None
    drugs: Texts = ()
    brands: Texts = ()
    study: Study | Literal[""] = ""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> ReferenceFields:
        if self.kind not in EVIDENCE_KINDS:
            raise ValueError(f"kind: {self.kind.value} is no kind of evidence; use guideline, label or research")
        if self.kind is Kind.LABEL and (self.jurisdiction is None or not self.drugs):
            raise ValueError("jurisdiction, drugs: a label says whose it is (US or EU) and of which drug")
        if self.kind is not Kind.LABEL and self.jurisdiction is not None:
            raise ValueError("jurisdiction: only a label has one")
        return self

    def to_reference(self) -> Reference:
        return Reference(**self.model_dump())


class ArticleFields(_Fields):
    """The front matter of a file below ``articles/``."""

    id: Slug
    question: Text
    topics: Annotated[Texts, Field(min_length=1)]
    status: ReviewStatus
    updated: IsoDate

    def to_reference(self) -> Reference:
        return Reference(
            id=self.id,
            kind=Kind.ARTICLE,
            title=self.question,
            date=self.updated,
            topics=self.topics,
            status=self.status,
        )


_F = TypeVar("_F", ReferenceFields, ArticleFields)


def split_front_matter(path: Path, text: str) -> tuple[str, str]:
    """(front matter, body). Raises SourceError where the file does not begin with a block between two ``---`` lines."""
    if not text.startswith("---\n"):
        raise SourceError(path, "has no front matter; begin the file with --- and end the block with ---", 1)
    end = text.find("\n---\n", 3)
    if end < 0:
        raise SourceError(path, "its front matter does not end; put a line --- behind the last field", 1)
    if end > _MAX_CHARACTERS:
        raise SourceError(path, f"its front matter is longer than {_MAX_CHARACTERS} characters", 1)
    return text[4 : end + 1], text[end + 5 :]


def parse_fields(path: Path, front_matter: str, model: type[_F]) -> _F:
    """The validated fields. Every scalar is read as text, so that no PMID becomes a number and no date an object.

    Raises SourceError with the line of the field that is wrong, unknown or missing.
    """
    try:
        content = yaml.load(front_matter, Loader=yaml.BaseLoader)  # noqa: S506 - builds strings, lists and maps only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise SourceError(path, f"its front matter is not YAML: {getattr(error, 'problem', error)}", line) from error
    except RecursionError as error:
        raise SourceError(path, "its front matter is nested too deeply; write plain fields", 1) from error
    if not isinstance(content, Mapping):
        raise SourceError(path, "its front matter has no fields; write them as 'name: value'", 1)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        raise SourceError(path, _explain(field, dict(first)), line_of(field, front_matter)) from error


def _explain(field: str, error: Mapping[str, Any]) -> str:
    if error["type"] == "missing":
        return f"field {field} is missing; add it to the front matter"
    if error["type"] == "extra_forbidden":
        return f"field {field} is unknown; remove it or correct its name"
    if not field:
        return str(error["msg"]).removeprefix("Value error, ")
    return f"field {field}: {error['msg']} (given: {reprlib.repr(error['input'])})"


def line_of(field: str, front_matter: str) -> int:
    """The file's line on which a field of its front matter stands; 1 where it is not there."""
    for number, line in enumerate(front_matter.split("\n"), start=2):
        if field and re.match(rf"{re.escape(field)}\s*:", line):
            return number
    return 1
