"""What differs between the sources and an index: planned before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chatbot.articles import cited_ids
from chatbot.domain import Document, Kind
from chatbot.errors import SourceError
from chatbot.readers import find_sources, read

Known = Mapping[str, tuple[str, str]]  # document id → (hash, source) as indexed


@dataclass(frozen=True)
class Seen:
    """A document as it lies among the sources."""

    hash: str
    source: Path
    characters: int
    cites: frozenset[str]


@dataclass
class Plan:
    """What a run will do, by document id.

    ``moved`` are unchanged ones that now lie in another file (the value); ``failed`` are sources that cannot be
    indexed, each with its reason.

    ``sources`` is the fingerprint of the files, taken before they were read: what changes meanwhile is read again.
    """

    kind: Kind | None
    sources: str
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    failed: list[SourceError] = field(default_factory=list)
    seen: dict[str, Seen] = field(default_factory=dict)
    characters: int = 0


def make_plan(paths: Sequence[Path], kind: Kind | None, known: Known, sources: str) -> Plan:
    """The differences. Documents whose file lay at or below one of the paths and that are gone are removed.

    A source that fails keeps the version that is indexed. Raises CorpusError where a path is missing or empty.
    """
    plan = Plan(kind, sources)
    for path in paths:
        _scan(path, plan)
    _refuse_unknown_citations(plan, known)
    for document, seen in plan.seen.items():
        before = known.get(document)
        group = plan.added if before is None else plan.unchanged if before[0] == seen.hash else plan.changed
        group.append(document)
        if group is not plan.unchanged:
            plan.characters += seen.characters
        elif before is not None and before[1] != str(seen.source.absolute()):
            plan.moved[document] = str(seen.source.absolute())
    given = [path.absolute() for path in paths]
    broken = {str(error.path.absolute()) for error in plan.failed}
    plan.removed = [
        document
        for document, (_, source) in known.items()
        if document not in plan.seen and source not in broken and any(Path(source).is_relative_to(p) for p in given)
    ]
    return plan


def wanted_documents(plan: Plan) -> Iterator[tuple[Document, str]]:
    """The added and changed documents, read again, each with its file."""
    wanted = {*plan.added, *plan.changed}
    for source in dict.fromkeys(seen.source for i, seen in plan.seen.items() if i in wanted):
        for document in read(source, kind=plan.kind, on_error=lambda error: None):  # the plan has reported them
            if document.id in wanted and plan.seen[document.id].source == source:
                wanted.discard(document.id)
                yield document, str(source.absolute())


def _scan(path: Path, plan: Plan) -> None:
    for source in find_sources(path):
        for document in read(source, kind=plan.kind, on_error=plan.failed.append):
            first = plan.seen.get(document.id)
            if first is not None:
                problem = f"id {document.id} is already that of {first.source}; give one of them another id"
                plan.failed.append(SourceError(source, problem))
                continue
            cites = cited_ids(document.text) if document.kind is Kind.ARTICLE else frozenset()
            plan.seen[document.id] = Seen(document.hash, source, len(document.text), cites)


def _refuse_unknown_citations(plan: Plan, known: Known) -> None:
    for article, seen in list(plan.seen.items()):
        unknown = sorted(seen.cites - plan.seen.keys() - known.keys())
        if unknown:
            del plan.seen[article]
            problem = f"cites [@{unknown[0]}], which no reference has as its id; correct it or add the reference"
            plan.failed.append(SourceError(seen.source, problem))
