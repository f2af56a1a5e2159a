"""The same path on real NIH answers (MedQuAD), where that folder is present.

Indexed is a sample of the documents that have questions; other documents' questions are ones it cannot answer.
"""

from __future__ import annotations

import json

import pytest

from chatbot.answering.calibration import as_metadata, calibrate
from chatbot.answering.calibration_keys import METADATA_KEY
from chatbot.domain import EVIDENCE_KINDS, Kind
from chatbot.embedding import Encoder
from chatbot.index.build import IndexWriter
from chatbot.index.reader import Index
from chatbot.pipeline import Chatbot
from chatbot.settings import load_settings
from tests.conftest import DATA
from tests.integration.test_pipeline import assert_every_claim_is_a_cited_quote

CORPUS = DATA / "corpora" / "medquad" / "corpus.jsonl"
QUERIES = DATA / "retrieval" / "medquad" / "queries.jsonl"
_DOCUMENTS = 100

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not (CORPUS.exists() and QUERIES.exists()), reason="the MedQuAD data set is not there"),
]

Questions = dict[str, str]  # document id → question


@pytest.fixture(scope="module")
def questions() -> tuple[Questions, Questions]:
    """Questions of the sample, and as many of other documents."""
    lines = [json.loads(line) for line in QUERIES.read_text("utf-8").splitlines()]
    found = {line["_id"].removeprefix("q_"): line["text"] for line in lines[::4]}
    items = list(found.items())
    return dict(items[:_DOCUMENTS]), dict(items[_DOCUMENTS : 2 * _DOCUMENTS])


@pytest.fixture(scope="module")
def medquad(
    questions: tuple[Questions, Questions], tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> Chatbot:
    folder = tmp_path_factory.mktemp("medquad")
    sample = folder / "corpus.jsonl"
    with CORPUS.open(encoding="utf-8") as lines:
        sample.write_text("".join(line for line in lines if json.loads(line)["_id"] in questions[0]), "utf-8")
    settings = load_settings(index=folder / "index")
    with IndexWriter(settings, encoder).open() as writer:
        writer.apply(writer.plan([sample]))
        writer.note(METADATA_KEY, as_metadata(calibrate(Index(settings, encoder))))
    return Chatbot(settings, encoder)


def test_the_document_asked_for_is_among_the_first_five(
    medquad: Chatbot, questions: tuple[Questions, Questions]
) -> None:
    found = [
        document in {hit.passage.document.id for hit, _ in medquad.search(question, Kind.RESEARCH, 5)}
        for document, question in questions[0].items()
    ]
    assert sum(found) / len(found) >= 0.95


def test_every_answer_is_made_of_cited_quotes(medquad: Chatbot, questions: tuple[Questions, Questions]) -> None:
    for question in questions[0].values():
        assert_every_claim_is_a_cited_quote(medquad.ask(question))


def test_known_questions_are_answered_and_questions_on_other_topics_are_not(
    medquad: Chatbot, questions: tuple[Questions, Questions]
) -> None:
    known = [medquad.ask(question).withheld for question in questions[0].values()]
    other = [medquad.ask(question).withheld for question in questions[1].values()]
    assert sum(known) / len(known) <= 0.10
    assert sum(other) / len(other) >= 0.75


def test_kinds_that_are_not_indexed_say_so(medquad: Chatbot, questions: tuple[Questions, Questions]) -> None:
    answer = medquad.ask(next(iter(questions[0].values())))
    reasons = {s.kind: s.reason for s in answer.sections if s.withheld}
    assert set(reasons) >= set(EVIDENCE_KINDS) - {Kind.RESEARCH}
    assert reasons[Kind.GUIDELINE] == "No guideline is indexed."
    assert reasons[Kind.LABEL] == "No US drug label is indexed."
