"""Markdown with YAML front matter → a document: references and articles of the corpus."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt

from chatbot.domain import Document, Section
from chatbot.errors import SourceError
from chatbot.readers.front_matter import ArticleFields, ReferenceFields, line_of, parse_fields, split_front_matter
from chatbot.readers.text_file import read_text


def read_markdown(path: Path) -> Document:
    """The document of one file: an article where the front matter asks a question or the folder is ``articles``.

    The text is the body behind the front matter. Raises SourceError where the front matter is wrong, the file's name or
    folder contradicts it, or there is no text.
    """
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
