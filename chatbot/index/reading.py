"""Reading a source file, or taking what it gave from the ledger where it has not changed.

Not read: a file whose size and time are those of last time; one that was touched, or moved back, and holds the same
bytes; in a file of lines, every line that it held before.
"""

from __future__ import annotations

import hashlib
import io
import os
import time
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from chatbot.domain import Document, Kind
from chatbot.errors import SourceError
from chatbot.index.alike import signature
from chatbot.index.ledger import Entry, Facts, Failure, FileRecord, Stamp
from chatbot.index.standing import known_as
from chatbot.readers import read_file
from chatbot.readers.beir_jsonl import lines, read_line
from chatbot.readers.formats import is_of_lines
from chatbot.readers.source_file import UNREADABLE, SourceFile
from chatbot.readers.text_file import storable

_COARSEST_TIME_NS = 2_000_000_000  # FAT notes times in steps of two seconds: a file younger than that may yet change
_HELD_CHARACTERS = 30_000_000  # of documents kept from the reading until they are embedded; others are read twice
_MOST_FAILED = 100  # lines before the first record: a file that begins so is of something else
_DATED_BY_ISSUE = (Kind.LABEL, Kind.ARTICLE)  # a paper's date of publication says nothing on how new its record is

OnBytes = Callable[[int], None]  # bytes read since the last call


@dataclass
class Reader:
    """Reads files; ``indexed`` holds the hashes of documents that need no keeping, ``held`` those kept, by hash."""

    indexed: Container[str]
    on_bytes: OnBytes
    held: dict[str, Document] = field(default_factory=dict)
    _room: int = _HELD_CHARACTERS

    def read(
        self, source: SourceFile, stamp: Stamp, before: FileRecord | None, take_digest: Callable[[], str]
    ) -> FileRecord:
        """What a file gives. ``before``, what it gave last time, is returned itself where nothing has changed.

        Where something is wrong with the file, what it gave before and does not give now is among it, as stale.
        ``stamp`` was taken before: what changes from then on is seen by the next run. ``take_digest``: over its bytes,
        empty where they cannot be read.
        """
        if before and is_unchanged(before, stamp):
            return before
        digest = take_digest()
        # What could not be opened is tried again: permissions that are given back change no time.
        settled = bool(digest) and stamp.newest < time.time_ns() - _COARSEST_TIME_NS
        if before and digest and (before.digest, before.stamp.manner) == (digest, stamp.manner):
            self.on_bytes(stamp.size)
            return replace(before, stamp=stamp, settled=settled)
        record = FileRecord(str(source.path), stamp, digest, settled)
        counted = _Counted(source, self.on_bytes)
        if is_of_lines(source.name):
            as_now = before and before.stamp.manner == stamp.manner
            entries, failures = self._read_lines(counted.source, before if as_now else None)
        else:
            entries, failures = self._read_whole(counted.source)
        counted.finish(stamp.size)
        if failures and before:
            given = {entry.id for entry in entries}
            entries += [replace(entry, stale=True) for entry in before.entries if entry.id not in given]
        return replace(record, entries=tuple(entries), failures=tuple(failures))

    def _read_whole(self, source: SourceFile) -> tuple[list[Entry], list[Failure]]:
        errors: list[SourceError] = []
        entries = [self._entry(document, source) for document in read_file(source, errors.append)]
        return entries, [_failure(error) for error in errors]

    def _read_lines(self, source: SourceFile, before: FileRecord | None) -> tuple[list[Entry], list[Failure]]:
        """As ``_read_whole``; lines that were there before are not parsed."""
        known: dict[bytes, Entry | Failure] = {}
        if before:
            known |= {failure.piece: failure for failure in before.failures}
            known |= {entry.piece: entry for entry in before.entries if not entry.stale}
        entries: list[Entry] = []
        failures: list[Failure] = []
        try:
            for number, line in lines(source):
                piece = piece_of(line)
                same = known.get(piece)
                errors: list[SourceError] = []
                if isinstance(same, Entry):
                    entries.append(same if same.line == number else replace(same, line=number))
                elif same:
                    failures.append(replace(same, line=number))
                else:
                    for document in read_line(source, number, line, errors.append):
                        entries.append(self._entry(document, source, number, piece))
                    failures += [_failure(error, piece) for error in errors]
                if not entries and len(failures) >= _MOST_FAILED:
                    first = failures[0].problem
                    problem = (
                        f"its first {_MOST_FAILED} lines are no records; give it the ending of its format ({first})"
                    )
                    return [], [_failure(source.error(problem))]
        except UNREADABLE as error:
            failures.append(_failure(source.unreadable(error)))
        if not entries and not failures:
            failures.append(_failure(source.error("holds no record with text; remove it, or fetch it again")))
        return entries, failures

    def _entry(self, document: Document, source: SourceFile, line: int = 0, piece: bytes = b"") -> Entry:
        size = len(document.text)
        if document.hash not in self.indexed and size <= self._room:
            self.held[document.hash] = document
            self._room -= size
        file, facts = str(source.path), facts_of(document)
        known_by = signature(document)
        return Entry(file, line, piece, False, document.id, document.hash, document.kind, size, known_by, facts)


