"""With a login each person has conversations and roles of their own, in one browser after another and side by side."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site, free_port, serving, wait_until_it_answers
from tests.e2e.test_journey import LAM, ask

pytestmark = pytest.mark.browser

_WAIT = 60_000  # ms: the first page waits for the model and the index
PEOPLE = (
    {"sub": "anne", "name": "Anne Archer"},
    {"sub": "ben", "name": "Ben Baker", "roles": ["nurse"]},
    {"sub": "carol", "name": "Carol Clark", "roles": ["reviewer", "admin"]},
)
SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "made up for these tests"
client_id = "chatbot"
client_secret = "made up"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@contextmanager
def provider() -> Iterator[str]:
    """An OpenID Connect provider on loopback that knows the people, and lets each in by a button of their name."""
    port = free_port()
    known = [argument for claims in PEOPLE for argument in ("--user-claims", json.dumps(claims))]
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *known],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_it_answers(f"{address}/.well-known/openid-configuration", server)
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[Site]:
    """A server that asks for a login, over the same index."""
    folder = tmp_path_factory.mktemp("guarded")
    with provider() as address:
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit" / "secrets.toml").write_text(SECRETS.format(provider=address), "utf-8")
        with serving(folder, CHATBOT_INDEX=str(site.index), CHATBOT_CORPUS=str(site.corpus)) as served:
            yield served


@pytest.fixture
def other_page(browser: Browser) -> Iterator[Page]:
    """A page in a browser of somebody else."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield context.new_page()


def log_in(page: Page, name: str, address: str) -> None:
    """Opens an address, which is behind the login, and logs in."""
    page.goto(address)
    page.get_by_role("button", name="Log in").click(timeout=_WAIT)
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name="Account")).to_be_visible(timeout=_WAIT)


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="End session").click()  # the provider asks whether it should forget them too
    expect(page.get_by_role("button", name="Log in")).to_be_visible(timeout=_WAIT)


def open_article(page: Page, name: str, site: Site) -> None:
    log_in(page, name, f"{site.address}/article?id=lam-treatment")
    expect(page.get_by_role("heading", level=1, name=LAM)).to_be_visible(timeout=_WAIT)


@pytest.mark.parametrize("path", ["", "article?id=lam-treatment", "review"])
def test_who_is_not_logged_in_sees_the_login_at_every_address(page: Page, guarded: Site, path: str) -> None:
    page.goto(f"{guarded.address}/{path}")
    expect(page.get_by_role("button", name="Log in")).to_be_visible(timeout=_WAIT)
    expect(page.get_by_role("heading", level=1)).to_have_text("Clinical questions, answered from their sources")
    expect(page.get_by_role("navigation").get_by_role("link")).to_have_count(0)


def test_a_login_leads_to_the_address_that_was_asked_for(page: Page, guarded: Site) -> None:
    open_article(page, "anne", guarded)
    page.get_by_role("button", name="Account").click()
    expect(page.locator(".mf-account")).to_contain_text("Anne Archer")


def test_a_link_to_ones_conversation_shows_another_person_nothing_of_it(
    page: Page, other_page: Page, guarded: Site
) -> None:
    open_article(page, "anne", guarded)
    ask(page, "What are the side effects?", 0)
    page.wait_for_url("**chat=*")
    log_in(other_page, "ben", page.url)
    expect(other_page.get_by_text("no such conversation among yours")).to_be_visible(timeout=_WAIT)
    expect(other_page.get_by_text("What are the side effects?", exact=True)).to_have_count(0)
    other_page.goto(f"{guarded.address}/conversations")
    expect(other_page.get_by_text("Nothing here yet")).to_be_visible(timeout=_WAIT)


def test_who_logs_in_after_another_in_the_same_browser_finds_nothing_of_theirs(page: Page, guarded: Site) -> None:
    open_article(page, "anne", guarded)
    ask(page, "Does sirolimus cause mouth ulcers?", 0)
    page.wait_for_url("**chat=*")
    hers = page.url
    log_out(page)
    log_in(page, "ben", hers)
    expect(page.get_by_text("no such conversation among yours")).to_be_visible(timeout=_WAIT)
    expect(page.locator("#mf-turn-0")).to_have_count(0)
    page.get_by_role("link", name="Conversations").click()
    expect(page.get_by_text("Nothing here yet")).to_be_visible(timeout=_WAIT)


def test_only_a_reviewer_opens_the_review_page(page: Page, other_page: Page, guarded: Site) -> None:
    log_in(page, "ben", f"{guarded.address}/review")
    expect(page.get_by_role("heading", level=1, name="Review is not open to you")).to_be_visible(timeout=_WAIT)
    expect(page.get_by_role("link", name="Review", exact=True)).to_have_count(0)
    log_in(other_page, "carol", f"{guarded.address}/review")
    expect(other_page.get_by_role("link", name="Review", exact=True)).to_be_visible(timeout=_WAIT)
    expect(other_page.get_by_text("is not open to you")).to_have_count(0)


def test_a_login_outlives_a_reload_and_its_conversations_are_found_again(page: Page, guarded: Site) -> None:
    open_article(page, "carol", guarded)
    ask(page, "What are the side effects?", 0)
    page.reload()
    expect(page.locator("#mf-turn-0")).to_have_text("What are the side effects?", timeout=_WAIT)
    page.get_by_role("link", name="Conversations").click()
    expect(page.get_by_role("link", name="What are the side effects")).to_have_count(1, timeout=_WAIT)
