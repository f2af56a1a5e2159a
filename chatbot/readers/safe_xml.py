"""XML as data: nothing is fetched, no entity that a file declares is expanded, memory stays bounded."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from chatbot.readers.source_file import UNREADABLE, SourceFile

_MOST_DEPTH = 100  # of elements; walking one takes up to four calls a level, and no article comes near
_MOST_ELEMENT_BYTES = 32 * 2**20  # of XML, which may take a GiB as a tree; long articles have two or three MB

_IS_TOO_DEEP = etree.XPath("boolean(" + "/".join("*" * _MOST_DEPTH) + ")")


def elements(source: SourceFile, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """Each element of one of the names (without namespace), when it is complete, in the file's order.

    An element is emptied once the caller asks for the next: memory is bounded by the largest one, which may have 32 MB.
    Raises SourceError with the line where the XML is malformed or cut short, after what stands before has been given;
    before the first element where the file declares entities.
    """
    names = [f"{{*}}{tag}" for tag in tags]
    try:
        with source.open() as stream:
            metered = _Metered(stream, source)
            context = etree.iterparse(
                metered,
                events=("start", "end"),
                tag=names,  # other elements cost no event: that makes it three times as fast
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
            )
            yield from _complete(source, context, names, metered)
    except etree.XMLSyntaxError as error:
        raise source.error(f"is not well-formed XML ({_brief(error)}); fetch it again", error.lineno) from error
    except UNREADABLE as error:
        raise source.unreadable(error) from error


def root(source: SourceFile) -> etree._Element:
    """The root of a file that is read whole. Raises SourceError as ``elements`` does."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        found = etree.fromstring(source.read(), parser)
    except etree.XMLSyntaxError as error:
        raise source.error(f"is not well-formed XML ({_brief(error)}); fetch it again", error.lineno) from error
    _refuse_entities(source, found)
    _refuse_depth(source, found)
    return found


def text_of(element: etree._Element | None) -> str:
    """All text inside an element, comments and instructions not, white space as one space; "" for None."""
    return " ".join("".join(texts(element)).split()) if element is not None else ""


def texts(element: etree._Element) -> Iterator[str]:
    """The pieces of text inside an element in their order; an entity of HTML as its character, others as written."""
    if element.text:
        yield element.text if isinstance(element.tag, str) else _of_special(element)
    elif not isinstance(element.tag, str):
        yield _of_special(element)
    for child in element:
        yield from texts(child)
        if child.tail:
            yield child.tail


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace; "" of comments, instructions and entities."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def line_of(element: etree._Element) -> int | None:
    """The line on which an element begins, where it is known."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None


def _of_special(element: etree._Element) -> str:
    return html.unescape(element.text or "") if element.tag is etree.Entity else ""


class _Metered:
    """A stream that ends in an error where one element, or what lies between two of them, goes on for too long."""

    def __init__(self, stream: BinaryIO, source: SourceFile) -> None:
        self._stream = stream
        self._source = source
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(size)
        self.since += len(content)
        if self.since > _MOST_ELEMENT_BYTES:
            megabytes = _MOST_ELEMENT_BYTES // 2**20
            raise self._source.error(f"holds {megabytes} MB of XML in which no record ends; it is no publication")
        return content


def _complete(
    source: SourceFile, context: etree.iterparse, names: list[str], metered: _Metered
) -> Iterator[etree._Element]:
    is_checked = False
    for event, element in context:
        if not is_checked:
            _refuse_entities(source, element)
            is_checked = True
        if event == "end" and next(element.iterancestors(*names), None) is None:
            _refuse_depth(source, element)
            metered.since = 0
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _refuse_entities(source: SourceFile, element: etree._Element) -> None:
    declared: Any = element.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise source.error("declares entities of its own, which is how files attack their readers; it is not read")


def _refuse_depth(source: SourceFile, element: etree._Element) -> None:
    if _IS_TOO_DEEP(element):
        raise source.error(f"nests its elements more than {_MOST_DEPTH} deep; it is no publication")


def _brief(error: etree.XMLSyntaxError) -> str:
    return " ".join(str(error.msg or "cut short").split(", line ")[0].split())
