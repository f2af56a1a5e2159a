"""Which entries are the same work, and which of them is indexed.

Two entries are one work where they share a PMID, else a set id, else a DOI, else a PMCID (case does not count), unless
they differ in one that comes before it: letters share their replies' DOI. The same id alone makes one work of two
entries only where their titles agree: collections number their records from 1, and of two collections in one folder
neither may lose its documents to the other. Such an id is a failure that names both files.

Of the entries of a work is kept:

1. every one that an article cites by its id: an article must not lose what it rests on. Where those are no more than
   notes on the work (``facts_from``), the work itself is kept beside them, by the rules below;
2. else, where there is the work itself, no note on it, and the newest: of those that say when they were last changed,
   the others stay behind the newest;
3. of what is left, that with the most text (a full text before its abstract);
4. then the first by path, then by place in the file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from chatbot.domain import Kind, Reference
from chatbot.index.alike import Label, groups, rank
from chatbot.index.ledger import Entry

_DOI_ADDRESS = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*")
_NAMES = {"pmid": "PMID", "set_id": "set id", "doi": "DOI", "pmcid": "PMCID"}  # the surest first


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An entry that is not indexed, because another one is it; ``reason`` says why, and why the other one is kept."""

    file: str
    id: str
    kept_file: str
    kept_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Work:
    """The entries of one work, in their order: those that are kept, and the others."""

    kept: tuple[Entry, ...]
    others: tuple[Entry, ...] = ()

    def copies_of(self, entry: Entry) -> tuple[Entry, ...]:
        """The other entries of the work."""
        return tuple(other for other in (*self.kept, *self.others) if other is not entry)

    def duplicates(self) -> Iterator[Duplicate]:
        """What is to be said of the others."""
        first = next((entry for entry in self.kept if not entry.facts.note), self.kept[0])
        for other in self.others:
            reason = f"{_shared(other, first)}; {_why(other, first)}"
            yield Duplicate(other.file, other.id, first.file, first.id, reason)


def works(entries: Sequence[Entry], cited: Collection[str]) -> list[Work]:
    """The works in the order of their first entries. ``cited`` are the ids that articles cite."""
    members: defaultdict[int, list[Entry]] = defaultdict(list)
    for entry, group in zip(entries, _groups(entries), strict=True):
        members[group].append(entry)
    return [_work(group, cited) for group in members.values()]


def alike(kept: Sequence[Entry], cited: Collection[str]) -> tuple[list[Duplicate], dict[str, tuple[str, ...]]]:
    """Labels that say the same as another one: those left out, and per kept one the names of those it stands for.

    Labels that an article cites are all kept. ``kept`` holds no id twice.
    """
    by_id = {entry.id: entry for entry in kept if entry.signature}
    left_out: list[Duplicate] = []
    also: dict[str, tuple[str, ...]] = {}
    for group in groups([_label(entry) for entry in by_id.values()]):
        stays = [label.id for label in group if label.id in cited] or [group[0].id]
        first = by_id[stays[0]]
        others = [by_id[label.id] for label in group if label.id not in stays]
        left_out += [
            Duplicate(other.file, other.id, first.file, first.id, "the label says the same") for other in others
        ]
        if others:
            also[first.id] = tuple(sorted(_label_name(other) for other in others))
    return left_out, also


def _groups(entries: Sequence[Entry]) -> list[int]:
    """Per entry the number of its group: that of the group's first entry."""
    union = _Union(entries)
    for name in _NAMES:
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for number, value in enumerate(union.names[name]):
            if value:
                _join(union, holders[value], number)
    titled: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    repeated = _repeated([entry.id for entry in entries])
    for number, entry in enumerate(entries):
        if entry.id in repeated:
            _join(union, titled[entry.id, _plain(entry.facts.title) or entry.hash], number)
    return [union.root(number) for number in range(len(entries))]


def _join(union: _Union, holders: list[int], number: int) -> None:
    """Joins an entry with the first of the holders of the same name that it does not contradict."""
    if not any(union.join(holder, number) for holder in holders):
        holders.append(number)


