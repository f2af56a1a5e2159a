"""The pages on a real index, through Streamlit's AppTest, and the markup of what nobody should trust."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chatbot.domain import Kind, Reference, ReviewStatus
from chatbot.ui import render
from chatbot.ui.render.results import article_line_html
from chatbot.ui.render.sources import byline, links_html, written_date
from tests.integration.page_reading import (
    HOSTILE,
    LAM,
    ROOT,
    STATINS,
    Markup,
    article_page,
    ask,
    errors_of,
    hostile_answer,
    html_of,
    open_page,
    text_of,
)

ARTICLES = list((ROOT / "corpus/articles").glob("*.md"))


pytestmark = pytest.mark.usefixtures("page_settings")


# --- library ----------------------------------------------------------------------------------------------------------


def test_library_lists_every_article_with_status_and_date() -> None:
    text = text_of(open_page())
    assert text.count("Submitted") == text.count("Updated 23 November 2026") == len(ARTICLES)


def test_library_says_what_is_indexed() -> None:
    assert text_of(open_page()).endswith(f"research sources {len(ARTICLES)} articles")


@pytest.mark.parametrize(
    ("words", "shown"),
    [("LAM", 1), ("STATIN prevent", 1), ("(statin[", 1), ("sirolimus statin", 0), (" ", len(ARTICLES))],
)
def test_library_filter_wants_every_word_to_begin_one_of_question_or_topics(words: str, shown: int) -> None:
    app = open_page()
    app.text_input[0].set_value(words).run()
    assert text_of(app).count("Submitted") == shown


def test_library_says_when_nothing_matches() -> None:
    app = open_page()
    app.text_input[0].set_value("<b>gout</b>").run()
    assert "No article and no source matches “<b>gout</b>”." in text_of(app)


def test_library_has_one_primary_action_which_opens_a_new_question() -> None:
    app = open_page()
    (button,) = [button for button in app.button if button.proto.type == "primary"]
    assert "Ask a question" in text_of(button.click().run())


# --- article ----------------------------------------------------------------------------------------------------------


def test_article_shows_the_parts_of_the_model_page_in_order() -> None:
    text = text_of(article_page())
    parts = (
        "What is the treatment for lymphangioleiomyomatosis (LAM)?",
        "Educational purpose only · content is pending human review",
        "Submitted",
        "Under Review",
        "Approved",
        "Last updated: 23 November 2026",
        "View editorial policy",
        "From the Guidelines",
        "Key points",
        "From the FDA Drug Label",
        "No US label for sirolimus is indexed.",
        "From the EU Product Leaflet",
        "From the Research",
        "Treatment options",
        "References",
        "Professional Medical Disclaimer",
        "Have a follow-up question?",
    )
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_article_marks_the_current_step_of_the_review() -> None:
    head = Markup(html_of(article_page())[0])
    assert [attributes for _, attributes in head.tags if attributes.get("aria-current") == "step"] == [
        {"class": "mf-now", "aria-current": "step"}
    ]


def test_every_number_of_an_article_opens_a_panel_that_marks_a_quote() -> None:
    markup = Markup("".join(html_of(article_page())))
    panels = [name for name in markup.values("id") if name.startswith("article-c")]
    opened = {name for name in markup.values("popovertarget") if name.startswith("article-c")}
    assert len(panels) == len(set(panels)) > 5
    assert set(panels) == opened
    assert sum(tag == "mark" for tag, _ in markup.tags) == len(panels)


def test_references_are_typed_and_link_to_their_identifiers() -> None:
    markup = Markup("".join(html_of(article_page())))
    assert all(f" {kind} " in markup.text for kind in ("Guideline", "Drug label (EU)", "Research"))
    assert "https://pubmed.ncbi.nlm.nih.gov/21410393/" in markup.values("href")
    assert "https://doi.org/10.1056/NEJMoa1100391" in markup.values("href")


def test_the_audience_changes_the_notice_and_is_kept_on_the_next_page() -> None:
    app = article_page()
    app.pills[0].set_value("Patient or carer").run()
    assert "Do not start, stop or change a treatment" in text_of(app)
    app.switch_page("library_page.py").run()
    app.switch_page("article_page.py")
    app.query_params["id"] = STATINS
    assert app.run().pills[0].value == "Patient or carer"


def test_an_unknown_article_is_named_in_a_sentence() -> None:
    assert errors_of(article_page("<b>none</b>")) == [
        "There is no article “<b>none</b>” in the index. Choose one in the library."
    ]


# --- follow-up questions ----------------------------------------------------------------------------------------------


def test_a_follow_up_is_read_in_its_conversation_and_quoted_with_citations() -> None:
    app = ask(article_page(), "What are the side effects?")
    assert app.chat_message[0].html[0].value.count("What are the side effects?") == 1
    reading, answer = (block.value for block in app.chat_message[1].html[:2])
    assert Markup(reading).text == "Read as: What are the side effects of lymphangioleiomyomatosis (LAM)?"
    markup = Markup(answer)
    assert "sirolimus" in markup.text
    assert "turn-0-c1" in markup.values("popovertarget")


def test_a_claim_of_a_follow_up_is_the_quote_that_its_panel_marks() -> None:
    body = ask(article_page(), "What are the side effects?").chat_message[1].html[1].value
    claim = body.split('<span class="mf-claim">')[1].split('<span class="mf-cites">')[0]
    marked = body.split('id="turn-0-c1"')[1].split("<mark>")[1].split("</mark>")[0]
    assert Markup(f"<p>{claim}").text == Markup(f"<p>{marked}").text


def test_each_follow_up_goes_on_from_the_one_before() -> None:
    app = ask(ask(article_page(), "What are the side effects?"), "And in pregnancy?")
    assert len(app.chat_message) == 4
    assert "contraception" in Markup(app.chat_message[3].html[1].value).text


def test_what_nothing_answers_shows_an_honest_line_for_every_kind() -> None:
    body = ask(open_page("question_page.py"), "What is the capital of France?").chat_message[1].html[0].value
    assert Markup(body).text.startswith("Nothing that is indexed answers this question.")
    assert body.count("mf-honest") == 3
    assert "mf-cite" not in body


def test_a_follow_up_that_stands_alone_has_no_reading() -> None:
    app = ask(article_page(), "What is the starting dose of atorvastatin?")
    assert "From the FDA Drug Label" in Markup(app.chat_message[1].html[0].value).text
    assert "Ask as typed" not in [button.label for button in app.button]


@pytest.mark.parametrize(("question", "said"), [("?!", "The question is empty."), ("dose " * 2000, "The question has")])
def test_a_question_that_cannot_be_read_gets_a_sentence_and_no_turn(question: str, said: str) -> None:
    app = ask(article_page(), question)
    assert errors_of(app)[0].startswith(said)
    assert not app.run().chat_message


@pytest.mark.parametrize("question", [HOSTILE, "هل السيروليموس آمن؟", "🙂 sirolimus dose?", "dose\x00of\x1bsirolimus"])
def test_a_strange_question_is_shown_as_text(question: str) -> None:
    app = ask(article_page(), question)
    assert not app.exception
    asked = Markup(app.chat_message[0].html[0].value)
    assert [tag for tag, _ in asked.tags] == ["p"]
    assert asked.text == "".join(sign if sign.isprintable() else " " for sign in question)


def test_two_sessions_do_not_share_a_conversation() -> None:
    ask(article_page(), "What are the side effects?")
    assert not article_page().chat_message


def test_a_conversation_stays_with_its_article_and_can_be_started_over() -> None:
    app = ask(article_page(), "What are the side effects?")
    app.query_params["id"] = STATINS
    assert not app.run().chat_message
    app.query_params["id"] = LAM
    assert app.run().chat_message
    (button,) = [button for button in app.button if button.label == "Start over"]
    assert not button.click().run().chat_message


# --- what is missing or wrong -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "question_page.py", "article_page.py"])
def test_a_missing_index_ends_in_one_sentence(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_INDEX", str(tmp_path / "none"))
    (said,) = errors_of(open_page(page))
    assert said.startswith("There is no index at")
    assert "run 'chatbot index'" in said


def test_a_wrong_setting_ends_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_ANSWER__MAX_CLAIMS", "many")
    (said,) = errors_of(open_page())
    assert "answer.max_claims" in said


# --- markup -----------------------------------------------------------------------------------------------------------


def test_hostile_text_of_a_corpus_stays_text() -> None:
    answer = hostile_answer()
    article = replace(answer.references[0], kind=Kind.ARTICLE, status=ReviewStatus.SUBMITTED)
    markup = Markup(
        render.answer_html(answer, "a") + render.head_html(article) + article_line_html(article, article.status)
    )
    assert not markup.open_tags
    assert not {"script", "img", "iframe"} & {tag for tag, _ in markup.tags}
    assert all(not name.startswith("on") for _, attributes in markup.tags for name in attributes)
    assert all(address.startswith(("https://", "source?id=")) for address in markup.values("href"))
    assert markup.text.count("<script>alert(1)</script>") >= 10


def test_an_address_that_is_not_of_the_web_is_no_link() -> None:
    assert links_html(Reference("r", Kind.RESEARCH, "t", url="javascript:alert(1)")) == ""


@pytest.mark.parametrize("text", ["# a", "*a*", "$a$", "<b>", "[a](b)", "![a](b)", "`a`", "~~a~~", "1. a", ":red[a]"])
def test_every_sign_of_markdown_is_escaped(text: str) -> None:
    escaped = render.markdown_text(text)
    assert escaped.replace("\\", "") == text
    assert all(escaped[escaped.index(sign) - 1] == "\\" for sign in text if not sign.isalnum() and sign != " ")


def test_an_emoji_shortcode_is_broken_so_that_it_is_not_replaced() -> None:
    assert ":smile:" not in render.markdown_text("a :smile: b").replace("\\", "")


@pytest.mark.parametrize(
    ("iso", "written"),
    [
        ("2026-11-23", "23 November 2026"),
        ("2014-01", "January 2014"),
        ("2016", "2016"),
        ("", ""),
        ("2026-13", "2026-13"),
    ],
)
def test_dates_are_written_as_clinicians_write_them(iso: str, written: str) -> None:
    assert written_date(iso) == written


def test_a_byline_says_what_a_clinician_would_look_for_and_the_source_does_not_give() -> None:
    trial = Reference("r", Kind.RESEARCH, "t", authors=("A B", "C D", "E F", "G H"), container="J", year=2011)
    assert byline(trial) == "A B, C D, E F, et al. · J · 2011"
    assert byline(Reference("r", Kind.RESEARCH, "t")) == "no author given · no date given"
    assert byline(Reference("l", Kind.LABEL, "t", manufacturer="M", date="2014-01-13")) == "M · Revised 13 January 2014"


def test_a_summary_is_never_shown_as_the_words_of_its_source() -> None:
    answer = hostile_answer()
    assert "this library’s summary of the source" in render.answer_html(answer, "a")


@pytest.mark.parametrize("status", list(ReviewStatus))
def test_only_an_approved_article_loses_the_pending_notice(status: ReviewStatus) -> None:
    head = render.head_html(Reference("a", Kind.ARTICLE, "q", status=status))
    assert ("pending human review" in head) is (status is not ReviewStatus.APPROVED)
