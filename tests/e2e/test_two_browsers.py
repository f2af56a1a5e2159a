"""Two browsers that ask at once keep their conversations apart, also over a restart of the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from chatbot.conversations import Conversations
from chatbot.people import LOCAL
from tests.e2e.conftest import Site, serving
from tests.e2e.test_journey import open_article

pytestmark = pytest.mark.browser

_WAIT = 60_000  # ms: the first page waits for the model and the index
ASPECTS = (
    "side effects, usual dose, use in pregnancy, breast-feeding, use in kidney disease, use in liver disease, "
    "use in children, use in older people, interactions, contraindications, monitoring, mouth ulcers, vaccination, "
    "infections, wound healing, cholesterol, headache, lung function, diabetes, muscle pain"
).split(", ")


@pytest.fixture
def pages(browser: Browser) -> Iterator[tuple[Page, Page]]:
    """A page in each of two browsers."""
    with browser.new_context() as one, browser.new_context() as other:
        yield one.new_page(), other.new_page()


def type_in(page: Page, question: str) -> None:
    box = page.get_by_placeholder("question").last
    box.fill(question)
    box.press("Enter")


def answer_of(page: Page, turn: int) -> Locator:
    return page.locator(f".st-key-turn-{turn} .mf-answer")


def expect_turns(page: Page, questions: list[str], answers: list[str]) -> None:
    """The page shows the questions and below each its own answer, and no other turn."""
    expect(page.locator(f"#mf-turn-{len(questions) - 1}")).to_be_visible(timeout=_WAIT)
    for turn, (question, answer) in enumerate(zip(questions, answers, strict=True)):
        expect(page.locator(f"#mf-turn-{turn}")).to_have_text(question, timeout=_WAIT)
        expect(answer_of(page, turn)).to_have_text(answer, timeout=_WAIT, use_inner_text=True)
    expect(page.locator(".mf-asked")).to_have_count(len(questions))


@pytest.mark.long
@pytest.mark.timeout(1200)  # 40 questions in a browser: a minute or two on an idle machine
def test_twenty_questions_each_stay_apart_and_outlive_a_restart(
    tmp_path: Path, site: Site, pages: tuple[Page, Page]
) -> None:
    asked = [[f"What is known of {drug} and {a}?" for a in ASPECTS] for drug in ("sirolimus", "atorvastatin")]
    said: list[list[str]] = [[], []]
    places = {"CHATBOT_INDEX": str(site.index), "CHATBOT_CORPUS": str(site.corpus)}
    with serving(tmp_path, **places) as first:
        for page in pages:
            open_article(page, first)
        for turn in range(len(ASPECTS)):
            for page, questions in zip(pages, asked, strict=True):
                type_in(page, questions[turn])
            for page, questions, answers in zip(pages, asked, said, strict=True):
                expect(page.locator(f"#mf-turn-{turn}")).to_have_text(questions[turn], timeout=_WAIT)
                expect(answer_of(page, turn)).to_be_visible(timeout=_WAIT)
                answers.append(answer_of(page, turn).inner_text())
        for page, questions, answers in zip(pages, asked, said, strict=True):
            expect_turns(page, questions, answers)
            page.wait_for_url("**chat=*")
    links = [urlsplit(page.url) for page in pages]
    with serving(tmp_path, **places) as second:
        for page, link, questions, answers in zip(pages, links, asked, said, strict=True):
            page.goto(f"{second.address}{link.path}?{link.query}")
            expect_turns(page, questions, answers)
    kept = Conversations(second.data)
    chats = [kept.chat(LOCAL.id, listed.id) for listed in kept.listed(LOCAL.id)]
    assert sorted([turn.answer.question for turn in chat.turns] for chat in chats) == sorted(asked)
