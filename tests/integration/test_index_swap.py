"""An index built anew takes the place of the old one in one step: while it is asked, killed, or run twice."""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chatbot.answering.calibration_keys import METADATA_KEY
from chatbot.cli.indexing import build
from chatbot.domain import Kind
from chatbot.embedding import Encoder
from chatbot.errors import CorpusError, IndexingError, IndexUnavailable
from chatbot.index.build import IndexWriter
from chatbot.index.home import CURRENT, home
from chatbot.index.identity import made_of
from chatbot.index.live import LiveIndex
from chatbot.index.reader import Index
from chatbot.index.sources import is_current
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings
from tests.conftest import index_paths, write_reference

QUESTION = "What lowers fever?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of two references."""
    folder = tmp_path / "docs"
    write_reference(folder, "aspirin", "Aspirin lowers fever in adults.")
    write_reference(folder, "codeine", "Codeine relieves pain and slows the gut.")
    return folder


def ids(settings: Settings, encoder: Encoder) -> list[str]:
    return [reference.id for reference in Index(settings, encoder).references]


def stores(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.index.iterdir())


def search(index: Index) -> list[str]:
    """The passages found for the question."""
    found = index.candidates(Kind.RESEARCH, [index.wanted(QUESTION)], index.encoder.encode([QUESTION]))
    return [candidate.id for candidate in found]


def kill_a_rebuild(settings: Settings, encoder: Encoder, folder: Path) -> Path:
    """Leaves a rebuild as a kill before its last step would: everything embedded, nothing in force. Its store."""
    writer = IndexWriter(settings, encoder, made_of(settings, encoder, [folder], None))
    with writer.open():
        writer.apply(writer.plan([folder]))
    return writer.store


@contextmanager
def asked_all_the_time(ask: Callable[[], object]) -> Iterator[list[Exception]]:
    """Calls ``ask`` in a thread as often as it can; the exceptions it raised."""
    failures: list[Exception] = []
    stop = threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            try:
                ask()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the failure looked for
                failures.append(error)

    asking = threading.Thread(target=go_on)
    asking.start()
    try:
        yield failures
    finally:
        stop.set()
        asking.join()


# --- while it is read -------------------------------------------------------------------------------------------------


def test_questions_are_answered_all_the_time_while_the_index_is_built_anew(
    settings: Settings, encoder: Encoder, folder: Path
) -> None:
    build(settings, [folder])
    chatbot = Chatbot(settings, encoder)
    unanswered: list[object] = []

    def ask() -> None:
        answer = chatbot.ask(QUESTION)
        if not any("Aspirin lowers fever" in citation.quote for citation in answer.citations):
            unanswered.append(answer)

    with asked_all_the_time(ask) as failures:
        for number in range(3):
            write_reference(folder, f"zinc-{number}", "Zinc shortens the common cold.", topics="[common cold, zinc]")
            build(settings, [folder], rebuild=True)
    assert failures == []
    assert unanswered == []
    answer = chatbot.ask("Does zinc shorten the common cold?")
    assert any("Zinc shortens" in citation.quote for citation in answer.citations)


def test_an_index_can_be_opened_at_any_moment_of_a_swap(settings: Settings, encoder: Encoder, folder: Path) -> None:
    build(settings, [folder])
    with asked_all_the_time(lambda: search(Index(settings, encoder)) or pytest.fail("nothing found")) as failures:
        for _ in range(4):
            build(settings, [folder], rebuild=True)
    assert failures == []


def test_a_snapshot_outlives_the_swap_and_the_live_index_moves_on(
    settings: Settings, encoder: Encoder, folder: Path
) -> None:
    index_paths(settings, encoder, folder)
    live = LiveIndex(settings, encoder)
    old = live.current()
    found = search(old)
    write_reference(folder, "ibuprofen", "Ibuprofen lowers fever.")
    build(settings, [folder], rebuild=True)
    new = live.current()
    assert new.generation == old.generation + 1
    assert new.document("ibuprofen") is not None
    assert search(old) == found
    assert old.document("ibuprofen") is None


