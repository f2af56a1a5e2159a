"""What differs between the sources and an index: planned before anything is written.

1. Look: the files that lie at the paths given, and the folders among them that cannot be read.
2. Read: every file that is not as it was (``reading``); the ledger says what the others hold.
3. Decide which entries are indexed: those of all files that the index knows, so that the outcome does not depend on
   which file came in which run (``duplicates``), and what they tell about each other (``standing``).
4. Compare these with what is indexed. A document is removed only where its file is gone, or holds it no longer, or
   another document is it; what cannot be read keeps what is indexed of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from chatbot.domain import Document, Kind
from chatbot.errors import SourceError
from chatbot.index.duplicates import Duplicate, alike, works
from chatbot.index.found_files import FoundFiles, by_path, source_of
from chatbot.index.ledger import Entry, FileRecord, Stamp
from chatbot.index.reading import Reader, is_unchanged, read_again
from chatbot.index.rows import Origin
from chatbot.index.standing import Told, notices_told
from chatbot.readers.source_file import SourceFile

Save = Callable[[FileRecord, FileRecord | None], None]  # what a file gives, and what it gave before
OnReading = Callable[[int, int], None]  # bytes read since the last call, bytes to be read in all


@dataclass(frozen=True)
class Before:
    """The state that a run finds: documents by id, files by path. ``save`` keeps what was read for the next run."""

    documents: Mapping[str, Origin] = field(default_factory=dict)
    files: Mapping[str, FileRecord] = field(default_factory=dict)
    save: Save = lambda record, before: None


@dataclass
class Plan:
    """What a run will do, by document id.

    ``changed`` holds the ``restated``, too: what their files say has not changed, only what others say about them.
    ``moved`` are unchanged ones that now lie in another file (the value); ``failed`` are sources that cannot be
    indexed, each with its reason; ``duplicates`` and ``alike`` what is not indexed because another document is it, or
    says the same; ``skipped`` counts the files that no reader knows, by suffix.

    ``entries`` are the documents as they shall be indexed, of every file that is known, ``told`` what is told of them.
    ``twins`` are new ids of texts that lay in another file until now, with their old ids; ``vanished`` files are gone.
    ``stamps`` are those of the files at the paths, taken before they were read: what changes meanwhile is read again.
    """

    kind: Kind | None
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    restated: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    failed: list[SourceError] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    alike: list[Duplicate] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    entries: dict[str, Entry] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    twins: dict[str, str] = field(default_factory=dict)
    vanished: list[str] = field(default_factory=list)
    held: dict[str, Document] = field(default_factory=dict)
    files: Mapping[str, SourceFile] = field(default_factory=dict)
    stamps: Mapping[str, Stamp] = field(default_factory=dict)
    characters: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document to be written, as it shall be indexed."""

    document: Document
    origin: Origin


def make_plan(found: FoundFiles, before: Before, on_reading: OnReading) -> Plan:
    """The differences."""
    plan = Plan(found.kind, failed=[*found.failures], skipped=found.skipped, stamps=found.stamps)
    read = _read(found, before, plan, on_reading)
    plan.failed += [failure.error(record.path) for record in read.values() for failure in record.failures]
    plan.vanished = [path for path in before.files if found.is_gone(path)]
    known = {path: record for path, record in before.files.items() if not found.is_gone(path)} | read
    plan.files = {path: found.files.get(path) or source_of(record) for path, record in known.items()}
    lost = _decide(_candidates(known, found, before), plan, before)
    _compare(plan, found, before, lost)
    _find_twins(plan, before, read)
    for same in (plan.duplicates, plan.alike):  # of what other runs were about, too: they have said it
        same[:] = [one for one in same if found.is_asked(one.file) or found.is_asked(one.kept_file)]
    return plan


def wanted_documents(plan: Plan, stored: Callable[[str], Document | None]) -> Iterator[Wanted]:
    """The added and changed documents in the order of their files. ``stored`` gives a document as it is indexed.

    What a file does not give any more is added to the plan's failures.
    """
    by_file: dict[str, list[Entry]] = {}
    for document_id in (*plan.added, *plan.changed):
        entry = plan.entries[document_id]
        by_file.setdefault(entry.file, []).append(entry)
    for file in sorted(by_file, key=by_path):
        found = 0
        for entry, document in _documents(file, by_file[file], plan, stored):
            told = plan.told.get(entry.id, Told())
            found += 1
            yield Wanted(told.added_to(document, entry.facts.notices), Origin(file, entry.hash, told.pack()))
        if found < len(by_file[file]):
            plan.failed.append(SourceError(Path(file), "changed while it was being indexed; run the command again"))


def _documents(
    file: str, entries: Sequence[Entry], plan: Plan, stored: Callable[[str], Document | None]
) -> Iterator[tuple[Entry, Document]]:
    unread: list[Entry] = []
    for entry in entries:
        document = stored(entry.id) if entry.id in plan.restated else plan.held.pop(entry.hash, None)
        if document:
            yield entry, document
        else:
            unread.append(entry)
    if unread:
        yield from read_again(plan.files[file], unread)


