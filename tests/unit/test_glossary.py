"""The glossary: what a person may write, what is wrong with what they wrote, and where its terms are explained."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from chatbot.domain import ReviewStatus
from chatbot.errors import CorpusError, SourceError
from chatbot.glossary import NO_GLOSSARY, Glossary, glossary
from chatbot.readers import find, read
from chatbot.ui.render.terms import Definitions, with_definitions
from tests.conftest import CORPUS

FRONT = "---\nkind: glossary\ntitle: Words\nstatus: Submitted\nupdated: '2026-11-23'\n---\n"
BODY = """Words, explained.

## mTOR

Also: mammalian target of rapamycin, mTOR pathway

A regulator of growth [@research-miles-trial].

## statin

Also: statins

A medicine that lowers
cholesterol.

## CI

A range.
"""


def write(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "glossary.md"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def small(tmp_path: Path) -> Glossary:
    write(tmp_path, FRONT + BODY)
    return glossary(tmp_path)


def test_a_term_has_its_other_names_its_definition_and_what_that_rests_on(small: Glossary) -> None:
    first, second, _ = small.terms
    assert (first.id, first.name) == ("mtor", "mTOR")
    assert first.names == ("mammalian target of rapamycin", "mTOR pathway")
    assert first.definition == "A regulator of growth."
    assert first.references == ("research-miles-trial",)
    assert second.definition == "A medicine that lowers cholesterol."
    assert small.status is ReviewStatus.SUBMITTED


def test_without_a_file_nothing_is_explained(tmp_path: Path) -> None:
    assert glossary(tmp_path) == NO_GLOSSARY


def test_a_changed_file_is_read_again(small: Glossary, tmp_path: Path) -> None:
    path = write(tmp_path, f"{FRONT}## placebo\n\nNothing in it.\n")
    os.utime(path, (1, 1))
    assert [term.name for term in glossary(tmp_path).terms] == ["placebo"]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("## a\n\nA.\n", 1, "no front matter"),
        (FRONT.replace("Submitted", "Done") + "## a\n\nA.\n", 4, "status"),
        (FRONT + "## a\n\n## b\n\nB.\n", 7, "“a” needs one paragraph"),
        (FRONT + "## a\n\nA.\n\nMore.\n", 7, "“a” needs one paragraph"),
        (FRONT + "\n## a\n\nA.\n\n## b\n\nAlso: A\n\nB.\n", 12, "“A” is explained twice"),
        (FRONT + f"## a\n\n{'long ' * 80}\n", 7, "1 to 300 characters"),
        (FRONT + "## …\n\nA.\n", 7, "is no term"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(tmp_path: Path, text: str, line: int, problem: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SourceError, match=rf"{re.escape(str(path))}:{line}: .*{problem}"):
        glossary(tmp_path)


def test_a_glossary_is_no_source_and_another_file_of_that_name_is(tmp_path: Path) -> None:
    path = write(tmp_path / "words", FRONT + BODY)
    (tmp_path / "words" / "other.md").write_text("# Other\n\nSirolimus is a medicine.\n", "utf-8")
    assert [file.name for file in find(tmp_path).files] == ["other.md"]
    assert not find(tmp_path).skipped
    with pytest.raises(CorpusError, match="explains terms and is no source"):
        find(path)
    path.write_text("# Glossary\n\nSirolimus is a medicine.\n", "utf-8")
    assert len(list(read(tmp_path))) == 2


def buttons(markup: str) -> list[str]:
    return re.findall(r'class="mf-term"[^>]*>([^<]*)<', markup)


def explained(text: str, definitions: Definitions) -> list[str]:
    return buttons("".join(with_definitions(text, definitions)))


def test_a_term_is_explained_where_it_first_occurs(small: Glossary) -> None:
    definitions = Definitions(small, "turn-0")
    assert explained("Statins and statins lower it.", definitions) == ["Statins"]
    assert explained("A statin again.", definitions) == []
    assert 'id="turn-0-term-statin"' in definitions.panels_html()
    assert "A medicine that lowers cholesterol." in definitions.panels_html()
    assert "pending human review" in definitions.panels_html()


def test_the_longest_of_two_terms_is_explained(small: Glossary) -> None:
    assert explained("It blocks the mTOR pathway.", Definitions(small)) == ["mTOR pathway"]


@pytest.mark.parametrize("text", ["mtor", "MTOR", "statinlike", "95% ci", "CIs", "a 5-CI", "mg/CI", "p±CI", "CI-5"])
def test_other_capitals_longer_words_and_units_are_not_explained(small: Glossary, text: str) -> None:
    assert explained(text, Definitions(small)) == []


def test_what_stands_around_a_term_is_escaped(small: Glossary) -> None:
    head, last = with_definitions("<i>5</i> & statin <b>", Definitions(small))
    assert head.startswith("&lt;i&gt;5&lt;/i&gt; &amp; <button")
    assert last == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("text", "last"),
    [("They take a statin.", "statin."), ("a statin", "statin"), ("mTOR", "mTOR"), ("one word", "word")],
)
def test_the_last_word_stays_with_what_follows_it(small: Glossary, text: str, last: str) -> None:
    head, tail = (re.sub(r"<[^>]*>", "", part) for part in with_definitions(text, Definitions(small)))
    assert (head + tail, tail) == (text, last)


def test_without_a_glossary_the_text_is_only_escaped() -> None:
    assert with_definitions(" a statin <b> ", Definitions()) == ("a statin ", "&lt;b&gt;")
    assert Definitions().panels_html() == ""


def test_the_corpus_explains_forty_terms_from_references_that_it_has() -> None:
    terms = glossary(CORPUS).terms
    known = {document.id for document in read(CORPUS)}
    assert len(terms) >= 40
    assert {reference for term in terms for reference in term.references} <= known
    assert {"mTOR", "FEV1", "pleurodesis", "boxed warning", "hazard ratio"} <= {term.name for term in terms}


def test_the_corpus_uses_most_of_the_terms_that_it_explains() -> None:
    text = " ".join(document.text for document in read(CORPUS))
    used = Definitions(glossary(CORPUS))
    with_definitions(text, used)
    assert used.panels_html().count('role="dialog"') >= 0.9 * len(glossary(CORPUS).terms)


def test_no_definition_holds_a_number() -> None:
    assert [term.name for term in glossary(CORPUS).terms if re.search(r"\d", term.definition)] == []
