"""A new question in a real browser: its answer is a draft, which its author finds again, shortens and deletes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site

pytestmark = pytest.mark.browser

QUESTION = "What is the starting dose of atorvastatin?"
_WAIT = 60_000  # ms: the first page waits for the model and the index


def ask_new(page: Page, site: Site, question: str = QUESTION) -> None:
    """Asks on the page for questions, up to the draft that the answer becomes."""
    page.goto(f"{site.address}/question")
    box = page.get_by_placeholder("question").last
    box.fill(question, timeout=_WAIT)
    box.press("Enter")
    expect(page.get_by_role("button", name="Send to review")).to_be_visible(timeout=_WAIT)


def test_a_new_question_becomes_a_draft_of_the_shape_of_an_article(page: Page, site: Site) -> None:
    ask_new(page, site)
    expect(page).to_have_url(re.compile(r"/article\?draft=[0-9a-f]{32}"))
    expect(page.get_by_role("heading", level=1, name=QUESTION)).to_be_visible()
    expect(page.get_by_text("nobody has reviewed this content")).to_be_visible()
    expect(page.locator(".mf-steps li")).to_have_count(3)
    expect(page.locator(".mf-steps [aria-current=step]")).to_have_count(0)
    headings = page.locator(".mf-section > h2, .mf-references > h2, .mf-disclaimer > h2, .mf-part > h2")
    expect(headings.last).to_have_text("Have a follow-up question?")
    shown = [heading for heading in headings.all_inner_texts() if heading != "Related articles"]
    assert shown == [
        "From the Guidelines",
        "From the FDA Drug Label",
        "From the Research",
        "References",
        "Professional Medical Disclaimer",
        "Have a follow-up question?",
    ]
    page.get_by_role("button", name="Citation 1: show the quote").first.click()
    expect(page.get_by_role("dialog", name="Citation 1").locator("mark")).to_be_visible()


def test_a_draft_is_found_again_and_opened_by_its_link(page: Page, site: Site) -> None:
    ask_new(page, site)
    draft = page.url
    page.goto(f"{site.address}/question")
    page.get_by_role("link", name=QUESTION).first.click(timeout=_WAIT)
    expect(page).to_have_url(draft)
    expect(page.get_by_role("heading", level=1, name=QUESTION)).to_be_visible(timeout=_WAIT)


def test_a_statement_that_is_left_out_is_not_shown_and_one_must_stay(page: Page, site: Site) -> None:
    ask_new(page, site)
    claims = page.locator(".mf-answer .mf-claim")
    page.get_by_text(re.compile("Choose what it says")).click()
    boxes = page.get_by_role("checkbox", checked=True)
    left_out = boxes.first.locator("xpath=ancestor::label").inner_text().strip()
    for remaining in range(boxes.count() - 1, 0, -1):
        boxes.first.press("Space")
        expect(page.get_by_text(f"Choose what it says: {remaining} of")).to_be_visible(timeout=_WAIT)
    expect(claims).to_have_count(1)
    expect(page.locator(".mf-answer").first).not_to_contain_text(left_out)
    boxes.first.press("Space")
    expect(page.get_by_text("leave at least one in")).to_be_visible(timeout=_WAIT)
    expect(boxes).to_have_count(1)


def test_a_draft_that_was_not_sent_is_deleted_for_good(page: Page, site: Site) -> None:
    ask_new(page, site)
    draft = page.url
    page.get_by_role("button", name="Delete this draft").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", level=1, name="Ask a question")).to_be_visible(timeout=_WAIT)
    page.goto(draft)
    expect(page.get_by_text("There is no such draft that you may read")).to_be_visible(timeout=_WAIT)


def test_follow_ups_to_a_draft_are_read_in_its_light(page: Page, site: Site) -> None:
    ask_new(page, site)
    box = page.get_by_placeholder("follow-up question")
    box.fill("And in renal impairment?")
    box.press("Enter")
    answer = page.locator(".st-key-turn-0")
    expect(answer.locator(".mf-reading")).to_contain_text("atorvastatin", timeout=_WAIT)


def test_what_nothing_answers_stays_on_the_page_and_makes_no_draft(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/question")
    box = page.get_by_placeholder("question").last
    box.fill("What is the capital of France?", timeout=_WAIT)
    box.press("Enter")
    expect(page.locator(".mf-notice")).to_have_text("Nothing that is indexed answers this question.", timeout=_WAIT)
    expect(page).to_have_url(re.compile("/question"))
    expect(page.get_by_role("link", name="capital of France")).to_have_count(0)
