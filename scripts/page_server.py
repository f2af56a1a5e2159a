"""A server of the page on an index, and Chromium to look at it with: for pictures and for measuring."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright

ROOT = Path(__file__).resolve().parent.parent
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
_HEALTHY_SECONDS = 60


@contextmanager
def served(index: Path, data: Path, **environment: str) -> Iterator[str]:
    """The address of a server whose people leave what they leave in ``data``; it stops behind the block.

    Raises RuntimeError where it does not become healthy.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    places = {"CHATBOT_INDEX": str(index.absolute()), "CHATBOT_DATA": str(data.absolute())}
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", ROOT / "chatbot/ui/app.py", f"--server.port={port}"],
            cwd=ROOT,
            env={**os.environ, **places, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def launched(playwright: Playwright) -> Browser:
    """Headless Chromium of the system. Raises RuntimeError where there is none."""
    found = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if found is None:
        raise RuntimeError(f"no Chromium: none of {', '.join(_CHROMIUM)} is on the PATH; install one of them")
    return playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _HEALTHY_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - an address of this machine
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server at {address} did not become healthy within {_HEALTHY_SECONDS} s")
