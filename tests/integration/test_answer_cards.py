"""Answer cards: made, read again, and checked against an index that has changed or has not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chatbot.audience import Audience
from chatbot.domain import Answer, Conversation
from chatbot.embedding import Encoder
from chatbot.errors import CardError
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings, load_settings
from chatbot.takeaway.card import AnswerCard, read_card
from chatbot.takeaway.carding import card_of
from chatbot.takeaway.check import Checked, check, settings_of
from chatbot.takeaway.taken import Taken
from chatbot.wishes import Wishes
from tests.conftest import index_paths, write_reference

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LAM = "What is the treatment for lymphangioleiomyomatosis (LAM)?"
FOLLOW_UP = "What are the side effects?"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three studies, of which two answer what zylopentin does."""
    folder = tmp_path / "corpus"
    write_reference(folder, "zylopentin", "Zylopentin lowered blood pressure by 5 mmHg.\nZylopentin caused no rash.")
    write_reference(folder, "another", "In another trial zylopentin lowered blood pressure too.", topics="[zylopentin]")
    write_reference(folder, "gout", "Allopurinol prevents attacks of gout.")
    return folder


@pytest.fixture
def indexed(settings: Settings, encoder: Encoder, corpus: Path) -> Chatbot:
    """A chatbot on the three studies, which answers whatever is near."""
    index_paths(settings, encoder, corpus)
    gate = settings.answer.model_copy(update={"gate_threshold": 0.05})
    return Chatbot(settings.model_copy(update={"answer": gate}), encoder)


def taken(answer: Answer, before: Conversation = Conversation(), **more: Any) -> Taken:  # noqa: B008
    return Taken((answer,), "A name", NOW, before, **more)


def kept(card: AnswerCard, folder: Path) -> Path:
    path = folder / "card.json"
    path.write_text(card.written(), "utf-8")
    return path


def asked_and_changed(indexed: Chatbot, corpus: Path, change: Callable[[Path], object]) -> Checked:
    """A card made, the corpus changed and indexed again, and what the card differs by."""
    answer = indexed.ask("Does zylopentin lower blood pressure?")
    assert {c.passage.document.id for c in answer.citations} == {"zylopentin", "another"}
    card = card_of(taken(answer), indexed)
    change(corpus)
    index_paths(indexed.settings, indexed.encoder, corpus)
    return check(card, indexed)


def test_a_card_read_again_is_the_card_that_was_written(chatbot: Chatbot, tmp_path: Path) -> None:
    card = card_of(taken(chatbot.ask(LAM)), chatbot)
    assert read_card(kept(card, tmp_path)) == card


def test_a_follow_up_is_checked_after_the_turns_it_followed(chatbot: Chatbot, tmp_path: Path) -> None:
    article = chatbot.article("lam-treatment")
    assert article is not None
    before = Conversation((article.turn,))
    answer = chatbot.ask(FOLLOW_UP, before)
    card = read_card(kept(card_of(taken(answer, before), chatbot), tmp_path))
    assert card.conversation == before
    assert card.asked.again
    assert check(card, chatbot) == Checked(len(answer.citations), (), (), (), ())


@pytest.mark.parametrize("wishes", [Wishes(as_typed=True), Wishes(Audience.PATIENT)], ids=["as typed", "patient"])
def test_a_card_finds_out_how_its_question_was_asked(chatbot: Chatbot, wishes: Wishes) -> None:
    before = Conversation((chatbot.ask(LAM).turn,))
    answer = chatbot.ask("What is the dose of sirolimus?", before, wishes)
    card = card_of(taken(answer, before, audience=wishes.audience), chatbot)
    assert card.asked.again
    assert not check(card, chatbot).differs


def test_an_article_is_checked_as_an_article(chatbot: Chatbot) -> None:
    article = chatbot.article("lam-treatment")
    reference = next(found for found in chatbot.articles() if found.id == "lam-treatment")
    assert article is not None
    card = card_of(taken(article, article=reference), chatbot)
    assert card.asked.article == "lam-treatment"
    assert not check(card, chatbot).differs


def test_a_card_names_quotes_hashes_index_and_settings_in_plain_json(chatbot: Chatbot) -> None:
    answer = chatbot.ask(LAM)
    written = json.loads(card_of(taken(answer), chatbot).written())
    first, citation = written["quotes"][0], answer.citations[0]
    assert (first["text"], first["start"], first["end"]) == (citation.quote, citation.start, citation.end)
    assert {len(document["text_sha256"]) for document in written["documents"]} == {64}
    assert written["index"]["built"]["weights"] == chatbot.encoder.fingerprint
    assert written["settings"]["answer"]["max_claims"] == chatbot.settings.answer.max_claims
    assert written["made"] == "2026-11-23T15:00:00Z"


