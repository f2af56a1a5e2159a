"""A review round trip in a real browser: submit, return with a note, resubmit, approve, change a source, re-index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site, copy_corpus, indexing, serving

pytestmark = pytest.mark.browser

QUESTION = "What are the side effects of sirolimus?"
ARTICLE = "what-are-the-side-effects-of-sirolimus"
NOTE = "Statement 1 is too broad.\nName the source's own table. <b>!</b>"
_WAIT = 60_000  # ms: an index run on a busy machine
_RESTATED = ("include mouth sores", "include hiccups")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Site]:
    """A site of its own: approvals write into its corpus."""
    folder = tmp_path_factory.mktemp("review")
    copy_corpus(folder / "corpus")
    with indexing(folder / "corpus", folder / "index"):
        pass
    with serving(folder) as served:
        yield served


def begin_review(page: Page, site: Site, question: str) -> int:
    """Opens an item from the queue and puts it under review; how many statements it has."""
    page.goto(f"{site.address}/review")
    page.get_by_role("link", name=question).click(timeout=_WAIT)
    page.get_by_role("button", name="Begin the review").click(timeout=_WAIT)
    expect(page.get_by_role("button", name="Return with the note")).to_be_visible(timeout=_WAIT)
    return page.locator(".mf-statement").count()


def mark(page: Page, statement: int, words: str) -> None:
    """Marks a statement by keyboard."""
    group = page.get_by_role("radiogroup", name=f"Do the quotes say statement {statement}?")
    group.get_by_role("radio", name=words, exact=True).press("Space")
    expect(group.get_by_role("radio", name=words, exact=True)).to_be_checked()


def open_until(page: Page, address: str, words: str) -> None:
    """Opens the page until an index run that is at work has brought what it shows."""
    for _ in range(60):
        page.goto(address)
        expect(page.get_by_role("heading", name="References").or_(page.get_by_role("alert")).first).to_be_visible(
            timeout=_WAIT
        )
        if page.get_by_text(words).count():
            return
    pytest.fail(f"{address} never showed {words!r}")


def restate(corpus: Path, before: str, after: str) -> None:
    source = corpus / "references" / "label" / "label-rapamune-eu.md"
    text = source.read_text("utf-8")
    assert before in text
    source.write_text(text.replace(before, after), "utf-8")


def test_a_review_round_trip(page: Page, desk: Site) -> None:
    page.set_default_timeout(_WAIT)
    page.goto(f"{desk.address}/question")
    box = page.get_by_placeholder("question").last
    box.fill(QUESTION)
    box.press("Enter")
    page.get_by_role("button", name="Send to review").click()
    expect(page.get_by_text("Sent to review. You and the reviewers can read it.")).to_be_visible()
    draft = page.url

    begin_review(page, desk, QUESTION)
    expect(page.locator(".mf-statement").first.locator("blockquote mark")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    mark(page, 1, "Not supported")
    page.get_by_label("Note to the author").fill(NOTE)
    page.get_by_role("button", name="Return with the note").click()
    expect(page.get_by_text("It is returned with your note.")).to_be_visible()

    page.goto(draft)
    returned = page.locator(".mf-moved")
    expect(returned).to_contain_text("Name the source's own table. <b>!</b>")
    expect(returned).to_contain_text("Not supported by their quotes: statement 1.")
    page.get_by_text(re.compile("Choose what it says")).click()
    page.get_by_role("checkbox").first.press("Space")
    expect(page.get_by_text("Choose what it says: 7 of")).to_be_visible()
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("Sent to review. You and the reviewers can read it.")).to_be_visible()

    count = begin_review(page, desk, QUESTION)
    for statement in range(1, count + 1):
        mark(page, statement, "Supported")
    expect(page.get_by_text(f"{count} of {count} statements marked.")).to_be_visible()
    page.get_by_label("Your name").fill("Dr Ada Reviewer")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("It is approved and written to the corpus.")).to_be_visible()
    assert "status: Approved" in (desk.corpus / "articles" / f"{ARTICLE}.md").read_text("utf-8")

    article = f"{desk.address}/article?id={ARTICLE}"
    open_until(page, article, "Approved by Dr Ada Reviewer")
    expect(page.locator(".mf-steps [aria-current=step]")).to_have_text("Approved")
    expect(page.locator(".mf-answer").first).to_contain_text("include mouth sores")

    restate(desk.corpus, *_RESTATED)
    with indexing(desk.corpus, desk.index):
        pass
    page.goto(article)
    moved = page.locator(".mf-moved")
    expect(moved).to_contain_text("Back to Submitted")
    expect(moved).to_contain_text("Rapamune (sirolimus) oral solution: EU package leaflet")
    expect(moved.locator("del")).to_have_text("mouth sores")
    expect(moved.locator("ins")).to_have_text("hiccups")
    expect(page.locator(".mf-steps [aria-current=step]")).to_have_text("Submitted")
    expect(page.locator(".mf-answer .mf-claim", has_text="blood clots in legs")).to_have_count(0)

    page.goto(f"{desk.address}/review?item={ARTICLE}")
    expect(page.locator(".mf-history li").first).to_contain_text("Back to Submitted · Index run")
    expect(page.locator(".mf-history li").first).to_contain_text("mouth sores")


def test_the_queue_counts_by_status_and_names_what_waits(page: Page, desk: Site) -> None:
    page.goto(f"{desk.address}/review")
    expect(page.get_by_role("radio", name=re.compile(r"Submitted · \d+"))).to_be_visible(timeout=_WAIT)
    waiting = page.locator('[class*="st-key-card-review-"]')
    expect(waiting.first).to_contain_text("Article of the corpus")
    page.get_by_role("radio", name=re.compile(r"Returned · \d+")).press("Space")
    expect(waiting).to_have_count(0)
    expect(page.get_by_text("Nothing here is returned.")).to_be_visible()


def test_the_first_of_two_decisions_counts(page: Page, desk: Site, browser: Browser) -> None:
    other = browser.new_page()
    other.goto(f"{desk.address}/review?item=lam-treatment")
    other.get_by_role("button", name="Begin the review").click(timeout=_WAIT)
    expect(other.get_by_role("button", name="Return with the note")).to_be_visible(timeout=_WAIT)
    page.goto(f"{desk.address}/review?item=lam-treatment")
    for tab, note in ((other, "First."), (page, "Second.")):
        tab.get_by_label("Note to the author").fill(note, timeout=_WAIT)
        tab.get_by_role("button", name="Return with the note").click()
    expect(page.get_by_text("This is not under review any more")).to_be_visible(timeout=_WAIT)
    expect(page.locator(".mf-history")).not_to_contain_text("Second.")
    other.close()
