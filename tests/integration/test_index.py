"""Indexing: what is unchanged costs nothing, what is gone goes, what fails loses nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from chatbot.domain import Kind
from chatbot.embedding import Encoder
from chatbot.errors import CorpusError, IndexingError, IndexMismatch, IndexUnavailable
from chatbot.index.build import IndexWriter
from chatbot.index.home import home
from chatbot.index.reader import Index
from chatbot.index.sources import is_current
from chatbot.settings import PassageSettings, Settings
from tests.conftest import CORPUS, index_paths, write_reference


class Counting:
    """The real encoder, noting what it is asked to embed."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.embedded: list[str] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._encoder, name)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded += texts
        return self._encoder.encode(texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of three references."""
    folder = tmp_path / "docs"
    write_reference(folder, "aspirin", "Aspirin lowers fever. It was given at 300 mg.")
    write_reference(folder, "ibuprofen", "Ibuprofen lowers fever as well. Its dose was 400 mg.")
    write_reference(folder, "codeine", "Codeine relieves pain. It caused constipation in many patients.")
    return folder


def ids(settings: Settings, encoder: Encoder) -> list[str]:
    return [reference.id for reference in Index(settings, encoder).references]


def test_unchanged_documents_are_not_embedded_again(settings: Settings, encoder: Encoder, folder: Path) -> None:
    index_paths(settings, encoder, folder)
    counting = Counting(encoder)
    outcome = index_paths(settings, counting, folder)
    assert counting.embedded == []
    assert len(outcome.plan.unchanged) == 3
    assert not outcome.swapped


def test_what_others_say_about_a_document_is_written_without_embedding_it(
    settings: Settings, encoder: Encoder, folder: Path
) -> None:
    index_paths(settings, encoder, folder)
    fields = {"title": "Aspirin tablets", "kind": "label", "set_id": "s"}
    write_reference(folder, "aspirin", "Aspirin lowers fever. It was given at 300 mg.", drugs="[aspirin]", **fields)
    index_paths(settings, encoder, folder)
    text = "Aspirin lowers fever. It was given at 300 mg."
    write_reference(folder / "z", "other", text, drugs="[aspirin]", **{**fields, "set_id": "t", "date": "2001-01-01"})
    write_reference(folder, "aspirin", text, drugs="[aspirin]", **fields, date="2002-01-01")
    index_paths(settings, encoder, folder)
    counting = Counting(encoder)
    (folder / "z" / "other.md").unlink()
    outcome = index_paths(settings, counting, folder)
    document = Index(settings, encoder).document("aspirin")
    assert (outcome.plan.restated, counting.embedded) == ({"aspirin"}, [])
    assert document is not None
    assert document.reference.also == ()
    assert len(Index(settings, encoder).passages_of(document)) == 1


def test_a_file_that_moved_is_not_embedded_again(settings: Settings, encoder: Encoder, folder: Path) -> None:
    notes = folder / "notes.txt"
    notes.write_text("Zinc shortens colds. It was given for a week.", "utf-8")
    index_paths(settings, encoder, folder)
    (folder / "new").mkdir()
    notes.rename(folder / "new" / "notes.txt")
    counting = Counting(encoder)
    outcome = index_paths(settings, counting, folder)
    assert (len(outcome.plan.added), len(outcome.plan.removed), counting.embedded) == (1, 1, [])


def test_a_changed_document_embeds_only_its_new_text(settings: Settings, encoder: Encoder, folder: Path) -> None:
    index_paths(settings, encoder, folder)
    write_reference(folder, "aspirin", "Aspirin lowers fever. It was given at 500 mg.")
    counting = Counting(encoder)
    outcome = index_paths(settings, counting, folder)
    assert outcome.plan.changed == ["aspirin"]
    assert "Aspirin lowers fever." not in counting.embedded
    assert any("500 mg" in text for text in counting.embedded)
    document = Index(settings, encoder).document("aspirin")
    assert document is not None
    assert "300 mg" not in document.text


def test_a_removed_file_takes_its_document_along(settings: Settings, encoder: Encoder, folder: Path) -> None:
    index_paths(settings, encoder, folder)
    (folder / "codeine.md").unlink()
    outcome = index_paths(settings, encoder, folder)
    index = Index(settings, encoder)
    assert outcome.plan.removed == ["codeine"]
    assert ids(settings, encoder) == ["aspirin", "ibuprofen"]
    found = index.candidates(Kind.RESEARCH, [index.wanted("codeine")], encoder.encode(["codeine relieves pain"]))
    assert not any(candidate.id.startswith("codeine") for candidate in found)


def test_documents_of_another_path_stay(settings: Settings, encoder: Encoder, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write_reference(other, "morphine", "Morphine relieves severe pain.")
    index_paths(settings, encoder, folder)
    index_paths(settings, encoder, other)
    assert ids(settings, encoder) == ["aspirin", "codeine", "ibuprofen", "morphine"]


def test_a_document_that_moved_stays_when_its_old_folder_is_indexed_again(
    settings: Settings, encoder: Encoder, folder: Path, tmp_path: Path
) -> None:
    index_paths(settings, encoder, folder)
    other = tmp_path / "other"
    other.mkdir()
    (folder / "codeine.md").rename(other / "codeine.md")
    index_paths(settings, encoder, other)
    outcome = index_paths(settings, encoder, folder)
    assert outcome.plan.removed == []
    assert "codeine" in ids(settings, encoder)


def test_an_updated_index_equals_a_fresh_one(
    settings: Settings, encoder: Encoder, folder: Path, tmp_path: Path
) -> None:
    index_paths(settings, encoder, folder)
    write_reference(folder, "aspirin", "A new first sentence. Aspirin lowers fever. It was given at 300 mg.")
    index_paths(settings, encoder, folder)
    fresh = settings.model_copy(update={"index": tmp_path / "fresh"})
    index_paths(fresh, encoder, folder)
    query = encoder.encode(["fever dose"])
    indexes = [Index(s, encoder) for s in (settings, fresh)]
    updated, new = (i.candidates(Kind.RESEARCH, [i.wanted("fever dose")], query) for i in indexes)
    assert [c.id for c in updated] == [c.id for c in new]
    for one, other in zip(updated, new, strict=True):
        assert np.allclose(one.vectors, other.vectors, atol=2e-3)


def test_a_failing_file_keeps_its_indexed_version(settings: Settings, encoder: Encoder, folder: Path) -> None:
    index_paths(settings, encoder, folder)
    (folder / "codeine.md").write_text("---\nid: codeine\nkind: opinion\n---\ntext\n", "utf-8")
    outcome = index_paths(settings, encoder, folder)
    assert [error.path.name for error in outcome.plan.failed] == ["codeine.md"]
    assert "codeine" in ids(settings, encoder)
    assert not is_current(settings, [folder])


def test_a_copy_of_a_document_is_named_and_not_indexed(settings: Settings, encoder: Encoder, folder: Path) -> None:
    shutil.copytree(folder, folder / "again")
    outcome = index_paths(settings, encoder, folder)
    first = outcome.plan.duplicates[0]
    assert (Path(first.kept_file), Path(first.file)) == (folder / "again" / "aspirin.md", folder / "aspirin.md")
    assert (first.id, first.kept_id, first.reason) == ("aspirin", "aspirin", "same id; a copy")
    assert outcome.plan.failed == []
    assert len(ids(settings, encoder)) == 3


def test_another_work_under_the_same_id_is_a_failure_that_names_both_files(
    settings: Settings, encoder: Encoder, folder: Path
) -> None:
    other = write_reference(folder / "zinc", "aspirin", "Zinc shortens colds.", title="A study of zinc")
    outcome = index_paths(settings, encoder, folder)
    message = str(outcome.plan.failed[0])
    assert str(other) in message
    assert str(folder / "aspirin.md") in message
    document = Index(settings, encoder).document("aspirin")
    assert document is not None
    assert "fever" in document.text


def test_an_article_that_cites_an_unknown_reference_is_refused(
    settings: Settings, encoder: Encoder, folder: Path
) -> None:
    article = folder / "articles" / "fever.md"
    article.parent.mkdir()
    front = (
        "---\nid: fever\nquestion: What lowers fever?\ntopics: [fever]\nstatus: Submitted\nupdated: 2026-11-23\n---\n"
    )
    article.write_text(f"{front}## From the Research\n\nAspirin lowers fever [@aspirn].\n", "utf-8")
    outcome = index_paths(settings, encoder, folder)
    assert "[@aspirn]" in str(outcome.plan.failed[0])
    assert "fever" not in ids(settings, encoder)


def test_an_index_of_other_settings_is_not_opened(settings: Settings, encoder: Encoder, folder: Path) -> None:
    index_paths(settings, encoder, folder)
    other = settings.model_copy(update={"passages": PassageSettings(max_tokens=100)})
    with pytest.raises(IndexMismatch, match=r"passage tokens 160, but it is 100 now.*chatbot index --rebuild"):
        Index(other, encoder)
    with pytest.raises(IndexMismatch):
        index_paths(other, encoder, folder)
    assert len(ids(settings, encoder)) == 3


def test_a_missing_index_names_the_command(settings: Settings, encoder: Encoder) -> None:
    with pytest.raises(IndexUnavailable, match="run 'chatbot index'"):
        Index(settings, encoder)


def test_an_index_whose_first_run_never_ended_says_so(settings: Settings, encoder: Encoder, folder: Path) -> None:
    with IndexWriter(settings, encoder).open() as writer:
        writer.plan([folder])
    with pytest.raises(IndexUnavailable, match="not complete yet"):
        Index(settings, encoder)


def test_a_damaged_manifest_says_how_to_rebuild(settings: Settings, encoder: Encoder, folder: Path) -> None:
    index_paths(settings, encoder, folder)
    (home(settings.index) / "manifest.sqlite").write_bytes(b"not a database" * 1000)
    for leftover in home(settings.index).glob("manifest.sqlite-*"):
        leftover.unlink()
    with pytest.raises(IndexUnavailable, match=r"is damaged.*--rebuild"):
        Index(settings, encoder)


def test_a_second_writer_is_told_of_the_first(settings: Settings, encoder: Encoder, folder: Path) -> None:
    index_paths(settings, encoder, folder)
    with (
        IndexWriter(settings, encoder).open(),
        pytest.raises(IndexingError, match="another run is writing"),
        IndexWriter(settings, encoder).open(),
    ):
        pass


@pytest.mark.parametrize("missing", [True, False])
def test_a_corpus_that_is_missing_or_empty_changes_nothing(
    settings: Settings, encoder: Encoder, folder: Path, tmp_path: Path, missing: bool
) -> None:
    index_paths(settings, encoder, folder)
    empty = tmp_path / "empty"
    if not missing:
        empty.mkdir()
    with pytest.raises(CorpusError, match=str(empty)):
        index_paths(settings, encoder, empty)
    assert len(ids(settings, encoder)) == 3


def test_a_corpus_of_bad_files_only_says_there_is_nothing_to_index(
    settings: Settings, encoder: Encoder, tmp_path: Path
) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "a.md").write_text("---\nkind: opinion\n---\ntext\n", "utf-8")
    with pytest.raises(CorpusError, match="nothing to index"):
        index_paths(settings, encoder, bad)


def test_the_kind_option_is_for_records_that_do_not_say(settings: Settings, encoder: Encoder, tmp_path: Path) -> None:
    lines = [
        {"_id": "1", "title": "One", "text": "Text of one."},
        {"_id": "2", "title": "Two", "text": "Text of two.", "metadata": {"kind": "label"}},
    ]
    path = tmp_path / "corpus.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    with IndexWriter(settings, encoder).open() as writer:
        writer.apply(writer.plan([path], Kind.GUIDELINE))
    assert Index(settings, encoder).counts == {Kind.GUIDELINE: 1, Kind.LABEL: 1}


def test_nothing_has_changed_is_told_without_opening_a_model(
    settings: Settings, encoder: Encoder, folder: Path
) -> None:
    index_paths(settings, encoder, folder)
    assert is_current(settings, [folder])
    write_reference(folder, "aspirin", "Another text about aspirin.")
    assert not is_current(settings, [folder])


def test_every_passage_of_the_corpus_is_in_chroma_and_in_the_manifest(chatbot_index: Index) -> None:
    held = set(chatbot_index.passage_ids())
    documents = [chatbot_index.document(reference.id) for reference in chatbot_index.references]
    passages = {p.id for d in documents if d for p, _ in chatbot_index.passages_of(d)}
    assert passages == held
    assert len(documents) == len(list(CORPUS.rglob("*/*.md")))  # what lies beside the folders is no source


@pytest.fixture
def chatbot_index(corpus_index: Settings, encoder: Encoder) -> Index:
    return Index(corpus_index, encoder)
