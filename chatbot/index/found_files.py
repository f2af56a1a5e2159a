"""Which files a run is about: those that lie at the paths it was given."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from chatbot.domain import Kind
from chatbot.errors import SourceError
from chatbot.index.ledger import FileRecord, Stamp
from chatbot.readers import find
from chatbot.readers.formats import READER_VERSION
from chatbot.readers.sidecar import sidecar_of
from chatbot.readers.source_file import SourceFile


class FoundFiles:
    """The files by their absolute paths, in the order of the paths given, each once.

    A file has one path, however it was spelt: what is indexed of it goes by that path, and so may its documents' ids.
    Raises CorpusError where a path is missing or holds no source.
    """

    def __init__(self, paths: Sequence[Path], kind: Kind | None) -> None:
        self.kind = kind
        self.files: dict[str, SourceFile] = {}
        self.failures: list[SourceError] = []
        self.skipped: Counter[str] = Counter()
        self.broken: set[str] = set()  # files with which something is wrong; whoever reads them says so
        self._roots = [os.path.realpath(path) for path in paths]
        self._unreadable: list[str] = []
        self._digests: dict[str, str] = {}
        for root in dict.fromkeys(self._roots):
            found = find(Path(root))
            self._unreadable += [str(error.path) for error in found.unreadable]
            self.failures += found.unreadable
            self.skipped += found.skipped
            for path in found.files:
                self._add(SourceFile(path, Path(root), kind))
        self._leave_out_sidecars()

    @cached_property
    def stamps(self) -> dict[str, Stamp]:
        """Every file's stamp, taken when first asked; where one cannot be looked at, a size and time that none has."""
        return {path: _stamp(source) for path, source in self.files.items()}

    def digest(self, path: str) -> str:
        """Over the bytes of a file and its sidecar, read once; empty where they cannot be, which its reader says."""
        if path not in self._digests:
            self._digests[path] = _digest(self.files[path].path)
        return self._digests[path]

    def is_asked(self, path: str) -> bool:
        """Whether a file lies, or lay, at one of the paths given."""
        return any(_is_within(path, root) for root in self._roots)

    def is_known(self, path: str) -> bool:
        """Whether the run has seen all that lies there now: not in a broken file, nor in a folder it cannot read."""
        if path in self.broken or not self.is_asked(path):
            return False
        return not any(_is_within(path, folder) for folder in self._unreadable)

    def is_gone(self, path: str) -> bool:
        """Whether a file that lay there once is there no more."""
        return path not in self.files and self.is_known(path)

    def is_readable(self, path: str) -> bool:
        """Whether a known file can be read if need be: it was found, or lies elsewhere and is still there."""
        return path in self.files or (not self.is_asked(path) and os.path.isfile(path))

    def _add(self, source: SourceFile) -> None:
        try:
            str(source.path).encode("utf-8")
        except UnicodeEncodeError:
            shown = Path(str(source.path).encode("utf-8", "backslashreplace").decode("utf-8"))
            self.failures.append(SourceError(shown, "has a name that is not UTF-8; rename it"))
            return
        self.files.setdefault(str(source.path), source)

    def _leave_out_sidecars(self) -> None:
        """What describes a source has been read, though no document was made of it."""
        if self.skipped.keys() & {".yaml", ".yml"}:
            beside = {sidecar for source in self.files.values() if (sidecar := sidecar_of(source.path))}
            self.skipped -= Counter(sidecar.suffix.lower() for sidecar in beside)


def source_of(record: FileRecord) -> SourceFile:
    """A file that another run was about, to be read as it was then."""
    kind = Kind(record.stamp.kind) if record.stamp.kind else None
    return SourceFile(Path(record.path), Path(record.stamp.root), kind)


def by_path(path: str) -> list[str]:
    """The order of files: folder by folder."""
    return path.split(os.sep)


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
        sidecar = sidecar_of(path)
        if sidecar:
            digest.update(sidecar.read_bytes())
    except OSError:
        return ""
    return digest.hexdigest()


def _stamp(source: SourceFile) -> Stamp:
    size, modified = _size_and_time(source.path)
    sidecar = sidecar_of(source.path)
    beside = f"{sidecar.suffix} {_size_and_time(sidecar)}" if sidecar else ""
    newest = max(modified, _size_and_time(sidecar)[1] if sidecar else 0)
    return Stamp(str(source.root), source.kind or "", READER_VERSION, size, modified, beside, newest)


def _size_and_time(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError:
        return 0, -1
    return stat.st_size, stat.st_mtime_ns
