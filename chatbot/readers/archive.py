"""Zip archives → the documents of their members, archives within them included, without unpacking anything to disk.

DailyMed ships labels so: an archive of archives, each with one XML file and its images. What is not readable by its
name (images, checksums) is passed over without a word.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, BinaryIO

from chatbot.domain import Document
from chatbot.errors import SourceError
from chatbot.readers.source_file import UNREADABLE, Fail, SourceFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ReaderOf = Callable[[SourceFile], Callable[[SourceFile, Fail], Iterator[Document]]]
IsSource = Callable[[str], bool]

_MOST_DEPTH = 3  # archives within each other; DailyMed's releases have two
_MOST_MEMBERS = 250_000  # of one archive; the largest release holds about 50,000 labels with their images
_MOST_INNER = 256 * 2**20  # bytes of an archive within one, which is held in memory; a label with images has a few MB
_MOST_UNPACKED = 4 * 2**30  # bytes of a member, counted while it is read; openFDA's largest file has about 1 GB
_MOST_RATIO = 200  # unpacked bytes to packed: text comes to about 10, repetitive XML to 50, a bomb to 1,000
_RATIO_FROM = 16 * 2**20  # bytes from which the ratio counts: what is smaller does no harm

_BROKEN = (*UNREADABLE, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, struct.error)
"""What zipfile raises for broken archives: unknown compression, encryption, impossible numbers."""


def read_archive(source: SourceFile, fail: Fail, reader_of: ReaderOf, is_source: IsSource) -> Iterator[Document]:
    """The documents of the members, in the order of their names; a member that cannot be read goes to ``fail``.

    Members whose names lead out of the archive or that are encrypted are refused, and so is what unpacks to more than
    it may (the limits stand above). Raises SourceError where the archive cannot be opened or holds no document.
    """
    reading = _Reading(fail, reader_of, is_source)
    yield from reading.documents(source, 1)
    if not reading.found and not reading.failed:
        raise source.error("holds no document that can be read; unpack it and see what is in it, or remove it")


class _Reading:
    def __init__(self, fail: Fail, reader_of: ReaderOf, is_source: IsSource) -> None:
        self._fail = fail
        self._reader_of = reader_of
        self._is_source = is_source
        self.found = False
        self.failed = False

    def documents(self, source: SourceFile, depth: int) -> Iterator[Document]:
        """Raises SourceError where the archive itself cannot be read."""
        with ExitStack() as opened:
            archive = _open_archive(source, opened)
            for member in self._members(archive, source):
                yield from self._of_member(archive, member, source, depth)

    def _members(self, archive: zipfile.ZipFile, source: SourceFile) -> list[zipfile.ZipInfo]:
        members = archive.infolist()
        if len(members) > _MOST_MEMBERS:
            raise source.error(f"has {len(members)} members, more than {_MOST_MEMBERS}; unpack it, and index a part")
        return sorted(
            (member for member in members if self._is_source(member.filename) and not _is_hidden(member)),
            key=lambda member: (member.filename, member.header_offset),
        )

    def _of_member(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: SourceFile, depth: int
    ) -> Iterator[Document]:
        shown = "".join(character if character.isprintable() else "?" for character in member.filename)
        named = replace(source, member=f"{source.member}!{shown}" if source.member else shown, opened=None)
        inside = replace(named, opened=partial(_open_member, archive, member, named))
        try:
            _refuse(inside, member)
            for document in self._documents_inside(inside, depth):
                self.found = True
                yield document
        except SourceError as error:
            self._note(error)

    def _documents_inside(self, inside: SourceFile, depth: int) -> Iterator[Document]:
        if not inside.name.lower().endswith(".zip"):
            return self._reader_of(inside)(inside, self._note)
        if depth == _MOST_DEPTH:
            raise inside.error(f"is an archive more than {_MOST_DEPTH} deep; unpack the outer ones")
        content = inside.read(_MOST_INNER)
        return self.documents(replace(inside, opened=partial(io.BytesIO, content)), depth + 1)

    def _note(self, error: SourceError) -> None:
        self.failed = True
        self._fail(error)


def _is_hidden(member: zipfile.ZipInfo) -> bool:
    """What systems leave behind: "__MACOSX/._label.xml"."""
    parts = PurePosixPath(member.filename).parts
    return any(part == "__MACOSX" or (part.startswith(".") and part != "..") for part in parts)


def _refuse(inside: SourceFile, member: zipfile.ZipInfo) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or path.parts[0].endswith(":"):
        raise inside.error("has a name that leads out of the archive; no honest archive has, so it is not read")
    if member.flag_bits & 1:
        raise inside.error("is encrypted; unpack the archive with its password first")


def _open_archive(source: SourceFile, opened: ExitStack) -> zipfile.ZipFile:
    try:
        return opened.enter_context(zipfile.ZipFile(opened.enter_context(source.open())))
    except zipfile.BadZipFile as error:
        raise source.error("is no whole zip archive; fetch it again") from error
    except UNREADABLE as error:
        raise source.unreadable(error) from error
    except _BROKEN as error:
        raise source.error("is a zip archive that cannot be read; pack it again") from error


def _open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, named: SourceFile) -> BinaryIO:
    """The unpacked bytes of a member. Raises SourceError, at once or while reading."""
    try:
        return io.BufferedReader(_Unpacked(archive.open(member), member.compress_size, named))
    except _BROKEN as error:
        raise named.error("cannot be unpacked (it is damaged, or packed in an unusual way); pack it again") from error


class _Unpacked(io.RawIOBase):
    """A member being unpacked; what its header says of its size is not believed."""

    def __init__(self, stream: IO[bytes], packed: int, named: SourceFile) -> None:
        self._stream = stream
        self._most = min(_MOST_UNPACKED, max(_RATIO_FROM, _MOST_RATIO * packed))
        self._named = named
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        try:
            content = self._stream.read(len(view))
        except _BROKEN as error:
            raise self._named.error("is damaged or cut short; fetch the archive again") from error
        self._read += len(content)
        if self._read > self._most:
            raise self._named.error(f"unpacks to more than {self._most // 2**20} MB, as bombs do; unpack it yourself")
        view[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self._stream.close()
        super().close()
