"""What was retracted is never evidence and is named; what was corrected or replaced is shown with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from chatbot.cli.documents import answer_object
from chatbot.cli.plain import answer_text
from chatbot.domain import Answer, AnswerSection, Conversation, Kind, Passage, Silence, Standing, Turn
from chatbot.embedding import Encoder
from chatbot.index.reader import Index
from chatbot.pipeline import Chatbot
from chatbot.settings import load_settings
from chatbot.ui.render import answer_html
from tests.conftest import index_paths
from tests.integration.page_reading import Markup
from tests.integration.test_pipeline import assert_every_claim_is_a_cited_quote

RETRACTED, NOTICE, CORRECTED, OLD, NEW, CONCERN = (f"pmid-9900000{number}" for number in range(1, 7))
GOUT, TEA = "Does zolidan lower uric acid in gout?", "How does plumarin tea change sleep?"
ARTICLE = """---
id: zolidan-gout
question: "What does zolidan do in gout?"
topics: [zolidan, gout]
status: Submitted
updated: "2026-11-23"
---
## From the Research

Zolidan lowers uric acid in gout [@pmid-99000001].
Zolidan halves uric acid within four weeks in gout [@pmid-99000001; @pmid-99000003].
"""


def record(pmid: str, title: str, text: str, links: str = "", sort: str = "Journal Article") -> str:
    """A record as PubMed's EFetch gives it, reduced to what is read."""
    abstract = f"<Abstract><AbstractText>{text}</AbstractText></Abstract>" if text else ""
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>'
        "<Article><Journal><JournalIssue><PubDate><Year>2020</Year></PubDate></JournalIssue><Title>J Invent Trials"
        f"</Title></Journal><ArticleTitle>{title}.</ArticleTitle>{abstract}<PublicationTypeList>"
        f'<PublicationType UI="D0">{sort}</PublicationType></PublicationTypeList></Article><CommentsCorrectionsList>'
        f"{links}</CommentsCorrectionsList></MedlineCitation></PubmedArticle>"
    )


def linked(relation: str, pmid: str) -> str:
    return (
        f'<CommentsCorrections RefType="{relation}"><RefSource>J Invent Trials. 2024;7:{pmid[-1]}</RefSource>'
        f'<PMID Version="1">{pmid}</PMID></CommentsCorrections>'
    )


RECORDS = (
    record(
        "99000001",
        "Zolidan in gout: a first trial",
        "Zolidan lowers uric acid in gout. In this trial zolidan lowered uric acid in gout in 90 of 100 people.",
        linked("RetractionIn", "99000002"),
        "Retracted Publication",
    ),
    record(
        "99000002",
        "Retraction: Zolidan in gout: a first trial",
        "",
        linked("RetractionOf", "99000001"),
        "Retraction of Publication",
    ),
    record(
        "99000003",
        "Zolidan in gout: a second trial",
        "Zolidan halves uric acid within four weeks in gout. Zolidan was given at 10 mg daily.",
        linked("ErratumIn", "99000008"),
        "Randomized Controlled Trial",
    ),
    record(
        "99000004",
        "Plumarin tea and sleep",
        "Plumarin tea lengthens sleep by nine minutes a night.",
        linked("UpdateIn", "99000005"),
    ),
    record(
        "99000005",
        "Plumarin tea and sleep: an update",
        "Plumarin tea does not lengthen sleep once all trials are pooled.",
        linked("UpdateOf", "99000004"),
        "Meta-Analysis",
    ),
    record(
        "99000006",
        "Bramilol and heart rate",
        "Bramilol slows the heart rate by twelve beats a minute.",
        linked("ExpressionOfConcernIn", "99000007"),
    ),
    record(
        "99000009",
        "Kelvanil in migraine",
        "Kelvanil shortens a migraine attack to one hour in most people.",
        linked("RetractionIn", "99000010"),
    ),
)


