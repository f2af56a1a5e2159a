"""The abbreviations that indexed documents explain, beside their rows in the manifest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chatbot.abbreviations import abbreviations
from chatbot.domain import Document

SCHEMA = """
CREATE TABLE IF NOT EXISTS abbreviation (
    document INTEGER NOT NULL REFERENCES document (number), short TEXT NOT NULL, long TEXT NOT NULL,
    short_key TEXT NOT NULL, long_key TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS abbreviation_document ON abbreviation (document);
CREATE INDEX IF NOT EXISTS abbreviation_short ON abbreviation (short_key);
CREATE INDEX IF NOT EXISTS abbreviation_long ON abbreviation (long_key);
CREATE VIEW IF NOT EXISTS explained AS
    SELECT a.short, a.long, a.short_key, a.long_key, d.added, coalesce(d.removed, 9223372036854775807) AS removed
    FROM abbreviation a JOIN document d ON d.number = a.document;
"""
_MOST_ROWS = 500  # looked at for a key: a share of what is said in 500 places does not need the others


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short and a long form as a document prints them; the keys are equal for forms that differ in spelling only."""

    short: str
    long: str
    short_key: str
    long_key: str


def explained(document: Document) -> Iterator[Abbreviation]:
    """The abbreviations that a document explains, each pair of keys once, in the text's order.

    Its topics count as text: "lam" and "lymphangioleiomyomatosis" side by side explain each other.
    """
    seen: set[tuple[str, str]] = set()
    for short, long in (*_of_topics(document.reference.topics), *abbreviations(document.text)):
        keys = short_key(short), phrase_key(long)
        if keys not in seen and all(keys):
            seen.add(keys)
            yield Abbreviation(short, long, *keys)


def _of_topics(topics: Iterable[str]) -> Iterator[tuple[str, str]]:
    listed = list(topics)
    for short in listed:
        for long in listed:
            if long != short:
                yield from (pair for pair in abbreviations(f"{long} ({short.upper()})") if pair[1] == long)


def short_key(short: str) -> str:
    """Lower case, without the plural's s: "TKIs" and "TKI"."""
    key = short.casefold()
    return key[:-1] if key.endswith("s") and short[-1] == "s" else key


def phrase_key(phrase: str) -> str:
    """Lower case, hyphens as spaces, without the plural's s: "Dendritic cells" and "dendritic-cell"."""
    words = phrase.casefold().replace("-", " ").split()
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)


class AbbreviationRows:
    """The table, on the manifest's connection. Raises sqlite3.Error."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, number: int, document: Document) -> None:
        """Writes what the document of a row explains."""
        self._db.executemany(
            "INSERT INTO abbreviation VALUES (?, ?, ?, ?, ?)",
            ((number, a.short, a.long, a.short_key, a.long_key) for a in explained(document)),
        )

    def of_short(self, key: str, generation: int) -> list[tuple[str, str, str, str]]:
        """(short, long, short key, long key) of a short form, one for each visible document that explains it so."""
        query = "SELECT * FROM explained WHERE short_key = :key AND added <= :now AND removed > :now LIMIT :most"
        return self._rows(query, key, generation)

    def of_long(self, key: str, generation: int) -> list[tuple[str, str, str, str]]:
        """The same for a long form."""
        query = "SELECT * FROM explained WHERE long_key = :key AND added <= :now AND removed > :now LIMIT :most"
        return self._rows(query, key, generation)

    def _rows(self, query: str, key: str, generation: int) -> list[tuple[str, str, str, str]]:
        rows = self._db.execute(query, {"key": key, "now": generation, "most": _MOST_ROWS})
        return [row[:4] for row in rows]
