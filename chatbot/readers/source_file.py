"""One file that documents are read from: on the disk, or inside an archive."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from chatbot.domain import Kind
from chatbot.errors import SourceError

MOST_BYTES = 256 * 2**20
"""Of a file that is read whole. The largest labels and full texts have a few megabytes, the largest PDFs a hundred."""

_HEAD_BYTES = 4096
_PIECE_BYTES = 2**20
UNREADABLE = (OSError, EOFError, zlib.error)  # what reading a broken or forbidden file, packed or not, raises

Fail = Callable[[SourceError], None]


@dataclass(frozen=True)
class SourceFile:
    """A file and how it is opened. Every error of its readers begins with where it lies.

    ``root`` is the file or folder that was asked for, ``kind`` what the user said of documents that do not say theirs.
    ``member`` is the name within an archive, ``opened`` opens that; ``path`` is then the archive's.
    """

    path: Path
    root: Path
    kind: Kind | None = None
    member: str = ""
    opened: Callable[[], BinaryIO] | None = None

    @property
    def name(self) -> str:
        """The file's name without folders, a member's where it is one."""
        return self.member.replace("\\", "/").rsplit("/", 1)[-1].rsplit("!", 1)[-1] if self.member else self.path.name

    def open(self) -> BinaryIO:
        """The bytes, unpacked where the name ends in ``.gz``. Raises OSError; so may reading, with ``UNREADABLE``."""
        stream = self.opened() if self.opened else self.path.open("rb")
        if not self.name.lower().endswith(".gz"):
            return stream
        return io.BufferedReader(_Unpacked(stream))

    def head(self) -> bytes:
        """The first 4 kB. Raises SourceError where the file cannot be read."""
        return self._read(_HEAD_BYTES)

    def read(self, most: int = MOST_BYTES) -> bytes:
        """The bytes whole. Raises SourceError where they cannot be read, there are none, or more than ``most``."""
        content = self._read(most + 1)
        if len(content) > most:
            raise self.error(f"is larger than {most // 2**20} MB; split it, or leave it out")
        if not content.strip():
            raise self.error("is empty; remove it, or fetch it again")
        return content

    def error(self, problem: str, line: int | None = None) -> SourceError:
        """The error to raise or to hand on: "file[!member][:line]: problem"."""
        return SourceError(self.path, problem, line, self.member)

    def unreadable(self, error: Exception) -> SourceError:
        """The error for one of ``UNREADABLE``."""
        if isinstance(error, OSError) and error.strerror:
            return self.error(f"cannot be read ({error.strerror}); check its permissions")
        return self.error("is damaged or cut short; fetch it again")

    def _read(self, most: int) -> bytes:
        try:
            with self.open() as stream:
                return b"".join(_pieces(stream, most))
        except UNREADABLE as error:
            raise self.unreadable(error) from error


def _pieces(stream: BinaryIO, most: int) -> Iterator[bytes]:
    """At most so many bytes, piece by piece: ``read(most)`` would set all of them aside at once."""
    while most and (piece := stream.read(min(most, _PIECE_BYTES))):
        yield piece
        most -= len(piece)


class _Unpacked(gzip.GzipFile):
    """The content of a gzip stream; the stream is closed with it, which GzipFile leaves to others."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        super().__init__(fileobj=packed)

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._packed.close()