def test_replaced_stores_stay_while_somebody_reads_them_and_then_go(
    settings: Settings, encoder: Encoder, folder: Path
) -> None:
    index_paths(settings, encoder, folder)
    old = Index(settings, encoder)
    build(settings, [folder], rebuild=True)
    assert old.store.is_dir()
    del old
    gc.collect()
    index_paths(settings, encoder, folder)
    assert stores(settings) == [CURRENT, home(settings.index).name]


def test_a_store_read_by_another_process_stays(settings: Settings, encoder: Encoder, folder: Path) -> None:
    index_paths(settings, encoder, folder)
    old = home(settings.index)
    reading = (
        "import sys, pathlib; from chatbot.index.manifest import Manifest; m = Manifest(pathlib.Path(sys.argv[1]));"
        "m.generation; print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", reading, str(old)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        build(settings, [folder], rebuild=True)
        assert old.is_dir()
        reader.kill()
    index_paths(settings, encoder, folder)
    assert not old.exists()


# --- what is in force -------------------------------------------------------------------------------------------------


def test_a_rebuilt_index_holds_what_a_fresh_one_would(
    settings: Settings, encoder: Encoder, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    write_reference(other, "morphine", "Morphine relieves severe pain.")
    index_paths(settings, encoder, other)
    build(settings, [folder], rebuild=True)
    index = Index(settings, encoder)
    assert ids(settings, encoder) == ["aspirin", "codeine"]
    assert index.metadata(METADATA_KEY) is not None
    assert is_current(settings, [folder])
    fresh = settings.model_copy(update={"index": tmp_path / "fresh"})
    index_paths(fresh, encoder, folder)
    assert search(index) == search(Index(fresh, encoder))
    assert index.passage_ids() == Index(fresh, encoder).passage_ids()


def test_generations_go_on_across_rebuilds_and_updates(settings: Settings, encoder: Encoder, folder: Path) -> None:
    seen = [build(settings, [folder]).generation]
    for rebuild in (True, False, True, False):
        write_reference(folder, f"study-{len(seen)}", f"Drug {len(seen)} lowers fever.")
        seen.append(build(settings, [folder], rebuild=rebuild).generation)
        assert Index(settings, encoder).generation == seen[-1]
    assert seen == [1, 2, 3, 4, 5]


def test_a_rebuild_where_there_is_no_index_makes_one(settings: Settings, encoder: Encoder, folder: Path) -> None:
    assert build(settings, [folder], rebuild=True).generation == 1
    assert ids(settings, encoder) == ["aspirin", "codeine"]


def test_a_rebuild_that_finds_nothing_leaves_the_index_as_it_was(
    settings: Settings, encoder: Encoder, folder: Path, tmp_path: Path
) -> None:
    build(settings, [folder])
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError):
        build(settings, [tmp_path / "empty"], rebuild=True)
    assert ids(settings, encoder) == ["aspirin", "codeine"]


def test_a_damaged_index_is_answered_by_a_sentence_and_mended_by_a_rebuild(
    settings: Settings, encoder: Encoder, folder: Path
) -> None:
    build(settings, [folder])
    (settings.index / CURRENT).write_text("../elsewhere", "utf-8")
    with pytest.raises(IndexUnavailable, match=r"names no store.*--rebuild"):
        Index(settings, encoder)
    assert not is_current(settings, [folder])
    build(settings, [folder], rebuild=True)
    assert ids(settings, encoder) == ["aspirin", "codeine"]


# --- killed -----------------------------------------------------------------------------------------------------------


def test_a_killed_rebuild_leaves_the_old_answers(settings: Settings, encoder: Encoder, folder: Path) -> None:
    build(settings, [folder])
    write_reference(folder, "ibuprofen", "Ibuprofen lowers fever.")
    kill_a_rebuild(settings, encoder, folder)
    assert ids(settings, encoder) == ["aspirin", "codeine"]


def test_a_killed_rebuild_is_gone_on_with_by_the_next_one(settings: Settings, encoder: Encoder, folder: Path) -> None:
    build(settings, [folder])
    store = kill_a_rebuild(settings, encoder, folder)
    outcome = build(settings, [folder], rebuild=True)
    assert outcome.embedded_texts == 0
    assert home(settings.index) == store
    assert Index(settings, encoder).generation == outcome.generation == 2


def test_a_killed_rebuild_of_other_documents_is_not_gone_on_with(
    settings: Settings, encoder: Encoder, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    write_reference(other, "morphine", "Morphine relieves severe pain.")
    kill_a_rebuild(settings, encoder, other)
    build(settings, [folder], rebuild=True)
    assert ids(settings, encoder) == ["aspirin", "codeine"]
    assert stores(settings) == [CURRENT, home(settings.index).name]


def test_an_update_removes_what_a_killed_rebuild_left(settings: Settings, encoder: Encoder, folder: Path) -> None:
    build(settings, [folder])
    store = kill_a_rebuild(settings, encoder, folder)
    assert build(settings, [folder]).generation == 1
    assert not store.exists()


def test_a_rebuild_killed_before_updates_still_ends_as_the_newest(
    settings: Settings, encoder: Encoder, folder: Path
) -> None:
    build(settings, [folder])
    left = shutil.copytree(kill_a_rebuild(settings, encoder, folder), settings.index.with_name("left"))
    for number in range(3):
        write_reference(folder, f"study-{number}", f"Drug {number} lowers fever.")
        build(settings, [folder])
    left.rename(settings.index / f"store-2-{made_of(settings, encoder, [folder], None)}")
    assert build(settings, [folder], rebuild=True).generation == 5
    assert len(ids(settings, encoder)) == 5


def test_a_damaged_rebuild_is_begun_anew(settings: Settings, encoder: Encoder, folder: Path) -> None:
    store = kill_a_rebuild(settings, encoder, folder)
    (store / "manifest.sqlite").write_bytes(b"not a database" * 1000)
    with pytest.raises(IndexingError, match="run the command again"):
        build(settings, [folder], rebuild=True)
    assert not store.exists()
    build(settings, [folder], rebuild=True)
    assert ids(settings, encoder) == ["aspirin", "codeine"]


# --- two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("second", [True, False])
def test_a_second_run_of_either_sort_is_told_of_the_first(
    settings: Settings, encoder: Encoder, folder: Path, first: bool, second: bool
) -> None:
    build(settings, [folder])
    name = made_of(settings, encoder, [folder], None)
    with (
        IndexWriter(settings, encoder, name if first else "").open(),
        pytest.raises(IndexingError, match="another run is writing to it"),
    ):
        build(settings, [folder], rebuild=second)


# --- laid out as before -----------------------------------------------------------------------------------------------


@pytest.fixture
def flat(settings: Settings, encoder: Encoder, folder: Path) -> Settings:
    """An index whose folder holds the stores directly, and a note of its owner's."""
    index_paths(settings, encoder, folder)
    for part in home(settings.index).iterdir():
        part.rename(settings.index / part.name)
    home(settings.index).rmdir()
    (settings.index / CURRENT).unlink()
    (settings.index / "mine.txt").write_text("keep me", "utf-8")
    return settings


def test_an_index_of_the_old_layout_is_read_and_changed_in_place(
    flat: Settings, encoder: Encoder, folder: Path
) -> None:
    write_reference(folder, "ibuprofen", "Ibuprofen lowers fever.")
    assert build(flat, [folder]).generation == 2
    assert home(flat.index) == flat.index
    assert ids(flat, encoder) == ["aspirin", "codeine", "ibuprofen"]


def test_a_rebuild_moves_an_index_of_the_old_layout_and_removes_its_stores_alone(
    flat: Settings, encoder: Encoder, folder: Path
) -> None:
    old = Index(flat, encoder)
    assert build(flat, [folder], rebuild=True).generation == 2
    assert (flat.index / "manifest.sqlite").is_file()
    assert search(old)
    del old
    gc.collect()
    build(flat, [folder])
    assert stores(flat) == [CURRENT, "mine.txt", home(flat.index).name]
    assert ids(flat, encoder) == ["aspirin", "codeine"]