def test_a_quote_whose_source_was_changed_is_named(indexed: Chatbot, corpus: Path) -> None:
    def change(folder: Path) -> None:
        write_reference(
            folder, "zylopentin", "Zylopentin lowered blood pressure by 6 mmHg.\nZylopentin caused no rash."
        )

    checked = asked_and_changed(indexed, corpus, change)
    assert "“A study of zylopentin” was changed and does not say it any more." in checked.quotes[0]
    assert any(
        "says now, and did not: “Zylopentin lowered blood pressure by 6 mmHg.”" in line for line in checked.answer
    )
    assert checked.differs


def test_a_quote_that_has_moved_in_its_document_is_said_to_stand_elsewhere(indexed: Chatbot, corpus: Path) -> None:
    def change(folder: Path) -> None:
        write_reference(folder, "another", "A new word.\nIn another trial zylopentin lowered blood pressure too.",
                        topics="[zylopentin]")  # fmt: skip

    checked = asked_and_changed(indexed, corpus, change)
    assert len(checked.quotes) == 1
    assert "“A study of another” says it elsewhere now, at character 12 instead of 0." in checked.quotes[0]


def test_a_source_that_is_gone_is_named(indexed: Chatbot, corpus: Path) -> None:
    checked = asked_and_changed(indexed, corpus, lambda folder: (folder / "another.md").unlink())
    assert [line for line in checked.quotes if "“A study of another” is not in the index any more." in line]
    assert any("does not say any more: “In another trial" in line for line in checked.answer)


def test_a_source_that_was_retracted_since_is_named(indexed: Chatbot, corpus: Path) -> None:
    def change(folder: Path) -> None:
        write_reference(folder, "another", "In another trial zylopentin lowered blood pressure too.",
                        topics="[zylopentin]", standing="retracted")  # fmt: skip

    checked = asked_and_changed(indexed, corpus, change)
    assert "“A study of another” may not be quoted any more (Retracted)." in checked.quotes[0]
    assert any("Retracted, which the card does not say." in line for line in checked.sources)
    assert any("Left out: “A study of another”" in line for line in checked.answer)


def test_a_document_added_elsewhere_is_a_note_and_no_difference(indexed: Chatbot, corpus: Path) -> None:
    def change(folder: Path) -> None:
        write_reference(folder, "asthma", "Salbutamol opens the airways in asthma.")

    checked = asked_and_changed(indexed, corpus, change)
    assert not checked.quotes
    assert "The index holds other documents than when the card was made (4 now, 3 then)." in checked.notes


def test_the_question_is_asked_again_with_the_settings_of_the_card(chatbot: Chatbot) -> None:
    card = card_of(taken(chatbot.ask(LAM)), chatbot)
    other = load_settings(answer={"max_claims": 1}, index=chatbot.settings.index)
    assert settings_of(card, other).answer == chatbot.settings.answer


def _changed(card: AnswerCard, change: Callable[[dict[str, Any]], object]) -> bytes:
    written = json.loads(card.written())
    change(written)
    return json.dumps(written).encode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda card: card["answer"].update(question="Another?"), "was changed after it was made"),
        (lambda card: card.update(sha256="0" * 64), "was changed after it was made"),
        (lambda card: card["quotes"][0].update(text="Never said."), "was changed after it was made"),
        (lambda card: card["quotes"].pop(), "has no quote that fits it"),
        (lambda card: card["documents"].clear(), "has no quote that fits it"),
        (lambda card: card.update(version=2), "version"),
        (lambda card: card.update(more="x" * 5000), "more: Extra inputs are not permitted"),
        (lambda card: card["quotes"][0].update(start=-1), "quotes.0.start"),
    ],
)
def test_a_card_that_was_changed_is_no_card(
    chatbot: Chatbot, tmp_path: Path, change: Callable[[dict[str, Any]], object], says: str
) -> None:
    path = tmp_path / "card.json"
    path.write_bytes(_changed(card_of(taken(chatbot.ask(LAM)), chatbot), change))
    with pytest.raises(CardError, match=says) as caught:
        read_card(path)
    assert len(str(caught.value)) < 500 + len(str(path))


def test_a_card_written_with_other_spacing_and_order_is_the_same_card(chatbot: Chatbot, tmp_path: Path) -> None:
    card = card_of(taken(chatbot.ask(LAM)), chatbot)
    path = tmp_path / "card.json"
    path.write_text(json.dumps(dict(reversed(json.loads(card.written()).items())), indent=7), "utf-8")
    assert read_card(path) == card


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe", b"null", b"[]", b"7", b'"card"', b"{}", b"[" * 200_000, b'{"a":' * 100_000,
        b'{"format": "medical-follow-up answer card", "version": 1, "made": 1e999}', b" " * 16_000_001,
        b'{"\x1b[2J": 1}',
    ],
    ids=["empty", "not UTF-8", "null", "list", "number", "text", "object", "deep list", "deep object", "infinite",
         "huge", "control characters"],
)  # fmt: skip
def test_what_is_no_card_ends_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "card.json"
    path.write_bytes(content)
    with pytest.raises(CardError) as caught:
        read_card(path)
    assert str(caught.value).isprintable()


def test_a_file_that_is_not_there_ends_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="cannot be read"):
        read_card(tmp_path / "none.json")
