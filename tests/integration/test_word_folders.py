"""The words of a generation: a reader counts those of its own, and after an update those that a fresh index has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.domain import Kind
from chatbot.embedding import Encoder
from chatbot.index import build
from chatbot.index.build import IndexWriter
from chatbot.index.home import home
from chatbot.index.reader import Index
from chatbot.settings import Settings
from tests.conftest import index_paths, write_reference

MANY = 80


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of three references that speak of fever."""
    for name in ("aspirin", "ibuprofen", "codeine"):
        write_reference(tmp_path / "docs", name, f"Treated with {name}, fever fell. Nausea was rare.")
    return tmp_path / "docs"


def frequency(settings: Settings, encoder: Encoder, word: str = "fever") -> int:
    return Index(settings, encoder).words.document_frequency(word)


def scores(index: Index, text: str) -> list[tuple[str, tuple[float, ...]]]:
    found = index.candidates(Kind.RESEARCH, [index.wanted(text)], index.encoder.encode([text]))
    return [(candidate.id, candidate.lexical) for candidate in found]


def word_folders(settings: Settings) -> list[Path]:
    return sorted(home(settings.index).glob("words-*"))


def files(folder: Path) -> Iterator[tuple[str, int]]:
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix in {".idx", ".term", ".store"}:
            yield path.name, path.stat().st_ino


def test_a_removed_document_no_longer_counts(settings: Settings, encoder: Encoder, folder: Path) -> None:
    index_paths(settings, encoder, folder)
    assert frequency(settings, encoder) == 3
    (folder / "codeine.md").unlink()
    index_paths(settings, encoder, folder)
    assert frequency(settings, encoder) == 2


def test_an_updated_index_scores_as_a_fresh_one(
    settings: Settings, encoder: Encoder, folder: Path, tmp_path: Path
) -> None:
    index_paths(settings, encoder, folder)
    write_reference(folder, "aspirin", "Treated with aspirin, headaches went.")
    write_reference(folder, "zinc", "Treated with zinc, fever stayed.")
    (folder / "codeine.md").unlink()
    index_paths(settings, encoder, folder)
    fresh = settings.model_copy(update={"index": tmp_path / "fresh"})
    index_paths(fresh, encoder, folder)
    updated, new = (scores(Index(s, encoder), "fever and nausea") for s in (settings, fresh))
    assert updated == new


def test_a_run_that_is_killed_before_the_swap_moves_no_score(
    settings: Settings, encoder: Encoder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_paths(settings, encoder, folder)
    before = scores(Index(settings, encoder), "fever and nausea")
    write_reference(folder, "zinc", "Treated with zinc, fever stayed.")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    writer = IndexWriter(settings, encoder)
    with monkeypatch.context() as patched, writer.open():
        patched.setattr(build, "write_words", killed)  # what comes after everything is embedded
        with pytest.raises(KeyboardInterrupt):
            writer.apply(writer.plan([folder]))
    assert scores(Index(settings, encoder), "fever and nausea") == before
    index_paths(settings, encoder, folder)
    assert frequency(settings, encoder) == 4


def test_what_has_not_changed_is_linked_and_the_folder_before_is_gone(
    settings: Settings, encoder: Encoder, tmp_path: Path
) -> None:
    for number in range(MANY):
        write_reference(tmp_path / "docs", f"study-{number}", f"Drug {number} lowers fever.")
    index_paths(settings, encoder, tmp_path / "docs")
    (before,) = word_folders(settings)
    held = set(files(before))
    write_reference(tmp_path / "docs", "study-0", "Drug 0 does not lower fever at all.")
    index_paths(settings, encoder, tmp_path / "docs")
    (after,) = word_folders(settings)
    assert after != before
    assert held <= set(files(after))
    assert scores(Index(settings, encoder), "drug 0 does not lower fever")


def test_words_that_a_killed_run_left_are_written_anew(settings: Settings, encoder: Encoder, folder: Path) -> None:
    index_paths(settings, encoder, folder)
    left = home(settings.index) / "words-2" / "passage-words"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"written")
    write_reference(folder, "zinc", "Treated with zinc, fever stayed.")
    index_paths(settings, encoder, folder)
    assert not (left / "half").exists()
    assert frequency(settings, encoder) == 4
