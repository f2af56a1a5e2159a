"""A small corpus in two versions, and questions on it, for a run that is killed. Every name and number is made up."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

_SEED = 20261
_FILES, _RECORDS = 12, 5
_CHANGED, _REMOVED, _ADDED = 6, 1, 2  # records changed, files removed, files added in the second version
_KINDS = ("guideline", "US drug label", "research abstract")
_SYLLABLES = ("ba", "do", "fe", "gi", "ka", "lu", "mo", "ne", "pri", "ra", "sto", "tu", "va", "xi", "zo")
_ENDINGS = ("lin", "dar", "mex", "tor", "sol")
_ILLNESSES = ("fever", "cough", "gout", "asthma", "migraine", "anaemia", "eczema", "back pain", "heartburn", "insomnia")
_ASPECTS = ("dose", "side effects", "duration", "interactions", "monitoring", "pregnancy")
_SAID = {
    "dose": "The dose of {name} for {illness} is {number} mg {times}.",
    "side effects": "Of {number} people who took {name}, {few} had nausea and {fewer} a rash.",
    "duration": "{name} is taken for {few} days, or until {illness} has been gone for {fewer} days.",
    "interactions": "{name} raises the level of {other}, so that the dose of {other} is lowered to {few} mg.",
    "monitoring": "Blood is tested every {few} weeks while {name} is taken for {illness}.",
    "pregnancy": "In pregnancy {name} is given against {illness} only from week {few} on.",
}


def write_version(folder: Path, second: bool) -> None:
    """Writes the files of one version into an empty folder, the same ones each time."""
    for number in range(_REMOVED if second else 0, _FILES + (_ADDED if second else 0)):
        lines = [
            json.dumps(_record(number * _RECORDS + row, changed=second and row == 0 and number <= _CHANGED))
            for row in range(_RECORDS)
        ]
        file = folder / f"part-{number:02}" / "corpus.jsonl"
        file.parent.mkdir(parents=True)
        file.write_text("\n".join(lines) + "\n", "utf-8")


def questions(count: int) -> Sequence[str]:
    """Questions on documents of both versions, the same ones each time."""
    draw = random.Random(_SEED)  # noqa: S311 - a sample, not a secret
    made = []
    for _ in range(count):
        name, illness = _names(draw.randrange((_FILES + _ADDED) * _RECORDS))
        aspect = draw.choice(_ASPECTS)
        made.append(draw.choice((f"What is the {aspect} of {name}?", f"{aspect} of {name} in {illness}", illness)))
    return made


def _names(number: int) -> tuple[str, str]:
    draw = random.Random(f"{_SEED} name {number}")  # noqa: S311 - made text, not a secret
    return "".join(draw.choices(_SYLLABLES, k=2)).title() + draw.choice(_ENDINGS), draw.choice(_ILLNESSES)


def _record(number: int, changed: bool) -> dict[str, object]:
    name, illness = _names(number)
    draw = random.Random(f"{_SEED} text {number}")  # noqa: S311 - made text, not a secret
    said = [
        _SAID[aspect].format(
            name=name,
            illness=illness,
            other=_names(number + 1)[0],
            number=draw.randint(20, 900),
            few=draw.randint(9, 19),
            fewer=draw.randint(2, 8),
            times=draw.choice(("once a day", "twice a day", "at night")),
        )
        for aspect in draw.sample(_ASPECTS, 4)
    ]
    if changed:
        said[1] = f"New since the first version: {name} is kept in a refrigerator."
    kind = _KINDS[number % len(_KINDS)]
    about = {"product": name} if number % len(_KINDS) == 1 else {"focus": name}
    return {
        "_id": f"made-{number}",
        "title": f"{name} in {illness}",
        "text": " ".join(said),
        "metadata": {"kind": kind, **about},
    }
