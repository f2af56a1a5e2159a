"""A file like those of PubMed's yearly baseline, made from templates, and what reading it costs.

Records have what real ones have: labels in half of the abstracts, authors with affiliations, MeSH, references by
number, links to notices in one of fifty. The same number of records gives the same bytes.
"""

from __future__ import annotations

import gzip
import random
import shutil
import time
from pathlib import Path
from typing import Any

from benchmarks.process import in_its_own, peak_gib

MOST_GROWTH_MIB = 300
RECORDS = 30_000  # as each file of the baseline has

_SEED = 20261
_HEAD = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE PubmedArticleSet SYSTEM "http://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet>
"""
_WORDS = (
    "dose response sample placebo patients outcome risk median weeks treatment baseline group trial difference interval"
    " increase decrease event rate score blood level samplomab samplozide disease severe mild adult child hospital"
    " follow-up analysis method result cohort control therapy infection pressure kidney liver lung skin bone pain"
    " quality life survival mortality relapse remission marker serum plasma weight age sex region centre visit month"
).split()
_LABELS = ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")
_TYPES = (
    "Randomized Controlled Trial",
    "Review",
    "Meta-Analysis",
    "Case Reports",
    "Comparative Study",
    "Clinical Trial",
)
_RELATIONS = ("ErratumIn", "RetractionIn", "ExpressionOfConcernIn", "UpdateIn", "CommentIn")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def measure(records: int, folder: Path) -> dict[str, Any]:
    """What reading such a file costs, plain and packed, each in a process of its own.

    {"records", "xml_mb", "plain": …, "packed": …}; of each {"documents", "characters", "seconds", "mb_per_s",
    "growth_mib"}. ``mb_per_s`` are 10⁶ bytes of XML a second, packed or not; ``growth_mib`` is how much the most memory
    held grew from before the file was opened until after the last document. The files are made in ``folder`` and kept.
    Raises RuntimeError where a reading gives another number of documents than there are records.
    """
    plain, packed = write_files(records, folder)
    megabytes = plain.stat().st_size / 1e6
    figures: dict[str, Any] = {"records": records, "xml_mb": megabytes}
    for name, path in (("plain", plain), ("packed", packed)):
        cost = in_its_own(_read, path)
        if cost["documents"] != records:
            raise RuntimeError(f"{path}: {cost['documents']} documents of {records} records")
        figures[name] = {**cost, "mb_per_s": megabytes / cost["seconds"]}
    return figures


def write_files(records: int, folder: Path) -> tuple[Path, Path]:
    """(plain file, packed file); what is there already is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    plain, packed = folder / f"pubmed-made-{records}.xml", folder / f"pubmed-made-{records}.xml.gz"
    if not plain.exists():
        with plain.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(_HEAD)
            stream.writelines(map(record, range(records)))
            stream.write("</PubmedArticleSet>\n")
    if not packed.exists():
        with (
            plain.open("rb") as whole,
            packed.open("wb") as raw,
            gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as stream_packed,
        ):
            shutil.copyfileobj(whole, stream_packed)
    return plain, packed


def record(number: int) -> str:
    """The ``PubmedArticle`` of that number, about 5 kB."""
    draw = random.Random(f"{_SEED} {number}")  # noqa: S311 - made text, not a secret
    pmid = 90_000_000 + number
    year, month = draw.randrange(1975, 2026), draw.choice(_MONTHS)
    types = ["Journal Article", *draw.sample(_TYPES, draw.randrange(2))]
    return f"""<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM" IndexingMethod="Automated">
<PMID Version="1">{pmid}</PMID><DateCompleted><Year>{year}</Year><Month>12</Month><Day>01</Day></DateCompleted>
<DateRevised><Year>2025</Year><Month>01</Month><Day>{number % 28 + 1:02}</Day></DateRevised>
<Article PubModel="Print-Electronic"><Journal><ISSN IssnType="Electronic">9999-9999</ISSN>
<JournalIssue CitedMedium="Internet"><Volume>{year - 1974}</Volume><Issue>{draw.randrange(1, 13)}</Issue>
<PubDate><Year>{year}</Year><Month>{month}</Month></PubDate></JournalIssue>
<Title>Journal of invented medicine</Title><ISOAbbreviation>J Invent Med</ISOAbbreviation></Journal>
<ArticleTitle>{_said(draw, 12).rstrip(".")} in <i>samples</i>.</ArticleTitle>
<Pagination><StartPage>{number}</StartPage><EndPage>{number + 9}</EndPage><MedlinePgn>{number}-{number + 9}</MedlinePgn>
</Pagination><ELocationID EIdType="doi" ValidYN="Y">10.9999/made.{number}</ELocationID>
{_abstract(draw)}
<AuthorList CompleteYN="Y">{"".join(_author(draw) for _ in range(draw.randrange(1, 7)))}</AuthorList>
<Language>eng</Language><PublicationTypeList>{"".join(f"<PublicationType>{name}</PublicationType>" for name in types)}
</PublicationTypeList></Article><MedlineJournalInfo><Country>Nowhere</Country><MedlineTA>J Invent Med</MedlineTA>
</MedlineJournalInfo>{_links(draw, number)}<MeshHeadingList>
{"".join(_heading(draw) for _ in range(draw.randrange(5, 14)))}</MeshHeadingList></MedlineCitation><PubmedData><History>
<PubMedPubDate PubStatus="pubmed"><Year>{year}</Year><Month>1</Month><Day>2</Day></PubMedPubDate></History>
<PublicationStatus>ppublish</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId>
<ArticleId IdType="doi">10.9999/made.{number}</ArticleId></ArticleIdList><ReferenceList>
{"".join(_cited(draw) for _ in range(draw.randrange(7)))}</ReferenceList></PubmedData></PubmedArticle>
"""


