"""PubMed's XML → documents: a result of EFetch, a download, or a file of the yearly baseline (``.xml.gz``).

A record without an abstract, and one that is itself a notice (a retraction, an erratum), becomes a document without
text: there is nothing in it to quote, but what it says of its own standing, or of another's, is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from chatbot.domain import Document, Reference
from chatbot.readers.evidence_kind import kind_of
from chatbot.readers.inline_text import inline_text
from chatbot.readers.publications import (
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

_RECORDS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")
_NO_TITLE = re.compile(r"\[?not available\.?\]?\.?", re.IGNORECASE)
_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")


def read_pubmed_xml(source: SourceFile, fail: Fail) -> Iterator[Document]:
    """A document per record, in the file's order, in constant memory; a record without a PMID goes to ``fail``.

    Structured abstracts have a section per label. ``DeleteCitation`` lists PMIDs, and gives no document. Raises
    SourceError where the XML is malformed, after what stands before, or holds no record at all.
    """
    found = False
    for record in elements(source, _RECORDS):
        found, name = True, local_name(record)
        if name == "DeleteCitation":
            continue
        citation = record.find("BookDocument" if name == "PubmedBookArticle" else "MedlineCitation")
        pmid = _text(citation, "PMID")
        if citation is None or not (pmid.isascii() and pmid.isdigit() and len(pmid) <= 9):
            fail(source.error(f"a record has no PMID ({pmid[:20]!r}); fetch it again", line_of(record)))
        elif name == "PubmedBookArticle":
            yield _book(record, citation, pmid, source)
        else:
            yield _article(record, citation, pmid, source)
    if not found:
        raise source.error("holds no PubMed record; fetch it again, or remove it")


def _article(record: etree._Element, citation: etree._Element, pmid: str, source: SourceFile) -> Document:
    article = citation.find("Article")
    types = _texts(article, "PublicationTypeList/PublicationType")
    mesh = tuple(_heading(heading) for heading in citation.iterfind("MeshHeadingList/MeshHeading"))
    title = _title(article, "ArticleTitle")
    notices, issued = notices_of(_links(citation), types, title)
    ids = _ids(record.find("PubmedData/ArticleIdList"))
    issue = article.find("Journal/JournalIssue") if article is not None else None
    printed = _fields(issue)
    year, date = _published(issue.find("PubDate") if issue is not None else None)
    container = _text(article, "Journal/ISOAbbreviation") or _text(citation, "MedlineJournalInfo/MedlineTA")
    reference = Reference(
        id=f"pmid-{pmid}",
        kind=kind_of(source, types=types),
        title=title,
        authors=_authors(article.find("AuthorList") if article is not None else None),
        container=container or _text(article, "Journal/Title"),
        year=year,
        date=date,
        volume=volume_of(printed.get("Volume", ""), printed.get("Issue", "")),
        pages=_pages(article),
        pmid=pmid,
        doi=ids.get("doi", "") or _located(article),
        pmcid=ids.get("pmc", ""),
        study=study_of(types, mesh),
        revised=_date(citation.find("DateRevised")),
        mesh=mesh,
        publication_types=types,
        notices=notices,
        issued=issued,
    )
    abstracts = [] if is_notice(types) else _abstracts(article, citation)
    return _document(reference, abstracts)


def _book(record: etree._Element, book: etree._Element, pmid: str, source: SourceFile) -> Document:
    """A chapter (GeneReviews, StatPearls), or a book as a whole; dated by when it was contributed."""
    types = _texts(book, "PublicationType")
    ids = _ids(record.find("PubmedBookData/ArticleIdList")) | _ids(book.find("ArticleIdList"))
    chapter, whole = _title(book, "ArticleTitle"), _title(book.find("Book"), "BookTitle")
    contributed, printed = book.find("ContributionDate"), book.find("Book/PubDate")
    year, date = _published(contributed if contributed is not None else printed)
    listed = [*book.iterfind("AuthorList"), *([] if chapter else book.iterfind("Book/AuthorList"))]
    accession = ids.get("bookaccession", "")
    reference = Reference(
        id=f"pmid-{pmid}",
        kind=kind_of(source, types=types),
        title=chapter or whole,
        authors=next((names for names in map(_authors, listed) if names), ()),
        body=_text(book, "Book/Publisher/PublisherName"),
        container=whole if chapter else "",
        year=year,
        date=date,
        pmid=pmid,
        doi=ids.get("doi", ""),
        pmcid=ids.get("pmc", ""),
        url=f"https://www.ncbi.nlm.nih.gov/books/{accession}/" if re.fullmatch(r"NBK[0-9]+", accession) else "",
        study=study_of(types),
        revised=_date(book.find("DateRevised")),
        publication_types=types,
    )
    return _document(reference, [book.find("Abstract")])


def _document(reference: Reference, abstracts: list[etree._Element | None]) -> Document:
    sectioned = SectionedText()
    for abstract in abstracts:
        for text in abstract.iterfind("AbstractText") if abstract is not None else ():
            sectioned.add(label_case(text.get("Label", "")), inline_text(text))
    return Document(reference, sectioned.text, sectioned.sections)


def _abstracts(article: etree._Element | None, citation: etree._Element) -> list[etree._Element | None]:
    """The abstract; where there is none, an English one from elsewhere (of the publisher, of NASA)."""
    own = article.find("Abstract") if article is not None else None
    if own is not None:
        return [own]
    others = [other for other in citation.iterfind("OtherAbstract") if other.get("Language", "eng") == "eng"]
    return [*others[:1]]


def _title(element: etree._Element | None, name: str) -> str:
    """The title without the full stop that PubMed ends titles with; the original one where no other is there."""
    if element is None:
        return ""
    title = inline_text(element.find(name))
    if not title or _NO_TITLE.fullmatch(title):
        title = inline_text(element.find("VernacularTitle"))
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title


def _authors(listed: etree._Element | None) -> tuple[str, ...]:
    """ "Surname AB", "Surname AB Jr", or a group's name; names marked as not valid are corrected elsewhere."""
    names = []
    for author in listed.iterfind("Author") if listed is not None else ():
        if author.get("ValidYN") != "N":
            said = _fields(author)
            parts = [said.get(part, "") for part in ("LastName", "Initials", "Suffix")]
            names.append(" ".join(part for part in parts if part) or inline_text(author.find("CollectiveName")))
    return tuple(name for name in names if name)


