"""YAML fields of front matters and sidecars, strict or optional, and errors that name file, line and field."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from chatbot.domain import (
    EVIDENCE_KINDS,
    Approval,
    CitedSpan,
    Jurisdiction,
    Kind,
    Notice,
    Reference,
    ReviewStatus,
    Standing,
)
from chatbot.errors import SourceError
from chatbot.readers.text_file import storable

MOST_CHARACTERS = 65_536
_BRIEF = reprlib.Repr()
_BRIEF.maxlevel = 2  # lists within lists of a wrong value would be a page long

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Quoted = Annotated[str, Field(min_length=1, max_length=20_000)]  # a row of a table can be long; it is kept as it stands
Texts = Annotated[tuple[Text, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]
IsoDate = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
Study = Literal[
    "meta-analysis",
    "systematic review",
    "randomised trial",
    "clinical trial",
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


class _Bibliography(_Fields):
    """What may be said of any source. ``superseded_by`` is the id or the citation of what took its place."""

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
    standing: Standing | None = None
    superseded_by: str = ""
    revised: IsoDate | Literal[""] = ""

    def given(self) -> dict[str, Any]:
        """The fields that were written, as a reference has them."""
        dumped = self.model_dump(exclude_unset=True, exclude={"standing", "superseded_by"})
        fields = {name: _storable(value) for name, value in dumped.items()}
        notices = [Notice(Standing.SUPERSEDED, self.superseded_by)] if self.superseded_by else []
        if self.standing and not (notices and self.standing is Standing.SUPERSEDED):
            notices.append(Notice(self.standing))
        return fields | ({"notices": tuple(notices)} if notices else {})


def _storable(value: Any) -> Any:
    """The value without what YAML can write escaped and no store can hold."""
    if isinstance(value, tuple):
        return tuple(map(storable, value))
    return storable(value) if type(value) is str else value


def _evidence(kind: Kind) -> Kind:
    if kind not in EVIDENCE_KINDS:
        raise ValueError(f"kind: {kind.value} is no kind of evidence; use guideline, label or research")
    return kind


class ReferenceFields(_Bibliography):
    """The front matter of a file below ``references/``."""

    id: Slug
    kind: Kind
    title: Text
    topics: Annotated[Texts, Field(min_length=1)]
    status: ReviewStatus
    facts_from: Annotated[Texts, Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_its_kind(self) -> ReferenceFields:
        _evidence(self.kind)
        if self.kind is Kind.LABEL and (self.jurisdiction is None or not self.drugs):
            raise ValueError("jurisdiction, drugs: a label says whose it is (US or EU) and of which drug")
        if self.kind is not Kind.LABEL and self.jurisdiction is not None:
            raise ValueError("jurisdiction: only a label has one")
        return self

    def to_reference(self) -> Reference:
        return Reference(**self.given())


class StatedFields(_Bibliography):
    """A sidecar, or the front matter of a Markdown file from elsewhere: the same fields, none of them required."""

    id: Slug = ""
    kind: Kind | None = None
    title: Text = ""
    topics: Texts = ()
    status: ReviewStatus = ReviewStatus.SUBMITTED
    facts_from: Texts = ()

    @model_validator(mode="after")
    def _fits_its_kind(self) -> StatedFields:
        if self.kind and _evidence(self.kind) is not Kind.LABEL and self.jurisdiction is not None:
            raise ValueError("jurisdiction: only a label has one")
        return self


class ApprovedFields(_Fields):
    """Who approved an article, when, and the hash of its content then (``domain.content_hash``)."""

    by: Text
    date: IsoDate
    content: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class CitedFields(_Fields):
    """A quote that was approved with an article, and which of its statements rest on it, counted from 1."""

    reference: Text
    quote: Quoted
    statements: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)]
    section: str = ""
    lead: tuple[Quoted, ...] = ()

    def to_span(self) -> CitedSpan:
        return CitedSpan(self.reference, self.quote, self.statements, self.section, self.lead)


class ArticleFields(_Fields):
    """The front matter of a file below ``articles/``."""

    id: Slug
    question: Text
    topics: Annotated[Texts, Field(min_length=1)]
    status: ReviewStatus
    updated: IsoDate
    approved: ApprovedFields | None = None
    cited: tuple[CitedFields, ...] = ()

    def to_reference(self) -> Reference:
        given = self.approved
        cited = tuple(span.to_span() for span in self.cited)
        return Reference(
            id=self.id,
            kind=Kind.ARTICLE,
            title=self.question,
            date=self.updated,
            topics=self.topics,
            status=self.status,
            approval=Approval(given.by, given.date, given.content, cited) if given else None,
        )


_F = TypeVar("_F", bound=BaseModel)


def split_front_matter(path: Path, text: str) -> tuple[str, str]:
    """(front matter, body). Raises SourceError where the file does not begin with a block between two ``---`` lines."""
    if not text.startswith("---\n"):
        raise SourceError(path, "has no front matter; begin the file with --- and end the block with ---", 1)
    end = text.find("\n---\n", 3)
    if end < 0:
        raise SourceError(path, "its front matter does not end; put a line --- behind the last field", 1)
    if end > MOST_CHARACTERS:
        raise SourceError(path, f"its front matter is longer than {MOST_CHARACTERS} characters", 1)
    return text[4 : end + 1], text[end + 5 :]


def parse_fields(
    path: Path, text: str, model: type[_F], *, first_line: int = 2, called: str = "its front matter"
) -> _F:
    """The validated fields. Every scalar is read as text, so that no PMID becomes a number and no date an object.

    ``first_line`` is the file's line on which the text begins. Raises SourceError with the line of the field that is
    wrong, unknown or missing.
    """
    try:
        content = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds strings, lists and maps only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + first_line if mark else 1
        problem = " ".join(str(getattr(error, "problem", error)).split())
        raise SourceError(path, f"{called} is not YAML: {problem}", line) from error
    except RecursionError as error:
        raise SourceError(path, f"{called} is nested too deeply; write plain fields", 1) from error
    if not isinstance(content, Mapping):
        raise SourceError(path, f"{called} has no fields; write them as 'name: value'", 1)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        problem = " ".join(_explain(field, dict(first)).split())
        raise SourceError(path, problem, line_of(field, text, first_line)) from error


def _explain(field: str, error: Mapping[str, Any]) -> str:
    if error["type"] == "missing":
        return f"field {field} is missing; add it to the front matter"
    if error["type"] == "extra_forbidden":
        return f"field {field} is unknown; remove it or correct its name"
    if not field:
        return str(error["msg"]).removeprefix("Value error, ")
    return f"field {field}: {error['msg']} (given: {_BRIEF.repr(error['input'])})"


def line_of(field: str, text: str, first_line: int = 2) -> int:
    """The file's line on which a field of the text stands; 1 where it is not there."""
    for number, line in enumerate(text.split("\n"), start=first_line):
        if field and re.match(rf"{re.escape(field)}\s*:", line):
            return number
    return 1
