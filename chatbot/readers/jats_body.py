"""Abstract and body of a JATS article → sections: paragraphs, lists, tables with their captions, captions of figures.

Elements have no namespace here (``jats`` takes it off).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from chatbot.readers.inline_text import Part, inline, inline_text
from chatbot.readers.markup_tables import markdown_table
from chatbot.readers.safe_xml import local_name
from chatbot.readers.sectioned import SectionedText

_NOT_READ = frozenset(
    "label title sec-meta graphic media supplementary-material fn fn-group ref-list ack notes attrib permissions"
    " object-id kwd-group sig sig-block processing-meta glossary bio inline-supplementary-material related-article"
    " index-term x".split()
)
_GROUPS = frozenset(
    "table-wrap-group fig-group boxed-text disp-quote statement speech verse-group floats-group floats-wrap"
    " alternatives disp-formula-group question answer explanation".split()
)
_BLOCKS = _GROUPS | frozenset("list def-list table-wrap fig table array preformat code p sec".split())
_LISTS = frozenset({"list", "def-list"})
_NO_EVIDENCE = re.compile(
    r"(?:(?:list of )?abbreviations(?: used)?|acknowledge?ments?|references|bibliography"
    r"|funding(?: (?:sources?|information|statement))?|(?:financial )?disclosures?"
    r"|(?:declarations? of |conflicts? of |competing |financial )interests?(?: (?:statement|disclosure))?"
    r"|author(?:s|['’]s|s['’])? (?:contributions?|information|details)|about the authors?|pre-?publication history"
    r"|supplement(?:al|ary) (?:materials?|data|information)|supporting information|additional files?"
    r"|data availability(?: statement)?|availability of (?:supporting )?(?:data|materials?)(?: and materials?)?"
    r"|ethics (?:approval|statement)(?: and consent to participate)?|consent for publication)[\s.:]*",
    re.IGNORECASE,
)
"""Titles of sections that are about the paper instead of its subject."""


def add_sections(sectioned: SectionedText, element: etree._Element, heading: str) -> None:
    """Adds what stands in an element under a heading, and each section in it under "heading – its title"."""
    blocks: list[str] = []
    for child in element:
        if local_name(child) == "sec":
            sectioned.add(heading, "\n\n".join(blocks))
            blocks = []
            _add_section(sectioned, child, heading)
        elif local_name(child) == "boxed-text" and child.find("sec") is not None:
            sectioned.add(heading, "\n\n".join(blocks))
            blocks = []
            add_sections(sectioned, child, _below(heading, _title(child) or inline_text(child.find("caption/title"))))
        else:
            blocks += _blocks(child)
    sectioned.add(heading, "\n\n".join(blocks))


def _add_section(sectioned: SectionedText, section: etree._Element, heading: str) -> None:
    title = _title(section)
    if section.get("sec-type") != "supplementary-material" and not _NO_EVIDENCE.fullmatch(title):
        add_sections(sectioned, section, _below(heading, title))


def _title(element: etree._Element) -> str:
    return inline_text(element.find("title")).rstrip(" .:")


def _below(heading: str, title: str) -> str:
    return " – ".join(part for part in (heading, title) if part)


def _blocks(element: etree._Element) -> Iterator[str]:
    """The paragraphs of an element, each a text: prose, a list of several lines, a table."""
    name = local_name(element)
    if not name or name in _NOT_READ:
        return
    if name == "p":
        yield from _paragraph(element)
    elif name in _LISTS:
        yield "\n".join(_list_lines(element, 0))
    elif name in ("table-wrap", "fig"):
        _drop_marks_of_notes(element)
        yield _caption(element)
        for table in element.iter("table"):
            yield from _table(table)
    elif name in ("table", "array"):
        yield from _table(element)
    elif name in _GROUPS or name == "sec":
        yield _title(element)
        yield _caption(element)
        for child in element:
            if local_name(child) != "caption":
                yield from _blocks(child)
    else:
        yield inline_text(element)


def _paragraph(element: etree._Element) -> Iterator[str]:
    """The text of a paragraph, cut where a list, a table or a figure stands within it."""
    parts: list[Part] = [element.text]
    for child in element:
        if local_name(child) in _BLOCKS:
            yield inline(parts)
            yield from _blocks(child)
            parts = []
        else:
            parts.append(child)
        parts.append(child.tail)
    yield inline(parts)


def _table(element: etree._Element) -> Iterator[str]:
    lines, below = markdown_table(element, inline_text)
    yield lines
    yield from below


def _drop_marks_of_notes(wrap: etree._Element) -> None:
    """Turns the raised letters and signs that point at a table's footnotes, which are not read, into footnotes."""
    marks = {inline_text(mark) for foot in wrap.iter("table-wrap-foot") for mark in foot.iter("sup", "label")}
    marks = {mark for mark in marks if mark and not any(character.isdigit() for character in mark)}
    for raised in wrap.iter("sup") if marks else ():
        said = inline_text(raised).replace(",", " ").split()
        if said and marks.issuperset(said):
            raised.tag = "fn"


def _caption(element: etree._Element) -> str:
    """ "Table 1. Title. Text": label and caption as one paragraph."""
    label = inline_text(element.find("label")).rstrip(" .:")
    caption = element.find("caption")
    parts = [
        label,
        *(inline_text(part) for part in (caption if caption is not None else ()) if part.tag in ("title", "p")),
    ]
    said = [part for part in parts if part]
    return " ".join(part if part[-1] in ".!?:;" or part is said[-1] else f"{part}." for part in said)


def _list_lines(element: etree._Element, depth: int) -> Iterator[str]:
    """A line per item, nested lists indented below theirs."""
    is_numbered = element.get("list-type") in ("order", "arabic", "ordered")
    items = [child for child in element if local_name(child) in ("list-item", "def-item")]
    for number, item in enumerate(items, 1):
        marker = f"{number}. " if is_numbered else "- "
        text = _item(item)
        if text:
            yield "  " * depth + marker + text
        for nested in item.iter("list", "def-list"):
            if next(nested.iterancestors("list", "def-list"), None) is element:
                yield from _list_lines(nested, depth + 1)


def _item(item: etree._Element) -> str:
    if local_name(item) == "def-item":
        term, meaning = inline_text(item.find("term")), inline_text(item.find("def"))
        return f"{term}: {meaning}" if term and meaning else term or meaning
    parts = [part for child in item if local_name(child) != "label" for part in (child, child.tail)]
    return inline((item.text, *parts), _LISTS)
