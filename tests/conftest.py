"""What many tests share: the real model, the repository's corpus indexed once, and a chatbot on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.answering.calibration import as_metadata, calibrate
from chatbot.answering.calibration_keys import METADATA_KEY
from chatbot.embedding import Encoder, open_encoder
from chatbot.index.build import IndexWriter, Outcome
from chatbot.index.reader import Index
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> Iterator[None]:
    """The tests' settings are theirs alone; the cache of the exported model may be the user's."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("CHATBOT_")}
    if "CHATBOT_CACHE" in kept:
        os.environ["CHATBOT_CACHE"] = kept["CHATBOT_CACHE"]
    yield
    os.environ.update(kept)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The default embedding model, opened once."""
    return open_encoder(load_settings())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose index is a new folder."""
    return load_settings(index=tmp_path / "index", corpus=CORPUS)


@pytest.fixture(scope="session")
def corpus_index(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Settings:
    """Settings whose index holds the repository's corpus, gate calibrated. Not to be written to."""
    built = load_settings(index=tmp_path_factory.mktemp("corpus") / "index", corpus=CORPUS)
    with IndexWriter(built, encoder).open() as writer:
        writer.apply(writer.plan([CORPUS]))
        writer.note(METADATA_KEY, as_metadata(calibrate(Index(built, encoder))))
    return built


@pytest.fixture(scope="session")
def chatbot(corpus_index: Settings, encoder: Encoder) -> Chatbot:
    """A chatbot on the repository's corpus."""
    return Chatbot(corpus_index, encoder)


def index_paths(settings: Settings, encoder: Encoder, *paths: Path) -> Outcome:
    """Indexes the paths."""
    with IndexWriter(settings, encoder).open() as writer:
        return writer.apply(writer.plan(list(paths)))


def write_reference(folder: Path, name: str, text: str, **fields: str) -> Path:
    """A research reference as a file of a corpus folder; ``fields`` go into its front matter."""
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    front = {
        "id": name,
        "kind": "research",
        "title": f"A study of {name}",
        "topics": f"[{name}]",
        "status": "Submitted",
        "facts_from": "[made up for a test]",
        **fields,
    }
    path.write_text("---\n" + "".join(f"{k}: {v}\n" for k, v in front.items()) + f"---\n{text}\n", "utf-8")
    return path
