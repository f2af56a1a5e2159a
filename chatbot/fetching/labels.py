"""What the two services for drug labels have in common: set ids, file names, and how many is too many."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.errors import FetchError
from chatbot.fetching.job import Item

MOST_UNASKED = 1_000  # labels of a drug: what openFDA lists at once, and some 200 MB from DailyMed

_SET_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_set_id(text: str) -> bool:
    """Whether it is written as set ids are; only such become parts of file names."""
    return bool(_SET_ID.fullmatch(text))


def label(set_id: str, suffix: str, version: int | None = None) -> Item:
    """The item of a label; the file is called as its document will be."""
    return Item(set_id, f"label-{set_id.lower()}{suffix}", version)


def cut(found: Sequence[Item], drug: str, total: int, limit: int | None) -> list[Item]:
    """The first ``limit`` labels of a drug. Raises FetchError where there are too many and no limit was given."""
    if limit is None and total > MOST_UNASKED:
        raise FetchError(
            f"there are {total:,} labels of {drug}, and more than {MOST_UNASKED:,} are not fetched unasked; "
            f"name the product, or say how many with --limit"
        )
    return list(found[:limit])


def each_once(items: Sequence[Item]) -> tuple[Item, ...]:
    """Without repetitions: a product of two drugs is a label of both."""
    return tuple({item.file: item for item in reversed(items)}.values())[::-1]


def whole_number(value: object) -> int | None:
    """A number as it is, or as text; None of anything else ("null", as DailyMed writes it)."""
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value) else None
