"""Small files in the formats that publishers ship, of invented content: one of each, to be read and damaged."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable

PUBMED_XML = b"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">99000001</PMID>
<DateRevised><Year>2024</Year><Month>03</Month><Day>09</Day></DateRevised>
<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print"><Volume>7</Volume><Issue>2</Issue>
<PubDate><Year>2023</Year><Month>May</Month></PubDate></JournalIssue><Title>Journal of Invented Trials</Title>
<ISOAbbreviation>J Invent Trials</ISOAbbreviation></Journal>
<ArticleTitle>Samplomab in <i>sample</i> disease: a randomised trial.</ArticleTitle>
<Pagination><MedlinePgn>11-19</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">10.9999/invented.1</ELocationID>
<Abstract><AbstractText Label="BACKGROUND">Sample disease has no cure.</AbstractText>
<AbstractText Label="RESULTS">Attacks fell from 4.1 to 1.2 a year with samplomab 50 mg.</AbstractText></Abstract>
<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Muster</LastName><ForeName>Erika</ForeName>
<Initials>E</Initials></Author></AuthorList><Language>eng</Language>
<PublicationTypeList><PublicationType UI="D016449">Randomized Controlled Trial</PublicationType></PublicationTypeList>
</Article><MeshHeadingList><MeshHeading><DescriptorName UI="D000001" MajorTopicYN="Y">Sample Disease</DescriptorName>
<QualifierName UI="Q000188" MajorTopicYN="N">drug therapy</QualifierName></MeshHeading></MeshHeadingList>
</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pubmed">99000001</ArticleId>
<ArticleId IdType="doi">10.9999/invented.1</ArticleId></ArticleIdList></PubmedData></PubmedArticle></PubmedArticleSet>
"""

MEDLINE = b"""
PMID- 99000002
OWN - NLM
DP  - 2022 Jan 4
TI  - Samplomab registry: what happened to two hundred
      people in ten years.
PG  - 1-9
LID - 10.9999/invented.2 [doi]
AB  - OBJECTIVE: To say what a registry holds. RESULTS: Of 200 people, 12 stopped
      samplomab because of a rash.
FAU - Muster, Max
AU  - Muster M
LA  - eng
PT  - Journal Article
TA  - J Invent Trials
JT  - Journal of invented trials
MH  - *Sample Disease
SO  - J Invent Trials. 2022 Jan 4:1-9. doi: 10.9999/invented.2.
"""

JATS = b"""<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD v1.0 20120330//EN"
 "JATS-archivearticle1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article"><front><journal-meta>
<journal-id journal-id-type="nlm-ta">J Invent Trials</journal-id></journal-meta><article-meta>
<article-id pub-id-type="pmid">99000003</article-id><article-id pub-id-type="pmc">9900003</article-id>
<title-group><article-title>Samplomab at home</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Muster</surname><given-names>Erika</given-names></name>
</contrib></contrib-group><pub-date pub-type="epub"><year>2021</year></pub-date><volume>5</volume>
<abstract><p>People inject samplomab at home.</p></abstract></article-meta></front>
<body><sec><title>Results</title><p>Of 80 people, 71 went on for a year <xref ref-type="bibr">3</xref>.</p>
<table-wrap><caption><p>Doses taken</p></caption><table><thead><tr><th>Dose</th><th>People</th></tr></thead>
<tbody><tr><td>50 mg</td><td>60</td></tr><tr><td>100 mg</td><td>20</td></tr></tbody></table></table-wrap></sec></body>
</article>
"""

SPL = b"""<?xml version="1.0" encoding="UTF-8"?>
<document xmlns="urn:hl7-org:v3"><id root="00000000-0000-4000-8000-000000000001"/>
<code code="34391-3" codeSystem="2.16.840.1.113883.6.1" displayName="HUMAN PRESCRIPTION DRUG LABEL"/>
<title>SAMPLEX (samplomab) injection, for subcutaneous use</title><effectiveTime value="20240115"/>
<setId root="00000000-0000-4000-8000-00000000000a"/><versionNumber value="3"/>
<author><assignedEntity><representedOrganization><name>Sample Laboratories</name></representedOrganization>
</assignedEntity></author><component><structuredBody>
<component><section><code code="48780-1" codeSystem="2.16.840.1.113883.6.1"/><subject><manufacturedProduct>
<manufacturedProduct><name>Samplex</name><asEntityAsGeneric><genericMedicine><name>samplomab</name></genericMedicine>
</asEntityAsGeneric><ingredient classCode="ACTIB"><ingredientSubstance><name>SAMPLOMAB</name></ingredientSubstance>
</ingredient></manufacturedProduct></manufacturedProduct></subject></section></component>
<component><section><code code="34066-1" codeSystem="2.16.840.1.113883.6.1"/>
<title>WARNING: SERIOUS SAMPLES</title><text><paragraph>Samplomab can cause serious samples.</paragraph></text>
</section></component><component><section><code code="34068-7" codeSystem="2.16.840.1.113883.6.1"/>
<title>2 DOSAGE AND ADMINISTRATION</title><text><list><item>Adults: 50 mg every two weeks.</item>
<item>Children: 25 mg every two weeks.</item></list></text></section></component></structuredBody></component>
</document>
"""

