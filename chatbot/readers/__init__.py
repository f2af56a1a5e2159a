"""Files → documents, one module per format.

``read`` is the one door. A format is told from a file's name and its first bytes; files whose names end in nothing that
is known are not sources.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chatbot.domain import Document, Kind
from chatbot.errors import CorpusError, SourceError
from chatbot.readers.formats import GLOSSARY, SUFFIXES, is_glossary, is_source, reader_of
from chatbot.readers.source_file import SourceFile

OnError = Callable[[SourceError], None]


@dataclass(frozen=True)
class Found:
    """What lies at a path: source files, sorted by path; folders that cannot be read; other files, by suffix.

    Hidden files and folders, links that lead out of the folder, and the glossary are left out.
    """

    files: list[Path] = field(default_factory=list)
    unreadable: list[SourceError] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def find(path: Path) -> Found:
    """What lies at ``path``, a file or a folder searched through.

    Raises CorpusError where the path is missing, or holds no source.
    """
    if path.is_file():
        if is_glossary(path):
            raise CorpusError(f"{path}: explains terms and is no source; name the documents to index")
        if not is_source(path.name):
            raise CorpusError(f"{path}: no reader for {path.suffix or 'this'} files; known are {', '.join(SUFFIXES)}")
        return Found([path])
    if not path.is_dir():
        raise CorpusError(f"{path}: no such file or folder; name the folder that holds your documents")
    found = Found()
    inside = os.path.realpath(path)
    for entry in _walk(path, found.unreadable):
        if not _is_inside(entry, inside) or (entry.name == GLOSSARY and is_glossary(Path(entry.path))):
            continue
        if is_source(entry.name):
            found.files.append(Path(entry.path))
        else:
            found.skipped[Path(entry.name).suffix.lower()] += 1
    if not (found.files or found.unreadable):
        raise CorpusError(f"{path}: holds no document ({', '.join('*' + s for s in SUFFIXES)}); put some there first")
    return found


def find_sources(path: Path) -> list[Path]:
    """The files of ``find``. Raises as it does."""
    return find(path).files


def read(path: Path, *, kind: Kind | None = None, on_error: OnError | None = None) -> Iterator[Document]:
    """The documents of a file, or of every source in a folder, in the order of ``find_sources``.

    ``kind`` is given to documents that do not say theirs (see ``evidence_kind``). A source that cannot be read goes to
    ``on_error``, and reading goes on behind it; without ``on_error`` it raises SourceError.
    """
    for file in find_sources(path):
        yield from read_file(SourceFile(file, path, kind), on_error)


def read_file(source: SourceFile, on_error: OnError | None = None) -> Iterator[Document]:
    """The documents of one file, in its order; errors as with ``read``."""

    def fail(error: SourceError) -> None:
        if on_error is None:
            raise error
        on_error(error)

    try:
        yield from reader_of(source)(source, fail)
    except SourceError as error:
        fail(error)


def _walk(root: Path, unreadable: list[SourceError]) -> Iterator[os.DirEntry[str]]:
    """Everything below a folder that is none itself, by path. Links to folders are not followed."""

    def entries(folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as found:
                shown = [entry for entry in found if not entry.name.startswith(".")]
        except OSError as error:
            problem = f"cannot be read ({error.strerror}); check its permissions"
            unreadable.append(SourceError(Path(folder), problem))
            return []
        return sorted(shown, key=lambda entry: entry.name, reverse=True)

    waiting = entries(str(root))
    while waiting:
        entry = waiting.pop()
        if entry.is_dir(follow_symlinks=False):
            waiting += entries(entry.path)
        else:
            yield entry


def _is_inside(entry: os.DirEntry[str], folder: str) -> bool:
    """Whether it is a file, not a link to one elsewhere."""
    if not entry.is_symlink():
        return entry.is_file()
    target = os.path.realpath(entry.path)
    return Path(target).is_relative_to(folder) and Path(target).is_file()
