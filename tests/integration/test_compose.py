"""Which sentences an answer quotes, with what, in which order, and how much of it is folded away."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import pytest

from chatbot.answering.compose import WORDS_READ
from chatbot.domain import Answer, AnswerSection, Claim, Jurisdiction, Kind
from chatbot.embedding import Encoder
from chatbot.pipeline import Chatbot
from chatbot.settings import load_settings
from tests.conftest import index_paths, write_reference
from tests.integration.test_pipeline import assert_every_claim_is_a_cited_quote

QUESTIONS = (
    "What is the treatment for LAM?",
    "side effects of sildenafil",
    "what are the warnings and risks of Humira?",
    "do statins help in primary prevention?",
    "How is PTSD treated?",
    "What does the guideline say about opioids for chronic pain?",
    "monitoring of haloperidol",
)
ZOLIDAN = """## Safety

Zolidan is a new medicine for gout. It lowers uric acid in the blood.
Zolidan must not be given to people with:

- severe asthma
- acute porphyria

## Dose

| Body weight | Daily dose of zolidan |
|---|---|
| below 40 kg | 5 mg |
| 40 kg and above | 10 mg |
"""


@pytest.fixture(scope="module")
def answers(chatbot: Chatbot) -> list[Answer]:
    return [chatbot.ask(question) for question in QUESTIONS]


@pytest.fixture(scope="module")
def zolidan(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Chatbot:
    """A chatbot that knows one made-up medicine."""
    folder = tmp_path_factory.mktemp("zolidan")
    settings = load_settings(index=folder / "index")
    index_paths(settings, encoder, write_reference(folder, "zolidan", ZOLIDAN))
    return Chatbot(settings, encoder)


def claims(answer: Answer) -> list[Claim]:
    return [claim for section in answer.sections for claim in section.claims]


def label(answer: Answer) -> AnswerSection:
    return next(s for s in answer.sections if s.jurisdiction is Jurisdiction.US)


def parts(answers: list[Answer]) -> Iterator[tuple[Answer, tuple[Claim, ...]]]:
    """What is shown and what is folded away of each section, each by itself."""
    for answer in answers:
        for section in answer.sections:
            yield answer, section.claims
            yield answer, section.more


def test_an_item_of_a_list_is_quoted_below_the_line_that_introduces_it(zolidan: Chatbot) -> None:
    answer = zolidan.ask("Who must not be given zolidan?")
    assert_every_claim_is_a_cited_quote(answer)
    lead = ("Zolidan must not be given to people with:",)
    assert {(claim.lead, claim.text) for claim in claims(answer)} >= {
        (lead, "severe asthma"),
        (lead, "acute porphyria"),
    }


def test_a_sentence_that_points_back_is_quoted_behind_what_it_points_to(zolidan: Chatbot) -> None:
    answer = zolidan.ask("What does zolidan do to uric acid?")
    (place,) = [n for n, claim in enumerate(claims(answer)) if claim.text == "It lowers uric acid in the blood."]
    before = claims(answer)[place].lead or (claims(answer)[place - 1].text,)
    assert before == ("Zolidan is a new medicine for gout.",)


def test_a_row_is_quoted_below_its_header(zolidan: Chatbot) -> None:
    answer = zolidan.ask("What is the daily dose of zolidan below 40 kg body weight?")
    row = next(claim for claim in claims(answer) if claim.text.startswith("|"))
    assert (row.lead, row.text) == (("| Body weight | Daily dose of zolidan |",), "| below 40 kg | 5 mg |")


def test_rows_of_the_corpus_bring_their_header_and_the_line_above_the_table(chatbot: Chatbot) -> None:
    dose = chatbot.ask("What is the dose of atorvastatin with clarithromycin?")
    header = ("| Interacting drug | Atorvastatin advice |",)
    assert any(c.lead == header and c.text.startswith("| Clarithromycin") for c in label(dose).claims)
    rates = chatbot.ask("How often does sildenafil cause headache?")
    rows = [claim for section in rates.sections for claim in (*section.claims, *section.more) if "|" in claim.text]
    assert rows[0].lead[0] == "Adverse reaction rates in fixed-dose trials of sildenafil were:"


def test_a_section_is_read_in_half_a_minute_and_the_rest_is_folded_away(answers: list[Answer]) -> None:
    for answer in answers:
        for section in answer.sections:
            words = [len(" ".join((*claim.lead, claim.text)).split()) for claim in section.claims]
            assert sum(words) <= WORDS_READ or len(words) == 1
    assert any(section.more for answer in answers for section in answer.sections)


def test_nothing_is_quoted_twice(answers: list[Answer]) -> None:
    for answer in answers:
        said = [claim.text for section in answer.sections for claim in (*section.claims, *section.more)]
        assert len(said) == len(set(said))


def test_each_heading_stands_once_and_below_it_a_source_keeps_its_order(answers: list[Answer]) -> None:
    for answer, shown in parts(answers):
        headings = [heading for heading, _ in groupby(shown, key=lambda claim: claim.heading)]
        assert len(headings) == len(set(headings))
        cited = [answer.citations[claim.citations[0] - 1] for claim in shown]
        places = [(claim.heading, c.passage.document.id, c.start) for claim, c in zip(shown, cited, strict=True)]
        for _, group in groupby(places, key=lambda place: place[:2]):
            starts = [start for _, _, start in group]
            assert starts == sorted(starts)


def test_headings_are_the_sources_own(answers: list[Answer]) -> None:
    for answer, shown in parts(answers):
        for claim in shown:
            passage = answer.citations[claim.citations[0] - 1].passage
            assert claim.heading in {passage.section.heading, passage.document.reference.title}


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("sildenafil treatment?", "Indications and usage"),
        ("atorvastatin dose?", "Dosage and administration"),
        ("sildenafil contraindications?", "Contraindications"),
        ("atorvastatin interactions?", "Drug interactions"),
    ],
)
def test_one_word_about_a_drug_is_answered_from_the_section_that_is_there_for_it(
    chatbot: Chatbot, question: str, heading: str
) -> None:
    assert label(chatbot.ask(question)).claims[0].heading == heading


@pytest.mark.parametrize(
    "question", ["haloperidol contraindications?", "haloperidol dose?", "haloperidol in pregnancy"]
)
def test_a_boxed_warning_that_bears_on_the_question_is_shown_first(chatbot: Chatbot, question: str) -> None:
    headings = list(dict.fromkeys(claim.heading for claim in label(chatbot.ask(question)).claims))
    assert headings[0] == "Boxed warning"
    assert len(headings) > 1


@pytest.mark.parametrize("question", ["How is Humira stored?", "What is the overdose of haloperidol like?"])
def test_a_boxed_warning_is_not_shown_to_who_does_not_ask_of_using_the_drug(chatbot: Chatbot, question: str) -> None:
    assert "Boxed warning" not in {claim.heading for claim in label(chatbot.ask(question)).claims}


def test_one_source_does_not_speak_for_all_of_them(answers: list[Answer]) -> None:
    for answer in answers:
        for section in answer.sections:
            cited = [answer.citations[claim.citations[0] - 1].passage.document.id for claim in section.claims]
            assert section.kind is Kind.LABEL or len(set(cited)) in {0, 1} or max(map(cited.count, cited)) <= 3
