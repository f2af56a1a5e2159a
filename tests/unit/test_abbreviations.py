"""Abbreviations are taken from where a text explains them, and from nowhere else."""

from __future__ import annotations

import pytest

from chatbot.abbreviations import abbreviations


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Women with lymphangioleiomyomatosis (LAM) were asked.", "LAM", "lymphangioleiomyomatosis"),
        ("It inhibits the mammalian target of rapamycin (mTOR).", "mTOR", "mammalian target of rapamycin"),
        ("Levels of C-reactive protein (CRP) rose.", "CRP", "C-reactive protein"),
        ("forced expiratory volume in 1 second (FEV1)", "FEV1", "forced expiratory volume in 1 second"),
        (
            "NSAIDs (nonsteroidal anti-inflammatory drugs) were stopped.",
            "NSAIDs",
            "nonsteroidal anti-inflammatory drugs",
        ),
        ("the hepatitis B virus (HBV; also others) is", "HBV", "hepatitis B virus"),
    ],
)
def test_a_bracket_explains_an_abbreviation(text: str, short: str, long: str) -> None:
    assert list(abbreviations(text)) == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "Half of them (52%) improved (see Table 2).",
        "such as ibuprofen (Advil, Motrin) and naproxen (Aleve)",
        "The trial was stopped early (P<0.001).",
        "A new drug (LAM) was given.",
        "First sentence on lymphangioleiomyomatosis. Later (LAM) again.",
        "(LAM)",
        "",
    ],
)
def test_other_brackets_explain_nothing(text: str) -> None:
    assert list(abbreviations(text)) == []


def test_each_place_is_told_in_order() -> None:
    text = "Tuberous sclerosis complex (TSC) and lymphangioleiomyomatosis (LAM); lymphangioleiomyomatosis (LAM)."
    assert [short for short, _ in abbreviations(text)] == ["TSC", "LAM", "LAM"]
