"""HTML: what a page says of itself, and its main part without what surrounds it."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from chatbot.readers.bibliography import dated, one_line
from chatbot.readers.source_file import SourceFile
from chatbot.readers.text_file import decoded, storable

_AROUND = (
    "script style noscript template nav header footer aside form button select iframe object embed svg canvas dialog"
).split()
_ROLES = ("navigation", "banner", "contentinfo", "search", "complementary", "menu", "dialog")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MAIN = ("//main", "//*[@role='main']", "//article")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
)  # which lxml reads, also as &#1;, and refuses to move
_MOST_DEPTH = 150  # of elements; converting recurses, real pages nest 40
_MOST_HEAD = 100_000  # bytes in which a page says how it is encoded

_NAMES = {
    "title": ("citation_title", "dc.title", "dcterms.title", "og:title"),
    "container": ("citation_journal_title", "prism.publicationname"),
    "volume": ("citation_volume", "prism.volume"),
    "url": ("citation_public_url", "citation_abstract_html_url", "og:url"),
}
_AUTHORS = ("citation_author", "citation_authors", "dc.creator", "dcterms.creator", "author")
_DATES = ("citation_publication_date", "citation_date", "citation_online_date", "dc.date", "dcterms.issued", "date")


def metadata(source: SourceFile, content: bytes) -> dict[str, Any]:
    """The fields of a reference that a page's ``meta`` elements and its title give. Raises SourceError as ``cleaned``.

    What is not in the form that a field has (a PMID of letters, a date in words) is left out.
    """
    tree = _tree(source, content)
    told: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        told.setdefault(name, []).append(one_line(meta.get("content") or ""))

    def first(*names: str) -> str:
        return next((value for name in names for value in told.get(name, []) if value), "")

    fields: dict[str, Any] = {field: first(*names) for field, names in _NAMES.items()}
    pages = [value for value in (first("citation_firstpage"), first("citation_lastpage")) if value]
    doi = re.search(r"10\.\d{4,9}/\S+", first("citation_doi", "dc.identifier", "prism.doi"))
    fields |= dated(first(*_DATES)) | {
        "title": fields["title"] or one_line(tree.findtext(".//title") or ""),
        "authors": next((names for name in _AUTHORS if (names := _people(told.get(name, [])))), ()),
        "pages": "–".join(dict.fromkeys(pages)),
        "doi": doi.group() if doi else "",
        "pmid": first("citation_pmid") if re.fullmatch(r"\d{1,9}", first("citation_pmid")) else "",
        "url": fields["url"] if re.match(r"https?://\S+\Z", fields["url"]) else "",
    }
    return fields


def cleaned(source: SourceFile, content: bytes) -> bytes:
    """The page's main part as HTML in UTF-8: without navigation, scripts, forms and what is hidden.

    Raises SourceError where it holds no HTML, or nests deeper than any page.
    """
    tree = _tree(source, content)
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or _is_around(element):
            _drop(element)
    found = [element for path in _MAIN for element in tree.xpath(path)]
    parts = [e for e in found if len(e.text_content().split()) * 2 > len(tree.text_content().split())][:1] or [tree]
    return bytes(etree.tostring(parts[0], encoding="utf-8", method="html"))


def _tree(source: SourceFile, content: bytes) -> lxml_html.HtmlElement:
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    text = _text(source, content)
    try:
        tree = lxml_html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise source.error("holds no HTML; fetch it again") from error
    if tree.xpath(f"boolean(//*[count(ancestor::*) > {_MOST_DEPTH}])"):
        raise source.error(f"nests its elements more than {_MOST_DEPTH} deep; it is no page that anybody reads")
    for element in tree.iter():
        if element.text and _CONTROL.search(element.text) and isinstance(element.tag, str):
            element.text = _CONTROL.sub(" ", element.text)
        if element.tail and _CONTROL.search(element.tail):
            element.tail = _CONTROL.sub(" ", element.tail)
    return tree


def _text(source: SourceFile, content: bytes) -> str:
    """In the encoding that the page names, if it can be; else as any other text."""
    named = _CHARSET.search(content[:_MOST_HEAD])
    if named and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return storable(content.decode(named[1].decode("ascii")))
        except (LookupError, UnicodeError):
            pass  # it names another than it has: then it is found out
    return decoded(source)


def _is_around(element: lxml_html.HtmlElement) -> bool:
    is_hidden = element.get("aria-hidden") == "true" or element.get("hidden") is not None
    styled = bool(_HIDDEN.search(element.get("style") or ""))
    # A header within an article holds its title.
    inside = element.tag == "header" and next(element.iterancestors("article", "main"), None) is not None
    around = (element.tag in _AROUND and not inside) or element.get("role") in _ROLES
    return element.tag not in ("html", "body") and (around or is_hidden or styled)


def _drop(element: lxml_html.HtmlElement) -> None:
    """Removes an element and what is in it; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def _people(values: list[str]) -> tuple[str, ...]:
    """One author an element, or several between semicolons."""
    return tuple(name.strip() for value in values for name in value.split(";") if name.strip())
