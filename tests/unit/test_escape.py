"""Text of the corpus and of people on its way into markup."""

from __future__ import annotations

import pytest

from chatbot.ui.render.escape import html_text, link, markdown_text


@pytest.mark.parametrize("escaped", [html_text, markdown_text])
def test_what_turns_or_hides_other_characters_is_shown_by_its_number(escaped):
    shown = escaped("a dose of \u202e01 mg, seen\U000e0041unseen").replace("\\", "")
    assert shown == "a dose of [U+202E]01 mg, seen[U+E0041]unseen"


def test_marks_that_writing_needs_stay():
    assert html_text("\u200fשלום می\u200cخواهم") == "\u200fשלום می\u200cخواهم"


def test_markup_becomes_text():
    assert html_text("<b title='x'>\x00") == "&lt;b title=&#x27;x&#x27;&gt; "
    assert markdown_text("![x](y) :smile: $a$") == "\\!\\[x\\]\\(y\\) \\:\u2060smile\\: \\$a\\$"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "ftp://x.test", "//x.test", "x"])
def test_only_addresses_of_the_web_become_links(address):
    assert link("label", address) == ""
