"""The ledger gives back what a file gave, and writes no more of it than has changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from chatbot.domain import Jurisdiction, Kind, Notice, Standing
from chatbot.index.ledger import Entry, Facts, Failure, FileRecord, LedgerRows, Stamp
from chatbot.index.manifest import Manifest

STAMP = Stamp("/docs", "label", 1, 10, 20, ".yaml (3, 4)", 20)
FULL = Facts(
    title="On samples",
    pmid="99000001",
    drugs=("samplestatin",),
    jurisdiction=Jurisdiction.US,
    cites=("a", "b"),
    notices=(Notice(Standing.RETRACTED, "J Invent Trials. 2024", "99000002"),),
    issued=(Notice(Standing.CORRECTED, "", "99000003"),),
)


def entry(line: int, facts: Facts = FULL) -> Entry:
    return Entry("/docs/x", line, bytes([line]), False, f"id-{line}", f"hash-{line}", Kind.LABEL, 9, b"\0\1", facts)


def record(*entries: Entry, failures: tuple[Failure, ...] = ()) -> FileRecord:
    return FileRecord("/docs/x", STAMP, "digest", True, entries, failures)


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[LedgerRows]:
    with closing(Manifest(tmp_path, create=True)) as manifest:
        yield manifest.ledger


def test_what_is_saved_is_loaded(rows: LedgerRows) -> None:
    saved = record(entry(1), entry(2, Facts()), failures=(Failure(3, b"p", "inner.xml", "is broken; mend it"),))
    rows.save(saved, None)
    assert rows.load() == {"/docs/x": saved}


def test_a_changed_line_takes_its_place_among_the_others(rows: LedgerRows) -> None:
    first = record(*(entry(line) for line in (1, 2, 3)))
    rows.save(first, None)
    changed = replace(first.entries[1], hash="another")
    second = record(first.entries[0], changed, first.entries[2])
    rows.save(second, first)
    assert rows.load() == {"/docs/x": second}


def test_a_failure_that_was_mended_is_forgotten(rows: LedgerRows) -> None:
    broken = record(failures=(Failure(None, b"", "", "is empty; remove it"),))
    rows.save(broken, None)
    rows.save(record(entry(1)), broken)
    assert rows.load() == {"/docs/x": record(entry(1))}


def test_a_file_that_is_forgotten_leaves_nothing(rows: LedgerRows) -> None:
    rows.save(record(entry(1)), None)
    rows.forget(["/docs/x"])
    assert rows.load() == {}


def test_a_failure_is_the_error_that_it_was() -> None:
    error = Failure(3, b"", "inner.xml", "is broken; mend it").error("/docs/x.zip")
    assert str(error) == "/docs/x.zip!inner.xml:3: is broken; mend it"
