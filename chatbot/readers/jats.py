"""Full text of PubMed Central (JATS 1.x and the NLM's archiving format 2.x) → documents.

Read are titles, abstracts, body and floating tables and figures' captions; not read are reference lists, footnotes,
acknowledgements and the like, appendices, translated abstracts where there is another, and reviews of the manuscript.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from chatbot.domain import Document, Reference
from chatbot.readers.bibliography import file_id
from chatbot.readers.evidence_kind import kind_of
from chatbot.readers.inline_text import inline, inline_text
from chatbot.readers.jats_body import add_sections
from chatbot.readers.publications import (
    OF_JATS,
    Link,
    is_notice,
    iso_date,
    notices_of,
    pages_of,
    study_of,
    volume_of,
    year_of,
)
from chatbot.readers.safe_xml import elements, line_of, local_name
from chatbot.readers.sectioned import SectionedText, label_case
from chatbot.readers.source_file import Fail, SourceFile

_HREF = "{http://www.w3.org/1999/xlink}href"
_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
_DATES = ("ppub", "epub-ppub", "collection", "pub", "epub", "")
"""The printed issue before the day it went online, as PubMed dates; others (received, in PMC) are no publication."""

_GUIDELINE = re.compile(r"(?:clinical )?(?:practice )?guidelines?", re.IGNORECASE)  # journals have their own headings
_ABSTRACTS_NOT_READ = frozenset("graphical toc teaser video web-summary stereochemical key-image".split())


def read_jats(source: SourceFile, fail: Fail) -> Iterator[Document]:
    """A document per article, in the file's order; one without title and text goes to ``fail``.

    Memory is bounded by the longest article. Raises SourceError where the XML is malformed, after what stands before,
    or holds no article.
    """
    number = 0
    for number, article in enumerate(elements(source, ("article",)), 1):
        _without_namespaces(article)
        document = _document(article, number, source)
        if document.reference.title or document.text:
            yield document
        else:
            fail(source.error("an article has neither title nor text; fetch it again", line_of(article)))
    if not number:
        raise source.error("holds no article; fetch it again, or remove it")


def _without_namespaces(article: etree._Element) -> None:
    for element in article.iter(etree.Element):
        element.tag = local_name(element)


def _document(article: etree._Element, number: int, source: SourceFile) -> Document:
    meta = article.find("front/article-meta")
    meta = meta if meta is not None else etree.Element("article-meta")
    journal = article.find("front/journal-meta")
    ids = _ids(meta)
    title = _title(meta)
    types = _types(article, meta)
    notices, issued = notices_of(_links(meta), types, title)
    year, date = _published(meta)
    reference = Reference(
        id=_identity(ids, number, source),
        kind=kind_of(source, types=("Guideline",) if any(map(_GUIDELINE.fullmatch, types)) else ()),
        title=title,
        authors=tuple(_authors(meta)),
        container=_journal(journal) if journal is not None else "",
        year=year,
        date=date,
        volume=volume_of(_text(meta, "volume"), _text(meta, "issue")),
        pages=pages_of(_text(meta, "fpage"), _text(meta, "lpage")) or _text(meta, "elocation-id"),
        pmid=ids.get("pmid", ""),
        doi=ids.get("doi", ""),
        pmcid=ids.get("pmc", ""),
        study=study_of(types),
        publication_types=types,
        notices=notices,
        issued=issued,
    )
    sectioned = SectionedText()
    if not is_notice(types):
        _add_text(sectioned, article, meta)
    return Document(reference, sectioned.text, sectioned.sections)


def _add_text(sectioned: SectionedText, article: etree._Element, meta: etree._Element) -> None:
    abstracts = list(meta.iterfind("abstract")) or [
        other for other in meta.iterfind("trans-abstract") if _language(other) == "en"
    ]
    for abstract in abstracts:
        if abstract.get("abstract-type") not in _ABSTRACTS_NOT_READ:
            add_sections(sectioned, abstract, label_case(inline_text(abstract.find("title"))) or "Abstract")
    body = article.find("body")
    if body is not None:
        add_sections(sectioned, body, "")
    for floats in article.iterchildren("floats-group", "floats-wrap"):
        add_sections(sectioned, floats, "Tables and figures")


def _language(element: etree._Element) -> str:
    return element.get("{http://www.w3.org/XML/1998/namespace}lang", "")[:2].lower()


def _ids(meta: etree._Element) -> dict[str, str]:
    """PMID, DOI and PMCID, the first of each that looks like one."""
    ids: dict[str, str] = {}
    for found in meta.iterfind("article-id"):
        sort, value = found.get("pub-id-type", ""), (found.text or "").strip()
        if sort == "pmid" and re.fullmatch(r"[0-9]{1,9}", value):
            ids.setdefault("pmid", value)
        elif sort in ("pmc", "pmcid") and re.fullmatch(r"(?:PMC)?[0-9]{1,10}", value):
            ids.setdefault("pmc", f"PMC{value.removeprefix('PMC')}")
        elif sort == "doi" and _DOI.fullmatch(value):
            ids.setdefault("doi", value)
    return ids


def _identity(ids: dict[str, str], number: int, source: SourceFile) -> str:
    """By PMID, PMCID or DOI; an article without any by its file, and its place among several in it."""
    named = next((f"{sort}-{ids[sort]}" for sort in ("pmid", "pmc") if sort in ids), "")
    if named or "doi" in ids:
        return named or f"doi-{_slug(ids['doi'])}"
    return file_id(source) + (f"-{number}" if number > 1 else "")


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _title(meta: etree._Element) -> str:
    group = meta.find("title-group")
    title, subtitle = (
        inline_text(group.find(name)) if group is not None else "" for name in ("article-title", "subtitle")
    )
    title = f"{title.rstrip(':. ')}: {subtitle}" if title and subtitle else title
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title


def _types(article: etree._Element, meta: etree._Element) -> tuple[str, ...]:
    """The article type and the headings that the journal puts the article under ("Practice Guideline")."""
    subjects = [
        inline_text(subject)
        for group in meta.iterfind("article-categories/subj-group")
        if group.get("subj-group-type") in (None, "heading", "article-type", "categories")
        for subject in group.iterfind("subject")
    ]
    return tuple(dict.fromkeys(text for text in (article.get("article-type", ""), *subjects) if text))


def _authors(meta: etree._Element) -> Iterator[str]:
    """ "Surname AB", or a group's name, in the order of the title page."""
    for person in meta.iterfind("contrib-group/contrib"):
        if person.get("contrib-type", "author") != "author":
            continue
        name = _first(person, "name", "name-alternatives/name", "string-name")
        group = _first(person, "collab", "collab-alternatives/collab")
        if name is not None and name.find("surname") is not None:
            given = name.find("given-names")
            initials = (given.get("initials") or _initials(inline_text(given))) if given is not None else ""
            parts = (inline_text(name.find("surname")), initials, _text(name, "suffix"))
            yield " ".join(part for part in parts if part)
        elif name is not None and inline_text(name):
            yield inline_text(name)
        elif group is not None and (text := inline((group.text, *_before_members(group)))):
            yield text


