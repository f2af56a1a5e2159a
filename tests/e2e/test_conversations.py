"""One's conversations in a real browser: listed, searched, gone on with by link, renamed, deleted for good."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Site
from tests.e2e.test_journey import ask, open_article

pytestmark = pytest.mark.browser

_WAIT = 60_000  # ms: the first page waits for the model and the index


def open_conversations(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/conversations")
    expect(page.get_by_role("heading", level=1, name="Conversations")).to_be_visible(timeout=_WAIT)


def choose(page: Page, title: str, action: str) -> None:
    """Opens the menu of the conversation of this title that was changed last, and chooses from it."""
    page.get_by_role("button", name=f"Rename or delete: {title}").first.click(timeout=_WAIT)
    page.get_by_role("menuitem", name=action).click()


def rename(page: Page, title: str, new_title: str) -> None:
    choose(page, title, "Rename")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title").fill(new_title)
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name=new_title).first).to_be_visible(timeout=_WAIT)


def begin(page: Page, site: Site, *questions: str, title: str) -> str:
    """A conversation on the article, under a title of its own; gives its link."""
    open_article(page, site)
    for turn, question in enumerate(questions):
        ask(page, question, turn)
    page.wait_for_url("**chat=*")
    link = page.url
    open_conversations(page, site)
    rename(page, page.locator("[class*=st-key-card-talk-] a").first.inner_text(), title)
    return link


def holding(folder: Path, phrase: str) -> list[str]:
    """The files below the folder in whose bytes the phrase stands."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if phrase.encode() in path.read_bytes()]


def test_a_conversation_is_found_renamed_and_gone_on_with_in_another_browser(
    page: Page, context: BrowserContext, site: Site
) -> None:
    begin(page, site, "What are the side effects?", "And in pregnancy?", title="For the ward round")
    card = page.locator("[class*=st-key-card-talk-]", has_text="For the ward round")
    expect(card).to_contain_text("On: What is the treatment for lymphangioleiomyomatosis (LAM)?")
    expect(card).to_contain_text("2 questions")
    assert context.browser is not None
    with context.browser.new_context() as other:
        second = other.new_page()
        open_conversations(second, site)
        second.get_by_label("Find a conversation").fill("ward contraception zebras")
        expect(second.get_by_text("No conversation of yours holds")).to_be_visible(timeout=_WAIT)
        second.get_by_label("Find a conversation").fill("ward ROUND contraception")
        second.get_by_role("link", name="For the ward round").click()
        expect(second.locator("#mf-turn-1")).to_have_text("And in pregnancy?", timeout=_WAIT)
        ask(second, "What is the dose?", 2)


def test_a_link_leads_back_to_a_conversation_and_a_reload_keeps_it(page: Page, site: Site) -> None:
    link = begin(page, site, "What are the side effects?", title="Linked to")
    page.goto(link)
    expect(page.locator("#mf-turn-0")).to_have_text("What are the side effects?", timeout=_WAIT)
    page.reload()
    expect(page.locator("#mf-turn-0")).to_have_text("What are the side effects?", timeout=_WAIT)


def test_a_deleted_conversation_is_gone_from_list_link_and_files(page: Page, site: Site) -> None:
    question = "Did sirolimus help Quixworth hamsters with LAM?"
    link = begin(page, site, question, title="The Quixworth hamsters")
    assert holding(site.data, "Quixworth")
    choose(page, "The Quixworth hamsters", "Delete")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("cannot be undone")
    dialog.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("link", name="The Quixworth hamsters")).to_be_visible()
    choose(page, "The Quixworth hamsters", "Delete")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("link", name="The Quixworth hamsters")).to_have_count(0, timeout=_WAIT)
    assert holding(site.data, "Quixworth") == []
    page.goto(link)
    expect(page.get_by_text("no such conversation among yours")).to_be_visible(timeout=_WAIT)
    expect(page.locator("#mf-turn-0")).to_have_count(0)


def test_all_conversations_are_deleted_at_once(page: Page, site: Site) -> None:
    begin(page, site, "What are the side effects?", title="The last one")
    page.get_by_role("button", name="Delete all conversations").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete all").click()
    expect(page.get_by_text("Nothing here yet")).to_be_visible(timeout=_WAIT)
    expect(page.get_by_role("button", name="Ask a question")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_title_is_wider_than_the_window(page: Page, site: Site, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    begin(
        page, site, "What are the side effects?", title=f"{width}" + "Pneumonoultramicroscopicsilicovolcanoconiosis" * 4
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
