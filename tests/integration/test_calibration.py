"""When the gate is measured anew: after enough has changed, and only of what may be quoted."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.answering.calibration import changed_share, is_due, noted, stored_calibration
from chatbot.answering.known_items import known_items
from chatbot.cli.indexing import build
from chatbot.embedding import Encoder
from chatbot.index.build import IndexWriter
from chatbot.index.reader import Index
from chatbot.settings import Settings
from tests.conftest import index_paths, write_reference

DOCUMENTS = 40


def write(folder: Path, number: int, hours: int = 4, **fields: str) -> None:
    text = f"Drug {number} lowers fever in adults within {hours} hours. It was given at {number}00 mg each morning."
    write_reference(folder, f"study-{number}", text, **fields)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of forty studies."""
    for number in range(DOCUMENTS):
        write(tmp_path / "docs", number)
    return tmp_path / "docs"


@pytest.fixture
def measured(settings: Settings, encoder: Encoder, folder: Path) -> Settings:
    """Settings whose index holds the studies and a calibration."""
    with IndexWriter(settings, encoder).open() as writer:
        writer.apply(writer.plan([folder]))
        for key, value in noted(Index(settings, encoder)).items():
            writer.note(key, value)
    return settings


def share_after(settings: Settings, encoder: Encoder, folder: Path) -> float | None:
    index_paths(settings, encoder, folder)
    return changed_share(Index(settings, encoder))


def test_an_index_that_was_never_measured_is_due(settings: Settings, encoder: Encoder, folder: Path) -> None:
    assert share_after(settings, encoder, folder) is None
    assert is_due(Index(settings, encoder))


def test_nothing_has_changed_since_it_was_measured(measured: Settings, encoder: Encoder, folder: Path) -> None:
    assert share_after(measured, encoder, folder) == 0.0
    assert not is_due(Index(measured, encoder))


def test_changes_add_up_until_it_is_due(measured: Settings, encoder: Encoder, folder: Path) -> None:
    write(folder, 0, hours=5)
    assert share_after(measured, encoder, folder) == 1 / DOCUMENTS
    assert not is_due(Index(measured, encoder))
    for number in range(1, 6):
        write(folder, number, hours=5)
        share = share_after(measured, encoder, folder)
    assert share == 6 / DOCUMENTS
    assert is_due(Index(measured, encoder))


def test_a_document_changed_twice_counts_once(measured: Settings, encoder: Encoder, folder: Path) -> None:
    for hours in (5, 6):
        write(folder, 0, hours=hours)
        share = share_after(measured, encoder, folder)
    assert share == 1 / DOCUMENTS


def test_added_and_removed_documents_count(measured: Settings, encoder: Encoder, folder: Path) -> None:
    write(folder, DOCUMENTS)
    assert share_after(measured, encoder, folder) == 1 / (DOCUMENTS + 1)
    for number in range(3):
        (folder / f"study-{number}.md").unlink()
    assert share_after(measured, encoder, folder) == 3 / DOCUMENTS


def test_a_kind_that_is_new_counts_as_a_kind(measured: Settings, encoder: Encoder, folder: Path) -> None:
    write(folder, DOCUMENTS, kind="guideline")
    assert share_after(measured, encoder, folder) == 0.5
    assert is_due(Index(measured, encoder))


def test_one_changed_document_of_many_leaves_the_curve_as_it_is(
    settings: Settings, folder: Path, encoder: Encoder
) -> None:
    build(settings, [folder])
    before = Index(settings, encoder)
    write(folder, 0, hours=5)
    build(settings, [folder])
    after = Index(settings, encoder)
    assert after.generation == before.generation + 1
    assert changed_share(after) == 1 / DOCUMENTS
    assert stored_calibration(after) == stored_calibration(before) is not None


def test_an_index_built_anew_is_measured_on_itself(measured: Settings, encoder: Encoder, folder: Path) -> None:
    write(folder, DOCUMENTS)
    build(measured, [folder], rebuild=True)
    index = Index(measured, encoder)
    assert changed_share(index) == 0.0
    write(folder, 0, hours=5)
    build(measured, [folder])
    assert changed_share(Index(measured, encoder)) == 1 / (DOCUMENTS + 1)


def test_no_question_is_made_of_a_retracted_source(settings: Settings, encoder: Encoder, folder: Path) -> None:
    for number in range(DOCUMENTS, 2 * DOCUMENTS):
        write(folder, number, standing="retracted")
    index_paths(settings, encoder, folder)
    index = Index(settings, encoder)
    items = known_items(index, 2 * DOCUMENTS)
    assert len(index.references) == 2 * DOCUMENTS
    assert len(items) == DOCUMENTS
    assert all(item.passage.document.reference.is_quotable for item in items)
