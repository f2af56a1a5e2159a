"""A real server on a real index, and Chromium to look at it with."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
_INDEXED = (
    "*lam-*",
    "*rapamune*",
    "*miles*",
    "*sirolimus*",
    "*statin*",
    "*lipitor*",
    "*dyslipidemia*",
    "*pravastatin*",
    "glossary",
)
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
HOSTILE_TITLE = "Is <b>this</b> $a$ :smile: ![x](http://x.test/y.png) *shown* as `text`?"


@dataclass(frozen=True)
class Site:
    """A server under test and the folders behind it."""

    address: str
    corpus: Path
    index: Path
    data: Path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium of the distribution; skips where there is none."""
    found = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if found is None:
        pytest.skip(f"no Chromium: none of {', '.join(_CHROMIUM)} is on the PATH")
    expect.set_options(timeout=60_000)  # ms: a busy machine is no reason to fail
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(_ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Site]:
    """The page, served from outside the repository, over two topics and an article with a hostile title."""
    folder = tmp_path_factory.mktemp("site")
    copy_corpus(folder / "corpus")
    with indexing(folder / "corpus", folder / "index"):
        pass
    with serving(folder, CHATBOT_ANSWER__MAX_QUESTION_CHARACTERS="30000") as served:
        yield served


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[Site]:
    """A server whose corpus, index and data are in the folder, which may hold a ``.streamlit``.

    It stops behind the block. Serving the same folder again is a restart: what people left is there.
    """
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}", folder / "corpus", folder / "index", folder / "data")
    places = {"CHATBOT_INDEX": site.index, "CHATBOT_CORPUS": site.corpus, "CHATBOT_DATA": site.data}
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(ROOT / "chatbot/ui/app.py"), f"--server.port={port}"],
            cwd=folder,
            env={**os.environ, **{name: str(place) for name, place in places.items()}, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_it_answers(f"{site.address}/_stcore/health", server)
            yield site
        finally:
            server.terminate()
            server.wait(30)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own, as another person has it."""
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(60_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def copy_corpus(target: Path) -> None:
    for pattern in _INDEXED:
        for source in (ROOT / "corpus").rglob(f"{pattern}.md"):
            copied = target / source.relative_to(ROOT / "corpus")
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copied)
    (target / "articles" / "hostile.md").write_text(
        f"---\nid: hostile\nquestion: '{HOSTILE_TITLE}'\ntopics: [markup]\nstatus: Submitted\n"
        "updated: '2026-11-23'\n---\n"
        "## From the Research\n\n- Sirolimus was compared with placebo in LAM [@research-miles-trial].\n",
        "utf-8",
    )


@contextmanager
def indexing(corpus: Path, index: Path) -> Iterator[subprocess.Popen[str]]:
    """Indexes in a process of its own, as a person does beside a running server; on leaving, it has ended well."""
    command = [sys.executable, "-m", "chatbot", "index", str(corpus), "--index", str(index)]
    places = {"CHATBOT_DATA": str(corpus.parent / "data")}  # a run keeps there which approvals fell
    with subprocess.Popen(
        command,
        cwd=corpus.parent,
        env={**os.environ, **places},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        yield run
        _, said = run.communicate(timeout=200)
        assert run.returncode == 0, said


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_it_answers(address: str, server: subprocess.Popen[bytes]) -> None:
    """Returns when the address of the server answers; fails when the server ends, or does not within a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"nothing answers at {address}")
