"""What a person chose and read is remembered, for that person."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.audience import Audience
from chatbot.preferences import Preferences


@pytest.fixture
def kept(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path)


def test_an_audience_is_remembered_for_its_person_only(kept: Preferences, tmp_path: Path) -> None:
    kept.choose_audience("anne", Audience.PATIENT)
    kept.choose_audience("anne", Audience.TRAINEE)
    assert Preferences(tmp_path).audience("anne") is Audience.TRAINEE
    assert kept.audience("ben") is None


def test_an_audience_that_is_none_any_more_counts_as_not_chosen(kept: Preferences) -> None:
    kept.set("anne", "audience", "Nurse")
    assert kept.audience("anne") is None


def test_articles_are_remembered_the_last_read_first_and_each_once(kept: Preferences) -> None:
    for article in ("lam", "statins", "lam", "gout"):
        kept.note_read("anne", article)
    assert kept.recently_read("anne") == ["gout", "lam", "statins"]
    assert kept.recently_read("anne", 1) == ["gout"]
    assert kept.recently_read("ben") == []


def test_what_was_read_long_ago_is_forgotten(kept: Preferences) -> None:
    for number in range(60):
        kept.note_read("anne", f"article {number}")
    assert kept.recently_read("anne", 100) == [f"article {number}" for number in range(59, 9, -1)]


def test_a_person_who_is_forgotten_leaves_no_byte(kept: Preferences, tmp_path: Path) -> None:
    kept.set("anne", "note", "quixworth")
    kept.note_read("anne", "zylopentin")
    kept.set("ben", "note", "kept")
    kept.forget("anne")
    assert (kept.get("anne", "note"), kept.recently_read("anne"), kept.get("ben", "note")) == (None, [], "kept")
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"quixworth" not in content
    assert b"zylopentin" not in content