def _said(draw: random.Random, words: int) -> str:
    said = [draw.choice(_WORDS) for _ in range(words)]
    return f"{' '.join(said).capitalize()} {draw.randrange(2, 900) / 10}%."


def _abstract(draw: random.Random) -> str:
    sentences = [_said(draw, draw.randrange(8, 26)) for _ in range(draw.randrange(5, 11))]
    if draw.random() < 0.5:
        return f"<Abstract><AbstractText>{' '.join(sentences)}</AbstractText></Abstract>"
    parts = (
        f'<AbstractText Label="{label}" NlmCategory="{label}">{" ".join(sentences[place::4])}'
        " P&lt;0.05 at 10<sup>9</sup>/L.</AbstractText>"
        for place, label in enumerate(_LABELS)
    )
    return f"<Abstract>{''.join(parts)}<CopyrightInformation>Nobody's.</CopyrightInformation></Abstract>"


def _author(draw: random.Random) -> str:
    name = draw.choice(_WORDS).capitalize()
    return (
        f'<Author ValidYN="Y"><LastName>{name}</LastName><ForeName>Max M</ForeName><Initials>MM</Initials>'
        f"<AffiliationInfo><Affiliation>Department of {draw.choice(_WORDS)} and {draw.choice(_WORDS)}, University of"
        " Samples, 1 Sample Street, Sampletown.</Affiliation></AffiliationInfo></Author>"
    )


def _heading(draw: random.Random) -> str:
    qualifier = f'<QualifierName UI="Q000188" MajorTopicYN="{draw.choice("NY")}">drug therapy</QualifierName>'
    return (
        f'<MeshHeading><DescriptorName UI="D{draw.randrange(10**6):06}" MajorTopicYN="N">'
        f"{draw.choice(_WORDS).capitalize()}</DescriptorName>{qualifier * draw.randrange(2)}</MeshHeading>"
    )


def _links(draw: random.Random, number: int) -> str:
    if number % 50:
        return ""
    return (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{draw.choice(_RELATIONS)}"><RefSource>J Invent Med.'
        f' 2025;1:1</RefSource><PMID Version="1">{99_000_000 + number}</PMID></CommentsCorrections>'
        "</CommentsCorrectionsList>"
    )


def _cited(draw: random.Random) -> str:
    return (
        f"<Reference><Citation>{_said(draw, 9)} J Invent Med. 2001;1:1-9.</Citation><ArticleIdList>"
        f'<ArticleId IdType="pubmed">{draw.randrange(90_000_000, 99_999_999)}</ArticleId></ArticleIdList></Reference>\n'
    )


def _read(path: Path) -> dict[str, float]:
    from chatbot.readers import read_file
    from chatbot.readers.pubmed_xml import read_pubmed_xml  # noqa: F401 - imported before the memory is noted
    from chatbot.readers.source_file import SourceFile

    before, started = peak_gib(), time.perf_counter()
    documents = characters = 0
    for document in read_file(SourceFile(path, path)):
        documents += 1
        characters += len(document.text)
    seconds = time.perf_counter() - started
    growth = (peak_gib() - before) * 1024
    return {"documents": documents, "characters": characters, "seconds": seconds, "growth_mib": growth}
