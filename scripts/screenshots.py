"""Makes the pictures of docs/images: the library, an article, each step of the journey, the dark theme and a phone.

    .venv/bin/python scripts/screenshots.py [--index DIR] [--output docs/images]

Without ``--index`` the repository's corpus is indexed into a folder that is removed afterwards.
"""

from __future__ import annotations

import argparse
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

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
ARTICLE = "article?id=lam-treatment"
JOURNEY = {
    "step-1-side-effects": "What are the side effects?",
    "step-2-pregnancy": "And in pregnancy?",
    "step-3-another-topic": "usual starting dose of atorvastatin?",
    "step-4-no-answer": "What is the capital of France?",
}
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
_WAIT = 60_000  # ms


def main() -> None:
    """Indexes, serves, photographs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "images")
    given = parser.parse_args()
    given.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        index = given.index or _indexed(Path(folder) / "index")
        with _served(index) as address, sync_playwright() as playwright:
            chromium = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
            _photograph(browser, address, given.output)
            browser.close()


def _photograph(browser: Browser, address: str, output: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    _open(page, f"{address}/", output / "library.png")
    _open(page, f"{address}/{ARTICLE}", output / "article.png")
    page.locator(".mf-cite").nth(1).click()
    _save(page, output / "citation.png")
    page.keyboard.press("Escape")
    page.locator(".mf-references").evaluate("element => element.scrollIntoView()")
    _save(page, output / "references.png")
    for turn, (name, question) in enumerate(JOURNEY.items()):
        _ask(page, question, turn)
        _save(page, output / f"{name}.png")
    dark = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    _open(dark, f"{address}/{ARTICLE}", output / "article-dark.png")
    phone = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    _open(phone, f"{address}/{ARTICLE}", output / "article-phone.png")


def _open(page: Page, address: str, picture: Path) -> None:
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for(timeout=_WAIT)
    _save(page, picture)


def _ask(page: Page, question: str, turn: int) -> None:
    box = page.get_by_placeholder("Ask a follow-up question")
    box.fill(question)
    box.press("Enter")
    page.locator(f".st-key-turn-{turn} .mf-answer").wait_for(timeout=_WAIT)
    page.wait_for_timeout(500)
    box.blur()


def _save(page: Page, picture: Path) -> None:
    page.wait_for_timeout(1500)  # fonts, and what scrolls or fades
    page.screenshot(path=picture)
    print(f"{picture}  {picture.stat().st_size // 1024} KB")


def _indexed(index: Path) -> Path:
    subprocess.run([sys.executable, "-m", "chatbot", "index", ROOT / "corpus", "--index", index], check=True)
    return index


@contextmanager
def _served(index: Path) -> Iterator[str]:
    """The address of a server on the index; it stops behind the block."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", ROOT / "chatbot/ui/app.py", f"--server.port={port}"],
        env={**os.environ, "CHATBOT_INDEX": str(index.absolute())},
    )
    try:
        _wait_for(f"{address}/_stcore/health")
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(address: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - an address of this machine
                return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"the server at {address} did not become healthy")


if __name__ == "__main__":
    main()
