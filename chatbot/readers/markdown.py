"""Markdown → a document: references and articles of the corpus, and Markdown files from anywhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt

from chatbot.domain import Document, Section
from chatbot.errors import SourceError
from chatbot.readers.bibliography import reference_of
from chatbot.readers.front_matter import (
    MOST_CHARACTERS,
    ArticleFields,
    ReferenceFields,
    StatedFields,
    line_of,
    parse_fields,
    split_front_matter,
)
from chatbot.readers.layout import Layout
from chatbot.readers.plain_markdown import lay_out
from chatbot.readers.source_file import Fail, SourceFile
from chatbot.readers.text_file import decoded, read_text

_OF_THE_CORPUS = ("articles", "references")


def read_markdown(source: SourceFile, fail: Fail) -> Iterator[Document]:  # noqa: ARG001 - one document, which raises
    """The document of one file.

    Below a folder ``articles`` or ``references`` the front matter is required and must fit its place: an article where
    it asks a question or the folder is ``articles``, else a reference; the text is the body as it stands. Anywhere else
    the front matter is optional, the title else the first heading of the first level, and the text what a reader of the
    page sees; one that asks a question is an article there, too. Raises SourceError where the front matter is wrong or
    there is no text.
    """
    path = source.path
    if not source.member and (path.parent.name in _OF_THE_CORPUS or path.parent.parent.name == "references"):
        yield _of_the_corpus(path)
    else:
        yield _from_elsewhere(source)


def _of_the_corpus(path: Path) -> Document:
    front_matter, body = split_front_matter(path, read_text(path))
    is_article = path.parent.name == "articles" or "\nquestion:" in f"\n{front_matter}"
    if is_article:
        reference = parse_fields(path, front_matter, ArticleFields).to_reference()
    else:
        reference = parse_fields(path, front_matter, ReferenceFields).to_reference()

    def line(field: str) -> int:
        return line_of(field, front_matter)

    if path.stem != reference.id:
        raise SourceError(path, f"field id: {reference.id} differs from the file's name; make them equal", line("id"))
    if path.parent.parent.name == "references" and path.parent.name != reference.kind.value:
        raise SourceError(
            path, f"field kind: {reference.kind.value} differs from the folder {path.parent.name}", line("kind")
        )
    sections = split_sections(body)
    if not any(body[section.start : section.end].strip() for section in sections):
        raise SourceError(path, "holds no text behind its front matter; write some, or remove the file")
    return Document(reference, body, sections)


def _from_elsewhere(source: SourceFile) -> Document:
    text = decoded(source)
    front, body = None, text
    if _has_front_matter(text):
        front_matter, body = split_front_matter(source.path, text)
        if "\nquestion:" in f"\n{front_matter}" and not source.member:
            return _of_the_corpus(source.path)
        front = parse_fields(source.path, front_matter, StatedFields)
    return document_of(source, lay_out(body), {}, front)


def document_of(source: SourceFile, layout: Layout, own: dict[str, Any], front: StatedFields | None = None) -> Document:
    """The document of a laid out file: its title is stated, or its ``own``, or its first heading of the first level.

    Raises SourceError where it holds no text, or its sidecar is wrong.
    """
    if not layout.has_text:
        raise source.error("holds no text; write some, or remove the file")
    first = next((text for level, text in layout.headings if level == 1), "")
    return layout.document(reference_of(source, {"title": first} | {k: v for k, v in own.items() if v}, front))


def _has_front_matter(text: str) -> bool:
    """Whether a text begins with a block of fields between two lines ``---``; a rule of the page is none."""
    end = text.find("\n---\n", 3)
    if not text.startswith("---\n") or end < 0:
        return False
    if end > MOST_CHARACTERS:
        return bool(re.match(r"\w+:", text[4:]))
    try:
        nodes = yaml.compose(text[4 : end + 1], Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return True  # meant as fields; reading them says what is wrong
    return isinstance(nodes, yaml.MappingNode)


def split_sections(text: str) -> tuple[Section, ...]:
    """The text cut at its headings; a heading below the second level is named with the one above it.

    Sections without text of their own are left out.
    """
    starts = [0]
    for line in text.split("\n"):  # not splitlines: a form feed ends no line of Markdown
        starts.append(starts[-1] + len(line) + 1)
    starts[-1] = len(text)
    found: list[tuple[str, int, int]] = []  # heading, its first line, the first line behind it
    above: dict[int, str] = {}
    tokens = MarkdownIt("commonmark").parse(text)
    for token, inline in pairwise(tokens):
        if token.type != "heading_open" or token.map is None or token.level != 0:
            continue
        level = int(token.tag[1])
        above = {depth: heading for depth, heading in above.items() if depth < level}
        above[level] = inline.content.strip()
        named = [heading for depth, heading in sorted(above.items()) if depth >= 2 or depth == level]
        found.append((" – ".join(named), token.map[0], token.map[1]))
    borders = [("", 0, 0), *found]
    ends = [first for _, first, _ in found] + [len(starts) - 1]
    sections = [
        Section(heading, starts[behind], starts[end])
        for (heading, _, behind), end in zip(borders, ends, strict=True)
        if text[starts[behind] : starts[end]].strip()
    ]
    return tuple(sections)
