"""The repository's corpus: every file reads, every claim is cited, every fact can be traced to its source."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from chatbot.articles import cited_ids, parse_article
from chatbot.domain import EVIDENCE_KINDS, Document, Jurisdiction, Kind, ReviewStatus
from chatbot.readers import read
from chatbot.verification import numbers
from tests.conftest import CORPUS, DATA

DOCUMENTS = {document.id: document for document in read(CORPUS)}
ARTICLES = [document for document in DOCUMENTS.values() if document.kind is Kind.ARTICLE]
REFERENCES = [document for document in DOCUMENTS.values() if document.kind is not Kind.ARTICLE]
RUN = 12  # words in a row that nobody writes twice by chance

each_article = pytest.mark.parametrize("article", ARTICLES, ids=lambda document: document.id)
each_reference = pytest.mark.parametrize("reference", REFERENCES, ids=lambda document: document.id)
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"needs the data sets at {DATA}")


def source_file(fact: str) -> tuple[Path, str]:
    """The file that a ``facts_from`` names, and the record in it, if it names one."""
    place, _, record = fact.partition("#")
    return (DATA.parent if place.startswith("model_page/") else DATA) / place, record


@cache
def records(path: Path) -> dict[str, str]:
    """The lines of a JSONL file that the corpus cites, by id."""
    wanted = {fact.partition("#")[2] for document in REFERENCES for fact in document.reference.facts_from}
    found = {}
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            match = re.match(r'\{"_id": "([^"]+)"', line)
            if match and match[1] in wanted:
                found[match[1]] = line
    return found


def source_text(fact: str) -> str:
    path, record = source_file(fact)
    if record:
        return " ".join(map(str, json.loads(records(path)[record]).values()))
    return re.sub(r"<[^>]*>", " ", path.read_text("utf-8"))


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of words; numbers count as words, and a run that is mostly numbers is nobody's prose."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    found = zip(*(words[start:] for start in range(RUN)), strict=False)
    return {run for run in found if sum(word.isdigit() for word in run) <= RUN // 2}


def test_every_file_of_the_corpus_but_the_glossary_is_one_document() -> None:
    files = [path for path in CORPUS.rglob("*.md") if path.name != "glossary.md"]
    assert {path.stem for path in files} == set(DOCUMENTS)
    assert len(files) == len(DOCUMENTS)


def test_at_least_seven_topics_have_an_article() -> None:
    assert len({article.reference.topics[0] for article in ARTICLES}) >= 7


def test_everything_waits_for_its_review() -> None:
    assert {document.reference.status for document in DOCUMENTS.values()} == {ReviewStatus.SUBMITTED}


@each_article
def test_an_article_asks_a_question_and_has_claims_from_the_research(article: Document) -> None:
    sections = parse_article(article)
    assert article.reference.title.endswith("?")
    assert any(section.kind is Kind.RESEARCH and section.claims for section in sections)


@each_article
def test_every_section_of_an_article_has_claims_or_a_reason_and_stands_once(article: Document) -> None:
    sections = parse_article(article)
    assert all(bool(section.claims) != bool(section.reason) for section in sections)
    assert len({(section.kind, section.jurisdiction) for section in sections}) == len(sections)
    assert {section.kind for section in sections} == set(EVIDENCE_KINDS)


@each_article
def test_every_line_of_an_article_is_a_claim_a_heading_or_a_reason(article: Document) -> None:
    lines = [line for line in article.text.splitlines() if line.strip() and not line.startswith(("#", ">"))]
    assert sum(len(section.claims) for section in parse_article(article)) == len(lines)
    assert all(cited_ids(line) for line in lines)


@each_article
def test_every_reference_that_an_article_cites_is_there(article: Document) -> None:
    known = {reference.id for reference in REFERENCES}
    assert cited_ids(article.text) <= known


@each_article
def test_a_label_section_cites_labels_of_its_own_jurisdiction_only(article: Document) -> None:
    for section in parse_article(article):
        if section.kind is Kind.LABEL:
            cited = [DOCUMENTS[cite].reference for claim in section.claims for cite in claim.cites]
            assert {(r.kind, r.jurisdiction) for r in cited} <= {(Kind.LABEL, section.jurisdiction)}


@each_article
def test_every_number_of_a_claim_occurs_in_a_reference_that_it_cites(article: Document) -> None:
    for section in parse_article(article):
        for claim in section.claims:
            held = numbers(" ".join(DOCUMENTS[cite].text for cite in claim.cites))
            assert numbers(claim.text) <= held, claim.text


def test_the_article_on_lam_has_every_section_of_the_model_page() -> None:
    sections = {(s.kind, s.jurisdiction): s for s in parse_article(DOCUMENTS["lam-treatment"])}
    research = sections[Kind.RESEARCH, None]
    assert sections[Kind.GUIDELINE, None].claims
    assert "Key points" in {claim.heading for claim in sections[Kind.GUIDELINE, None].claims}
    assert sections[Kind.LABEL, Jurisdiction.US].reason == "No US label for sirolimus is indexed."
    assert {claim.heading for claim in research.claims} == {
        "Treatment options",
        "Administration and efficacy",
        "Future directions",
    }


@each_reference
def test_the_id_of_a_reference_begins_with_its_kind_and_ends_with_its_jurisdiction(reference: Document) -> None:
    whose = reference.reference.jurisdiction
    assert reference.id.startswith(f"{reference.kind}-")
    assert whose is None or reference.id.endswith(f"-{whose.lower()}")


@each_reference
def test_a_reference_is_as_long_as_a_summary(reference: Document) -> None:
    assert 80 <= len(reference.text.split()) <= 650


@each_reference
def test_every_reference_says_where_its_facts_are_from(reference: Document) -> None:
    assert reference.reference.facts_from


@each_article
def test_the_topics_of_an_article_have_three_research_references_and_a_guideline_or_label(article: Document) -> None:
    topics = set(article.reference.topics)
    kinds = [reference.kind for reference in REFERENCES if topics & set(reference.reference.topics)]
    assert kinds.count(Kind.RESEARCH) >= 3
    assert set(kinds) > {Kind.RESEARCH}


@needs_data
@each_reference
def test_every_source_of_a_reference_exists(reference: Document) -> None:
    for fact in reference.reference.facts_from:
        path, record = source_file(fact)
        assert path.is_file(), fact
        assert not record or record in records(path), fact


@needs_data
@each_reference
def test_a_reference_is_written_in_its_own_words(reference: Document) -> None:
    own = runs(reference.text)
    for fact in reference.reference.facts_from:
        assert not own & runs(source_text(fact)), fact
