"""Indexing from the page: one run for the whole server, in a process of its own, that goes on when the page is left.

The process writes what it does into a file, which every session reads; nothing of it belongs to a person. It may be
killed at any moment: what it has done is kept, and nobody sees half of it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import streamlit as st

from chatbot.errors import IndexingError
from chatbot.index.overview import is_being_written, overview
from chatbot.people import Person, Role
from chatbot.run_report import RunEvent, last_event
from chatbot.settings import Settings, load_settings

_TAIL_BYTES = 400_000  # of the file: more than the longest event, one that names 500 failures
_NICENESS = 5  # so that answers come first where cores are few


class Phase(Enum):
    """How a run stands. ELSEWHERE: a run that this server did not start is at work."""

    NONE = "none"
    RUNNING = "running"
    ELSEWHERE = "elsewhere"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class IndexState:
    """How the run in force, or the last one of this server, stands, and the last that it said."""

    phase: Phase
    event: RunEvent | None = None
    error: str = ""


@dataclass
class _Server:
    """The one run of this server; ``lock`` is held while one begins or ends."""

    lock: threading.Lock
    process: subprocess.Popen[bytes] | None = None
    folder: Path = Path()
    is_cancelled: bool = False


def paths_to_index(settings: Settings) -> list[Path]:
    """What a run from the page reads: the corpus, and all that was indexed from elsewhere and is still there.

    What was indexed with a kind of evidence is left to the command line, which is told that kind. Raises
    IndexUnavailable.
    """
    known = [settings.corpus.absolute(), *overview(settings).roots]
    real = dict.fromkeys(Path(os.path.realpath(path)) for path in known if path.exists())
    return [path for path in real if not any(other in path.parents for other in real)]


def start(settings: Settings, person: Person) -> None:
    """Starts a run. Raises IndexingError where the person may not, one is at work, or there is nothing to index."""
    if not person.may(Role.ADMIN):
        raise IndexingError("only an administrator may index; ask one, or run 'chatbot index' on the server")
    begin(settings)


def begin(settings: Settings) -> None:
    """Starts a run that no person asks for: an article was approved. Raises as ``start`` does, but for the person."""
    server = _server()
    with server.lock:
        if is_running(server) or is_being_written(settings.index):
            raise IndexingError("a run is already at work on this index; wait for it to end")
        paths = paths_to_index(settings)
        if not paths:
            raise IndexingError(f"there is no folder {settings.corpus} and nothing else to index; create it first")
        server.folder = settings.data / "indexing"
        server.is_cancelled = False
        try:
            server.process = _run(settings, paths, server.folder)
        except OSError as error:
            raise IndexingError(
                f"the run cannot be started ({error.strerror}); see that {server.folder} can be written"
            ) from error


def cancel(person: Person) -> None:
    """Ends the run of this server, with whatever it has started. Raises IndexingError where the person may not."""
    if not person.may(Role.ADMIN):
        raise IndexingError("only an administrator may cancel a run")
    server = _server()
    with server.lock:
        if server.process and is_running(server):
            server.is_cancelled = True
            os.killpg(server.process.pid, signal.SIGTERM)
            server.process.wait(30)


def state() -> IndexState:
    """How indexing stands on this server."""
    server = _server()
    if server.process is None:
        return IndexState(Phase.ELSEWHERE if is_being_written(load_settings().index) else Phase.NONE)
    event = _last_said(server.folder)
    if is_running(server):
        return IndexState(Phase.RUNNING, event)
    if server.is_cancelled:
        return IndexState(Phase.CANCELLED, event)
    if is_being_written(load_settings().index):
        return IndexState(Phase.ELSEWHERE)
    if event and event.outcome:
        return IndexState(Phase.DONE, event)
    return IndexState(Phase.FAILED, event, _why(server, event))


def is_running(server: _Server) -> bool:
    """Whether the process is still there."""
    return server.process is not None and server.process.poll() is None


def _run(settings: Settings, paths: list[Path], folder: Path) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "chatbot", "index", *map(str, paths), "--index", str(settings.index), "--json"]
    with (folder / "run.jsonl").open("wb") as said, (folder / "run.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=log, start_new_session=True
        )
    with suppress(ProcessLookupError):  # it has ended already, and says why
        os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
    return process


def _last_said(folder: Path) -> RunEvent | None:
    return last_event(_tail(folder / "run.jsonl"))


def _why(server: _Server, event: RunEvent | None) -> str:
    """Why a run ended without an outcome."""
    if event and event.error:
        return event.error
    last = next((line for line in reversed(_tail(server.folder / "run.log")) if line.strip()), "")
    code = server.process.returncode if server.process else 0
    return last.removeprefix("chatbot: ") or f"the run was ended from outside (status {code}); start it again"


def _tail(path: Path) -> list[str]:
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, path.stat().st_size - _TAIL_BYTES))
            return stream.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []


@st.cache_resource(show_spinner=False)
def _server() -> _Server:
    return _Server(threading.Lock())
