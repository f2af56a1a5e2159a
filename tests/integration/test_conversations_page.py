"""The page of one's conversations, and who is let in, through Streamlit's AppTest."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit import config
from streamlit.config_option import ConfigOption
from streamlit.testing.v1 import AppTest

from chatbot.conversations import Conversations
from chatbot.people import LOCAL
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings
from tests.integration.page_reading import HOSTILE, LAM, ROOT, errors_of, open_page, text_of

PAGES = ("library_page.py", "article_page.py", "question_page.py", "conversations_page.py", "review_page.py")


@pytest.fixture
def kept(page_settings: Settings) -> Conversations:
    return Conversations(page_settings.data)


def keep(kept: Conversations, chatbot: Chatbot, question: str, subject: str = "", person: str = LOCAL.id) -> str:
    chat = kept.begin(person, subject, question)
    kept.add(person, chat, chatbot.ask("What is the treatment for LAM?"))
    return chat


def conversations_page() -> AppTest:
    return open_page("conversations_page.py")


def titles(app: AppTest) -> list[str]:
    """The titles as they are read: without the backslashes that keep Markdown out."""
    links = [link.label.replace("\\", "") for link in app.get("page_link")]
    return [label for label in links if label != "Go to the library"]


def test_without_conversations_the_page_says_so_and_leads_to_a_question(page_settings: Settings) -> None:
    app = conversations_page()
    assert "Nothing here yet" in text_of(app)
    (button,) = [button for button in app.button if button.proto.type == "primary"]
    assert "Ask a question" in text_of(button.click().run())


def test_conversations_are_listed_with_what_they_are_about(kept: Conversations, chatbot: Chatbot) -> None:
    keep(kept, chatbot, "One?")
    keep(kept, chatbot, "Two?", LAM)
    keep(kept, chatbot, "Three?", "an-article-that-went")
    app = conversations_page()
    text = text_of(app)
    assert "On an article that is no longer indexed 1 question" in text
    assert "On: What is the treatment for lymphangioleiomyomatosis (LAM)? 1 question" in text
    assert titles(app) == ["Three?", "Two?", "One?"]


def test_a_search_shows_the_conversations_that_hold_the_words(kept: Conversations, chatbot: Chatbot) -> None:
    keep(kept, chatbot, "Of mice?")
    keep(kept, chatbot, "Of men?")
    app = conversations_page()
    assert titles(app.text_input[0].set_value("MICE sirolimus").run()) == ["Of mice?"]
    assert "No conversation of yours holds “zz”." in text_of(app.text_input[0].set_value("zz").run())


def test_another_persons_conversations_are_not_listed(kept: Conversations, chatbot: Chatbot) -> None:
    keep(kept, chatbot, "Hers?", person="https://login.test anne")
    assert "Nothing here yet" in text_of(conversations_page())


def test_a_long_list_is_shown_in_parts(kept: Conversations) -> None:
    for number in range(45):
        kept.begin(LOCAL.id, "", f"Question {number}?")
    app = conversations_page()
    assert len(titles(app)) == 40
    (more,) = [button for button in app.button if button.label == "Show more"]
    assert len(titles(more.click().run())) == 45


def test_a_hostile_title_is_shown_as_it_was_written(kept: Conversations, chatbot: Chatbot) -> None:
    keep(kept, chatbot, HOSTILE)
    app = conversations_page()
    assert titles(app) == [HOSTILE.replace(":smile:", ":\u2060smile:")]
    assert "<script>" not in "".join(element.value for element in app.main.html)


def test_a_conversation_of_a_newer_version_ends_in_a_sentence(page_settings: Settings, kept: Conversations) -> None:
    kept.begin(LOCAL.id, "", "One?")
    (file,) = (page_settings.data / "people").glob("*.sqlite")
    file.write_bytes(b"no database" * 999)
    (said,) = errors_of(conversations_page())
    assert said.startswith("What you keep here cannot be read or written")


# --- who is let in ----------------------------------------------------------------------------------------------------


def with_login() -> AppTest:
    app = AppTest.from_file(str(ROOT / "chatbot/ui/app.py"), default_timeout=60)
    app.secrets["auth"] = {"client_id": "chatbot", "redirect_uri": "http://127.0.0.1/oauth2callback"}
    return app


def test_where_a_login_is_configured_nobody_is_let_in_as_the_one_without(kept: Conversations, chatbot: Chatbot) -> None:
    keep(kept, chatbot, "Local?")
    app = with_login().run()
    assert [button.label for button in app.button] == ["Log in"]
    assert not app.get("page_link")
    assert text_of(app).startswith("Clinical questions, answered from their sources Log in")


def test_a_login_that_is_not_complete_ends_in_a_sentence_and_lets_nobody_in(page_settings: Settings) -> None:
    app = with_login().run()
    app.button[0].click().run()
    (said,) = errors_of(app)
    assert said.startswith("Nobody can log in yet:")


def secrets_in(file: Path) -> ConfigOption:
    option = ConfigOption("secrets.files", multiple=True)
    option.set_value([str(file)], "a test")
    return option


@pytest.mark.parametrize("written", ["[auth", "[auth]\nclient_id = 1 2"])
def test_secrets_that_cannot_be_read_let_nobody_in(
    page_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(written, "utf-8")
    monkeypatch.setitem(config.get_config_options(), "secrets.files", secrets_in(secrets))
    app = open_page()
    (said,) = errors_of(app)
    assert "cannot be read; correct the file" in said
    assert not app.get("page_link")
