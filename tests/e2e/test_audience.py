"""Which best describes you: what a patient is shown beside a clinician, that it is remembered, and terms explained."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.conftest import Site
from tests.e2e.test_journey import ask, open_article

pytestmark = pytest.mark.browser

DOSE = "What is the usual dose of sirolimus?"
_WAIT = 60_000  # ms


def choose(page: Page, audience: str) -> None:
    page.get_by_role("radio", name=audience).click()
    is_chosen(page, audience)


def is_chosen(page: Page, audience: str) -> None:
    expect(page.get_by_role("radio", name=audience)).to_be_checked(timeout=_WAIT)


def claims(answer: Locator) -> list[str]:
    """The statements shown at once, without their citation numbers."""
    found = answer.locator(":not(details) > ul > li .mf-claim, :not(details) > p .mf-claim")
    return [re.sub(r"[\d\s]+\Z", "", " ".join(text.split())) for text in found.all_inner_texts()]


@pytest.fixture
def as_usual(page: Page, site: Site) -> Page:
    """The article, read by a clinician: what another test chose is not this one's."""
    open_article(page, site)
    choose(page, "Clinician")
    expect(page.locator(".mf-term")).to_have_count(0, timeout=_WAIT)
    return page


def test_a_clinician_is_shown_no_definitions_and_a_patient_other_sentences_with_the_same_dose(as_usual: Page) -> None:
    page = as_usual
    usual = claims(ask(page, DOSE, 0))
    choose(page, "Patient or carer")
    expect(page.locator(".mf-term").first).to_be_visible(timeout=_WAIT)
    plain = claims(ask(page, DOSE, 1))
    assert set(plain) != set(usual)
    doses = [text for text in usual if re.search(r"\d+ mg", text)]
    assert doses
    assert [text for text in plain if text in doses] == doses


def test_the_choice_survives_a_reload_and_a_new_window(as_usual: Page, context: BrowserContext, site: Site) -> None:
    choose(as_usual, "Trainee")
    expect(as_usual.get_by_text("settle decisions with your supervisor")).to_be_visible(timeout=_WAIT)
    as_usual.reload()
    is_chosen(as_usual, "Trainee")
    other = context.new_page()
    open_article(other, site)
    is_chosen(other, "Trainee")
    choose(other, "Trainee")  # a second click leaves it chosen


def test_a_definition_opens_by_keyboard_and_escape_closes_it(as_usual: Page) -> None:
    choose(as_usual, "Patient or carer")
    term = as_usual.get_by_role("button", name="pleurodesis: show what it means").first
    expect(term).to_be_visible(timeout=_WAIT)
    term.focus()
    as_usual.keyboard.press("Enter")
    panel = as_usual.get_by_role("dialog", name="What pleurodesis means")
    expect(panel).to_contain_text("makes the lung stick to the chest wall")
    expect(panel).to_contain_text("pending human review")
    expect(panel.get_by_role("link", name="research-lam-treatment-overview")).to_be_visible()
    as_usual.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(term).to_be_focused()


def test_each_term_is_explained_once_in_an_answer_and_reads_as_text(as_usual: Page) -> None:
    before = as_usual.locator(".mf-answer").first.locator(".mf-claim").all_inner_texts()
    choose(as_usual, "Patient or carer")
    expect(as_usual.locator(".mf-term").first).to_be_visible(timeout=_WAIT)
    article = as_usual.locator(".mf-answer").first
    targets = [term.get_attribute("popovertarget") for term in article.locator(".mf-term").all()]
    assert len(targets) == len(set(targets)) > 5
    assert article.locator(".mf-claim").all_inner_texts() == before
