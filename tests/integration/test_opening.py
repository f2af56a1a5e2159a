"""What a run writes with is opened while it plans, where something is likely to be written, and settled in time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from chatbot.domain import Document, Kind, Passage
from chatbot.embedding import Encoder
from chatbot.index.build import IndexWriter
from chatbot.index.found_files import FoundFiles
from chatbot.index.home import VECTORS, home
from chatbot.index.manifest import Manifest
from chatbot.index.opening import Opening, foreseen
from chatbot.index.plan import Before, make_plan
from chatbot.index.stores import Stores
from chatbot.index.vectors import STORE_ERRORS, VectorStore
from chatbot.passages import split_passages
from chatbot.readers import read
from chatbot.settings import Settings
from tests.conftest import index_paths, write_reference


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A reference that is old enough for its time to tell whether it has changed."""
    return aged(write_reference(tmp_path / "docs", "aspirin", "Aspirin lowers fever."))


@pytest.fixture
def manifest(tmp_path: Path, file: Path) -> Iterator[Manifest]:
    """One whose ledger knows the reference."""
    (tmp_path / "store").mkdir()
    with closing(Manifest(tmp_path / "store", create=True)) as manifest:
        before = Before(save=manifest.ledger.save)
        make_plan(FoundFiles([file], None), before, lambda count, total: None)
        yield manifest


@pytest.fixture
def passage(settings: Settings, encoder: Encoder, file: Path) -> Passage:
    documents: list[Document] = list(read(file, on_error=pytest.fail))
    return split_passages(documents[0], settings.passages, encoder.count_tokens)[0]


def aged(path: Path, seconds: float = 60) -> Path:
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


def test_nothing_is_foreseen_where_nothing_has_changed(manifest: Manifest, file: Path) -> None:
    assert foreseen(FoundFiles([file], None), manifest.ledger) is None


def test_nothing_is_foreseen_of_a_file_that_was_only_touched(manifest: Manifest, file: Path) -> None:
    aged(file, 30)
    assert foreseen(FoundFiles([file], None), manifest.ledger) is None


def test_of_a_changed_file_its_kind_is_foreseen(manifest: Manifest, file: Path) -> None:
    write_reference(file.parent, "aspirin", "Aspirin lowers fever and thins the blood.")
    assert foreseen(FoundFiles([file], None), manifest.ledger) == [Kind.RESEARCH]


def test_of_a_new_file_no_kind_is_foreseen(manifest: Manifest, file: Path) -> None:
    other = write_reference(file.parent, "codeine", "Codeine relieves pain.")
    assert foreseen(FoundFiles([other], None), manifest.ledger) == []


def test_stores_begun_are_those_that_are_written_to(tmp_path: Path, encoder: Encoder, passage: Passage) -> None:
    opening = Opening(tmp_path, encoder, {"label": 3})
    opening.begin([Kind.RESEARCH])
    stores = opening.stores()
    stores.write_passages([passage], [np.ones((2, encoder.dimension), dtype=np.float32)])
    assert opening.stores() is stores
    assert stores.unsettled == {"label": 3, "research": 1}


def test_stores_that_cannot_be_opened_say_so_when_they_are_needed(tmp_path: Path, encoder: Encoder) -> None:
    (tmp_path / VECTORS).write_text("not a folder", "utf-8")
    opening = Opening(tmp_path, encoder, {})
    opening.begin([])
    opening.end()
    with pytest.raises(STORE_ERRORS):
        opening.stores()


@pytest.mark.parametrize(("before", "after"), [(98, 99), (99, 0)])
def test_what_many_small_runs_wrote_is_settled(
    tmp_path: Path, encoder: Encoder, passage: Passage, before: int, after: int
) -> None:
    stores = Stores(tmp_path, {"research": before})
    vector = np.ones((2, encoder.dimension), dtype=np.float32)
    stores.write_passages([passage], [vector])
    stores.settle()
    assert stores.unsettled["research"] == after
    assert VectorStore(tmp_path / VECTORS).nearest(Kind.RESEARCH, vector[:1], 5) == [[passage.id]]


def test_runs_count_what_they_leave_unsettled(settings: Settings, encoder: Encoder, file: Path) -> None:
    index_paths(settings, encoder, file.parent)
    write_reference(file.parent, "aspirin", "Aspirin lowers fever and thins the blood.")
    index_paths(settings, encoder, file.parent)
    with closing(Manifest(home(settings.index))) as manifest:
        assert manifest.get("unsettled") == {"research": 3}  # written, written again, the first one deleted


def test_a_plan_that_is_not_carried_out_leaves_nothing_open(settings: Settings, encoder: Encoder, file: Path) -> None:
    with IndexWriter(settings, encoder).open() as writer:
        assert writer.plan([file.parent]).added == ["aspirin"]
    assert index_paths(settings, encoder, file.parent).plan.added == ["aspirin"]
