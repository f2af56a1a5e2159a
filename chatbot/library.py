"""Finding articles and sources by what is known of them, while somebody is still typing.

A word is found by how it begins, so the words of all references lie sorted in one array: what begins alike is one slice
of it, whatever is typed. Of each reference only numbers are kept here; whoever shows one fetches it by its id.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot.domain import Kind, Reference, Standing

_TITLE, _SUBJECT, _TOPIC, _REST = 5, 4, 3, 1  # what a word counts where it stands; most where a reader sees it
_WHOLE = 2  # more for a word that was typed whole: that outweighs where it stands by one step
_LAST = "\U0010ffff"  # sorts behind every word
_WORD = re.compile(r"\w+")
_NAMED = re.compile(
    r"(?:https?://)?(?:(?:dx\.)?doi\.org/|pubmed\.ncbi\.nlm\.nih\.gov/)|(?:pmid|doi|pmcid|set ?id)\b:?\s*"
)
_ORDER = {kind: place for place, kind in enumerate((Kind.ARTICLE, Kind.GUIDELINE, Kind.LABEL, Kind.RESEARCH))}
_STANDINGS = {standing: place for place, standing in enumerate(Standing, start=1)}

_Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words, and what narrows them. Empty narrows nothing.

    ``among`` are the only ids of articles that count, and then no other kind does; None: all.
    """

    words: str = ""
    kinds: frozenset[Kind] = frozenset()
    topics: frozenset[str] = frozenset()
    standings: frozenset[Standing] = frozenset()
    among: frozenset[str] | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing is looked for: everything there is would be found."""
        return not (self.words.strip() or self.kinds or self.topics or self.standings) and self.among is None


@dataclass(frozen=True, slots=True)
class Found:
    """The ids found, best first, as many as were asked for, and how many there are in all."""

    articles: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    all_articles: int = 0
    all_sources: int = 0


@dataclass
class _Gathered:
    """What is being collected while the references go by."""

    postings: dict[str, dict[int, int]] = field(default_factory=dict)  # word → number of a reference → what it counts
    topics: dict[str, list[int]] = field(default_factory=dict)
    spelt: dict[str, str] = field(default_factory=dict)
    named: dict[str, list[int]] = field(default_factory=dict)


class Library:
    """What is known of every reference, to be searched by any number of threads.

    The order where nothing else decides: articles, guidelines, labels, research, each by title.
    """

    def __init__(self, references: Iterable[Reference]) -> None:
        ordered = sorted(references, key=lambda reference: (_ORDER[reference.kind], fold(reference.title)))
        self._ids = [reference.id for reference in ordered]
        self._kinds = np.array([_ORDER[reference.kind] for reference in ordered], dtype=np.int8)
        self._standings = np.array([_STANDINGS.get(r.standing, 0) if r.standing else 0 for r in ordered], np.int8)
        gathered = _Gathered()
        for number, reference in enumerate(ordered):
            _gather(number, reference, gathered)
        self._named = gathered.named
        self._topics = {topic: np.array(held, dtype=np.int32) for topic, held in gathered.topics.items()}
        self._spelt = gathered.spelt
        self._words = sorted(gathered.postings)
        held = [gathered.postings[word] for word in self._words]
        self._starts = np.cumsum([0, *map(len, held)])
        self._holders: _Numbers = np.array([number for one in held for number in one], dtype=np.int32)
        self._counts = np.array([count for one in held for count in one.values()], dtype=np.uint8)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def topics(self) -> list[str]:
        """Every topic as it is first spelt, the most frequent first, equally frequent ones by name."""
        ranked = sorted(self._topics, key=lambda topic: (-len(self._topics[topic]), topic))
        return [self._spelt[topic] for topic in ranked]

    @property
    def standings(self) -> dict[tuple[Kind, Standing | None], int]:
        """How many references of a kind stand so, of those there are; None: nothing has been published about them."""
        names: list[Standing | None] = [None, *Standing]
        counts = Counter(zip(self._kinds.tolist(), self._standings.tolist(), strict=True))
        kinds = list(_ORDER)
        return {(kinds[kind], names[standing]): count for (kind, standing), count in sorted(counts.items())}

    def find(self, wanted: Wanted, articles: int, sources: int) -> Found:
        """At most so many articles and sources, best first.

        A reference is found where every word typed begins some word of its title, topics, drugs, brands, study type,
        authors, body, container or year, however accents and capitals are written; or by PMID, PMCID, DOI, set id, or
        its own id if it has no title, where just that is typed. A word counts more in a title or a drug's name than
        elsewhere, and more where it is whole. Signs that no word holds are passed over; words of nothing but such
        signs find nothing.
        """
        scores = self._scores(wanted.words)
        mask = scores > 0
        self._narrow(mask, wanted)
        is_article = self._kinds == _ORDER[Kind.ARTICLE]
        ours, theirs = np.flatnonzero(mask & is_article), np.flatnonzero(mask & ~is_article)
        return Found(self._best(ours, scores, articles), self._best(theirs, scores, sources), ours.size, theirs.size)

    def _narrow(self, mask: NDArray[np.bool_], wanted: Wanted) -> None:
        if wanted.kinds:
            mask &= np.isin(self._kinds, [_ORDER[kind] for kind in wanted.kinds])
        if wanted.standings:
            mask &= np.isin(self._standings, [_STANDINGS[standing] for standing in wanted.standings])
        if wanted.topics:
            held = [self._topics[topic] for topic in map(fold, wanted.topics) if topic in self._topics]
            mask &= _marked(len(self), np.concatenate([np.zeros(0, np.int32), *held]))
        if wanted.among is not None:
            among = [number for number, id_ in enumerate(self._ids) if id_ in wanted.among]
            mask &= _marked(len(self), np.array(among, dtype=np.int32))

    def _scores(self, words: str) -> NDArray[np.float32]:
        """How well each reference fits, above 0 where it does at all; without words all fit alike."""
        typed = " ".join(fold(words).split())
        named = self._named.get(_NAMED.sub("", typed).rstrip("/."))
        if named:
            return _marked(len(self), np.array(named)).astype(np.float32)
        scores = np.full(len(self), not typed, dtype=np.float32)
        for place, word in enumerate(dict.fromkeys(_WORD.findall(typed))):
            own = self._of(word)
            scores = np.where((scores > 0) & (own > 0), scores + own, 0) if place else own
        return scores

    def _of(self, word: str) -> NDArray[np.float32]:
        """What a word that is typed, whole or in part, counts in each reference."""
        first, behind = bisect_left(self._words, word), bisect_left(self._words, word + _LAST)
        scores = np.zeros(len(self), dtype=np.float32)
        part = slice(self._starts[first], self._starts[behind])
        np.maximum.at(scores, self._holders[part], self._counts[part])
        if first < behind and self._words[first] == word:
            scores[self._holders[self._starts[first] : self._starts[first + 1]]] += _WHOLE
        return scores

    def _best(self, numbers: NDArray[np.intp], scores: NDArray[np.float32], limit: int) -> tuple[str, ...]:
        ranked = numbers[np.argsort(-scores[numbers], kind="stable")[:limit]]
        return tuple(self._ids[number] for number in ranked.tolist())


def fold(text: str) -> str:
    """The text as it is compared: without capitals and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)) if not plain.isascii() else plain


