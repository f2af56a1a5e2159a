"""DOCX and HTML → a document, by way of markitdown's Markdown."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from chatbot.domain import Document
from chatbot.readers.html_page import cleaned, metadata
from chatbot.readers.markdown import document_of
from chatbot.readers.plain_markdown import lay_out
from chatbot.readers.safe_xml import root, text_of
from chatbot.readers.source_file import Fail, SourceFile

if TYPE_CHECKING:
    from markitdown import DocumentConverter, MarkItDown

_MOST_UNPACKED = 256 * 2**20  # bytes, with pictures
_MOST_XML = 32 * 2**20  # bytes; 500 pages have 10 million, and a tree of it takes fifty times as much memory
_MOST_MEMBERS = 10_000
_STYLES = "p[style-name='Title'] => h1:fresh"
_CORE = "docProps/core.xml"
_TEXT = "word/document.xml"
_DECLARED = (b"<!DOCTYPE", b"<!ENTITY")  # neither may stand in a DOCX
_PROGRAM_TITLE = re.compile(r"(?:microsoft|untitled|word document|powerpoint)\b|.*\.\w{2,4}\Z", re.IGNORECASE)


def read_office(source: SourceFile, fail: Fail) -> Iterator[Document]:  # noqa: ARG001 - one document, which raises
    """The document of one file. Raises SourceError where it is damaged, protected, a bomb, or holds no text.

    HTML gives its main part, a DOCX its text without headers and comments; links leave their words. Nothing is fetched.
    """
    content = source.read()
    is_docx = source.name.lower().endswith(".docx")
    own = _core(source, content) if is_docx else metadata(source, content)
    page = content if is_docx else cleaned(source, content)
    layout = lay_out(_markdown(source, page, ".docx" if is_docx else ".html"))
    yield document_of(source, layout, own)


def _markdown(source: SourceFile, content: bytes, suffix: str) -> str:
    from markitdown import MarkItDownException, StreamInfo

    told = StreamInfo(extension=suffix, charset="utf-8" if suffix == ".html" else None)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of libraries below it, on what a page is made of
            found = _converter(suffix).convert_stream(
                io.BytesIO(content), stream_info=told, escape_misc=True, strict=True, style_map=_STYLES
            )
    except MarkItDownException as error:  # whatever a converter raised: it wraps them all
        raise source.error("cannot be converted; it is damaged or nested too deeply: save it again") from error
    return found.markdown


@cache
def _converter(suffix: str) -> MarkItDown:
    """The library with the one converter that is asked for; it takes a second to make."""
    from markitdown import MarkItDown
    from markitdown.converters import DocxConverter, HtmlConverter

    kinds: dict[str, Callable[[], DocumentConverter]] = {".docx": DocxConverter, ".html": HtmlConverter}
    converter = MarkItDown(enable_builtins=False, enable_plugins=False)
    converter.register_converter(kinds[suffix]())
    return converter


def _core(source: SourceFile, content: bytes) -> dict[str, Any]:
    """What a DOCX says of itself, once it has been looked at: not a bomb, not protected, with a text in it."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise source.error("is protected by a password, or an old .doc; save it as .docx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bombs(source, archive)
            parts = {name: archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, ValueError) as error:
        raise source.error("is damaged or no DOCX; save it again") from error
    if any(declared in part for part in parts.values() for declared in _DECLARED):
        raise source.error("declares entities of its own, which is how files attack their readers; it is not read")
    if _TEXT not in parts:
        raise source.error("is no DOCX (it holds no word/document.xml); save it again")
    return _properties(source, parts[_CORE]) if _CORE in parts else {}


def _refuse_bombs(source: SourceFile, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()  # reading stops at the sizes that are told here
    text = sum(member.file_size for member in members if member.filename.endswith((".xml", ".rels")))
    if len(members) > _MOST_MEMBERS or text > _MOST_XML or sum(m.file_size for m in members) > _MOST_UNPACKED:
        raise source.error(
            f"unpacks to more than {_MOST_XML // 2**20} MB of text or {_MOST_UNPACKED // 2**20} MB; split it"
        )


def _properties(source: SourceFile, core: bytes) -> dict[str, Any]:
    """Title, authors and the day of the last change; how a file of a program is called is no title."""
    part = SourceFile(source.path, source.root, member=_CORE, opened=lambda: io.BytesIO(core))
    tree = root(part)

    def value(name: str) -> str:
        return text_of(tree.find(f"{{*}}{name}"))

    changed = re.match(r"\d{4}-\d\d-\d\d", value("modified") or value("created"))
    return {
        "title": "" if _PROGRAM_TITLE.match(value("title")) else value("title"),
        "authors": tuple(name for name in map(str.strip, value("creator").split(";")) if " " in name),
        "revised": changed.group() if changed else "",
    }
