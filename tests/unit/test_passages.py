"""Documents → passages: exact spans, no sentence lost or doubled, and no passage longer than the model reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.domain import Document, Kind, Passage, Reference, Section
from chatbot.embedding import Encoder
from chatbot.passages import embedding_text, fit_headings, headings, split_passages, topic_words
from chatbot.readers import read
from chatbot.readers.markdown import split_sections
from chatbot.sentences import sentence_spans
from chatbot.settings import PassageSettings
from tests.conftest import CORPUS

DEFAULT = PassageSettings()
SMALL = PassageSettings(max_tokens=40, heading_tokens=12)
SENTENCE = "Sirolimus stabilised the lung function of women with lymphangioleiomyomatosis in a trial of one year."


def document(text: str, title: str = SENTENCE * 3) -> Document:
    """A document under a title that fills what headings may take."""
    return Document(Reference("trial", Kind.RESEARCH, title), text, split_sections(text))


def embedded(passages: Sequence[Passage], limits: PassageSettings, encoder: Encoder) -> list[int]:
    """Tokens that the model is given for each passage, its two special ones included."""
    above = fit_headings(passages, limits.heading_tokens, encoder.count_tokens)
    texts = [embedding_text(passage, words) for passage, words in zip(passages, above, strict=True)]
    return [tokens + 2 for tokens in encoder.count_tokens(texts)]


def whole_sentences(of: Document) -> list[tuple[int, int]]:
    """Every sentence of every section, as the splitter finds it."""
    return [
        (section.start + start, section.start + end)
        for section in of.sections
        for start, end in sentence_spans(of.text[section.start : section.end])
    ]


def spans(passages: Sequence[Passage]) -> list[tuple[int, int]]:
    return [(sentence.start, sentence.end) for passage in passages for sentence in passage.sentences]


def letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_passages_hold_every_sentence_of_the_corpus_once_and_in_order(encoder: Encoder) -> None:
    for found in read(CORPUS):
        passages = split_passages(found, DEFAULT, encoder.count_tokens)
        assert spans(passages) == whole_sentences(found)


def test_passages_of_the_corpus_stay_within_the_limit_with_their_headings(encoder: Encoder) -> None:
    passages = [p for found in read(CORPUS) for p in split_passages(found, DEFAULT, encoder.count_tokens)]
    assert max(embedded(passages, DEFAULT, encoder)) <= DEFAULT.max_tokens
    assert DEFAULT.max_tokens <= encoder.max_tokens


def test_a_passage_never_crosses_the_border_of_a_section(encoder: Encoder) -> None:
    found = split_passages(document("## A\n\nOne.\n\n## B\n\nTwo.\n"), DEFAULT, encoder.count_tokens)
    assert [(passage.section.heading, passage.text) for passage in found] == [("A", "One."), ("B", "Two.")]


def test_a_section_is_cut_into_parts_of_like_length(encoder: Encoder) -> None:
    found = split_passages(document(" ".join([SENTENCE] * 6)), DEFAULT, encoder.count_tokens)
    counts = [len(passage.sentences) for passage in found]
    assert len(counts) > 1
    assert max(counts) - min(counts) <= 1


@pytest.mark.parametrize("text", ["", " \n\n ", "## A\n\n## B\n"])
def test_a_document_without_text_has_no_passages(text: str, encoder: Encoder) -> None:
    assert split_passages(document(text), DEFAULT, encoder.count_tokens) == []
    assert split_passages(Document(document("").reference, text, ()), DEFAULT, encoder.count_tokens) == []


@pytest.mark.parametrize(
    "text",
    [
        " ".join(["sirolimus"] * 700) + ".",
        "a" * 5000,
        "x-" * 2500,
        "GATTACA" * 700,
        "https://example.org/" + "a1/" * 1600,
        "日本語" * 1600,
        "\u00e9" * 5000,
        "One short. " + "b" * 5000 + ". Another short.",
    ],
    ids=["sentence", "word", "hyphens", "sequence", "link", "without spaces", "accents", "between others"],
)
def test_what_is_too_long_for_a_passage_is_cut_and_loses_nothing(text: str, encoder: Encoder) -> None:
    found = split_passages(document(text), DEFAULT, encoder.count_tokens)
    assert letters("".join(text[start:end] for start, end in spans(found))) == letters(text)
    assert max(embedded(found, DEFAULT, encoder)) <= DEFAULT.max_tokens


def test_an_over_long_sentence_is_cut_at_spaces(encoder: Encoder) -> None:
    text = " ".join(["lymphangioleiomyomatosis"] * 200) + "."
    found = split_passages(document(text), DEFAULT, encoder.count_tokens)
    assert {word for passage in found for word in passage.text.split()} == set(text.split())


@pytest.mark.parametrize(
    "text",
    ["- a\n" * 300, "Before the rule.\n\n" + "-" * 500 + "\n\nBehind the rule."],
    ids=["list of single letters", "long rule"],
)
def test_what_stands_between_sentences_counts_for_the_limit(text: str, encoder: Encoder) -> None:
    found = split_passages(document(text), DEFAULT, encoder.count_tokens)
    assert max(embedded(found, DEFAULT, encoder)) <= DEFAULT.max_tokens


def test_a_long_word_of_hangul_stays_within_the_limit(encoder: Encoder) -> None:
    found = split_passages(document(("\uac01" * 33 + "-") * 40), DEFAULT, encoder.count_tokens)
    assert max(embedded(found, DEFAULT, encoder)) <= DEFAULT.max_tokens


WORDS = st.sampled_from(
    [*SENTENCE.split(), "0.5", "mg/kg.", "e.g.", "(P<0.001).", "et", "al.", "β-blocker", "ß", "x" * 90]
)
PIECES = st.lists(WORDS, max_size=40).map(" ".join)
ROWS = st.lists(st.lists(WORDS, min_size=1, max_size=20).map(lambda cells: f"| {' | '.join(cells)} |"), min_size=1)
TABLES = ROWS.map(lambda rows: "\n".join([rows[0], "|---|---|", *rows[1:]]))
TEXTS = st.lists(st.one_of(PIECES, TABLES, st.just("## Dose"), st.text(max_size=30)), max_size=6).map("\n\n".join)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(text=TEXTS, limits=st.sampled_from([DEFAULT, SMALL]))
def test_any_text_is_cut_into_ordered_spans_that_hold_every_sentence(
    text: str, limits: PassageSettings, encoder: Encoder
) -> None:
    found = document(text)
    passages = split_passages(found, limits, encoder.count_tokens)
    cut = spans(passages)
    assert all(start < end <= following for (start, end), (following, _) in pairwise([*cut, (len(text), 0)]))
    assert all(p.section.start <= p.start < p.end <= p.section.end for p in passages)
    expected = "".join(text[start:end] for start, end in whole_sentences(found))
    assert letters("".join(text[start:end] for start, end in cut)) == letters(expected)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(text=st.lists(PIECES | TABLES, max_size=6).map("\n\n".join), limits=st.sampled_from([DEFAULT, SMALL]))
def test_any_prose_and_tables_stay_within_the_limit(text: str, limits: PassageSettings, encoder: Encoder) -> None:
    passages = split_passages(document(text), limits, encoder.count_tokens)
    assert max(embedded(passages, limits, encoder), default=0) <= limits.max_tokens


def passage(text: str = "It works.", title: str = "A trial.", heading: str = "Results") -> Passage:
    of = Document(Reference("trial", Kind.RESEARCH, title), text, (Section(heading, 0, len(text)),))
    (found,) = split_passages(of, DEFAULT, lambda texts: [len(each.split()) for each in texts])
    return found


@pytest.mark.parametrize(
    ("text", "embedded_as"),
    [
        ("It works [@a].", "It works."),
        ("It works [@a; @b-2]. It is safe. [@c]", "It works. It is safe."),
        ("It works [1].", "It works [1]."),
    ],
)
def test_citation_markers_are_not_embedded(text: str, embedded_as: str) -> None:
    assert embedding_text(passage(text), "A trial") == f"A trial\n{embedded_as}"
    assert embedding_text(passage(text), "") == embedded_as


@pytest.mark.parametrize(
    ("title", "heading", "line"),
    [
        ("A trial.", "Results", "A trial. Results"),
        ("A trial", "", "A trial"),
        (" ", "Results", "Results"),
        ("", "", ""),
    ],
)
def test_headings_are_title_and_section_on_one_line(title: str, heading: str, line: str) -> None:
    assert headings(passage(title=title, heading=heading)) == line


@pytest.mark.parametrize("limit", [0, 1, 5, 12, 48])
def test_headings_are_cut_at_a_space_to_their_limit(limit: int, encoder: Encoder) -> None:
    titles = [SENTENCE * 4, "A trial", "x" * 300, ""]
    lines = fit_headings([passage(title=title) for title in titles], limit, encoder.count_tokens)
    assert max(encoder.count_tokens(lines)) <= limit
    for line, title in zip(lines, titles, strict=True):
        whole = headings(passage(title=title))
        assert whole == line or not line or whole.startswith(f"{line} ")


def test_headings_that_fit_are_whole_and_one_for_each_passage(encoder: Encoder) -> None:
    passages = [passage(), passage(title="Another"), passage()]
    assert fit_headings(passages, 48, encoder.count_tokens) == [headings(each) for each in passages]
    assert fit_headings([], 48, encoder.count_tokens) == []


def test_a_document_is_about_its_topics_or_else_its_title() -> None:
    with_topics = Reference("a", Kind.LABEL, "Title", topics=("lam",), drugs=("sirolimus",), brands=("Rapamune",))
    assert topic_words(with_topics) == "lam sirolimus Rapamune"
    assert topic_words(Reference("a", Kind.LABEL, "Title", drugs=("sirolimus",))) == "Title sirolimus"


@pytest.mark.parametrize("heading", ["Lung/drug therapy*", "*Lung", "Lung/*drug therapy/surgery"])
def test_a_document_without_topics_is_about_its_title_and_the_main_headings_of_medline(heading: str) -> None:
    reference = Reference("a", Kind.RESEARCH, "Title", mesh=("Humans", heading, "*Lung/surgery", "Adult/physiology"))
    assert topic_words(reference) == "Title Lung"


# Tables

HEADER = "| Reaction | Placebo (N = 118) | Drug (N = 705) |"
LONG_TABLE = "\n".join([HEADER, "|---|---|---|", *(f"| Reaction number {n} | {n}% | {n + 1}% |" for n in range(60))])


def texts_embedded(text: str, limits: PassageSettings, encoder: Encoder) -> list[tuple[Passage, str]]:
    """The passages of a text under the title "A label", each with what is embedded for it."""
    passages = split_passages(document(text, "A label"), limits, encoder.count_tokens)
    lines = fit_headings(passages, limits.heading_tokens, encoder.count_tokens)
    return [(each, embedding_text(each, line)) for each, line in zip(passages, lines, strict=True)]


def test_a_passage_that_begins_amid_a_table_is_embedded_with_the_header_row(encoder: Encoder) -> None:
    (first, embedded_first), *others = texts_embedded(LONG_TABLE, DEFAULT, encoder)
    assert embedded_first == f"A label\n{first.text}"
    assert len(others) > 3
    assert all(text == f"A label\n{HEADER}\n{each.text}" for each, text in others)


def test_what_is_quoted_of_a_table_holds_each_row_once(encoder: Encoder) -> None:
    of = document(LONG_TABLE)
    assert spans(split_passages(of, DEFAULT, encoder.count_tokens)) == whole_sentences(of)


@pytest.mark.parametrize("line", ["The rates were:", "Table 2. Reactions in at least 2% of patients"])
def test_a_short_line_that_introduces_the_table_is_repeated_with_its_header(line: str, encoder: Encoder) -> None:
    *_, (last, text) = texts_embedded(f"{line}\n\n{LONG_TABLE}", DEFAULT, encoder)
    assert text == f"A label\n{line}\n{HEADER}\n{last.text}"


@pytest.mark.parametrize("line", ["The drug is safe.", f"{SENTENCE} The rates {'were as they were, ' * 20}so:"])
def test_other_and_long_lines_above_a_table_are_not_repeated(line: str, encoder: Encoder) -> None:
    *_, (last, text) = texts_embedded(f"{line}\n\n{LONG_TABLE}", DEFAULT, encoder)
    assert text == f"A label\n{HEADER}\n{last.text}"


def test_a_header_row_that_is_too_long_is_cut_at_a_space(encoder: Encoder) -> None:
    header = f"| {' | '.join(f'Column number {n}' for n in range(30))} |"
    *_, (last, text) = texts_embedded(LONG_TABLE.replace(HEADER, header), DEFAULT, encoder)
    _, repeated, rows = text.split("\n", 2)
    assert (header.startswith(f"{repeated} "), rows) == (True, last.text)
    assert 24 <= encoder.count_tokens([repeated])[0] <= DEFAULT.heading_tokens


def test_the_rows_of_a_second_table_repeat_the_second_header(encoder: Encoder) -> None:
    second = LONG_TABLE.replace("Reaction", "Dose")
    *_, (_, text) = texts_embedded(f"{LONG_TABLE}\n\n{second}", DEFAULT, encoder)
    assert text.split("\n")[1] == HEADER.replace("Reaction", "Dose")


def test_citation_markers_of_a_header_are_not_embedded(encoder: Encoder) -> None:
    *_, (_, text) = texts_embedded(LONG_TABLE.replace("Placebo", "Placebo [@trial-1]"), DEFAULT, encoder)
    assert text.split("\n")[1] == HEADER


def test_what_stands_behind_a_table_repeats_nothing_of_it(encoder: Encoder) -> None:
    *_, (last, text) = texts_embedded(f"{LONG_TABLE}\n\n" + " ".join([SENTENCE] * 12), DEFAULT, encoder)
    assert text == f"A label\n{last.text}"