def _gather(number: int, reference: Reference, gathered: _Gathered) -> None:
    for count, text in _texts(reference):
        for word in _WORD.findall(fold(text)):
            held = gathered.postings.setdefault(word, {})
            held[number] = max(held.get(number, 0), count)
    for topic in dict.fromkeys(map(fold, reference.topics)):
        gathered.topics.setdefault(topic, []).append(number)
    for topic in reference.topics:
        gathered.spelt.setdefault(fold(topic), topic)
    own = "" if reference.title.strip() else reference.id  # which is what it is listed by
    names = (reference.pmid, reference.pmcid, reference.doi, reference.set_id, own)
    for name in dict.fromkeys(fold(name) for name in names if name):
        gathered.named.setdefault(name, []).append(number)


def _texts(reference: Reference) -> Iterator[tuple[int, str]]:
    yield _TITLE, reference.title
    yield _SUBJECT, " ".join((*reference.drugs, *reference.brands))
    yield _TOPIC, " ".join(reference.topics)
    rest: Sequence[str] = (*reference.authors, reference.body, reference.manufacturer, reference.container)
    yield _REST, " ".join((*rest, reference.study, str(reference.year or "")))


def _marked(size: int, numbers: NDArray[Any]) -> NDArray[np.bool_]:
    mask = np.zeros(size, dtype=np.bool_)
    mask[numbers] = True
    return mask
