"""The folder that fetched files go to: a file in it is whole, whatever happens to the run that writes it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock

from chatbot.errors import FetchError

_PART = ".part"
_LOCK = ".fetch.lock"


class Folder:
    """Files by name. Hidden files beside them are the lock and what a killed run left, which the next one removes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def holds(self, name: str) -> bool:
        """Whether there is such a file with anything in it (after a power cut there may be one with nothing)."""
        try:
            return (self.path / name).stat().st_size > 0
        except OSError:
            return False

    def head(self, name: str, size: int) -> bytes:
        """The first bytes of a file; none where it cannot be read, and will have to be fetched again."""
        try:
            with (self.path / name).open("rb") as stream:
                return stream.read(size)
        except OSError:
            return b""

    def write(self, name: str, content: bytes) -> None:
        """Puts a file in place in one step, over one of that name. Raises FetchError where that cannot be done."""
        part = self.path / f".{name}{_PART}"
        try:
            part.write_bytes(content)
            os.replace(part, self.path / name)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise self._failure(error) from error

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Makes the folder and holds it. Raises FetchError where it cannot be made, or another run holds it."""
        lock = filelock.FileLock(str(self.path / _LOCK))
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
            for left in self.path.glob(f".*{_PART}"):
                left.unlink()
        except filelock.Timeout as error:
            raise FetchError(f"{self.path}: another run is fetching into this folder; wait for it") from error
        except OSError as error:
            lock.release()
            raise self._failure(error) from error
        try:
            yield
        finally:
            lock.release()

    def _failure(self, error: OSError) -> FetchError:
        why = error.strerror or type(error).__name__
        return FetchError(f"{self.path}: cannot be written to ({why}); free some space, or name a folder with --to")
