"""axe-core finds nothing serious on any page, in both themes, on a laptop and on a phone.

The rules are axe's own (4.12.1, carried by axe-playwright-python), best practices included; Streamlit's elements are on
the pages and are looked at with the rest.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site
from tests.e2e.test_journey import ask, open_article

pytestmark = pytest.mark.browser

_WAIT = 60_000  # ms
_WIDTHS = (1280, 390)
_GRAVE = {"serious", "critical"}


def library(page: Page, site: Site) -> None:
    page.goto(site.address)
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=_WAIT)


def article(page: Page, site: Site) -> None:
    open_article(page, site)


def open_quote(page: Page, site: Site) -> None:
    open_article(page, site)
    page.get_by_role("button", name="Citation 1: show the quote").first.click()
    expect(page.get_by_role("dialog", name="Citation 1")).to_be_visible()


def three_follow_ups(page: Page, site: Site) -> None:
    open_article(page, site)
    for turn, question in enumerate(("What are the side effects?", "And in pregnancy?", "usual dose of atorvastatin?")):
        ask(page, question, turn)


def urgent_advice_and_a_question_held_back(page: Page, site: Site) -> None:
    open_article(page, site)
    ask(page, "I have crushing chest pain, is it the sirolimus?", 0)
    box = page.get_by_placeholder("question").last
    box.fill("Which vaccines may Mrs Quirrenbach have with sirolimus?")
    box.press("Enter")
    expect(page.locator(".mf-held")).to_be_visible(timeout=_WAIT)


def source(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/source?id=research-miles-trial&start=10&end=60")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=_WAIT)


def review_desk(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/review")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=_WAIT)


def review_of_an_article(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/review?item=lam-treatment")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=_WAIT)


def conversations(page: Page, site: Site) -> None:
    open_article(page, site)
    ask(page, "What are the side effects?", 0)
    expect(page.locator(".st-key-turn-0").get_by_test_id("stFeedback")).to_be_visible(timeout=_WAIT)
    page.goto(f"{site.address}/conversations")
    expect(page.locator(".stMain").get_by_text("side effects").first).to_be_visible(timeout=_WAIT)


def sources(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/sources")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=_WAIT)


def question(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/question")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=_WAIT)


PAGES = (
    library,
    article,
    open_quote,
    three_follow_ups,
    urgent_advice_and_a_question_held_back,
    source,
    review_desk,
    review_of_an_article,
    conversations,
    sources,
    question,
)


def grave(page: Page) -> list[str]:
    """Each serious or critical violation: its rule, what axe says of it, and the elements."""
    page.locator("[data-test-script-state=notRunning]").wait_for(timeout=_WAIT)
    page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => null)))")
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {[node['html'][:200] for node in one['nodes']]}"
        for one in found
        if one["impact"] in _GRAVE
    ]


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.long)])
@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.__name__)
def test_axe_finds_nothing_serious(
    browser: Browser, site: Site, shown: Callable[[Page, Site], None], theme: str
) -> None:
    with browser.new_context(color_scheme="dark" if theme == "dark" else "light") as context:
        page = context.new_page()
        page.set_viewport_size({"width": _WIDTHS[0], "height": 900})
        shown(page, site)
        assert grave(page) == []
        page.set_viewport_size({"width": _WIDTHS[1], "height": 844})
        assert grave(page) == []


def test_axe_is_at_work(page: Page, site: Site) -> None:
    library(page, site)
    page.evaluate("""document.querySelector('.stMain').insertAdjacentHTML('beforeend', '<img src="data:,">')""")
    assert [one.split(" ")[0] for one in grave(page)] == ["image-alt"]
