"""An answer → the Markdown of an article, which ``chatbot.articles`` reads back: the same statements, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from chatbot.articles import SECTION_TITLES, marker
from chatbot.domain import Answer, AnswerSection, Claim

# What Markdown would make something of: escaped wherever it stands. A number or sign with which a block begins is, too.
_SIGNS = re.compile(r"([\\`*_\[\]<&~])")
_BEGINS = re.compile(r"^(\d*)([#>+=|.)-])")


def article_text(answer: Answer) -> str:
    """The sections in their order, a list item a statement. What is folded away is no part of it.

    What a statement cannot be read without stands above it, as an item that cites nothing; a section that is withheld
    has its reason as a block quote.
    """
    return "\n".join("\n".join(_section(section, answer)) for section in answer.sections)


def _section(section: AnswerSection, answer: Answer) -> Iterator[str]:
    title = SECTION_TITLES.get((section.kind, section.jurisdiction), SECTION_TITLES[section.kind, None])
    yield f"## {title}\n"
    if not section.claims:
        yield f"> {_as_block(section.reason or 'Nothing that is indexed answers.')}\n"
    for heading, group in groupby(section.claims, key=lambda claim: claim.heading):
        if heading:
            yield f"### {_as_block(heading)}\n"
        for lead, run in groupby(group, key=lambda claim: claim.lead):
            indent = "  " if lead else ""
            if lead:
                yield f"- {_as_block(' '.join(lead))}"
            yield from (f"{indent}- [{_escaped(claim.text)}] {_marker(claim, answer)}" for claim in run)
        yield ""


def _marker(claim: Claim, answer: Answer) -> str:
    by_number = {citation.number: citation.passage.document.id for citation in answer.citations}
    return marker(tuple(dict.fromkeys(by_number[number] for number in claim.citations)))


def _escaped(text: str) -> str:
    """The text on one line, so that Markdown shows it as it is."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def _as_block(text: str) -> str:
    """The text so that no block but a paragraph begins with it."""
    return _BEGINS.sub(r"\1\\\2", _escaped(text))