OPENFDA = json.dumps(
    {
        "meta": {"results": {"skip": 0, "limit": 1, "total": 1}},
        "results": [
            {
                "set_id": "00000000-0000-4000-8000-00000000000b",
                "id": "00000000-0000-4000-8000-000000000002",
                "version": "2",
                "effective_time": "20230930",
                "boxed_warning": ["WARNING: SERIOUS SAMPLES Samplozide can cause serious samples."],
                "indications_and_usage": ["1 INDICATIONS AND USAGE Samplozide is for sample disease in adults."],
                "openfda": {
                    "brand_name": ["SAMPLOZ"],
                    "generic_name": ["SAMPLOZIDE"],
                    "manufacturer_name": ["Sample Laboratories"],
                },
            }
        ],
    }
).encode()

HTML = b"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sample disease: advice</title>
<meta name="author" content="Sample Society"></head><body><nav><a href="/">Home</a></nav><main>
<h1>Sample disease: advice</h1><h2>Treatment</h2><p>Offer samplomab to adults with two attacks a year.</p>
<table><tr><th>Age</th><th>Dose</th></tr><tr><td>Adult</td><td>50 mg</td></tr></table></main></body></html>
"""

MARKDOWN = b"""---
title: Sample disease, a pathway
year: 2024
---

# Sample disease, a pathway

## Diagnosis

Take the history before any test. A test alone does not make the diagnosis.
"""

TEXT = b"""SAMPLE DISEASE

Treatment

People with sample disease rest for a day. Those with fever see a clinician on the same day.
"""

BEIR = b"""{"_id": "sample-1", "title": "Sample disease", "text": "Sample disease lasts a week.", "metadata": {}}
{"_id": "sample-2", "title": "Sample fever", "text": "Sample fever lasts a day.", "metadata": {"year": 2020}}
"""


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip archive of the members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content)
    return packed.getvalue()


def pdf() -> bytes:
    """A PDF of two pages with a heading on each."""
    from reportlab.pdfgen.canvas import Canvas

    written = io.BytesIO()
    canvas = Canvas(written, invariant=1)
    for heading, line in (("Treatment", "Offer samplomab to adults."), ("Safety", "Stop samplomab after a rash.")):
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(72, 720, heading)
        canvas.setFont("Helvetica", 11)
        canvas.drawString(72, 690, line)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def docx() -> bytes:
    """A Word document with a heading, a paragraph and a table."""
    from docx import Document

    document = Document()
    document.add_heading("Sample disease", 1)
    document.add_paragraph("Offer samplomab to adults with two attacks a year.")
    table = document.add_table(rows=2, cols=2)
    for row, cells in enumerate((("Age", "Dose"), ("Adult", "50 mg"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


SAMPLES: dict[str, Callable[[], bytes]] = {
    "pubmed.xml": lambda: PUBMED_XML,
    "pubmed.xml.gz": lambda: gzip.compress(PUBMED_XML, mtime=0),
    "medline.nbib": lambda: MEDLINE,
    "medline.txt": lambda: MEDLINE,
    "article.nxml": lambda: JATS,
    "label.xml": lambda: SPL,
    "label.json": lambda: OPENFDA,
    "labels.zip": lambda: zipped({"prescription/a.zip": zipped({"a.xml": SPL, "a.jpg": b"\xff\xd8"})}),
    "guideline.pdf": pdf,
    "guideline.docx": docx,
    "guideline.html": lambda: HTML,
    "pathway.md": lambda: MARKDOWN,
    "note.txt": lambda: TEXT,
    "corpus.jsonl": lambda: BEIR,
}
"""File name → its content, of every format that is read."""