def _published(date: etree._Element | None) -> tuple[int | None, str]:
    """(year, ISO date as far as it is known); of "1998 Dec-1999 Jan" the year alone."""
    said = _fields(date)
    return year_of(said.get("Year") or said.get("MedlineDate", "")), _date(date)


def _date(date: etree._Element | None) -> str:
    said = _fields(date)
    return iso_date(said.get("Year", ""), said.get("Month", ""), said.get("Day", ""))


def _pages(article: etree._Element | None) -> str:
    pages = article.find("Pagination") if article is not None else None
    return _text(pages, "MedlinePgn") or pages_of(_text(pages, "StartPage"), _text(pages, "EndPage"))


def _ids(listed: etree._Element | None) -> dict[str, str]:
    """Identifiers by type, the first of each that looks like one."""
    ids: dict[str, str] = {}
    for found in listed.iterfind("ArticleId") if listed is not None else ():
        sort, value = found.get("IdType", ""), (found.text or "").strip()
        if (sort == "doi" and not _DOI.fullmatch(value)) or (sort == "pmc" and not re.fullmatch(r"PMC[0-9]+", value)):
            continue
        ids.setdefault(sort, value)
    return ids


def _located(article: etree._Element | None) -> str:
    for location in article.iterfind("ELocationID") if article is not None else ():
        value = (location.text or "").strip()
        if location.get("EIdType") == "doi" and location.get("ValidYN") != "N" and _DOI.fullmatch(value):
            return value
    return ""


def _links(citation: etree._Element) -> Iterator[Link]:
    for link in citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        yield Link(link.get("RefType", ""), inline_text(link.find("RefSource")), _text(link, "PMID"))


def _heading(heading: etree._Element) -> str:
    """As MEDLINE writes it: "Asthma/*drug therapy/epidemiology", a star before what the article is mainly about."""
    return "/".join(
        ("*" if part.get("MajorTopicYN") == "Y" else "") + inline_text(part)
        for part in heading
        if local_name(part) in ("DescriptorName", "QualifierName")
    )


def _fields(element: etree._Element | None) -> dict[str, str]:
    """The words of the plain fields right within an element, by name: one walk instead of a search for each."""
    found = element if element is not None else ()
    return {str(part.tag): " ".join(part.text.split()) for part in found if part.text}


def _text(element: etree._Element | None, path: str) -> str:
    """The words of a plain field; "" where it is missing."""
    return " ".join((element.findtext(path) or "").split()) if element is not None else ""


def _texts(element: etree._Element | None, path: str) -> tuple[str, ...]:
    found = (inline_text(each) for each in (element.iterfind(path) if element is not None else ()))
    return tuple(text for text in found if text)
