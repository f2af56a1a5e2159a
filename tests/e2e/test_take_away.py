"""Taking answers away in a real browser: each format is downloaded, opens, and holds what the page shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pdfplumber
import pytest
import rispy
from bibtexparser import parse_file
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Site
from tests.e2e.test_journey import LAM, ask, open_article

pytestmark = pytest.mark.browser

_WAIT = 60_000


def download(page: Page, where: Locator, format_: str, folder: Path, control: str = "Take it away") -> Path:
    """The file of a format, downloaded through the control that stands in ``where``."""
    button = page.get_by_role("button", name=format_)
    if not button.is_visible():
        where.get_by_role("button", name=control).click()
        expect(button).to_be_visible(timeout=_WAIT)
    with page.expect_download(timeout=_WAIT) as downloading:
        button.click()
    path = folder / downloading.value.suggested_filename
    downloading.value.save_as(path)
    return path


def words_of(pdf: Path) -> str:
    with pdfplumber.open(pdf) as opened:
        return " ".join(" ".join(sheet.extract_text().split()) for sheet in opened.pages)


def verify(card: Path, site: Site) -> subprocess.CompletedProcess[str]:
    """``chatbot verify`` on the index that the page answers from."""
    command = [sys.executable, "-m", "chatbot", "verify", str(card), "--index", str(site.index)]
    return subprocess.run(command, cwd=card.parent, capture_output=True, text=True, timeout=200, check=False)


def test_every_format_of_a_follow_up_opens_and_holds_its_quote(page: Page, site: Site, tmp_path: Path) -> None:
    open_article(page, site)
    answer = ask(page, "What are the side effects?", 0)
    claim = answer.locator(".mf-claim").first
    claim.locator(".mf-cite").click()
    quote = page.get_by_role("dialog", name="Citation 1", exact=True).locator("mark").inner_text()
    page.keyboard.press("Escape")
    turn = page.locator(".st-key-turn-0")

    assert f"- {quote} [1]" in download(page, turn, "Markdown", tmp_path).read_text("utf-8")
    assert quote in words_of(download(page, turn, "PDF", tmp_path))
    titles = {entry["title"] for entry in rispy.loads(download(page, turn, "RIS", tmp_path).read_text("utf-8"))}
    assert "Rapamune (sirolimus) oral solution: EU package leaflet" in titles
    library = parse_file(str(download(page, turn, "BibTeX", tmp_path)))
    assert len(library.entries) == len(titles)
    card = download(page, turn, "Answer card", tmp_path)
    assert quote in card.read_text("utf-8")
    said = verify(card, site)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.rstrip().endswith("Nothing differs.")


def test_an_article_is_taken_away_with_its_review_status_and_its_card_holds(
    page: Page, site: Site, tmp_path: Path
) -> None:
    open_article(page, site)
    markdown = download(page, page.locator(".stMain"), "Markdown", tmp_path)
    assert markdown.name == "lam-treatment.md"
    assert markdown.read_text("utf-8").startswith(f"# {LAM}\n")
    pdf = words_of(download(page, page.locator(".stMain"), "PDF", tmp_path))
    assert "Review status of the article: Submitted." in pdf
    assert "FEV1 changed by 1±2 ml per month" in pdf
    said = verify(download(page, page.locator(".stMain"), "Answer card", tmp_path), site)
    assert (said.returncode, said.stdout.rstrip().split("\n")[-1]) == (0, "Nothing differs.")


def test_a_conversation_is_taken_away_whole(page: Page, site: Site, tmp_path: Path) -> None:
    open_article(page, site)
    questions = ("What are the side effects?", "And in pregnancy?")
    for turn, question in enumerate(questions):
        ask(page, question, turn)
    path = download(page, page.locator(".stMain"), "Markdown", tmp_path, "Take it all away")
    assert path.name == "conversation-what-are-the-side-effects.md"
    markdown = path.read_text("utf-8")
    assert markdown.startswith(f"# {LAM}\n")
    assert markdown.index(f"## 1. {questions[0]}") < markdown.index(f"## 2. {questions[1]}")


def test_the_keyboard_goes_into_the_downloads_and_back(page: Page, site: Site) -> None:
    open_article(page, site)
    control, pdf = page.get_by_role("button", name="Take it away").first, page.get_by_role("button", name="PDF")
    control.focus()
    page.keyboard.press("Enter")
    expect(pdf).to_be_focused(timeout=_WAIT)
    with page.expect_download(timeout=_WAIT) as downloading:
        page.keyboard.press("Enter")
    assert downloading.value.suggested_filename == "lam-treatment.pdf"
    page.keyboard.press("Escape")
    expect(pdf).to_be_hidden()
    expect(control).to_be_focused()
