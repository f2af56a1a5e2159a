"""Runs that are killed, disks that are full, readers that go on while somebody writes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from chatbot.domain import Kind
from chatbot.embedding import Encoder
from chatbot.index.live import LiveIndex
from chatbot.index.reader import Index
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings
from tests.conftest import CORPUS, index_paths, write_reference

QUESTION = "What lowers fever?"


def command(settings: Settings, folder: Path, *extra: str) -> list[str]:
    return [sys.executable, "-m", "chatbot", "index", str(folder), "--index", str(settings.index), *extra]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(CORPUS.parent), "CHATBOT_EMBEDDING__THREADS": "1"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    write_reference(folder, "aspirin", "Aspirin lowers fever in adults.")
    return folder


def test_a_killed_run_leaves_the_old_answers_and_the_next_completes_it(
    settings: Settings, encoder: Encoder, folder: Path
) -> None:
    index_paths(settings, encoder, folder)
    for number in range(400):
        write_reference(folder, f"study-{number}", f"Drug {number} lowers fever. " * 5)
    moments = random.Random(1)
    for _ in range(3):
        process = subprocess.Popen(command(settings, folder), env=environment(), stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(2.5, 6.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert Index(settings, encoder).document("aspirin") is not None
    outcome = index_paths(settings, encoder, folder)
    index = Index(settings, encoder)
    assert not outcome.plan.failed
    assert index.counts == {Kind.RESEARCH: 401}
    assert len(index.passage_ids()) == len(set(index.passage_ids()))


def test_a_full_disk_is_said_and_loses_nothing(settings: Settings, encoder: Encoder, folder: Path) -> None:
    index_paths(settings, encoder, folder)
    for number in range(300):
        write_reference(folder, f"study-{number}", f"Drug {number} lowers fever in many patients. " * 30)
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "from chatbot.settings import load_settings; from chatbot.embedding import open_encoder;"
        "open_encoder(load_settings()); resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000));"
        "from chatbot.cli import main; sys.argv = ['chatbot', *sys.argv[1:]]; main()"
    )
    arguments = ["index", str(folder), "--index", str(settings.index)]
    run = subprocess.run(
        [sys.executable, "-c", limited, *arguments], env=environment(), capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "cannot be written" in run.stderr
    assert "Traceback" not in run.stderr
    assert Index(settings, encoder).document("aspirin") is not None
    assert index_paths(settings, encoder, folder).plan.failed == []
    assert Index(settings, encoder).counts == {Kind.RESEARCH: 301}


def test_questions_go_on_while_the_index_changes_and_then_see_the_new_document(
    settings: Settings, encoder: Encoder, folder: Path
) -> None:
    index_paths(settings, encoder, folder)
    chatbot = Chatbot(settings, encoder)
    failures: list[Exception] = []
    stop = threading.Event()

    def keep_asking() -> None:
        while not stop.is_set():
            try:
                chatbot.ask(QUESTION)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the failure looked for
                failures.append(error)

    asking = threading.Thread(target=keep_asking)
    asking.start()
    try:
        for number in range(3):
            write_reference(folder, "aspirin", f"Aspirin lowers fever in adults within {number + 2} hours.")
            write_reference(folder, f"zinc-{number}", "Zinc shortens the common cold.", topics="[common cold, zinc]")
            subprocess.run(command(settings, folder), env=environment(), check=True, capture_output=True)
    finally:
        stop.set()
        asking.join()
    assert failures == []
    answer = chatbot.ask("Does zinc shorten the common cold?")
    assert any("Zinc shortens" in citation.quote for citation in answer.citations)


def test_a_snapshot_stays_usable_and_the_live_index_moves_on(
    settings: Settings, encoder: Encoder, folder: Path
) -> None:
    index_paths(settings, encoder, folder)
    live = LiveIndex(settings, encoder)
    old = live.current()
    assert live.current() is old
    write_reference(folder, "ibuprofen", "Ibuprofen lowers fever.")
    index_paths(settings, encoder, folder)
    new = live.current()
    assert new.generation == old.generation + 1
    assert {r.id for r in new.references} == {"aspirin", "ibuprofen"}
    assert old.candidates(Kind.RESEARCH, [old.wanted(QUESTION)], encoder.encode([QUESTION]))
