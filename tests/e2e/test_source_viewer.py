"""A source whole in a real browser: from a citation to the quote in it, through its outline, back to the articles."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.test_journey import open_article

pytestmark = pytest.mark.browser

_WAIT = 60_000  # ms: the first page waits for the model and the index


def open_source(page: Page, site: Site, **parameters: str) -> None:
    page.goto(f"{site.address}/source?{urlencode(parameters)}")
    expect(page.locator(".mf-text")).to_be_visible(timeout=_WAIT)


def quote_address(page: Page, site: Site) -> str:
    """The address that the first citation of the article leads to."""
    open_article(page, site)
    page.get_by_role("button", name="Citation 1: show the quote").first.click()
    panel = page.get_by_role("dialog", name="Citation 1")
    return str(panel.get_by_role("link", name="Read it in the whole source").get_attribute("href"))


def test_a_citation_leads_to_its_quote_in_the_whole_source_beside_the_chat(page: Page, site: Site) -> None:
    open_article(page, site)
    page.get_by_role("button", name="Citation 2: show the quote").first.click()
    panel = page.get_by_role("dialog", name="Citation 2")
    said = panel.locator("mark").inner_text()
    with page.expect_popup() as opened:
        panel.get_by_role("link", name="Read it in the whole source").click()
    source = opened.value
    mark = source.locator("#mf-quote")
    expect(mark).to_have_text(said, timeout=_WAIT)
    expect(mark).to_be_in_viewport()
    expect(source.get_by_role("status")).to_have_count(0)
    expect(panel).to_be_visible()


def test_a_reference_leads_to_its_whole_source(page: Page, site: Site) -> None:
    open_article(page, site)
    references = page.locator(".mf-references").first
    with page.expect_popup() as opened:
        references.get_by_role("link", name="Read it in the whole source").first.click()
    expect(opened.value.locator(".mf-text")).to_be_visible(timeout=_WAIT)
    expect(opened.value.locator("#mf-quote")).to_have_count(0)


def test_the_outline_leads_to_a_section(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    open_source(page, site, id="label-lipitor-us")
    links = page.get_by_role("navigation", name="Sections").get_by_role("link")
    last = links.last
    heading = page.locator(str(last.get_attribute("href")))
    expect(heading).not_to_be_in_viewport()
    last.click()
    expect(heading).to_be_in_viewport()


def test_a_phone_folds_the_outline_above_the_text(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_source(page, site, id="label-lipitor-us")
    folded = page.locator(".mf-folded")
    expect(folded.get_by_role("link").first).to_be_hidden()
    folded.locator("summary").click()
    expect(folded.get_by_role("link").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_source_names_the_articles_that_cite_it_and_opens_them(page: Page, site: Site) -> None:
    open_source(page, site, id="research-miles-trial")
    cited = page.locator(".st-key-cited-by")
    expect(cited).to_contain_text("Cited by")
    expect(page.locator(".mf-source-head")).to_contain_text("this library’s own words")
    cited.get_by_role("link", name="What is the treatment for lymphangioleiomyomatosis (LAM)?").click()
    expect(page.get_by_role("heading", name="References", exact=True).first).to_be_visible(timeout=_WAIT)


def test_a_quote_of_a_text_that_has_changed_is_found_by_its_words_or_said_to_be_gone(page: Page, site: Site) -> None:
    asked = {name: values[0] for name, values in parse_qs(urlsplit(quote_address(page, site)).query).items()}
    open_source(page, site, **{**asked, "hash": "000000000000", "start": "0", "end": "4"})
    expect(page.get_by_role("status")).to_contain_text("The quoted words are still in it")
    expect(page.locator("#mf-quote")).to_have_text(asked["quote"])
    open_source(page, site, **{**asked, "hash": "000000000000", "quote": "These words stand nowhere."})
    expect(page.get_by_role("status")).to_contain_text("no longer in it")
    expect(page.locator("#mf-quote")).to_have_count(0)


@pytest.mark.parametrize("parameters", [{"id": "<b>none</b>"}, {}])
def test_an_address_of_no_source_ends_in_a_sentence(page: Page, site: Site, parameters: dict[str, str]) -> None:
    page.goto(f"{site.address}/source?{urlencode(parameters)}")
    said = "There is no source “<b>none</b>” in the index." if parameters else "This address names no source."
    expect(page.get_by_role("alert")).to_contain_text(said, timeout=_WAIT)


def test_numbers_that_are_none_are_passed_over(page: Page, site: Site) -> None:
    open_source(page, site, id="research-miles-trial", start="x", end="99999999999999")
    expect(page.locator("#mf-quote")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
