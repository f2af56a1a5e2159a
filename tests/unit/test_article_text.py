"""An answer → the Markdown of an article → the same statements; ids that a marker can cite; the hash of a content."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot.articles import marker, parse_article
from chatbot.domain import (
    Answer,
    AnswerSection,
    Citation,
    CitedSpan,
    Claim,
    Document,
    Kind,
    Passage,
    Reference,
    Section,
    Sentence,
    content_hash,
)
from chatbot.review.article_text import article_text

QUOTES = (
    "Sirolimus helps.",
    "It helps. It harms",
    "nausea",
    "# not a heading",
    "1. not a list",
    "- nor this",
    "> nor a quote",
    "| 5 mg | 2–5 years |",
    "a [b] [@c] \\d *e* _f_ `g` <h> &amp; ~i~",
    "“Quoted” – and ≥ 5 mg/kg?",
    "[x]: http://x.test",
    "<script>alert(1)</script>",
)


def answer(*claims: Claim, source: str = "pmid-1") -> Answer:
    """An answer from one source, whose text is every claim."""
    text = "\n".join(claim.text for claim in claims) or "."
    section = Section("Results", 0, len(text))
    document = Document(Reference(source, Kind.RESEARCH, "A study"), text, (section,))
    citations = []
    for number, claim in enumerate(claims, start=1):
        start = text.index(claim.text)
        span = Sentence(start, start + len(claim.text))
        citations.append(Citation(number, Passage(document, section, (span,)), span.start, span.end))
    numbered = tuple(replace(claim, citations=(number,)) for number, claim in enumerate(claims, start=1))
    found = AnswerSection(Kind.RESEARCH, numbered, withheld=not claims, reason="" if claims else "Nothing *answers*.")
    return Answer("What?", "What?", (found,), tuple(citations))


def read_back(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    (section,) = parse_article(Document(Reference("a", Kind.ARTICLE, "What?"), text, ()))
    return [(claim.text, claim.heading, claim.cites) for claim in section.claims]


@pytest.mark.parametrize("quote", QUOTES)
def test_a_statement_reads_back_word_for_word(quote: str) -> None:
    assert read_back(article_text(answer(Claim(quote, ())))) == [(quote, "", ("pmid-1",))]


def test_many_statements_keep_their_order_and_their_headings() -> None:
    claims = [Claim(quote, (), heading="*Adverse* reactions") for quote in QUOTES]
    assert [one[:2] for one in read_back(article_text(answer(*claims)))] == [
        (quote, "*Adverse* reactions") for quote in QUOTES
    ]


def test_what_a_statement_cannot_be_read_without_stands_above_it_and_is_no_statement() -> None:
    claims = [Claim(text, (), lead=("- Common effects of [the] drug:",)) for text in ("nausea", "rash")]
    text = article_text(answer(*claims))
    assert "Common effects of" in text
    assert [one[0] for one in read_back(text)] == ["nausea", "rash"]


def test_a_section_that_does_not_answer_keeps_its_reason() -> None:
    (section,) = parse_article(Document(Reference("a", Kind.ARTICLE, "What?"), article_text(answer()), ()))
    assert (section.claims, section.reason) == ((), "Nothing *answers*.")


@pytest.mark.parametrize("source", ["label-608d4f0d-1a", "doi-10-1056", "MED-10", "a b/c;d,e]@}", "ä%7D"])
def test_every_id_can_be_cited(source: str) -> None:
    assert read_back(article_text(answer(Claim("It helps.", ()), source=source))) == [("It helps.", "", (source,))]


def test_a_plain_id_is_cited_as_it_is() -> None:
    assert marker(("pmid-1", "MED-10")) == "[@pmid-1; @{MED-10}]"


def test_the_hash_changes_with_question_text_quote_source_and_statement() -> None:
    span = CitedSpan("pmid-1", "It helps.", (1,))
    spans = [span, replace(span, reference="pmid-2"), replace(span, quote="It harms."), replace(span, statements=(2,))]
    contents = [("q", "t", [one]) for one in spans] + [("q2", "t", [span]), ("q", "t2", [span]), ("q", "t", [])]
    assert len({content_hash(*content) for content in contents}) == len(contents)


def test_the_hash_does_not_depend_on_where_the_quote_stands() -> None:
    spans = [CitedSpan("pmid-1", "It helps.", (1,), section=section) for section in ("Results", "Discussion")]
    assert content_hash("q", "t", spans[:1]) == content_hash("q", "t", spans[1:])
