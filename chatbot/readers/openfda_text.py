"""The fields of an openFDA label → headed text.

openFDA writes a section with all that is nested in it as one run of text, titles, bullets and tables included, and
repeats nested sections and tables in fields of their own. Here each text stands once, under the field that says most
closely what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from chatbot.readers.label_sections import BOXED_WARNING, FIELDS_NOT_QUOTED, ROLE_OF_FIELD
from chatbot.readers.safe_xml import text_of
from chatbot.readers.sectioned import SectionedText
from chatbot.readers.spl_lines import Block, bulleted
from chatbot.readers.spl_text import joined, narrative
from chatbot.readers.text_file import storable

_TABLE = "_table"
_NO_TEXT = frozenset({"id", "set_id", "version", "effective_time", "openfda"}) | FIELDS_NOT_QUOTED
_HEADINGS = {
    "warnings_and_cautions": "Warnings and precautions",
    "spl_medguide": "Medication guide",
    "spl_patient_package_insert": "Patient information",
    "spl_unclassified_section": "",
    "drug_and_or_laboratory_test_interactions": "Drug and laboratory test interactions",
}
_FEWEST_SHARED = 40  # characters of a nested section: less may stand in two sections by chance
_LARGEST_TABLE = 5_000_000  # characters of markup; the longest table of a label has some hundred thousand
_SPACE = re.compile(r"\s+")
_TWICE = re.compile(r"(\S.{2,80}?)\s+(?=\1(?:\s|\Z))")
_NUMBERED = re.compile(r"(?<=[.:;)\]\w]) (?=\d{1,2}\.\d{1,2} [A-Z])")  # "… 5.2 Malignancies …"


class Fields:
    """A record: its own fields, and those that openFDA adds under ``openfda``. Of other types than text: none."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self._record = record
        added = record.get("openfda")
        self._added = added if isinstance(added, dict) else {}

    def text(self, name: str) -> str:
        return next(iter(_strings(self._record.get(name))), "")

    def named(self, name: str) -> list[str]:
        return _strings(self._added.get(name))

    def first(self, name: str) -> str:
        return next(iter(self.named(name)), "")

    def sections(self) -> dict[str, list[str]]:
        """The fields that hold text: known ones in the order of a label, then others in the record's."""
        others = (name for name in self._record if name not in _NO_TEXT and not name.endswith(_TABLE))
        found = {name: _strings(self._record.get(name)) for name in (*ROLE_OF_FIELD, *others)}
        return {name: texts for name, texts in found.items() if any(" " in text for text in texts)}

    def tables(self, name: str) -> list[str]:
        return _strings(self._record.get(name + _TABLE))


def label_text(fields: Fields) -> SectionedText:
    """A section per field and text, without what another field says again."""
    written = SectionedText()
    texts = {name: list(dict.fromkeys(found)) for name, found in fields.sections().items()}
    is_sold_freely = "OTC" in fields.first("product_type")
    for name, found in texts.items():
        heading = _HEADINGS.get(name, name.replace("_", " ").capitalize())
        tables = [table for markup in fields.tables(name) for table in _table(markup)]
        for text in found:
            pieces = [_without_title(text, heading)]
            for nested in _nested(texts, name, text):
                pieces = [part for piece in pieces for part in piece.split(nested)]
            blocks = [block for piece in pieces for block in _blocks(piece, tables)]
            if text is found[-1]:
                blocks += [block for _, left in tables for block in left]
            written.add(heading, joined(blocks), _role(name, text, is_sold_freely))
    return written


def _role(field: str, text: str, is_sold_freely: bool) -> str:
    """The role; what stands boxed on a label sold freely is a boxed warning only where it begins as one."""
    role = ROLE_OF_FIELD.get(field, "")
    is_print = role == BOXED_WARNING and is_sold_freely and "warning" not in text[:200].lower()
    return "" if is_print else role


def _nested(texts: Mapping[str, list[str]], name: str, text: str) -> list[str]:
    """The texts of other fields that stand in one, longest first; of the same text twice, the later field's goes."""
    order = list(texts)
    return sorted(
        {
            other
            for field, found in texts.items()
            if field != name
            for other in found
            if len(other) >= _FEWEST_SHARED
            and (len(other) < len(text) or order.index(field) < order.index(name))
            and other in text
        },
        key=lambda other: (-len(other), other),
    )


def _blocks(text: str, tables: list[tuple[str, list[Block]]]) -> Iterator[Block]:
    """The paragraphs of a text, each table where its words stood; the tables placed are taken from ``tables``."""
    for table in list(tables):
        flat, blocks = table
        if span := _span(text, flat):
            yield from _paragraphs(text[: span[0]])
            yield from blocks
            text = text[span[1] :]
            tables.remove(table)
    yield from _paragraphs(text)


def _paragraphs(text: str) -> Iterator[Block]:
    for paragraph in _NUMBERED.split(text):
        if paragraph.strip(" .;,"):
            yield from bulleted(paragraph, in_item=False)


def _without_title(text: str, heading: str) -> str:
    """A section's text behind its number and title, unless it goes on from it, and behind a title written twice."""
    words = r"\s+".join("(?:and|&)" if word == "and" else re.escape(word) for word in heading.split())
    titled = re.match(rf"(?:\d{{1,2}}(?:\.\d{{1,2}})?\.?\s+)?{words}\b\s*:?\s*(?=\S)", text, re.IGNORECASE)
    goes_on = titled is None or not (text[titled.end()].isupper() or text[titled.end()].isdigit())
    rest = text if goes_on or not titled or not heading else text[titled.end() :]
    twice = _TWICE.match(rest)
    return rest[twice.end() :] if twice else rest


def _table(markup: str) -> Iterator[tuple[str, list[Block]]]:
    """The text of a table without white space, by which it is found, and its blocks."""
    if len(markup) > _LARGEST_TABLE:
        return
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
        element = etree.fromstring(f"<text>{markup}</text>".encode(), parser)
    except etree.XMLSyntaxError:
        return
    if element is not None and (blocks := narrative(element)):
        yield _SPACE.sub("", text_of(element)), blocks


def _span(text: str, flat: str) -> tuple[int, int] | None:
    """Where a text without its white space stands in another."""
    found = _SPACE.sub("", text).find(flat) if flat else -1
    if found < 0:
        return None
    places = [place for place, character in enumerate(text) if not character.isspace()]
    return places[found], places[found + len(flat) - 1] + 1


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    texts = [" ".join(storable(text).split()) for text in values if isinstance(text, str)]
    return [text for text in texts if text]