def made(folder: Path, encoder: Encoder, *records: str) -> Chatbot:
    """A chatbot on records in PubMed's XML and an article that cites two of them."""
    (folder / "corpus" / "articles").mkdir(parents=True)
    found = f'<?xml version="1.0" ?><PubmedArticleSet>{"".join(records)}</PubmedArticleSet>'
    (folder / "corpus" / "pubmed.xml").write_text(found, "utf-8")
    (folder / "corpus" / "articles" / "zolidan-gout.md").write_text(ARTICLE, "utf-8")
    settings = load_settings(index=folder / "index")
    index_paths(settings, encoder, folder / "corpus")
    return Chatbot(settings, encoder)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Chatbot:
    return made(tmp_path_factory.mktemp("standing"), encoder, *RECORDS)


def research(answer: Answer) -> AnswerSection:
    return next(section for section in answer.sections if section.kind is Kind.RESEARCH)


def cited(answer: Answer) -> set[str]:
    assert_every_claim_is_a_cited_quote(answer)
    return {reference.id for reference in answer.references}


def left_out(answer: Answer) -> list[str]:
    return [reference.id for section in answer.sections for reference in section.left_out]


def test_a_retracted_source_is_not_quoted_where_another_answers_and_is_named(known: Chatbot) -> None:
    answer = known.ask(GOUT)
    assert cited(answer) == {CORRECTED}
    assert left_out(answer) == [RETRACTED]


def test_where_only_a_retracted_source_answers_the_section_says_so_and_quotes_nothing(known: Chatbot) -> None:
    answer = known.ask("How long is a migraine attack on kelvanil?")
    section = research(answer)
    assert (answer.withheld, section.silence, section.nearest) == (True, Silence.RETRACTED, None)
    assert (
        section.reason == "The only research papers found that answer this question are retracted. They are not used."
    )
    assert left_out(answer) == ["pmid-99000009"]
    assert not any(passage.startswith("pmid-99000009") for passage in answer.evidence)


def test_what_a_question_has_nothing_to_do_with_is_not_named(known: Chatbot) -> None:
    assert left_out(known.ask("How fast is the heart rate on bramilol?")) == []
    assert left_out(known.ask("What is the capital of France?")) == []


def test_a_retracted_source_does_not_come_back_with_the_conversation(known: Chatbot) -> None:
    passages = [passage.id for passage, _ in known.index.passages_of(known.index.document(RETRACTED))]
    last = Turn(GOUT, evidence=tuple(passages))
    assert cited(known.ask("and in how many people?", Conversation((last,)))) <= {CORRECTED}
    found_again = known.pool(known.index, Conversation((Turn(GOUT),)))
    assert found_again
    assert not set(found_again) & set(passages)


def test_a_notice_of_retraction_is_no_evidence(known: Chatbot) -> None:
    answer = known.ask("Was the first trial of zolidan in gout retracted?")
    assert NOTICE not in cited(answer) | set(left_out(answer))


def test_a_question_back_has_no_choice_that_only_a_retracted_source_answers(known: Chatbot) -> None:
    assert not any("kelvanil" in choice.lower() for choice in known.ask("What is the dose?").choices)


def test_a_source_gives_way_to_the_newer_one_that_is_read(known: Chatbot) -> None:
    answer = known.ask(TEA)
    assert cited(answer) == {NEW}
    assert left_out(answer) == [OLD]


def test_where_the_newer_one_is_not_indexed_the_older_is_quoted_with_its_standing(
    tmp_path: Path, encoder: Encoder
) -> None:
    older = next(text for text in RECORDS if "99000004</PMID>" in text[:200])
    answer = made(tmp_path, encoder, older).ask(TEA)
    assert (cited(answer), left_out(answer)) == ({OLD}, [])
    assert "Updated by J Invent Trials. 2024;7:5, PMID 99000005." in answer_text(answer)


def test_a_corrected_source_is_quoted_and_says_by_what(known: Chatbot) -> None:
    answer = known.ask(GOUT)
    assert answer.references[0].standing is Standing.CORRECTED
    assert "Corrected: J Invent Trials. 2024;7:8, PMID 99000008" in answer_text(answer)
    assert "Corrected: J Invent Trials. 2024;7:8, PMID 99000008" in Markup(answer_html(answer, "a")).text


