"""The follow-up chat in a real browser: how a question is read, what is done with its answer, and where it is kept."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.conftest import Site
from tests.e2e.test_journey import ask, open_article, section

pytestmark = pytest.mark.browser

EFFECTS = "What are the side effects?"
_WAIT = 60_000  # ms
_KEPT = re.compile(r"[?&]chat=[\w-]{20,}")
SLOW = ("dose of sirolimus? " * 1000).strip()
"""Takes some seconds to read: the site's server takes longer questions than usual for its sake."""


def turn(page: Page, number: int) -> Locator:
    return page.locator(f".st-key-turn-{number}")


def ask_and_keep(page: Page, question: str, number: int) -> Locator:
    """Asks, and waits until the answer is kept: then it can be rated."""
    answer = ask(page, question, number)
    expect(turn(page, number).get_by_test_id("stFeedback")).to_be_visible(timeout=_WAIT)
    at_rest(page)
    return answer


def at_rest(page: Page) -> None:
    """Waits until nothing on the page is being worked out, so that nothing moves below the pointer."""
    page.locator("[data-test-script-state=notRunning]").wait_for(timeout=_WAIT)


def suggestions(page: Page) -> Locator:
    return page.locator(".st-key-offers").get_by_role("button")


def test_a_question_asked_as_typed_takes_the_place_of_its_reading(page: Page, site: Site) -> None:
    open_article(page, site)
    ask_and_keep(page, EFFECTS, 0)
    expect(turn(page, 0)).to_contain_text("Read as: What are the side effects of lymphangioleiomyomatosis (LAM)?")
    turn(page, 0).get_by_role("button", name="Ask as typed").click()
    expect(turn(page, 0).locator(".mf-reading")).to_have_count(0, timeout=_WAIT)
    expect(turn(page, 0).locator(".mf-answer")).to_be_visible()
    expect(turn(page, 1)).to_have_count(0)


@pytest.mark.long  # beside other work the server is too busy with that question to say that it is
def test_stop_ends_the_work_and_gives_the_question_back(page: Page, site: Site) -> None:
    open_article(page, site)
    ask_and_keep(page, EFFECTS, 0)
    box = page.get_by_placeholder("question").last
    box.fill(SLOW)
    box.press("Enter")
    expect(turn(page, 1).get_by_role("status")).to_have_text("Reading the question …")
    turn(page, 1).get_by_role("button", name="Stop").click()
    expect(box).to_have_value(SLOW, timeout=_WAIT)
    expect(turn(page, 1)).to_have_count(0)
    expect(turn(page, 0).locator(".mf-answer")).to_be_visible()
    page.reload()
    expect(turn(page, 0).locator(".mf-answer")).to_be_visible(timeout=_WAIT)
    expect(turn(page, 1)).to_have_count(0)


def test_a_silent_section_is_one_line_with_the_nearest_passage_behind_it(page: Page, site: Site) -> None:
    open_article(page, site)
    silent = section(ask(page, EFFECTS, 0), "From the FDA Drug Label")
    expect(silent.locator(".mf-honest")).to_have_text("No US label for sirolimus is indexed.")
    passage = silent.locator("blockquote")
    expect(passage).to_be_hidden()
    silent.get_by_text("Nearest passage", exact=True).focus()
    page.keyboard.press("Enter")
    expect(passage).not_to_be_empty()
    expect(passage).to_be_visible()
    expect(silent).to_contain_text("It was not judged to answer the question.")
    expect(silent.locator(".mf-source")).to_contain_text("Lipitor")


def test_every_suggested_question_below_article_and_answer_is_answered(page: Page, site: Site) -> None:
    open_article(page, site)
    expect(suggestions(page).nth(2)).to_be_visible(timeout=_WAIT)
    for number in range(2):
        question = suggestions(page).first.inner_text()
        suggestions(page).first.click()
        expect(turn(page, number).locator(".mf-claim").first).to_be_visible(timeout=_WAIT)
        expect(page.locator(f"#mf-turn-{number}")).to_have_text(question)
        expect(turn(page, number).locator(".st-key-offers button").nth(2)).to_be_visible(timeout=_WAIT)
        expect(suggestions(page).get_by_text(question, exact=True)).to_have_count(0)


