"""What the page tests open, ask and read a page with."""

from __future__ import annotations

from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path

from streamlit.testing.v1 import AppTest

from chatbot.domain import (
    Answer,
    AnswerSection,
    Citation,
    Claim,
    Document,
    Jurisdiction,
    Kind,
    Passage,
    Reference,
    Section,
    Sentence,
)

ROOT = Path(__file__).parents[2]
LAM = "lam-treatment"
STATINS = "statins-cardiovascular-prevention"
HOSTILE = "<script>alert(1)</script> \"'&amp; ![x](http://x.test/y.png) $a$ `b` :smile: [l](javascript:alert(1))"
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


def hostile_answer() -> Answer:
    """An answer in which every text that can come from a corpus is hostile."""
    texts = {field.name: HOSTILE for field in fields(Reference) if field.type == "str"}
    lists = {field.name: (HOSTILE,) for field in fields(Reference) if field.type == "tuple[str, ...]"}
    reference = Reference(**{**texts, **lists, "kind": Kind.LABEL, "jurisdiction": Jurisdiction.US})
    document = Document(reference, HOSTILE, (Section(HOSTILE, 0, len(HOSTILE)),))
    passage = Passage(document, document.sections[0], (Sentence(0, len(HOSTILE)),))
    claim = Claim(HOSTILE, (1,), HOSTILE)
    sections = (
        AnswerSection(Kind.LABEL, (claim,), Jurisdiction.US),
        AnswerSection(Kind.RESEARCH, withheld=True, reason=HOSTILE),
    )
    return Answer(HOSTILE, f"{HOSTILE} again", sections, (Citation(1, passage, 0, 30),), notice=HOSTILE)
