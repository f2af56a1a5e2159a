"""Ten thousand files of random bytes beside a good one: each is one line of what is wrong, and nothing is lost."""

from __future__ import annotations

import random
import resource
import sys
from pathlib import Path

from chatbot.domain import Kind
from chatbot.embedding import Encoder
from chatbot.index.reader import Index
from chatbot.readers.formats import SUFFIXES
from chatbot.settings import Settings
from tests.conftest import index_paths, write_reference

FILES, FEWEST_BYTES, MOST_BYTES = 10_000, 50, 2_000  # a few bytes may be a word in some encoding
MOST_GROWTH = 300  # MiB; the files have 10 MB, and what is said of them two


def write_random_files(folder: Path) -> None:
    chance = random.Random(7)
    for number in range(FILES):
        suffix = SUFFIXES[number % len(SUFFIXES)]
        (folder / f"{number:05}{suffix}").write_bytes(chance.randbytes(chance.randrange(FEWEST_BYTES, MOST_BYTES)))


def peak_memory() -> float:
    """MiB that this process has held at most."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def test_ten_thousand_random_files_are_named_each_and_cost_nothing_that_is_indexed(
    settings: Settings, encoder: Encoder, tmp_path: Path
) -> None:
    folder = tmp_path / "docs"
    write_reference(folder, "aspirin", "Aspirin lowers fever in adults.")
    index_paths(settings, encoder, folder)
    write_random_files(folder)
    before = peak_memory()
    plan = index_paths(settings, encoder, folder).plan
    assert len({error.path for error in plan.failed}) == FILES
    assert all(str(error).startswith(str(error.path)) and "\n" not in str(error) for error in plan.failed)
    assert (plan.unchanged, plan.removed, Index(settings, encoder).counts) == (["aspirin"], [], {Kind.RESEARCH: 1})
    assert peak_memory() - before < MOST_GROWTH


def test_a_file_of_lines_that_are_no_records_is_said_to_be_none_once(
    settings: Settings, encoder: Encoder, tmp_path: Path
) -> None:
    folder = tmp_path / "docs"
    write_reference(folder, "aspirin", "Aspirin lowers fever in adults.")
    (folder / "prices.jsonl").write_text("12.50\n" * 5000)
    failed = index_paths(settings, encoder, folder).plan.failed
    assert [error.path.name for error in failed] == ["prices.jsonl"]
    assert "its first 100 lines are no records" in str(failed[0])