def test_a_concern_is_said_beside_the_claim_and_beside_its_reference(known: Chatbot) -> None:
    answer = known.ask("How fast is the heart rate on bramilol?")
    assert cited(answer) == {CONCERN}
    assert "[1] (Expression of concern; Research 2020)" in " ".join(answer_text(answer).split())
    claims, references = answer_html(answer, "a").split("mf-references")
    assert '<span class="mf-warn">Expression of concern</span>' in claims
    assert '<p class="mf-warned">Expression of concern: J Invent Trials. 2024;7:7, PMID 99000007</p>' in references


def test_what_is_left_out_is_shown_with_its_notice_in_terminal_page_and_json(known: Chatbot) -> None:
    answer = known.ask(GOUT)
    text = " ".join(answer_text(answer).split())
    title, notice = "Zolidan in gout: a first trial", "J Invent Trials. 2024;7:2, PMID 99000002"
    assert f"Left out: “{title}” (PMID 99000001), retracted; notice: {notice}." in text
    page = Markup(answer_html(answer, "a"))
    assert f"Left out: “ {title} ” ( PMID 99000001 ) , retracted; notice: J Invent Trials. 2024;7:2, PMID" in page.text
    assert "https://pubmed.ncbi.nlm.nih.gov/99000002/" in page.values("href")
    (written,) = [left for part in answer_object(answer)["sections"] for left in part["left_out"]]
    assert (written["id"], written["standing"], written["notices"][0]["pmid"]) == (RETRACTED, "retracted", "99000002")


def test_an_article_shows_no_claim_that_rests_on_a_retracted_source_alone_and_says_so(known: Chatbot) -> None:
    article = known.article("zolidan-gout")
    assert article is not None
    section = research(article)
    assert [claim.text for claim in section.claims] == ["Zolidan halves uric acid within four weeks in gout."]
    assert {reference.id for reference in article.references} == {CORRECTED}
    assert section.reason == "One statement is not shown: what it rests on was retracted."
    assert [reference.id for reference in section.left_out] == [RETRACTED]
    assert section.reason in Markup(answer_html(article, "a")).text


def test_a_record_that_knows_nothing_of_its_retraction_is_left_out_once_the_notice_is_indexed(
    tmp_path: Path, encoder: Encoder
) -> None:
    older = record("99000011", "Zolidan in gout: a third trial", "Zolidan lowers uric acid in gout at any dose.")
    notice = record("99000012", "Retraction", "", linked("RetractionOf", "99000011"), "Retraction of Publication")
    alone = made(tmp_path / "alone", encoder, older)
    assert cited(alone.ask(GOUT)) == {"pmid-99000011"}
    both = made(tmp_path / "both", encoder, older, notice)
    answer = both.ask(GOUT)
    assert (answer.withheld, left_out(answer)) == (True, ["pmid-99000011"])
    document = both.index.document("pmid-99000011")
    assert document is not None
    assert both.index.passages_of(document)


def test_passages_are_read_once_where_nothing_that_is_indexed_was_retracted(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    chatbot = made(tmp_path, encoder, *(text for text in RECORDS if "Retract" not in text))
    read, asked = Index.passages, []

    def counted(index: Index, ids: Sequence[str]) -> dict[str, Passage]:
        asked.append(ids)
        return read(index, ids)

    monkeypatch.setattr(Index, "passages", counted)
    assert cited(chatbot.ask(GOUT)) == {CORRECTED}
    assert len(asked) == 1


def test_a_search_finds_a_retracted_source_and_says_what_it_is(known: Chatbot) -> None:
    found = {hit.passage.document.id: hit for hit, _ in known.search(GOUT, Kind.RESEARCH, 10)}
    assert found[RETRACTED].passage.document.reference.standing is Standing.RETRACTED