def test_the_last_question_is_edited_and_its_answer_replaced(page: Page, site: Site) -> None:
    open_article(page, site)
    ask_and_keep(page, EFFECTS, 0)
    page.get_by_role("button", name="Edit", exact=True).click()
    box = page.get_by_placeholder("Edit your question")
    expect(box).to_have_value(EFFECTS)
    box.fill("And in pregnancy?")
    box.press("Enter")
    expect(page.locator("#mf-turn-0")).to_have_text("And in pregnancy?")
    expect(turn(page, 0).get_by_test_id("stFeedback")).to_be_visible(timeout=_WAIT)
    page.reload()
    expect(page.locator("#mf-turn-0")).to_have_text("And in pregnancy?", timeout=_WAIT)
    expect(turn(page, 1)).to_have_count(0)


def test_editing_can_be_left_without_asking(page: Page, site: Site) -> None:
    open_article(page, site)
    ask_and_keep(page, EFFECTS, 0)
    page.get_by_role("button", name="Edit", exact=True).click()
    expect(page.get_by_placeholder("Edit your question")).to_have_value(EFFECTS)
    at_rest(page)
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.locator("#mf-turn-0")).to_have_text(EFFECTS, timeout=_WAIT)
    expect(page.get_by_placeholder("Edit your question")).to_have_count(0)


def test_an_answer_is_copied_with_its_references(page: Page, context: BrowserContext, site: Site) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_article(page, site)
    ask_and_keep(page, EFFECTS, 0)
    claim = turn(page, 0).locator(".mf-claim").first
    said = claim.inner_text().removesuffix(claim.locator(".mf-cite").inner_text()).strip()
    turn(page, 0).get_by_role("button", name="Copy").click()
    expect(turn(page, 0).get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"- {said} [1]" in copied
    assert "References" in copied
    assert "Rapamune" in copied.split("References")[1]


def test_a_thumb_and_its_reason_are_there_after_a_reload(page: Page, site: Site) -> None:
    open_article(page, site)
    ask_and_keep(page, EFFECTS, 0)
    turn(page, 0).get_by_role("radio", name="Thumbs down").click()
    why = turn(page, 0).get_by_label("Why?")
    why.fill("It leaves out how often.")
    why.press("Enter")
    expect(turn(page, 0)).to_contain_text("your reason is kept", timeout=_WAIT)
    page.reload()
    expect(turn(page, 0).get_by_label("Why?")).to_have_value("It leaves out how often.", timeout=_WAIT)
    expect(turn(page, 0).get_by_role("radio", name="Thumbs down")).to_be_checked()


def test_a_reload_resumes_the_conversation_and_the_next_question_is_read_in_it(page: Page, site: Site) -> None:
    open_article(page, site)
    ask_and_keep(page, "What is the usual dose of sirolimus?", 0)
    expect(page).to_have_url(_KEPT)
    shown = turn(page, 0).locator(".mf-answer").text_content()
    page.reload()
    expect(turn(page, 0).locator(".mf-answer")).to_be_visible(timeout=_WAIT)
    assert turn(page, 0).locator(".mf-answer").text_content() == shown
    ask(page, "And its side effects?", 1)
    expect(turn(page, 1).locator(".mf-reading")).to_contain_text("sirolimus")


def test_starting_over_begins_another_conversation_and_keeps_the_first(page: Page, site: Site) -> None:
    open_article(page, site)
    ask_and_keep(page, EFFECTS, 0)
    expect(page).to_have_url(_KEPT)
    first = page.url
    page.get_by_role("button", name="Start over").click()
    expect(turn(page, 0)).to_have_count(0)
    expect(page).not_to_have_url(_KEPT)
    ask_and_keep(page, "And in pregnancy?", 0)
    expect(page).to_have_url(_KEPT)
    assert page.url != first
    page.goto(first)
    expect(page.locator("#mf-turn-0")).to_have_text(EFFECTS, timeout=_WAIT)


def test_a_link_to_no_conversation_of_ones_own_says_so_and_begins_anew(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/article?id=lam-treatment&chat=somebody-elses-conversation")
    expect(page.get_by_text("There is no such conversation among yours")).to_be_visible(timeout=_WAIT)
    ask_and_keep(page, EFFECTS, 0)
    expect(page).to_have_url(_KEPT)
    assert "somebody-elses" not in page.url
