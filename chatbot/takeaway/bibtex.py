r"""References as BibTeX that LaTeX sets as it stands. Written by bibtexparser.

What is special to TeX is written as a command, and so are Greek letters and mathematical signs, which pdfLaTeX does not
know; other letters stay as they are, in UTF-8. Braces never stand unpaired, not even behind a backslash: BibTeX counts
those too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

from chatbot.domain import Reference
from chatbot.takeaway.references import Author, Published, Sort, published

_TYPES = {
    Sort.PAPER: "article",
    Sort.REPORT: "techreport",
    Sort.LABEL: "manual",  # what comes with a product; it has an edition and an organisation
    Sort.PAGE: "misc",
    Sort.OTHER: "misc",
}
_ISSUERS = {Sort.REPORT: "institution"}
_COMMANDS = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "<": r"{\textless}",
    ">": r"{\textgreater}",
    "|": r"{\textbar}",
    '"': r"{\textquotedbl}",
    **{character: f"\\{character}" for character in "$&%#_"},
}
_IN_ADDRESS = {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"}


def as_bibtex(references: Iterable[Reference]) -> str:
    """An entry per reference in their order; no references: an empty text."""
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Block, Entry, Field

    entries: list[Block] = []
    for source in map(published, references):
        fields = [Field(name, value) for name, value in _fields(source).items() if value]
        entries.append(Entry(_type(source), source.key, fields))
    return write_string(Library(entries)) if entries else ""


def escaped(text: str) -> str:
    """A text as LaTeX sets it."""
    return "".join(map(_command, text))


def _type(source: Published) -> str:
    """A technical report must have an institution; one without is of no known sort."""
    return "misc" if source.sort is Sort.REPORT and not source.issuer else _TYPES[source.sort]


def _fields(source: Published) -> dict[str, str]:
    authors = [_author(author) for author in source.authors]
    is_paper = source.sort is Sort.PAPER
    return {
        "author": " and ".join([*authors, "others"] if authors and source.more_authors else authors),
        "title": f"{{{escaped(source.title)}}}" if source.title else "",  # braces keep its capitals
        "journal": escaped(source.container),
        _ISSUERS.get(source.sort, "organization"): "" if is_paper else escaped(source.issuer),
        "edition": escaped(f"Version {source.version}") if source.version else "",
        "year": source.year,
        "volume": escaped(source.volume),
        "number": escaped(source.issue),
        "pages": "--".join(map(escaped, source.pages)),
        "doi": _address(source.doi),
        "pmid": escaped(source.pmid),
        "pmcid": escaped(source.pmcid),
        "url": _address(source.address),
        "note": escaped(". ".join(note.rstrip(".") for note in source.notes)),
    }


def _author(author: Author) -> str:
    """``Surname, Jr, F. X.``; a name that is kept whole stands in braces, so that it is not taken apart."""
    if not author.initials:
        return f"{{{escaped(author.name)}}}"
    return ", ".join(escaped(part) for part in (author.name, author.suffix, author.given) if part)


@cache
def _command(character: str) -> str:
    """A character as LaTeX sets it; a sign without a command of its own stays."""
    if character in _COMMANDS:
        return _COMMANDS[character]
    is_greek = "\u0370" <= character <= "\u03ff"
    if character < "\u0100" or not (is_greek or unicodedata.category(character) == "Sm"):
        return character
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexencode import UnicodeToLatexEncoder

    encoder = UnicodeToLatexEncoder(
        replacement_latex_protection="braces-all", unknown_char_policy="keep", unknown_char_warning=False
    )
    written = str(encoder.unicode_to_latex(character))
    return written if LatexNodes2Text(math_mode="text").latex_to_text(written) == character else character


def _address(address: str) -> str:
    return "".join(_IN_ADDRESS.get(c, c) for c in address)
