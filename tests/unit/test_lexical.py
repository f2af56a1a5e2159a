"""The words of texts: each kind is searched by itself, the best texts come first, and what is deleted is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.domain import Kind
from chatbot.index.lexical import LexicalStore, mark

TEXTS = [
    ("one:00000000000000a1", Kind.LABEL, "Aspirin lowers fever. The dose of aspirin is 300 mg.", "aspirin"),
    ("two:ffffffffffffffff", Kind.LABEL, "Fever is a symptom of many diseases.", "fever"),
    ("three:00000000000000a3", Kind.RESEARCH, "Aspirin was studied in fever.", "aspirin trial"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store of three texts of two kinds."""
    store = LexicalStore(tmp_path, create=True)
    store.add(TEXTS)
    store.commit()
    store.close()
    return tmp_path


def test_a_kind_is_searched_by_itself(folder: Path) -> None:
    store = LexicalStore(folder)
    assert [key for key, _ in store.best(Kind.LABEL, ["aspirin", "fever"], 10)] == [TEXTS[0][0], TEXTS[1][0]]
    assert [key for key, _ in store.best(Kind.RESEARCH, ["aspirin"], 10)] == [TEXTS[2][0]]
    assert store.best(Kind.GUIDELINE, ["aspirin"], 10) == []
    assert store.best(Kind.LABEL, [], 10) == []


def test_marks_stand_for_the_ids_with_the_same_scores(folder: Path) -> None:
    store = LexicalStore(folder)
    found = store.best(Kind.LABEL, ["aspirin", "fever"], 10)
    assert store.best_marks(Kind.LABEL, ["aspirin", "fever"], 10) == [(mark(key), score) for key, score in found]
    assert mark(TEXTS[1][0]) == 2**64 - 1


def test_frequencies_and_sizes_are_those_of_all_kinds(folder: Path) -> None:
    store = LexicalStore(folder)
    assert store.size == 3
    assert store.document_frequency("aspirin") == 2
    assert store.topic_frequency("aspirin") == 2
    assert store.together("fever", ["trial"], named=False)
    assert not store.together("symptom", ["trial"], named=False)


def test_texts_on_a_topic_are_counted_by_kind(folder: Path) -> None:
    store = LexicalStore(folder)
    assert store.on_topic(Kind.LABEL, ["aspirin", "fever"]) == 2
    assert store.on_topic(Kind.RESEARCH, ["fever"]) == 0
    assert store.on_topic(Kind.LABEL, []) == 0


def test_a_text_written_again_is_replaced_and_a_deleted_one_gone(folder: Path) -> None:
    writer = LexicalStore(folder, create=True)
    writer.add([(TEXTS[0][0], Kind.LABEL, "Ibuprofen lowers fever.", "ibuprofen")])
    writer.delete([(TEXTS[1][0], Kind.LABEL)])
    writer.commit()
    writer.close()
    store = LexicalStore(folder)
    assert [key for key, _ in store.best(Kind.LABEL, ["fever"], 10)] == [TEXTS[0][0]]
    assert store.best(Kind.LABEL, ["aspirin"], 10) == []


def test_a_weight_raises_what_a_word_counts(folder: Path) -> None:
    store = LexicalStore(folder)
    alone = dict(store.best(Kind.LABEL, {"fever": 1.0}, 10))
    doubled = dict(store.best(Kind.LABEL, {"fever": 2.0}, 10))
    assert doubled == pytest.approx({key: 2 * score for key, score in alone.items()})


def test_parts_find_a_misspelt_word(tmp_path: Path) -> None:
    store = LexicalStore(tmp_path, create=True, parts=True)
    store.add(TEXTS)
    store.commit()
    store.close()
    store = LexicalStore(tmp_path, parts=True)
    assert store.best(Kind.RESEARCH, store.terms("asprin"), 1)[0][0] == TEXTS[2][0]


def test_a_misspelt_topic_is_found_by_what_is_near(folder: Path) -> None:
    assert set(LexicalStore(folder).near_topics("asprin", 1)) == {TEXTS[0][0], TEXTS[2][0]}
