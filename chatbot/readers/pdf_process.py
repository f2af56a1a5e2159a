"""Runs ``pdf_worker`` on one file, and ends it where it takes too long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from chatbot.readers.source_file import SourceFile

_WORKER = "chatbot.readers.pdf_worker"
_SECONDS = 60  # for one page, or for opening the file; real pages take .05 to 2
_FILE_SECONDS = 300  # for the whole file, and for each of its pages as long as a slow one usually takes
_USUAL_SECONDS = 3
_MOST_TEXT = 128 * 2**20  # bytes of what the worker writes; a page of text is about 10,000

_REASONS = {
    "password": "is protected by a password; save it without one",
    "memory": "needs more memory than a document does; it is damaged, or made to attack its reader",
    "damaged": "is damaged or no PDF; fetch it again",
}


def messages(source: SourceFile, content: bytes, seconds: float = _SECONDS) -> Iterator[dict[str, Any]]:
    """What the worker says of a PDF: the file first, then its pages in their order.

    Raises SourceError where it cannot be read, a page takes more than ``seconds`` or all together far more than usual,
    or there is more text than can be held.
    """
    with _worker() as process, _pipe(process.stdin) as stdin, _pipe(process.stdout) as stdout:
        with _ended_after(seconds, process), suppress(OSError):  # it has ended: reading what it wrote tells why
            stdin.write(content)
            stdin.close()
        left, size = 1, 0  # the head to come, then as many pages as it says there are
        end = time.monotonic() + _FILE_SECONDS
        while left:
            with _ended_after(min(seconds, end - time.monotonic()), process) as late:
                written = stdout.readline(_MOST_TEXT)
            size += len(written)
            if size >= _MOST_TEXT:
                raise source.error(f"holds more than {_MOST_TEXT // 2**20} MB of text; split it")
            if not written.endswith(b"\n"):
                what = "takes longer to read than a document does" if late.is_set() else "ends its reader"
                raise source.error(f"{what}; it is damaged, or made to attack its reader")
            message: dict[str, Any] = json.loads(written)
            if "error" in message:
                raise source.error(_REASONS[message["error"]])
            left += message.get("pages", 0) - 1
            end += message.get("pages", 0) * _USUAL_SECONDS
            yield message


@contextmanager
def _worker() -> Iterator[subprocess.Popen[bytes]]:
    """The process; it has ended behind the block."""
    folder = str(Path(__file__).parents[2])  # where this package lies, installed or not
    path = os.pathsep.join(filter(None, (folder, os.environ.get("PYTHONPATH", ""))))
    process = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
        [sys.executable, "-m", _WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": path},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def _pipe(stream: IO[bytes] | None) -> Iterator[IO[bytes]]:
    assert stream is not None  # asked for with PIPE
    try:
        yield stream
    finally:
        with suppress(OSError):  # closing writes the rest to a process that has ended
            stream.close()


@contextmanager
def _ended_after(seconds: float, process: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
