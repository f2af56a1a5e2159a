"""Corpus files → documents, one module per format.

``read`` is the one door. A format is chosen by the file's ending; files of no known format are not sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from chatbot.domain import Document, Kind
from chatbot.errors import CorpusError, SourceError
from chatbot.readers.beir_jsonl import read_beir
from chatbot.readers.markdown import read_markdown

OnError = Callable[[SourceError], None]

SUFFIXES = (".md", ".jsonl")


def find_sources(path: Path) -> list[Path]:
    """The source files at ``path`` (a file, or a folder searched through), sorted by path.

    Hidden files and folders, and links that lead out of the folder, are left out. Raises CorpusError where the path is
    missing, or holds no source.
    """
    if path.is_file():
        if path.suffix.lower() not in SUFFIXES:
            raise CorpusError(f"{path}: no reader for {path.suffix or 'this'} files; known are {', '.join(SUFFIXES)}")
        return [path]
    if not path.is_dir():
        raise CorpusError(f"{path}: no such file or folder; name the folder that holds your documents")
    inside = path.resolve()
    found = [
        candidate
        for candidate in sorted(path.rglob("*"))
        if candidate.suffix.lower() in SUFFIXES
        and candidate.is_file()
        and not any(part.startswith(".") for part in candidate.relative_to(path).parts)
        and candidate.resolve().is_relative_to(inside)
    ]
    if not found:
        raise CorpusError(f"{path}: holds no document ({', '.join('*' + s for s in SUFFIXES)}); put some there first")
    return found


def read(path: Path, *, kind: Kind | None = None, on_error: OnError | None = None) -> Iterator[Document]:
    """The documents of a file, or of every source in a folder, in the order of ``find_sources``.

    ``kind`` is given to records that do not say theirs. A source that cannot be read goes to ``on_error``, and reading
    goes on behind it; without ``on_error`` it raises SourceError.
    """

    def fail(error: SourceError) -> None:
        if on_error is None:
            raise error
        on_error(error)

    for source in find_sources(path):
        try:
            if source.suffix.lower() == ".jsonl":
                yield from read_beir(source, kind, fail)
            else:
                yield read_markdown(source)
        except SourceError as error:
            fail(error)
