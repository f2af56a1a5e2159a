"""What the page tests read a page with, and the small library they read."""

from __future__ import annotations

import shutil
from html.parser import HTMLParser
from pathlib import Path

from streamlit.testing.v1 import AppTest

from chatbot.embedding import open_encoder
from chatbot.index.build import IndexWriter
from chatbot.settings import load_settings

ROOT = Path(__file__).parents[2]
LAM = "lam-treatment"
STATINS = "statins-cardiovascular-prevention"
_NAMES = ("*lam-*", "*rapamune*", "*miles*", "*sirolimus*", "*statin*", "*lipitor*", "*dyslipidemia*", "*pravastatin*")
_VOID = {"br", "hr", "img", "input", "meta", "link"}


class Markup(HTMLParser):
    """The text, elements and ids of a piece of HTML; ``open_tags`` is empty where every element is closed."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open_tags: list[str] = []
        self._texts: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open_tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open_tags.pop() == tag

    def handle_data(self, data: str) -> None:
        self._texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._texts).split())

    def values(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.tags if attribute in attributes]


def build_library(folder: Path) -> Path:
    """Two articles and what they cite, indexed below ``folder``: the folder of the index."""
    for pattern in _NAMES:
        for source in (ROOT / "corpus").rglob(f"{pattern}.md"):
            target = folder / "corpus" / source.relative_to(ROOT / "corpus")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    settings = load_settings(index=folder / "index")
    with IndexWriter(settings, open_encoder(settings)).open() as writer:
        plan = writer.plan([folder / "corpus"])
        assert not plan.failed
        writer.apply(plan)
    return settings.index


def open_page(page: str = "", **query: str) -> AppTest:
    """A page as a new session sees it."""
    app = AppTest.from_file(str(ROOT / "chatbot/ui/app.py"), default_timeout=60)
    app.query_params.update(query)
    if page:
        app.run()
        app.switch_page(page)
        app.query_params.update(query)
    return app.run()


def article_page(article: str = LAM) -> AppTest:
    return open_page("article_page.py", id=article)


def ask(app: AppTest, question: str) -> AppTest:
    return app.chat_input[0].set_value(question).run()


def html_of(app: AppTest) -> list[str]:
    """The HTML that the page shows, block by block, without the style sheet."""
    return [element.value for element in app.main.html]


def text_of(app: AppTest) -> str:
    return Markup("".join(html_of(app))).text


def errors_of(app: AppTest) -> list[str]:
    """The messages as they are read: without the backslashes that keep Markdown out."""
    assert not app.exception
    return [error.value.replace("\\", "") for error in app.error]
