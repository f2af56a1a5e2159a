"""How long the page takes in a browser, beside what the pipeline takes for the same conversations."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from page_server import launched, served
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.process import in_its_own
from benchmarks.report import Report, Say, Target, describe_machine
from benchmarks.timers import PARTS, Timers
from chatbot.domain import Conversation
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings

_BAR_ARTICLE_S, _BAR_ANSWER_S, _BAR_PASSAGES = 2.0, 1.0, 50_000
_ASKED = (
    "What are the side effects?",
    "And in pregnancy?",
    "Which drugs interact with it?",
    "What do the trials say about survival?",
    "What should be monitored during treatment?",
    "Is it safe with kidney disease?",
)
_RETRIEVAL = ("embed", "Chroma", "Tantivy", "manifest vectors", "manifest passages", "fusion", "generation check")
_WAIT = 120_000  # ms; beyond it a figure would be of a broken page
_WIDTH, _HEIGHT = 1280, 900
# Runs before any script of the page. ``seen(selector)`` is when, in ms since navigation began, what it selects could
# first be seen: it is looked for in every frame. ``entered`` is when Enter was last pressed.
_STOPWATCH = """
window.stopwatch = {
  entered: 0,
  seen(selector) {
    return new Promise(resolve => {
      const look = () => {
        const found = document.querySelector(selector);
        if (found && found.checkVisibility({opacityProperty: true, visibilityProperty: true})) {
          requestAnimationFrame(() => resolve(performance.now()));
          return;
        }
        requestAnimationFrame(look);
      };
      look();
    });
  },
};
addEventListener("keydown", event => {
  if (event.key === "Enter") window.stopwatch.entered = performance.now();
}, true);
"""

Figures = dict[str, Any]


def measure_page(settings: Settings, number: int, visits: int, say: Say) -> Report:
    """Seconds in the browser and of the pipeline alone. Each article of the index is asked the same follow-ups.

    Raises RuntimeError where there is no Chromium, the server does not start, or the index has no article or too few
    passages for the bar.
    """
    holds = in_its_own(_holdings, settings)
    if holds["passages"] < _BAR_PASSAGES or not holds["articles"]:
        raise RuntimeError(
            f"{settings.index} holds {holds['passages']:,} passages and {len(holds['articles'])} articles; the bar is "
            f"for {_BAR_PASSAGES:,} passages and an article to open: index more documents together with corpus/"
        )
    talks = _talks(holds["articles"], number)
    with (
        tempfile.TemporaryDirectory(prefix="bench-page-") as data,
        sync_playwright() as playwright,
        served(settings.index, Path(data)) as address,
    ):
        browser = launched(playwright)
        say("Warming the server up: an article and a question ...")
        _talk(browser, address, holds["articles"][0], _ASKED[:1])
        say(f"Opening articles, {visits} times in a new browser and again in the same one ...")
        opened = [_visit(browser, address, _turn(holds["articles"], visit)) for visit in range(visits)]
        say(f"Asking {number} follow-ups ...")
        answered = [seconds for article, asked in talks for seconds in _talk(browser, address, article, asked)]
        browser.close()
    say("Asking the same of the pipeline alone ...")
    alone = in_its_own(_alone, settings, talks)
    first, again = zip(*opened, strict=True)
    return report_page(holds, {"first": first, "again": again, "answer": answered, **alone})


def _holdings(settings: Settings) -> Figures:
    chatbot = Chatbot(settings)
    return {
        "passages": len(chatbot.index.passage_ids()),
        "documents": sum(chatbot.index.counts.values()),
        "articles": [article.id for article in chatbot.articles()],
    }


def _talks(articles: Sequence[str], number: int) -> list[tuple[str, tuple[str, ...]]]:
    """(article, its follow-ups), by turns over the articles, with ``number`` follow-ups in all."""
    talks, left = [], number
    while left > 0:
        asked = _ASKED[: min(left, len(_ASKED))]
        talks.append((_turn(articles, len(talks)), asked))
        left -= len(asked)
    return talks


def _turn(articles: Sequence[str], number: int) -> str:
    return articles[number % len(articles)]


def _visit(browser: Browser, address: str, article: str) -> tuple[float, float]:
    """Seconds to the article in a browser that was never on the page, and opened again in it."""
    context = browser.new_context(viewport={"width": _WIDTH, "height": _HEIGHT})
    context.add_init_script(_STOPWATCH)
    page = context.new_page()
    first = _open(page, address, article)
    again = _open(page, address, article)
    context.close()
    return first, again


def _open(page: Page, address: str, article: str) -> float:
    page.goto(f"{address}/article?id={article}", wait_until="commit", timeout=_WAIT)
    return _seen(page, ".mf-answer .mf-claim") / 1000


def _talk(browser: Browser, address: str, article: str, asked: Sequence[str]) -> list[float]:
    """Seconds from Enter to each answer, in a conversation of its own."""
    context = browser.new_context(viewport={"width": _WIDTH, "height": _HEIGHT})
    context.add_init_script(_STOPWATCH)
    page = context.new_page()
    page.set_default_timeout(_WAIT)
    _open(page, address, article)
    seconds = []
    for turn, question in enumerate(asked):
        box = page.get_by_placeholder("Ask a follow-up question")
        box.fill(question)
        box.press("Enter")
        seen = _seen(page, f".st-key-turn-{turn} .mf-answer")
        seconds.append((seen - page.evaluate("stopwatch.entered")) / 1000)
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()  # a reader reads first
    context.close()
    return seconds


def _seen(page: Page, selector: str) -> float:
    page.wait_for_function("() => window.stopwatch && document.body", timeout=_WAIT)
    return float(page.evaluate("selector => stopwatch.seen(selector)", selector))


def _alone(settings: Settings, talks: Sequence[tuple[str, Sequence[str]]]) -> Figures:
    """Seconds of each ``Chatbot.ask`` in the same conversations, and of its retrieval."""
    chatbot = Chatbot(settings)
    article = chatbot.article(talks[0][0])
    if article is None:
        raise RuntimeError(f"the index does not hold the article {talks[0][0]} any more; start again")
    chatbot.ask(_ASKED[0], Conversation((article.turn,)))
    pipeline, retrieval = [], []
    timers = Timers()
    with timers.installed():
        for name, asked in talks:
            article = chatbot.article(name)
            conversation = Conversation((article.turn,)) if article else Conversation()
            for question in asked:
                timers.seconds = dict.fromkeys(PARTS, 0.0)
                started = time.perf_counter()
                answer = chatbot.ask(question, conversation)
                pipeline.append(time.perf_counter() - started)
                retrieval.append(sum(timers.seconds[part] for part in _RETRIEVAL))
                conversation = conversation.then(answer.turn)
    return {"pipeline": pipeline, "retrieval": retrieval}


def report_page(holds: Figures, seconds: dict[str, Sequence[float]]) -> Report:
    """The report of what was measured: ``seconds`` per name, and what the index holds."""
    named = {
        "first": "an article, from navigation, in a new browser",
        "again": "the same, opened again",
        "answer": "a follow-up's answer, from Enter",
        "pipeline": "… the same questions, pipeline alone",
        "retrieval": "… of that, retrieval",
    }
    times = {name: _percentiles(seconds[name]) for name in named}
    rows = [
        [named[name], str(len(seconds[name])), *(f"{times[name][key]:.2f}" for key in ("p50", "p95", "most"))]
        for name in named
    ]
    figures = {**{key: holds[key] for key in ("passages", "documents")}, "seconds": times}
    share = times["pipeline"]["p50"] / times["answer"]["p50"]
    note = (
        f"{holds['documents']:,} documents, {holds['passages']:,} passages. Of the median from Enter to an answer "
        f"{share:.0%} is the pipeline; the rest is Streamlit and the browser. Load average "
        f"{describe_machine()['load_average_at_end']:.1f}."
    )
    targets = [
        Target("passages", holds["passages"], _BAR_PASSAGES, at_least=True),
        Target("first article in s, median", times["first"]["p50"], _BAR_ARTICLE_S),
        Target("first article in s, p95", times["first"]["p95"], _BAR_ARTICLE_S),
        Target("a follow-up's answer in s, median", times["answer"]["p50"], _BAR_ANSWER_S),
        Target("a follow-up's answer in s, p95", times["answer"]["p95"], _BAR_ANSWER_S),
    ]
    table = ("The page (seconds)", ("what is waited for", "n", "median", "p95", "most"), rows)
    return Report("page", figures, [table], [note], targets)


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(seconds, [50, 95]).tolist()
    return {"p50": p50, "p95": p95, "most": max(seconds)}