def _first(element: etree._Element, *paths: str) -> etree._Element | None:
    return next((found for path in paths if (found := element.find(path)) is not None), None)


def _before_members(group: etree._Element) -> Iterator[etree._Element | str | None]:
    """What names a group; its members' names may stand within it."""
    for part in group:
        if local_name(part) in ("contrib-group", "xref", "aff", "fn"):
            yield " "
        else:
            yield from (part, part.tail)


def _initials(given: str) -> str:
    if given.isupper() and len(given) <= 3 and given.isalpha():
        return given
    return "".join(word[0].upper() for word in re.split(r"[\s.‐-]+", given) if word and word[0].isalpha())


def _journal(journal: etree._Element) -> str:
    """The abbreviated name where there is one."""
    named = {found.get("journal-id-type", ""): _text(found, ".") for found in journal.iterfind("journal-id")}
    short = (
        named.get("nlm-ta")
        or named.get("iso-abbrev")
        or next(map(inline_text, journal.iter("abbrev-journal-title")), "")
    )
    return short or next(map(inline_text, journal.iter("journal-title")), "")


def _published(meta: etree._Element) -> tuple[int | None, str]:
    dates = {found.get("pub-type") or found.get("date-type") or "": found for found in meta.iterfind("pub-date")}
    date = next((dates[sort] for sort in _DATES if sort in dates), None)
    if date is None:
        return None, ""
    year = _text(date, "year") or _text(date, "string-date")
    return year_of(year), iso_date(year, _text(date, "month"), _text(date, "day"))


def _links(meta: etree._Element) -> Iterator[Link]:
    for link in meta.iter("related-article"):
        relation = OF_JATS.get(link.get("related-article-type", ""), "")
        target, sort = link.get(_HREF, "").strip(), link.get("ext-link-type", "")
        is_pmid = sort in ("pubmed", "pmid") and re.fullmatch(r"[0-9]{1,9}", target)
        doi = _DOI.search(target)
        citation = inline_text(link) or (f"doi:{doi[0]}" if doi else "")
        yield Link(relation, citation, target if is_pmid else "")


def _text(element: etree._Element, path: str) -> str:
    return inline_text(element if path == "." else element.find(path))
