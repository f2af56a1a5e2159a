"""The pytest plugin: options, the fixture ``ask``, and why an answer is not as a test expects it.

pytest loads it in every run on an environment that has the package: it imports pytest and nothing else until the
fixture is used, and does nothing in runs that do not use it.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from chatbot.pipeline import Chatbot
    from chatbot.testing.answers import Ask

_ASK: pytest.StashKey[Ask] = pytest.StashKey()
_TITLE = "What was answered:"


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--chatbot-index`` and ``--chatbot-corpus``, with ini settings of the same names."""
    group = parser.getgroup("chatbot", "answers of the medical follow-up chatbot (fixture: ask)")
    for name, help_text in (
        ("index", "folder of the index that is asked; default: CHATBOT_INDEX, else .chatbot/index"),
        ("corpus", "folder of documents, indexed before the first question; only what changed is embedded"),
    ):
        group.addoption(f"--chatbot-{name}", metavar="FOLDER", help=help_text)
        parser.addini(f"chatbot_{name}", f"{help_text} (relative to this file)", type="string", default="")


@pytest.fixture(scope="session")
def chatbot_under_test(pytestconfig: pytest.Config) -> Chatbot:
    """The chatbot that ``ask`` asks. Override it to test one with settings of your own."""
    from chatbot.errors import ChatbotError
    from chatbot.testing.opening import open_chatbot

    try:
        return open_chatbot(pytestconfig, _folder(pytestconfig, "index"), _folder(pytestconfig, "corpus"))
    except ChatbotError as error:
        problem = str(error)
    pytest.fail(f"chatbot: {problem}", pytrace=False)  # out here, so that the report has this sentence and no chain


@pytest.fixture(scope="session")
def ask(pytestconfig: pytest.Config, chatbot_under_test: Chatbot) -> Ask:
    """Asks the chatbot: ``answer = ask("…")``, then ``assert answer.cites("…")``, ``.quotes("…")``, ``.withheld("…")``,
    ``.read_as("…")``; a follow-up with ``answer.then("…")``.
    """
    from chatbot.testing.answers import Ask

    asking = Ask(chatbot_under_test)
    pytestconfig.stash[_ASK] = asking
    return asking


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds to a failed ``assert`` an account of the answer that the test looked at last."""
    asking = item.config.stash.get(_ASK, None)
    if asking is not None and asking.explain is not None:
        if call.excinfo is not None and isinstance(call.excinfo.value, AssertionError):
            account = asking.explain()
            call.excinfo.value.add_note("\n".join(("", _TITLE, *(f"  {line}" for line in account.splitlines()))))
        asking.explain = None
    return (yield)


def _folder(config: pytest.Config, name: str) -> Path | None:
    """The folder of an option, relative to where pytest was started, or of an ini setting, relative to its file."""
    given = config.getoption(f"chatbot_{name}")
    if given:
        return Path(config.invocation_params.dir, given)
    written = config.getini(f"chatbot_{name}")
    return Path(config.inipath.parent if config.inipath else config.rootpath, written) if written else None