def _read(found: FoundFiles, before: Before, plan: Plan, on_reading: OnReading) -> dict[str, FileRecord]:
    """What every file that was found gives; what had to be read is saved at once, file by file."""
    total = sum(stamp.size for path, stamp in plan.stamps.items() if not is_unchanged(before.files.get(path), stamp))
    indexed = {document.hash for document in before.documents.values()}
    reader = Reader(indexed, lambda count: on_reading(count, total), plan.held)
    read: dict[str, FileRecord] = {}
    for path, source in found.files.items():
        last = before.files.get(path)
        read[path] = reader.read(source, plan.stamps[path], last, partial(found.digest, path))
        if read[path].failures:
            found.broken.add(path)
        if read[path] is not last:
            before.save(read[path], last)
    return read


def _candidates(known: Mapping[str, FileRecord], found: FoundFiles, before: Before) -> list[Entry]:
    """The entries that may be indexed, in the order of their files.

    One that cannot be read now (``stale``) may only if it is what is indexed already.
    """
    candidates: list[Entry] = []
    for path in sorted(known, key=by_path):
        readable = found.is_readable(path)
        for entry in known[path].entries:
            indexed = before.documents.get(entry.id)
            if readable and not entry.stale:
                candidates.append(entry)
            elif indexed and (indexed.source == path or indexed.hash == entry.hash):
                candidates.append(replace(entry, stale=True))
    return candidates


def _decide(candidates: Sequence[Entry], plan: Plan, before: Before) -> set[str]:
    """Fills ``entries``, ``told``, and what is said of the others. Returns the ids that other documents stand for."""
    cited = {i for entry in candidates for i in entry.facts.cites}
    found = works(candidates, cited)
    kept = _one_per_id([entry for work in found for entry in work.kept], plan, before)
    holders = {entry.id: entry for entry in kept}
    copies = {e.id: work.copies_of(e) for work in found for e in work.kept if holders[e.id] is e}
    plan.duplicates = [duplicate for work in found for duplicate in work.duplicates()]
    plan.alike, also = alike(kept, cited)
    left_out = {duplicate.id for duplicate in plan.alike}
    plan.entries = {entry.id: entry for entry in kept if entry.id not in left_out}
    notices = notices_told(candidates, plan.entries.values(), copies)
    plan.told = {i: Told(notices.get(i, ()), also.get(i, ())) for i in notices.keys() | also.keys()}
    return {duplicate.id for duplicate in (*plan.duplicates, *plan.alike)}


def _one_per_id(kept: Sequence[Entry], plan: Plan, before: Before) -> list[Entry]:
    """Different works under one id: the one that is indexed, else the first, keeps it; the others are failures."""
    holders: dict[str, Entry] = {}
    for entry in kept:
        first = holders.setdefault(entry.id, entry)
        if first is entry:
            continue
        indexed = before.documents.get(entry.id)
        stays, goes = (entry, first) if indexed and indexed.source == entry.file != first.file else (first, entry)
        holders[entry.id] = stays
        problem = f"id {goes.id} is already that of another work in {stays.file}; give one of them another id"
        plan.failed.append(SourceError(Path(goes.file), problem, goes.line or None))
    return list(holders.values())


def _compare(plan: Plan, found: FoundFiles, before: Before, lost: Collection[str]) -> None:
    """Fills the lists of ids. ``lost``: the ids that another document stands for.

    What is indexed and no entry any more goes where its file was seen, whole or gone, or where another one is it.
    """

    def goes(document: str, indexed: Origin) -> bool:
        if document in plan.entries:
            return False
        return document in lost or found.is_known(indexed.source)

    plan.removed = [document for document, indexed in before.documents.items() if goes(document, indexed)]
    _refuse_unknown_citations(plan, before.documents.keys() - set(plan.removed))
    asked = {file for file in plan.files if found.is_asked(file)}
    for document, entry in plan.entries.items():
        indexed = before.documents.get(document)
        if indexed is None:
            plan.added.append(document)
        elif indexed.hash != entry.hash and not entry.stale:
            plan.changed.append(document)
        elif indexed.hash == entry.hash and indexed.told != plan.told.get(document, Told()).pack():
            plan.changed.append(document)
            plan.restated.add(document)
        elif entry.file in asked:
            plan.unchanged.append(document)
            if indexed.source != entry.file:
                plan.moved[document] = entry.file
    plan.characters = sum(plan.entries[document].characters for document in (*plan.added, *plan.changed))


def _refuse_unknown_citations(plan: Plan, staying: Collection[str]) -> None:
    """An article that cites what is not there is a failure; what is indexed of it stays."""
    known = plan.entries.keys() | staying
    for article, entry in list(plan.entries.items()):
        unknown = sorted(set(entry.facts.cites) - known)
        if unknown:
            del plan.entries[article]
            problem = f"cites [@{unknown[0]}], which no reference has as its id; correct it or add the reference"
            plan.failed.append(SourceError(Path(entry.file), problem))


def _find_twins(plan: Plan, before: Before, read: Mapping[str, FileRecord]) -> None:
    """Files that lay elsewhere: where ids are made of paths, their documents are new by name only."""
    last = {record.digest: record for record in before.files.values() if record.digest}
    added = set(plan.added)
    for path, record in read.items():
        same = last.get(record.digest) if path not in before.files else None
        if same and len(same.entries) == len(record.entries):
            pairs = zip(record.entries, same.entries, strict=True)
            plan.twins |= {new.id: old.id for new, old in pairs if new.id in added and new.id != old.id}
