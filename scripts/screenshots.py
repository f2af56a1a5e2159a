"""Makes the pictures of docs/images: each page in the light and the dark theme, and 390 px wide.

    .venv/bin/python scripts/screenshots.py [--index DIR] [--output docs/images] [--only NAME ...]

Without ``--index`` the repository's corpus is indexed into a folder that is removed afterwards. What the pictures leave
(conversations, drafts) goes into such a folder as well.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from page_server import ROOT, launched, served
from playwright.sync_api import Browser, Page, sync_playwright

ARTICLE = "lam-treatment"
FOLLOW_UPS = ("What are the side effects?", "And in pregnancy?", "usual starting dose of atorvastatin?")
OTHER_TALKS = (
    ("statins-cardiovascular-prevention", "Who should not take a statin?"),
    ("opioids-chronic-pain", "What is said about naloxone?"),
)
EMERGENCY = "My son swallowed 20 sirolimus tablets, what now?"
PERSONAL = "Which vaccines may my patient John Smith, MRN 00482913, have with sirolimus?"
_WAIT = 120_000  # ms
_SETTLED = 1500  # ms: fonts, and what scrolls or fades
_COLOURS = 256  # of a picture: a page has few, and pictures stay a third as large


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    suffix: str
    theme: str
    width: int
    height: int
    scale: float


LOOKS = (
    Look("", "light", 1280, 900, 1),
    Look("-dark", "dark", 1280, 900, 1),
    Look("-phone", "light", 390, 844, 2),
)


def main() -> None:
    """Indexes, serves, photographs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--only", nargs="+", choices=SHOWN, default=list(SHOWN), metavar="NAME")
    given = parser.parse_args()
    given.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        index = given.index or _indexed(Path(folder) / "index")
        with served(index, Path(folder) / "data") as address, sync_playwright() as playwright:
            browser = launched(playwright)
            if {"conversations", "review"} & set(given.only):
                _leave_something(browser, address)
            for look in LOOKS:
                _photograph(browser, address, look, given)
            browser.close()


def _photograph(browser: Browser, address: str, look: Look, given: argparse.Namespace) -> None:
    """Each page in a browser of its own, so that none shows what another one left."""
    for name in given.only:
        context = browser.new_context(
            viewport={"width": look.width, "height": look.height},
            color_scheme="dark" if look.theme == "dark" else "light",
            device_scale_factor=look.scale,
        )
        page = context.new_page()
        page.set_default_timeout(_WAIT)
        SHOWN[name](page, address)
        _save(page, given.output / f"{name}{look.suffix}.png")
        context.close()


def show_library(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()


def show_article(page: Page, address: str, article: str = ARTICLE) -> None:
    page.goto(f"{address}/article?id={article}")
    page.locator(".mf-answer .mf-claim").first.wait_for()


def show_citation(page: Page, address: str) -> None:
    show_article(page, address)
    page.locator(".mf-cite").nth(1).click()


def show_chat(page: Page, address: str) -> None:
    show_article(page, address)
    for turn, question in enumerate(FOLLOW_UPS):
        ask(page, question, turn)


def show_emergency(page: Page, address: str) -> None:
    show_article(page, address)
    ask(page, EMERGENCY, 0)


def show_personal(page: Page, address: str) -> None:
    show_article(page, address)
    box = page.get_by_placeholder("Ask a follow-up question")
    box.fill(PERSONAL)
    box.press("Enter")
    page.locator(".mf-held").wait_for()


def show_source(page: Page, address: str) -> None:
    show_article(page, address)
    page.locator(".mf-cite").first.click()
    link = page.locator(".mf-panel:popover-open").get_by_role("link", name="Read it in the whole source")
    page.goto(f"{address}/{link.get_attribute('href')}")
    page.locator("mark").first.wait_for()


def show_review(page: Page, address: str) -> None:
    page.goto(f"{address}/review?item={ARTICLE}")
    page.get_by_role("heading", level=1).wait_for()


def show_queue(page: Page, address: str) -> None:
    page.goto(f"{address}/review")
    page.get_by_role("heading", level=1).wait_for()


def show_conversations(page: Page, address: str) -> None:
    page.goto(f"{address}/conversations")
    page.get_by_role("heading", level=1).wait_for()


def show_sources(page: Page, address: str) -> None:
    page.goto(f"{address}/sources")
    page.get_by_role("heading", level=1).wait_for()


def ask(page: Page, question: str, turn: int) -> None:
    box = page.get_by_placeholder("Ask a follow-up question")
    box.fill(question)
    box.press("Enter")
    page.locator(f".st-key-turn-{turn} .mf-answer").wait_for()
    page.locator("[data-test-script-state=notRunning]").wait_for()
    box.blur()


SHOWN: dict[str, Callable[[Page, str], None]] = {
    "library": show_library,
    "article": show_article,
    "citation": show_citation,
    "chat": show_chat,
    "emergency": show_emergency,
    "personal-data": show_personal,
    "source": show_source,
    "review": show_review,
    "review-queue": show_queue,
    "conversations": show_conversations,
    "sources": show_sources,
}


def _leave_something(browser: Browser, address: str) -> None:
    """Conversations to list."""
    page = browser.new_page()
    page.set_default_timeout(_WAIT)
    for article, question in (*OTHER_TALKS, (ARTICLE, FOLLOW_UPS[0])):
        show_article(page, address, article)
        ask(page, question, 0)
    page.close()


def _save(page: Page, picture: Path) -> None:
    from PIL import Image

    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(_SETTLED)
    page.screenshot(path=picture)
    with Image.open(picture) as taken:
        taken.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(picture, optimize=True)
    print(f"{picture}  {picture.stat().st_size // 1024} KB")


def _indexed(index: Path) -> Path:
    subprocess.run([sys.executable, "-m", "chatbot", "index", ROOT / "corpus", "--index", index], check=True)
    return index


if __name__ == "__main__":
    main()
