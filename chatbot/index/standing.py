"""What documents say about each other: a retraction notice about a paper, a label about those that say the same.

``Told`` is what a document's row holds beyond what its own file says. It is worked out from the ledger in every run, so
it does not matter which file came first, and it is gone when the file that told it is.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from chatbot.domain import Document, Notice, Reference, Standing
from chatbot.index.ledger import Entry

_GRAVEST_FIRST = list(Standing)


@dataclass(frozen=True, slots=True)
class Told:
    """Notices about a document, gravest first, and the sources that say the same as it does."""

    notices: tuple[Notice, ...] = ()
    also: tuple[str, ...] = ()

    def pack(self) -> str:
        """The column of its row; "" where nothing is told."""
        notices = [[notice.standing, notice.citation, notice.pmid] for notice in self.notices]
        return json.dumps([notices, self.also]) if notices or self.also else ""

    def added_to(self, document: Document, own: Sequence[Notice]) -> Document:
        """The document with its ``own`` notices and what is told of it."""
        reference = replace(document.reference, notices=(*own, *self.notices), also=self.also)
        return document if reference == document.reference else replace(document, reference=reference)


def notices_told(
    known: Sequence[Entry], kept: Iterable[Entry], copies: Mapping[str, Sequence[Entry]]
) -> dict[str, tuple[Notice, ...]]:
    """Id of a kept document → notices that its ``copies`` have, or that any known document issued about it.

    PMC names the work concerned by its PMID, or by "doi:…" alone.

    Those that its own entry has are left out.
    """
    issued: defaultdict[str, list[Notice]] = defaultdict(list)
    for entry in known:
        for notice in entry.facts.issued:
            concerned = notice.pmid or notice.citation.lower()
            if concerned and concerned not in _named(entry):
                issued[concerned].append(Notice(notice.standing, entry.facts.known_as, entry.facts.pmid))
    told: dict[str, tuple[Notice, ...]] = {}
    for entry in kept:
        others = copies[entry.id]
        found = [notice for other in others for notice in other.facts.notices]
        for name in {name for one in (entry, *others) for name in _named(one)} & issued.keys():
            found += issued[name]
        new = _new(found, entry.facts.notices) if found else ()
        if new:
            told[entry.id] = tuple(new)
    return told


def known_as(reference: Reference) -> str:
    """How a notice is cited where its record is the source: "J Invent Trials. 2024;7:11-19"; what is missing is not."""
    year = str(reference.year or "")
    pages = f":{reference.pages}" if reference.pages else ""
    place = f"{reference.volume}{pages}"
    when = ";".join(part for part in (year, place) if part)
    return ". ".join(part.rstrip(".") for part in (reference.container, when) if part) or reference.title


def _named(entry: Entry) -> tuple[str, str]:
    """What a notice may call a document by; empty where it has no such name."""
    return entry.facts.pmid, f"doi:{entry.facts.doi.lower()}" if entry.facts.doi else ""


def _new(found: Iterable[Notice], own: Sequence[Notice]) -> list[Notice]:
    """The notices that ``own`` has not, each once, in an order that does not depend on where they were found."""
    seen = {key for notice in own for key in _keys(notice)}
    new: list[Notice] = []
    for notice in sorted(found, key=lambda n: (_GRAVEST_FIRST.index(n.standing), not n.pmid, n.pmid, n.citation)):
        if not seen.intersection(_keys(notice)):
            new.append(notice)
            seen.update(_keys(notice))
    return new


def _keys(notice: Notice) -> list[tuple[Standing, str]]:
    """What makes two notices one: the same PMID, or the same words."""
    return [(notice.standing, key) for key in (notice.pmid, notice.citation.casefold().strip(" .")) if key]