class _Union:
    """Groups that grow together (union-find). ``names`` are the identifiers of each entry, by their sort."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._parent = list(range(len(entries)))
        self.names = {name: [identifier(entry, name) for entry in entries] for name in _NAMES}
        self._known = [list(values) for values in self.names.values()]  # those of a whole group, at its first entry

    def root(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = number = self._parent[self._parent[number]]
        return number

    def join(self, one: int, other: int) -> bool:
        """Makes one group of two, whatever of the surest names they share; False where they differ in that."""
        first, second = sorted((self.root(one), self.root(other)))
        if first == second:
            return True
        pairs = [(values[first], values[second]) for values in self._known]
        surest = next((pair for pair in pairs if all(pair)), ("", ""))
        if surest[0] != surest[1]:
            return False
        self._parent[second] = first
        for values, (mine, its) in zip(self._known, pairs, strict=True):
            values[first] = mine or its
        return True


def identifier(entry: Entry, name: str) -> str:
    """An identifier in the one form in which it is compared; "" of an article, which may name what it is about."""
    value: str = getattr(entry.facts, name)
    if not value or entry.kind is Kind.ARTICLE:
        return ""
    value = value.strip().casefold()
    return _DOI_ADDRESS.sub("", value) if name == "doi" else value


def _repeated(ids: Sequence[str]) -> set[str]:
    seen: set[str] = set()
    return {one for one in ids if one in seen or seen.add(one)}  # type: ignore[func-returns-value]


def _work(group: list[Entry], cited: Collection[str]) -> Work:
    if len(group) == 1:
        return Work(tuple(group))
    itself = [entry for entry in group if not entry.facts.note]
    named = {entry.id for entry in group if entry.id in cited}
    best = [_best([entry for entry in group if entry.id == i]) for i in named]
    if all(one.facts.note for one in best) and (itself or not best):
        best.append(_best(itself or group))
    stays = [entry for entry in group if any(entry is one for one in best)]
    return Work(tuple(stays), tuple(entry for entry in group if not any(entry is one for one in stays)))


def _best(group: list[Entry]) -> Entry:
    newest = max((_age(entry) for entry in group if entry.facts.day), default=None)
    left = [entry for entry in group if not entry.facts.day or _age(entry) == newest]
    return max(left, key=lambda entry: entry.characters)  # the first of equals


def _age(entry: Entry) -> tuple[str, int]:
    version = entry.facts.version.strip()
    return entry.facts.day, int(version) if version.isdecimal() else 0


def _shared(one: Entry, other: Entry) -> str:
    for name, shown in _NAMES.items():
        value = identifier(one, name)
        if value and value == identifier(other, name):
            return f"same {shown} {value}"
    return "same id" if one.id == other.id else "same work"


def _why(other: Entry, kept: Entry) -> str:
    """Why the kept one is kept rather than the other: the first rule that tells them apart."""
    days = other.facts.day, kept.facts.day
    if other.hash == kept.hash:
        return "a copy"
    if other.facts.note and not kept.facts.note:
        return "it is a note on that one"
    if all(days) and _age(other) < _age(kept):
        return f"that one is newer ({' version '.join(filter(None, (kept.facts.day, kept.facts.version)))})"
    if all(days) and _age(other) > _age(kept):
        return "an article cites that one"
    if other.characters < kept.characters:
        return "that one has more text"
    return "that one comes first" if other.characters == kept.characters else "an article cites that one"


def _plain(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))


def _label(entry: Entry) -> Label:
    facts = entry.facts
    dated = Reference(id=entry.id, kind=entry.kind, title="", date=facts.day, version=facts.version)
    return Label(entry.id, frozenset(facts.drugs), facts.jurisdiction, entry.signature, rank(dated))


def _label_name(entry: Entry) -> str:
    maker = f" ({entry.facts.maker})" if entry.facts.maker else ""
    return f"set id {entry.facts.set_id}{maker}"
