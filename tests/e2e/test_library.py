"""The library in a real browser: found while typing, narrowed, read again, a question begun with what was typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Site

pytestmark = pytest.mark.browser

LAM = "What is the treatment for lymphangioleiomyomatosis (LAM)?"
STATINS = "When should a statin such as atorvastatin be used"
_WAIT = 60_000  # ms: the first page waits for the model and the index


def open_library(page: Page, site: Site) -> Locator:
    """The search box of the library."""
    page.goto(site.address)
    expect(page.locator(".st-key-card-lam-treatment")).to_be_visible(timeout=_WAIT)
    return page.get_by_label("Find an article or a source")


def test_typing_narrows_articles_and_sources_without_enter(page: Page, site: Site) -> None:
    box = open_library(page, site)
    box.press_sequentially("stat")
    expect(page.locator(".st-key-card-lam-treatment")).to_have_count(0)
    expect(page.get_by_role("link", name=STATINS)).to_be_visible()
    expect(page.get_by_role("heading", level=2, name="Sources")).to_be_visible()
    expect(page.locator("[class*=st-key-card-source-]").first).to_contain_text("statin", ignore_case=True)
    box.fill("zzz")
    expect(page.get_by_text("No article and no source matches “zzz”.")).to_be_visible()
    box.fill("")
    expect(page.locator(".st-key-card-lam-treatment")).to_be_visible()


def test_a_pmid_finds_its_source_which_opens_whole(page: Page, site: Site) -> None:
    open_library(page, site).fill("21410393")
    card = page.locator(".st-key-card-source-research-miles-trial")
    expect(card).to_contain_text("Research")
    card.get_by_role("link").click()
    expect(page.locator(".mf-text")).to_be_visible(timeout=_WAIT)
    expect(page.get_by_role("heading", level=1)).to_contain_text("sirolimus", ignore_case=True)


def test_kinds_topics_and_statuses_narrow(page: Page, site: Site) -> None:
    open_library(page, site)
    page.get_by_role("button", name="Drug labels").click()
    expect(page.get_by_role("heading", level=2, name="Articles")).to_have_count(0)
    cards = page.locator("[class*=st-key-card-source-]")
    expect(cards.first).to_be_visible()
    expect(cards.filter(has_text="Drug label")).to_have_count(cards.count())
    page.get_by_role("button", name="Drug labels").click()
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("button", name="Approved", exact=True).click()
    expect(page.get_by_text("No article and no source fits these filters together.")).to_be_visible()
    page.get_by_role("button", name="Approved", exact=True).click()
    page.get_by_label("Topic").press_sequentially("sirol")
    page.get_by_role("option", name="sirolimus").first.click()
    expect(page.locator(".st-key-card-lam-treatment")).to_be_visible()
    expect(page.get_by_role("link", name=STATINS)).to_have_count(0)


def test_what_was_opened_is_listed_as_recently_read(page: Page, site: Site) -> None:
    open_library(page, site)
    page.locator(".st-key-card-lam-treatment").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1, name=LAM)).to_be_visible(timeout=_WAIT)
    page.get_by_role("link", name="Library", exact=True).first.click()
    recent = page.locator(".st-key-recently-read")
    expect(recent).to_contain_text("Recently read")
    recent.get_by_role("link", name=LAM).click()
    expect(page.get_by_role("heading", level=1, name=LAM)).to_be_visible()


def test_a_new_question_begins_with_the_words_typed(page: Page, site: Site) -> None:
    open_library(page, site).fill("sirolimus and pneumothorax")
    expect(page.locator(".mf-results, .mf-quietly").first).to_be_visible()
    page.get_by_role("button", name="Ask a new question").click()
    expect(page.get_by_placeholder("Ask a question")).to_have_value("sirolimus and pneumothorax", timeout=_WAIT)


def test_the_library_fits_a_phone(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_library(page, site).fill("a")
    expect(page.get_by_role("heading", level=2, name="Sources")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
