"""Which format a file is in, told from its name and its first bytes, and the reader for it.

Readers are imported when a file of theirs is met: some bring libraries that take seconds to load.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from chatbot.domain import Document
from chatbot.readers.source_file import Fail, SourceFile

Reader = Callable[[SourceFile, Fail], Iterator[Document]]

SUFFIXES = (
    ".md",
    ".markdown",
    ".txt",
    ".jsonl",
    ".json",
    ".xml",
    ".nxml",
    ".nbib",
    ".medline",
    ".pdf",
    ".docx",
    ".html",
    ".htm",
    ".zip",
)
PACKED = (".gz",)  # behind one of the others
READER_VERSION = 1
"""Raise it whenever a reader reads the same file differently: files that have not changed are then read again."""

GLOSSARY = "glossary.md"
_GLOSSARY = re.compile(rb"(?:\xef\xbb\xbf)?---\r?\n(?:[\w ]+:[^\n]*\n)*?kind:\s*[\"']?glossary\b")
_HEAD = 4096  # bytes, in which the first fields stand
_MEDLINE = re.compile(rb"(?:\xef\xbb\xbf)?\s*PMID ?- ?\d")
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")


def is_source(name: str) -> bool:
    """Whether a file of that name may hold documents."""
    return _suffix(name) in SUFFIXES


def is_glossary(path: Path) -> bool:
    """Whether a file explains terms (``chatbot.glossary``) instead of being a source: by its name and first field."""
    if path.name != GLOSSARY:
        return False
    try:
        with path.open("rb") as stream:
            return bool(_GLOSSARY.match(stream.read(_HEAD)))
    except OSError:
        return False  # its reader will say what is wrong with it


def is_of_lines(name: str) -> bool:
    """Whether each line of a file of that name is a record of its own (``beir_jsonl``)."""
    return _suffix(name) == ".jsonl"


def reader_of(source: SourceFile) -> Reader:
    """The reader for a file. Raises SourceError where it cannot be opened, or is of no format that has one."""
    suffix = _suffix(source.name)
    if suffix in (".xml", ".nxml"):
        return _of_xml(source)
    if suffix in (".nbib", ".medline") or (suffix == ".txt" and _MEDLINE.match(source.head())):
        return _medline
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    raise source.error(f"no reader for {suffix or 'such'} files; known are {', '.join(SUFFIXES)}")


def _suffix(name: str) -> str:
    name = name.lower()
    packed = next((ending for ending in PACKED if name.endswith(ending)), "")
    stem = name.removesuffix(packed)
    return "." + stem.rsplit(".", 1)[-1] if "." in stem else ""


def _of_xml(source: SourceFile) -> Reader:
    """By the root element; what stands before it (declaration, document type, comments) may be long."""
    head = re.sub(rb"<!--.*?(?:-->|\Z)", b"", source.head().replace(b"\0", b""), flags=re.DOTALL)
    root = _ROOT.search(head)
    name = root.group(1).decode("ascii", "replace") if root else ""
    readers = {
        "PubmedArticleSet": _pubmed_xml,
        "PubmedArticle": _pubmed_xml,
        "PubmedBookArticle": _pubmed_xml,
        "PubmedBookArticleSet": _pubmed_xml,
        "document": _spl,
        "article": _jats,
        "pmc-articleset": _jats,
        "OAI-PMH": _jats,
    }
    if name not in readers:
        what = f"is XML of a kind that is not read (<{name}>)" if name else "holds no XML element"
        raise source.error(f"{what}; PubMed, PMC full text and drug labels (SPL) are")
    return readers[name]


def _markdown(source: SourceFile, fail: Fail) -> Iterator[Document]:
    from chatbot.readers.markdown import read_markdown

    return read_markdown(source, fail)


def _text(source: SourceFile, fail: Fail) -> Iterator[Document]:
    from chatbot.readers.plain_text import read_plain_text

    return read_plain_text(source, fail)


def _beir(source: SourceFile, fail: Fail) -> Iterator[Document]:
    from chatbot.readers.beir_jsonl import read_beir

    return read_beir(source, fail)


def _openfda(source: SourceFile, fail: Fail) -> Iterator[Document]:
    from chatbot.readers.openfda import read_openfda

    return read_openfda(source, fail)


def _pubmed_xml(source: SourceFile, fail: Fail) -> Iterator[Document]:
    from chatbot.readers.pubmed_xml import read_pubmed_xml

    return read_pubmed_xml(source, fail)


def _medline(source: SourceFile, fail: Fail) -> Iterator[Document]:
    from chatbot.readers.medline import read_medline

    return read_medline(source, fail)


def _jats(source: SourceFile, fail: Fail) -> Iterator[Document]:
    from chatbot.readers.jats import read_jats

    return read_jats(source, fail)


def _spl(source: SourceFile, fail: Fail) -> Iterator[Document]:
    from chatbot.readers.spl import read_spl

    return read_spl(source, fail)


def _pdf(source: SourceFile, fail: Fail) -> Iterator[Document]:
    from chatbot.readers.pdf import read_pdf

    return read_pdf(source, fail)


def _office(source: SourceFile, fail: Fail) -> Iterator[Document]:
    from chatbot.readers.office import read_office

    return read_office(source, fail)


def _archive(source: SourceFile, fail: Fail) -> Iterator[Document]:
    from chatbot.readers.archive import read_archive

    return read_archive(source, fail, reader_of, is_source)


_BY_SUFFIX: dict[str, Reader] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".txt": _text,
    ".jsonl": _beir,
    ".json": _openfda,
    ".pdf": _pdf,
    ".docx": _office,
    ".html": _office,
    ".htm": _office,
    ".zip": _archive,
}
