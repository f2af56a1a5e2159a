"""The journey of issue 2 in a real browser: read the LAM article, follow up, change the topic, ask the unanswerable."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.conftest import HOSTILE_TITLE, Site, indexing

pytestmark = pytest.mark.browser

LAM = "What is the treatment for lymphangioleiomyomatosis (LAM)?"
_WAIT = 60_000  # ms: the first page waits for the model and the index
_SMALLEST_TEXT = """Math.min(...[...document.querySelectorAll('.stApp *')]
    .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(e => parseFloat(getComputedStyle(e).fontSize)))"""


def open_article(page: Page, site: Site, article: str = "lam-treatment") -> None:
    page.goto(f"{site.address}/article?id={article}")
    expect(page.get_by_role("heading", name="References", exact=True).first).to_be_visible(timeout=_WAIT)


def ask(page: Page, question: str, turn: int) -> Locator:
    """Asks the question that becomes a turn, counted from 0; gives what the page answers."""
    box = page.get_by_placeholder("question").last
    box.fill(question)
    box.press("Enter")
    answer = page.locator(f".st-key-turn-{turn} .mf-answer")
    expect(answer).to_be_visible(timeout=_WAIT)
    expect(page.locator(f"#mf-turn-{turn}")).to_have_text(question)
    return answer


def reading(page: Page, turn: int) -> Locator:
    return page.locator(f".st-key-turn-{turn} .mf-reading")


def section(answer: Locator, title: str) -> Locator:
    return answer.locator("section", has=answer.page.get_by_role("heading", name=title, exact=True))


def test_the_journey_from_the_library_to_a_question_that_nothing_answers(page: Page, site: Site) -> None:
    page.goto(site.address)
    page.get_by_role("link", name=LAM).first.click(timeout=_WAIT)
    expect(page.get_by_role("heading", level=1, name=LAM)).to_be_visible()

    effects = ask(page, "What are the side effects?", 0)
    expect(reading(page, 0)).to_contain_text("What are the side effects of lymphangioleiomyomatosis")
    expect(section(effects, "From the FDA Drug Label")).to_contain_text("No US label for sirolimus is indexed.")
    expect(section(effects, "From the EU Product Leaflet").locator(".mf-claim").first).to_contain_text("sirolimus")
    expect(section(effects, "From the Research").locator(".mf-cite").first).to_be_visible()

    pregnancy = ask(page, "And in pregnancy?", 1)
    expect(reading(page, 1)).to_contain_text("And in pregnancy?")
    expect(section(pregnancy, "From the EU Product Leaflet")).to_contain_text("contraception")

    dose = ask(page, "usual starting dose of atorvastatin?", 2)
    label = section(dose, "From the FDA Drug Label")
    expect(label).to_contain_text("Atorvastatin is started at 10 or 20 mg once daily")
    expect(dose.locator(".mf-claim", has_text="LAM")).to_have_count(0)
    expect(section(dose, "References")).to_contain_text("Drug label (US)")

    nothing = ask(page, "What is the capital of France?", 3)
    expect(nothing).to_contain_text("Nothing that is indexed answers this question.")
    expect(nothing.locator(".mf-honest")).to_have_count(3)
    expect(nothing.locator(".mf-cite")).to_have_count(0)


def test_a_question_without_a_drug_is_asked_back_and_a_choice_is_answered(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/question")
    expect(page.get_by_placeholder("question").last).to_be_visible(timeout=_WAIT)
    back = ask(page, "what's the maximum dose?", 0)
    expect(back).to_contain_text("Which drug do you mean?")
    expect(back.locator("section")).to_have_count(0)
    choice = page.get_by_role("button", name="the maximum dose of").first
    asked = choice.inner_text()
    choice.click()
    expect(page.get_by_role("heading", level=1, name=asked)).to_be_visible(timeout=_WAIT)
    expect(page.locator(".mf-answer .mf-claim").first).to_be_visible()


def test_a_number_opens_its_quote_by_keyboard_and_escape_closes_it(page: Page, site: Site) -> None:
    open_article(page, site)
    number = page.get_by_role("button", name="Citation 2: show the quote").first
    number.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Citation 2")
    expect(panel.locator("blockquote mark")).to_be_visible()
    page.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Close citation 2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_the_quote_of_a_follow_up_is_the_claim_itself(page: Page, site: Site) -> None:
    open_article(page, site)
    claim = ask(page, "What are the side effects?", 0).locator(".mf-claim").first
    number = claim.locator(".mf-cite")
    said = claim.inner_text().removesuffix(number.inner_text()).strip()
    number.click()
    expect(page.get_by_role("dialog", name="Citation 1").locator("mark")).to_have_text(said)


def test_a_question_moves_to_the_top_of_the_window(page: Page, site: Site) -> None:
    open_article(page, site)
    ask(page, "What are the side effects?", 0)
    asked = page.locator("#mf-turn-0")
    expect(asked).to_be_in_viewport()
    assert asked.bounding_box()["y"] < 250  # type: ignore[index]


def test_a_second_browser_does_not_see_the_conversation(page: Page, context: BrowserContext, site: Site) -> None:
    open_article(page, site)
    ask(page, "What are the side effects?", 0)
    assert context.browser is not None
    with context.browser.new_context() as other:
        second = other.new_page()
        open_article(second, site)
        expect(second.locator("#mf-turn-0")).to_have_count(0)


def test_hostile_text_is_shown_as_it_was_written(page: Page, site: Site) -> None:
    page.goto(site.address)
    card = page.locator(".st-key-card-hostile")
    expect(card).to_contain_text(HOSTILE_TITLE.replace(":smile:", ":\u2060smile:"), timeout=_WAIT)
    assert card.locator("b, img, em, code, .katex").count() == 0


def test_the_page_asks_no_other_host_for_anything(page: Page, site: Site) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_article(page, site)
    ask(page, "What are the side effects?", 0)
    assert [url for url in asked if not url.startswith((site.address, "data:", "blob:"))] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_text_is_never_below_12_px_nor_wider_than_the_window(page: Page, site: Site, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    open_article(page, site)
    ask(page, "What are the side effects?", 0)
    assert page.evaluate(_SMALLEST_TEXT) >= 12
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_indexing_while_the_page_is_open_fails_no_question_and_reaches_the_next_one(page: Page, site: Site) -> None:
    open_article(page, site)
    expect(ask(page, "Is zylopentin useful in LAM?", 0)).not_to_contain_text("Zylopentin lowered")
    (site.corpus / "references" / "research" / "research-zylopentin.md").write_text(
        "---\nid: research-zylopentin\nkind: research\ntitle: Zylopentin in lymphangioleiomyomatosis\n"
        "topics: [zylopentin, lymphangioleiomyomatosis, lam]\nstatus: Submitted\n"
        "facts_from: [made up for a test]\n---\n"
        "## Findings\n\nZylopentin lowered the number of pneumothoraces in LAM.\nZylopentin was useful in LAM.\n",
        "utf-8",
    )
    with indexing(site.corpus, site.index) as running:
        turn = 1
        while running.poll() is None and turn < 20:
            ask(page, "What are the side effects of sirolimus?", turn)
            turn += 1
    after = ask(page, "Is zylopentin useful in LAM?", turn)
    expect(section(after, "From the Research")).to_contain_text("Zylopentin")
