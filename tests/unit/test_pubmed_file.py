"""scripts/benchmarks/pubmed_file.py: the made file is what it says it is. The figures are taken by hand."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from chatbot.domain import Standing
from chatbot.readers import read

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def pubmed_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield importlib.import_module("benchmarks.pubmed_file")
    for name in [name for name in sys.modules if name.split(".")[0] == "benchmarks"]:
        del sys.modules[name]


def test_the_same_number_gives_the_same_bytes(pubmed_file: ModuleType, tmp_path: Path) -> None:
    once = pubmed_file.write_files(20, tmp_path / "once")
    again = pubmed_file.write_files(20, tmp_path / "again")
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in again]


def test_plain_and_packed_hold_the_same_documents_with_text(pubmed_file: ModuleType, tmp_path: Path) -> None:
    plain, packed = (list(read(path)) for path in pubmed_file.write_files(60, tmp_path))
    assert [document.hash for document in plain] == [document.hash for document in packed]
    assert len({document.id for document in plain}) == 60
    assert all(document.sections and document.reference.mesh for document in plain)


def test_some_records_have_a_standing(pubmed_file: ModuleType, tmp_path: Path) -> None:
    path, _ = pubmed_file.write_files(600, tmp_path)
    assert {document.reference.standing for document in read(path)} >= {None, Standing.RETRACTED}


def test_a_measurement_counts_what_was_read(pubmed_file: ModuleType, tmp_path: Path) -> None:
    figures = pubmed_file.measure(30, tmp_path)
    assert figures["records"] == figures["plain"]["documents"] == figures["packed"]["documents"] == 30
    assert all(figures[name]["growth_mib"] <= pubmed_file.MOST_GROWTH_MIB for name in ("plain", "packed"))
