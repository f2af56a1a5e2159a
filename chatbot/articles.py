"""The Markdown of an article → its sections, claims and citation markers.

An article is a reviewed answer (or one that waits for its review); its claims are its author's words. This module reads
the Markdown; ``chatbot.binding`` finds the sentences that support it, ``chatbot.review.article_file`` writes it.

    It helps [@pmid-1; @label-us].      the sentence before a marker is a claim; what stands ahead of it cites nothing
    [It helps. It harms] [@{MED-10}]    text in brackets at the start, or behind another claim, is one claim, whole

An id other than small letters, digits and hyphens stands in braces, its other signs percent-encoded. A backslash before
a sign takes its meaning from it, as everywhere in Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatbot.domain import Document, Jurisdiction, Kind
from chatbot.sentences import sentence_spans

SECTION_TITLES: dict[tuple[Kind, Jurisdiction | None], str] = {
    (Kind.GUIDELINE, None): "From the Guidelines",
    (Kind.LABEL, Jurisdiction.US): "From the FDA Drug Label",
    (Kind.LABEL, Jurisdiction.EU): "From the EU Product Leaflet",
    (Kind.LABEL, None): "From the Drug Label",
    (Kind.RESEARCH, None): "From the Research",
}
"""What a section is called on the page and in an article, in the order of the page."""

_PLAIN_ID = re.compile(r"[a-z0-9-]+")
_CITED = r"@(?:[a-z0-9-]+|\{[\w.~%-]+\})"
_MARKER = re.compile(rf"(?<!\\)\[({_CITED}(?:\s*[;,]\s*{_CITED})*)\]")
_ENDS_WITH_MARKER = re.compile(rf"(.+?)\s*({_MARKER.pattern})([.!?]?)(?:\s+|$)", re.DOTALL)
_WHOLE = re.compile(r"\s*\[((?:[^\[\]\\]|\\.)+)\]\s*", re.DOTALL)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_KINDS = {title: key for key, title in SECTION_TITLES.items()}


@dataclass(frozen=True, slots=True)
class WrittenClaim:
    """A claim as its author wrote it, with the ids of the references it cites."""

    text: str
    heading: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenSection:
    """A section of an article; one that is withheld has a reason instead of claims."""

    kind: Kind
    jurisdiction: Jurisdiction | None
    claims: tuple[WrittenClaim, ...]
    reason: str


def cited_ids(text: str) -> frozenset[str]:
    """The ids of every reference that a text cites."""
    return frozenset(cite for marker in _MARKER.finditer(text) for cite in _ids(marker.group(1)))


def marker(ids: tuple[str, ...]) -> str:
    """The marker that cites the references, in that order."""
    written = [f"@{cite}" if _PLAIN_ID.fullmatch(cite) else f"@{{{quote(cite, safe='')}}}" for cite in ids]
    return f"[{'; '.join(written)}]"


def parse_article(document: Document) -> tuple[WrittenSection, ...]:
    """The sections of an article in its own order. A heading that names no kind of evidence is passed over.

    Text without a marker behind it is no claim and is left out; a section without claims is withheld, for the reason
    in its block quote.
    """
    found: list[WrittenSection] = []
    for title, blocks in _sections(document.text):
        key = _KINDS.get(title)
        if key is None:
            continue
        claims = tuple(claim for heading, text, quoted in blocks if not quoted for claim in _claims(text, heading))
        reasons = [_unescaped(text) for _, text, quoted in blocks if quoted]
        found.append(WrittenSection(*key, claims, "" if claims else " ".join(reasons)))
    return tuple(found)


def _sections(text: str) -> Iterator[tuple[str, list[tuple[str, str, bool]]]]:
    """(title, blocks) of each section of the second level; a block is (sub-heading, text, whether quoted)."""
    title, heading, quotes = "", "", 0
    blocks: list[tuple[str, str, bool]] = []
    opened: Token | None = None
    for token in MarkdownIt("commonmark").parse(text):
        quotes += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type.endswith("_open"):
            opened = token
        if token.type != "inline" or opened is None:
            continue
        if opened.type == "heading_open":
            if opened.tag <= "h2":
                if title:
                    yield title, blocks
                title, heading, blocks = token.content.strip(), "", []
            else:
                heading = _unescaped(token.content.strip())
        else:
            blocks.append((heading, token.content, quotes > 0))
    if title:
        yield title, blocks


def _claims(text: str, heading: str) -> Iterator[WrittenClaim]:
    for match in _ENDS_WITH_MARKER.finditer(text):
        before = match.group(1)
        whole = _WHOLE.fullmatch(before)
        words = _unescaped(whole[1]) if whole else _last_sentence(_unescaped(before))
        yield WrittenClaim(words, heading, tuple(_ids(match.group(3))))


def _last_sentence(text: str) -> str:
    """The sentence that a marker stands behind, with a stop: what stands ahead of it cites nothing."""
    spans = sentence_spans(text)
    words = " ".join(text[spans[-1][0] :].split()) if spans else ""
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _ids(marker: str) -> list[str]:
    cited = [part.strip().removeprefix("@") for part in re.split("[;,]", marker)]
    return [unquote(cite[1:-1]) if cite.startswith("{") else cite for cite in cited]
