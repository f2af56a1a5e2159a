"""Markdown that leaves the page: every character is shown, and none of them becomes markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chatbot.domain import Answer, AnswerSection, Conversation, Kind, ReviewStatus, Silence, Turn
from chatbot.takeaway.markdown import as_markdown, escaped
from chatbot.takeaway.paper import UNREVIEWED, one_line
from chatbot.takeaway.taken import Taken
from tests.quoted import ARTICLE, HEADER, HOSTILE, RETRACTED, ROW, quoted_answer

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_ODD = "\\`*_{}[]()#+-.!|<>&~$=:@\"' \n\t0129aZé≥µα"

unhurried = settings(deadline=None)  # a busy machine is no failure
texts = st.one_of(st.text(max_size=40), st.text(alphabet=_ODD, max_size=25)).map(one_line).filter(bool)


def shown(markdown: str) -> tuple[list[str], str]:
    """The types of the blocks and inline parts of a Markdown text, and all text that it shows."""
    types, text = [], ""
    for token in _MARKDOWN.parse(markdown):
        for part in token.children or (token,):
            types.append(part.type)
            text += part.content if part.type in {"text", "code_inline"} else ""
    return types, text


def taken(answer: Answer, **more: object) -> Taken:
    return replace(Taken((answer,), "A name", NOW), **more)  # type: ignore[arg-type]


@unhurried
@given(texts)
@example("In C #")
@example("1) 2. ### -")
@example("&amp; &#60;b> <!-- [^1]:")
def test_an_escaped_text_is_shown_whole_and_is_nothing_but_text(text: str) -> None:
    for before in ("", "- ", "> ", "# "):
        types, seen = shown(before + escaped(text))
        assert seen == text
        assert set(types) <= {
            "text", "paragraph_open", "paragraph_close", "blockquote_open", "blockquote_close", "bullet_list_open",
            "bullet_list_close", "list_item_open", "list_item_close", "heading_open", "heading_close",
        }  # fmt: skip


@unhurried
@given(texts)
def test_behind_other_words_a_text_is_nothing_but_text_either(text: str) -> None:
    types, seen = shown(f"x {escaped(text, begins=False)} [1]")
    assert (set(types), seen) == ({"text", "paragraph_open", "paragraph_close"}, f"x {text} [1]")


@pytest.mark.parametrize("text", ["<5 mg/day", "≥10 mIU/mL (P<0.001)", "A & B", "1.5 mg", "2-3 times", "a/b = c"])
def test_what_means_nothing_to_markdown_is_written_as_it_is(text: str) -> None:
    assert escaped(text) == text


def test_hostile_words_of_a_source_are_shown_as_they_are() -> None:
    markdown = as_markdown(taken(quoted_answer(HOSTILE)))
    types, text = shown(markdown)
    assert not {"html_block", "html_inline", "image", "code_inline"} & set(types)
    assert HOSTILE in text


def test_rows_of_a_table_are_a_table_below_their_header_with_their_sources() -> None:
    markdown = as_markdown(taken(quoted_answer(ROW, header=HEADER)))
    assert "| Weight | Dose | Source |\n| --- | --- | --- |\n| 40 kg | 5 \\| 6 mg | [1] (Guideline 2016) |" in markdown
    assert "table_open" in shown(markdown)[0]


def test_a_section_that_is_silent_says_so_and_names_nothing_that_is_off_the_topic() -> None:
    quoted = quoted_answer("Say it.")
    silent = AnswerSection(
        Kind.LABEL, (), None, True, "No label answers.", silence=Silence.ASPECT, nearest=quoted.citations[0].passage
    )
    near = as_markdown(taken(Answer("Q?", "Q?", (silent,))))
    assert "> No label answers.\n\n> Nearest: A guideline" in near
    off = as_markdown(taken(Answer("Q?", "Q?", (replace(silent, silence=Silence.TOPIC),))))
    assert "Nearest" not in off


def test_a_follow_up_says_how_it_was_read_and_that_nobody_reviewed_it() -> None:
    answer = replace(quoted_answer("Say it."), resolved="And what of it?")
    markdown = as_markdown(taken(answer))
    assert "**Read as:** And what of it?" in markdown
    assert f"> {UNREVIEWED}" in markdown
    assert "Made on 23 November 2026." in markdown
    assert "Professional Medical Disclaimer" in markdown


def test_an_article_says_how_far_its_review_is() -> None:
    markdown = as_markdown(taken(quoted_answer("Say it."), article=ARTICLE))
    assert "Educational purpose only · content is pending human review." in markdown
    assert "Review status of the article: Submitted." in markdown
    approved = replace(ARTICLE, status=ReviewStatus.APPROVED)
    assert "pending" not in as_markdown(taken(quoted_answer("Say it."), article=approved)).split("##")[0]


def test_a_quote_is_repeated_below_its_reference_only_where_the_statement_is_in_other_words() -> None:
    assert as_markdown(taken(quoted_answer("Say it."))).count("Say it.") == 1
    worded = as_markdown(taken(quoted_answer("Say it.", claim="It is said.")))
    assert "- It is said. [1]" in worded
    assert "[1] Dose: “Say it.”" in worded


def test_what_has_become_of_a_source_stands_with_its_reference() -> None:
    markdown = as_markdown(taken(quoted_answer("Say it.", reference=RETRACTED)))
    assert "**Retracted: J 2020;1:2, PMID 99.**" in markdown


def test_several_answers_are_numbered_and_keep_their_own_citations() -> None:
    one, two = quoted_answer("Say it."), replace(quoted_answer("Say more."), question="More?")
    markdown = as_markdown(Taken((one, two), "A name", NOW, Conversation((Turn("Begun so?"),))))
    assert markdown.startswith("# Begun so?\n")
    assert "Asked after:\n\n- Begun so?\n" in markdown
    assert markdown.index("## 1. Q?") < markdown.index("- Say it. [1]") < markdown.index("## 2. More?")
    assert markdown.count("### References") == 2
