"""What a command would fetch, and fetching it.

What is there already is told from the files: each record has one, named by its identifier, and it is whole because it
is put in place in one step. So no list of what was done can disagree with what is there, and files may be deleted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from chatbot.fetching.folder import Folder

HEAD_BYTES = 65_536  # of a file, by which its version is told: a label's number stands within its first few thousand


@dataclass(frozen=True)
class Item:
    """One record: how the service calls it, the file it is kept in, and its version where the service says it."""

    id: str
    file: str
    version: int | None = None


@dataclass(frozen=True)
class Listing:
    """What a service has of what was asked for.

    ``items`` in the service's order, each once; ``absent`` names what it does not have; ``notes`` are sentences on how
    it understood the question.
    """

    items: tuple[Item, ...]
    absent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Source(Protocol):
    """A service, and what is asked of it."""

    batch: int
    """Items asked for at once."""
    item_bytes: int | None
    """What a record has about; None where nobody measured it."""

    def listing(self) -> Listing:
        """What there is. Raises FetchError."""

    def fetch(self, items: Sequence[Item]) -> dict[str, bytes]:
        """Files by item id, up to ``batch`` of them; what is not in it does not exist. Raises FetchError."""

    def version_of(self, head: bytes) -> int | None:
        """The version that a file's first bytes name; None where they do not."""

    def called(self, item: Item) -> str:
        """The item in a message: "PMID 1"."""


@dataclass(frozen=True)
class Plan:
    """What would be fetched: ``missing`` in the service's order; ``there`` counts items whose files are up to date."""

    listing: Listing
    missing: tuple[Item, ...]
    there: int
    outdated: int
    requests: int
    megabytes: float | None


@dataclass(frozen=True)
class Outcome:
    """What was fetched: files and their bytes. ``absent`` names what was asked for and does not exist."""

    files: int
    size: int
    there: int
    absent: tuple[str, ...]


def plan(source: Source, folder: Folder, refresh: bool = False) -> Plan:
    """What is missing in ``folder``, or older than what the service has; with ``refresh`` everything is missing.

    Writes nothing. Raises FetchError.
    """
    listing = source.listing()
    missing, outdated = [], 0
    for item in listing.items:
        if not refresh and folder.holds(item.file):
            if not _outdated(source, folder, item):
                continue
            outdated += 1
        missing.append(item)
    return Plan(
        listing=listing,
        missing=tuple(missing),
        there=len(listing.items) - len(missing),
        outdated=outdated,
        requests=math.ceil(len(missing) / source.batch),
        megabytes=len(missing) * source.item_bytes / 1e6 if source.item_bytes else None,
    )


def run(source: Source, folder: Folder, planned: Plan, advance: Callable[[int], None]) -> Outcome:
    """Fetches what is missing; ``advance`` is told how many items each request has settled.

    Whatever ends it, what came before is in the folder. Raises FetchError.
    """
    files = size = 0
    absent = list(planned.listing.absent)
    if not planned.missing:
        return Outcome(files, size, planned.there, tuple(absent))
    with folder.opened():
        for start in range(0, len(planned.missing), source.batch):
            items = planned.missing[start : start + source.batch]
            contents = source.fetch(items)
            for item in items:
                if content := contents.get(item.id):
                    folder.write(item.file, content)
                    files, size = files + 1, size + len(content)
                else:
                    absent.append(source.called(item))
            advance(len(items))
    return Outcome(files, size, planned.there, tuple(absent))


def _outdated(source: Source, folder: Folder, item: Item) -> bool:
    if item.version is None:
        return False
    kept = source.version_of(folder.head(item.file, HEAD_BYTES))
    return kept is not None and kept < item.version
