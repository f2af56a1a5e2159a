"""What an index knows of names: abbreviations that its documents explain, drugs' names, names near a misspelt one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from chatbot.expansion import WORD
from chatbot.index.abbreviations import phrase_key, short_key
from chatbot.index.known_words import KnownWords
from chatbot.index.lexical import LexicalStore
from chatbot.index.rows import Subject

Explained = Callable[[str], Sequence[tuple[str, str, str, str]]]  # key → (short, long, short key, long key)

_DOMINATES = 0.6  # share of the places that explain a form: below, the form stands for several things
_SHORTEST_PHRASE = 5  # characters that an abbreviation is looked for
_MOST_NAMES = 3  # of a drug, beside the one typed
_TWO_LETTERS_WRONG = 8  # letters from which on two may be wrong: in shorter words two make another word


class KnownNames:
    """The ``Names`` of one snapshot."""

    def __init__(
        self,
        words: KnownWords,
        lexical: LexicalStore,
        subjects: Sequence[Subject],
        topics_of: Callable[[Iterable[str]], Sequence[str]],
        of_short: Explained,
        of_long: Explained,
    ) -> None:
        self._words = words
        self._lexical = lexical
        self._subjects = subjects
        self._topics_of = topics_of
        self._of_short = of_short
        self._of_long = of_long

    def long_form(self, short: str) -> str:
        """What most documents that explain an abbreviation say it stands for; less than .6 of them agree: empty.

        An everyday word is taken for one only where it is typed as it is printed: "ED" and not "ed", but "lam" too.
        """
        if len(short) < 2:
            return ""
        rows = self._of_short(short_key(short))
        if self._words.is_common(short):
            rows = [row for row in rows if row[0] == short]
        return _dominant([(long_key, long) for _, long, _, long_key in rows])

    def short_form(self, phrase: str) -> str:
        """The usual abbreviation of a phrase, if it stands for that phrase and nothing else; else empty."""
        if len(phrase) < _SHORTEST_PHRASE:
            return ""
        key = phrase_key(phrase)
        short = _dominant([(its_key, short) for short, _, its_key, _ in self._of_long(key)])
        return short if short and phrase_key(self.long_form(short)) == key else ""

    def other_names(self, phrase: str) -> Sequence[str]:
        """A drug's other names, at most three, from documents on that drug alone; none where it names none or two."""
        return self._drugs.get(phrase.casefold(), ())

    def corrected(self, word: str) -> str:
        """The word of a topic, drug or title that is one letter away (two, of eight letters or more); empty: none.

        Only for a word that no document holds; no everyday word for another. Equally near: what more is said of.
        """
        terms = self._words.terms(word)
        if len(terms) != 1 or self._lexical.document_frequency(terms[0]) or self._words.is_common(word):
            return ""
        term = terms[0]
        most = 2 if len(word) >= _TWO_LETTERS_WRONG else 1
        near: dict[str, tuple[int, int]] = {}
        for topics in self._topics_of({key.rpartition(":")[0] for key in self._lexical.near_topics(term, most)}):
            for name in WORD.findall(topics):
                for other in self._words.terms(name):
                    away = _edits(term, other) if other[0] == term[0] else most + 1
                    if away <= most and not self._words.is_common(name):
                        near[name.casefold()] = (away, -self._words.topic_frequency(other))
        return min(near, key=lambda name: (near[name], name), default="")

    @cached_property
    def _drugs(self) -> dict[str, tuple[str, ...]]:
        groups: dict[str, dict[str, None]] = {}
        for subject in self._subjects:
            if len(subject.drugs) == 1 and subject.brands:
                groups.setdefault(subject.drugs[0].casefold(), {}).update(dict.fromkeys(subject.brands))
        named: dict[str, list[tuple[str, ...]]] = {}
        for drug, brands in groups.items():
            names = (drug, *brands)
            for name in names:
                others = tuple(other for other in names if other.casefold() != name.casefold())
                named.setdefault(name.casefold(), []).append(others[:_MOST_NAMES])
        return {name: groups[0] for name, groups in named.items() if len(groups) == 1}


def _dominant(forms: Sequence[tuple[str, str]]) -> str:
    """The most frequent spelling of the key that most forms have, if their share is large enough."""
    keys = Counter(key for key, _ in forms)
    if not keys:
        return ""
    key, count = min(keys.items(), key=lambda item: (-item[1], item[0]))
    if count < _DOMINATES * len(forms):
        return ""
    spelled = Counter(form for its, form in forms if its == key)
    return min(spelled, key=lambda form: (-spelled[form], form))


def _edits(one: str, other: str) -> int:
    """Letters to change, add, drop or swap with the next one (optimal string alignment)."""
    older: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        older, last = last, row
    return last[-1]