def read_again(source: SourceFile, entries: list[Entry]) -> Iterator[tuple[Entry, Document]]:
    """The documents of some entries of a file, in its order; those that it does not hold any more are left out."""
    wanted = {entry.hash: entry for entry in entries}
    for document in _read_pieces(source, {entry.piece for entry in entries}):
        entry = wanted.pop(document.hash, None)
        if entry:
            yield entry, document


def _read_pieces(source: SourceFile, pieces: Container[bytes]) -> Iterator[Document]:
    """The documents of a file; of a file of lines, those of some lines."""
    if not is_of_lines(source.name):
        yield from read_file(source, _reported)
        return
    try:
        for number, line in lines(source):
            if piece_of(line) in pieces:
                yield from read_line(source, number, line, _reported)
    except UNREADABLE:
        return  # reported, too


def _reported(error: SourceError) -> None:
    """The plan has said it already."""


def is_unchanged(before: FileRecord | None, stamp: Stamp) -> bool:
    """Whether size and time say that a file gives what it gave last time."""
    return before is not None and before.settled and before.stamp == stamp


def piece_of(line: bytes) -> bytes:
    """What a line is known again by."""
    return hashlib.blake2b(line, digest_size=16).digest()


def facts_of(document: Document) -> Facts:
    """What a ledger keeps of a document beside its text."""
    reference = document.reference
    return Facts(
        title=reference.title,
        pmid=reference.pmid,
        set_id=reference.set_id,
        doi=reference.doi,
        pmcid=reference.pmcid,
        day=reference.date if document.kind in _DATED_BY_ISSUE else reference.revised,
        version=reference.version,
        known_as=known_as(reference),
        maker=reference.manufacturer,
        note=bool(reference.facts_from),
        drugs=reference.drugs,
        jurisdiction=reference.jurisdiction,
        cites=_cites(document) if document.kind is Kind.ARTICLE else (),
        notices=reference.notices,
        issued=reference.issued,
    )


def _cites(article: Document) -> tuple[str, ...]:
    from chatbot.articles import cited_ids  # brings a Markdown parser, which takes .05 s to import

    return tuple(sorted(cited_ids(article.text)))


def _failure(error: SourceError, piece: bytes = b"") -> Failure:
    return Failure(error.line, piece, storable(error.member), storable(error.problem))


class _Counted:
    """``source``, opened so that the bytes read of it are told once, however often a reader starts over."""

    def __init__(self, source: SourceFile, on_bytes: OnBytes) -> None:
        self._on_bytes = on_bytes
        self._told = 0
        self.source = replace(source, opened=lambda: io.BufferedReader(_Telling(source.path, self._at)))

    def finish(self, size: int) -> None:
        """Tells the rest: a reader may open the file by its path, or stop early."""
        self._at(size)

    def _at(self, position: int) -> None:
        if position > self._told:
            self._on_bytes(position - self._told)
            self._told = position


class _Telling(io.FileIO):
    def __init__(self, path: Path, at: OnBytes) -> None:
        super().__init__(os.fspath(path), "rb")
        self._at = at

    def readinto(self, buffer: Any) -> int | None:
        count = super().readinto(buffer)
        self._at(self.tell())
        return count

    def readall(self) -> bytes:
        content = super().readall()
        self._at(self.tell())
        return content
