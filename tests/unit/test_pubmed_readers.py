"""PubMed's XML and MEDLINE text → documents: fields, sections, study type, and what is known of a paper since."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from chatbot.domain import Document, Kind, Notice, Standing
from chatbot.errors import SourceError
from chatbot.readers import read, read_file
from chatbot.readers.medline import labelled
from chatbot.readers.publications import Link, iso_date, notices_of, study_of
from chatbot.readers.source_file import SourceFile
from tests.conftest import DATA

SAMPLES = DATA / "corpora" / "pubmed_samples"
ABSTRACT = """<Abstract><AbstractText Label="MATERIALS AND METHODS" NlmCategory="METHODS">We gave samplomab to 40
people with 10<sup>9</sup> platelets/L.</AbstractText><AbstractText Label="RESULTS">Of them, 30 got well.</AbstractText>
<CopyrightInformation>Copyright of nobody.</CopyrightInformation></Abstract>"""


def article(
    pmid: str = "99000001",
    abstract: str = ABSTRACT,
    types: str = "Journal Article",
    title: str = "Samplomab in <i>sample</i> disease.",
    extra: str = "",
    date: str = "<Year>2023</Year><Month>May</Month><Day>4</Day>",
) -> str:
    listed = "".join(f'<PublicationType UI="D0">{name}</PublicationType>' for name in types.split("|"))
    return f"""<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>
<DateRevised><Year>2024</Year><Month>03</Month><Day>09</Day></DateRevised><Article PubModel="Print"><Journal>
<JournalIssue CitedMedium="Print"><Volume>7</Volume><Issue>2</Issue><PubDate>{date}</PubDate></JournalIssue>
<Title>Journal of invented trials</Title><ISOAbbreviation>J Invent Trials</ISOAbbreviation></Journal>
<ArticleTitle>{title}</ArticleTitle><Pagination><MedlinePgn>11-19</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">10.9999/invented.1</ELocationID>{abstract}
<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Muster</LastName><ForeName>Erika B</ForeName>
<Initials>EB</Initials><Suffix>Jr</Suffix></Author><Author ValidYN="N"><LastName>Wrong</LastName></Author>
<Author ValidYN="Y"><CollectiveName>Sample Study Group</CollectiveName></Author></AuthorList>
<PublicationTypeList>{listed}</PublicationTypeList></Article>{extra}</MedlineCitation>
<PubmedData><ReferenceList><Reference><Citation>Else</Citation><ArticleIdList>
<ArticleId IdType="doi">10.9999/cited</ArticleId></ArticleIdList></Reference></ReferenceList><ArticleIdList>
<ArticleId IdType="pubmed">{pmid}</ArticleId><ArticleId IdType="pmc">PMC9900001</ArticleId></ArticleIdList>
</PubmedData></PubmedArticle>"""


def linked(relation: str, pmid: str = "99000009") -> str:
    return f"""<CommentsCorrectionsList><CommentsCorrections RefType="{relation}"><RefSource>J Invent Trials. 2024;8:1
</RefSource><PMID Version="1">{pmid}</PMID></CommentsCorrections></CommentsCorrectionsList>"""


def read_xml(folder: Path, *records: str) -> list[Document]:
    path = folder / "pubmed.xml"
    path.write_text(f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>", "utf-8")
    return list(read(path))


def read_medline(folder: Path, text: str | bytes) -> list[Document]:
    path = folder / "saved.nbib"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read(path))


def spans(document: Document) -> list[tuple[str, str]]:
    return [(section.heading, document.text[section.start : section.end]) for section in document.sections]


def test_a_record_gives_every_bibliographic_field(tmp_path: Path) -> None:
    mesh = """<MeshHeadingList><MeshHeading><DescriptorName UI="D1" MajorTopicYN="N">Sample Disease</DescriptorName>
<QualifierName UI="Q1" MajorTopicYN="Y">drug therapy</QualifierName></MeshHeading></MeshHeadingList>"""
    [document] = read_xml(tmp_path, article(types="Journal Article|Randomized Controlled Trial", extra=mesh))
    reference = document.reference
    assert reference.id == "pmid-99000001"
    assert reference.title == "Samplomab in sample disease"
    assert reference.authors == ("Muster EB Jr", "Sample Study Group")
    assert (reference.container, reference.volume, reference.pages) == ("J Invent Trials", "7(2)", "11-19")
    assert (reference.year, reference.date, reference.revised) == (2023, "2023-05-04", "2024-03-09")
    assert (reference.pmid, reference.doi, reference.pmcid) == ("99000001", "10.9999/invented.1", "PMC9900001")
    assert reference.mesh == ("Sample Disease/*drug therapy",)
    assert reference.publication_types == ("Journal Article", "Randomized Controlled Trial")
    assert (reference.kind, reference.study, reference.standing) == (Kind.RESEARCH, "randomised trial", None)


def test_a_structured_abstract_has_a_section_per_label(tmp_path: Path) -> None:
    [document] = read_xml(tmp_path, article())
    assert spans(document) == [
        ("Materials and methods", "We gave samplomab to 40 people with 10⁹ platelets/L."),
        ("Results", "Of them, 30 got well."),
    ]


@pytest.mark.parametrize("label", ["", ' Label="UNLABELLED"'])
def test_an_abstract_without_labels_is_one_section_without_heading(label: str, tmp_path: Path) -> None:
    [document] = read_xml(tmp_path, article(abstract=f"<Abstract><AbstractText{label}>All.</AbstractText></Abstract>"))
    assert spans(document) == [("", "All.")]


def test_a_record_without_an_abstract_has_nothing_to_quote_and_keeps_its_standing(tmp_path: Path) -> None:
    [document] = read_xml(tmp_path, article(abstract="", extra=linked("RetractionIn")))
    assert (document.text, document.sections) == ("", ())
    assert document.reference.standing is Standing.RETRACTED


def test_an_english_abstract_from_elsewhere_stands_in_for_a_missing_one(tmp_path: Path) -> None:
    others = "".join(
        f'<OtherAbstract Type="Publisher" Language="{language}"><AbstractText>{text}</AbstractText></OtherAbstract>'
        for language, text in (("spa", "Todos."), ("eng", "All."))
    )
    [document] = read_xml(tmp_path, article(abstract="", extra=others))
    assert spans(document) == [("", "All.")]
    [document] = read_xml(tmp_path, article(extra=others))
    assert [heading for heading, _ in spans(document)] == ["Materials and methods", "Results"]


def test_a_missing_title_is_the_original_one(tmp_path: Path) -> None:
    extra = ABSTRACT + "<VernacularTitle>Un ensayo.</VernacularTitle>"
    [document] = read_xml(tmp_path, article(title="[Not Available].", abstract=extra))
    assert document.reference.title == "Un ensayo"


@pytest.mark.parametrize(
    ("printed", "year", "date"),
    [
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", 1998, ""),
        ("<Year>2001</Year><Season>Spring</Season>", 2001, ""),
        ("<Year>2001</Year><Month>02</Month>", 2001, "2001-02"),
        ("<Year>2001</Year><Month>Feb</Month><Day>77</Day>", 2001, "2001-02"),
        ("<MedlineDate>soon</MedlineDate>", None, ""),
    ],
)
def test_a_date_is_as_exact_as_it_is_printed(printed: str, year: int | None, date: str, tmp_path: Path) -> None:
    [document] = read_xml(tmp_path, article(date=printed))
    assert (document.reference.year, document.reference.date) == (year, date)


def test_a_practice_guideline_is_a_guideline_wherever_it_lies(tmp_path: Path) -> None:
    (tmp_path / "research").mkdir()
    [document] = read_xml(tmp_path / "research", article(types="Journal Article|Practice Guideline"))
    assert document.kind is Kind.GUIDELINE


def test_a_chapter_of_a_book_names_its_book_and_publisher(tmp_path: Path) -> None:
    [document] = read_xml(
        tmp_path,
        """<PubmedBookArticle><BookDocument><PMID Version="1">99000002</PMID><ArticleIdList>
<ArticleId IdType="bookaccession">NBK99001</ArticleId></ArticleIdList><Book><Publisher><PublisherName>University of
Samples</PublisherName></Publisher><BookTitle book="s">SampleReviews</BookTitle><PubDate><Year>1993</Year></PubDate>
<AuthorList Type="editors"><Author><LastName>Editor</LastName><Initials>E</Initials></Author></AuthorList></Book>
<ArticleTitle book="s" part="p">Sample Disease</ArticleTitle><AuthorList Type="authors" CompleteYN="Y"><Author>
<LastName>Muster</LastName><Initials>M</Initials></Author></AuthorList><PublicationType UI="D1">Review
</PublicationType><Abstract><AbstractText Label="CLINICAL CHARACTERISTICS">It itches.</AbstractText></Abstract>
<ContributionDate><Year>2004</Year><Month>06</Month><Day>29</Day></ContributionDate>
<DateRevised><Year>2020</Year><Month>1</Month><Day>2</Day></DateRevised></BookDocument></PubmedBookArticle>""",
    )
    reference = document.reference
    assert (reference.title, reference.container, reference.body) == (
        "Sample Disease",
        "SampleReviews",
        "University of Samples",
    )
    assert (reference.authors, reference.date, reference.revised) == (("Muster M",), "2004-06-29", "2020-01-02")
    assert reference.url == "https://www.ncbi.nlm.nih.gov/books/NBK99001/"
    assert spans(document) == [("Clinical characteristics", "It itches.")]


def test_packed_files_and_single_records_are_read(tmp_path: Path) -> None:
    (tmp_path / "one.xml").write_text(article("99000003"), "utf-8")
    (tmp_path / "pubmed25n0001.xml.gz").write_bytes(
        gzip.compress(f"<PubmedArticleSet>{article('99000004')}</PubmedArticleSet>".encode())
    )
    assert [document.id for document in read(tmp_path)] == ["pmid-99000003", "pmid-99000004"]


def test_a_list_of_deleted_records_gives_no_document(tmp_path: Path) -> None:
    deleted = '<DeleteCitation><PMID Version="1">99000007</PMID></DeleteCitation>'
    assert [document.id for document in read_xml(tmp_path, article(), deleted)] == ["pmid-99000001"]
    assert read_xml(tmp_path, deleted) == []


def test_a_record_without_pmid_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pubmed.xml"
    path.write_text(f"<PubmedArticleSet>\n{article('')}{article('99000008')}</PubmedArticleSet>", "utf-8")
    errors: list[SourceError] = []
    documents = list(read(path, on_error=errors.append))
    assert [document.id for document in documents] == ["pmid-99000008"]
    assert [(error.line, "no PMID" in str(error)) for error in errors] == [(2, True)]


def test_what_stands_before_a_break_is_read_and_the_break_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pubmed.xml"
    path.write_text(f"<PubmedArticleSet>{article()}{article('99000002')[:900]}", "utf-8")
    errors: list[SourceError] = []
    assert [document.id for document in read(path, on_error=errors.append)] == ["pmid-99000001"]
    assert "not well-formed" in str(errors[0])


def test_an_empty_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no PubMed record"):
        read_xml(tmp_path)


def test_xml_in_which_no_record_ends_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="32 MB of XML in which no record ends"):
        read_xml(tmp_path, *[f"<!--{'x' * 1_000_000}-->"] * 35, article())


def test_elements_nested_beyond_reason_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nests its elements more than 100 deep"):
        read_xml(tmp_path, article(title="<sup>" * 150 + "</sup>" * 150))


@pytest.mark.parametrize(
    ("types", "mesh", "study"),
    [
        ("Review|Systematic Review|Meta-Analysis", "", "meta-analysis"),
        ("Network Meta-Analysis", "", "meta-analysis"),
        ("Review|Systematic Review", "", "systematic review"),
        ("Multicenter Study|Randomized Controlled Trial", "Cohort Studies", "randomised trial"),
        ("Case Reports|Review", "", "case report"),
        ("Review", "", "review"),
        ("Observational Study", "Humans|Cohort Studies", "cohort"),
        ("Journal Article", "Cohort Studies|Case-Control Studies", "case-control"),
        ("Journal Article", "*Cohort Studies", ""),
        ("Clinical Trial, Phase II", "Cohort Studies", "clinical trial"),
        ("Clinical Trial Protocol|Randomized Controlled Trial", "", ""),
        ("Observational Study", "", ""),
        ("research-article|Systematic review and meta-analysis", "", "meta-analysis"),
    ],
)
def test_the_study_type_follows_the_order_of_precedence(types: str, mesh: str, study: str) -> None:
    assert study_of(types.split("|"), mesh.split("|")) == study


@pytest.mark.parametrize(
    ("relation", "standing"),
    [
        ("RetractionIn", Standing.RETRACTED),
        ("RetractedandRepublishedIn", Standing.RETRACTED),
        ("ExpressionOfConcernIn", Standing.CONCERN),
        ("CorrectedandRepublishedIn", Standing.SUPERSEDED),
        ("ErratumIn", Standing.CORRECTED),
        ("UpdateIn", Standing.UPDATED),
        ("CommentIn", None),
        ("RepublishedIn", None),
        ("Cites", None),
        ("ErratumFor", None),
    ],
)
def test_what_was_published_since_decides_the_standing(
    relation: str, standing: Standing | None, tmp_path: Path
) -> None:
    reference = read_xml(tmp_path, article(extra=linked(relation)))[0].reference
    assert reference.standing is standing
    expected = (Notice(standing, "J Invent Trials. 2024;8:1", "99000009"),) if standing else ()
    assert reference.notices == expected


@pytest.mark.parametrize(
    ("relation", "types", "standing"),
    [
        ("RetractionOf", "Retraction of Publication", Standing.RETRACTED),
        ("RetractionOf", "Retraction Notice", Standing.RETRACTED),
        ("ErratumFor", "Published Erratum", Standing.CORRECTED),
        ("ExpressionOfConcernFor", "Expression of Concern", Standing.CONCERN),
    ],
)
def test_a_notice_names_the_work_concerned_and_is_no_evidence(
    relation: str, types: str, standing: Standing, tmp_path: Path
) -> None:
    record = article(types=types, title="Retracted: Samplomab in sample disease.", extra=linked(relation))
    [document] = read_xml(tmp_path, record)
    assert document.reference.issued == (Notice(standing, "J Invent Trials. 2024;8:1", "99000009"),)
    assert (document.reference.notices, document.sections) == ((), ())


def test_an_update_names_what_it_updates_and_stays_evidence(tmp_path: Path) -> None:
    [document] = read_xml(tmp_path, article(extra=linked("UpdateOf")))
    assert document.reference.issued[0].standing is Standing.UPDATED
    assert document.sections


def test_the_type_retracted_publication_is_enough() -> None:
    about, _ = notices_of([], ["Journal Article", "Retracted Publication"], "A title")
    assert about == (Notice(Standing.RETRACTED),)
    about, _ = notices_of([Link("RetractionIn", "Here", "99000001")], ["Retracted Publication"], "A title")
    assert about == (Notice(Standing.RETRACTED, "Here", "99000001"),)


@pytest.mark.parametrize(
    ("title", "retracted"),
    [
        ("RETRACTED: Samplomab", True),
        ("[Retracted] Samplomab", True),
        ("WITHDRAWN: Samplomab", True),
        ("Retracted papers and their readers", False),
        ("Withdrawn patients: a count", False),
    ],
)
def test_a_title_may_say_that_its_work_was_retracted(title: str, retracted: bool) -> None:
    about, _ = notices_of([], ["Journal Article"], title)
    assert bool(about) is retracted


@pytest.mark.parametrize(
    ("parts", "date"),
    [
        (("2020", "12", "31"), "2020-12-31"),
        (("2020", "13", "1"), ""),
        (("20", "1", "1"), ""),
        (("2020", "", "1"), ""),
        (("2020", "²", "1"), ""),
    ],
)
def test_only_what_is_a_date_becomes_one(parts: tuple[str, str, str], date: str) -> None:
    assert iso_date(*parts) == date


MEDLINE = """\r
PMID- 99000021\r
OWN - NLM\r
LR  - 20240131\r
VI  - 3\r
IP  - 1\r
DP  - 2022 Jan 4\r
TI  - Samplomab registry: what happened to two hundred\r
      people in ten years.\r
PG  - 1-9\r
LID - 001 [pii]\r
LID - 10.9999/invented.2 [doi]\r
AB  - OBJECTIVE: To say what a registry holds. STUDY DESIGN, SIZE: Of 200 people, 12\r
      stopped. HIV: none had it. CONCLUSION(S): It holds.\r
CI  - Copyright of nobody.\r
FAU - Muster, Max\r
AU  - Muster M\r
CN  - Sample Study Group of the Federation of all the Societies for Invented Diseases of\r
      Adults\r
PT  - Journal Article\r
PT  - Randomized Controlled Trial\r
TA  - J Invent Trials\r
MH  - *Sample Disease/drug therapy/epidemiology/etiology/genetics/mortality/prevention &\r
      control\r
PMC - PMC9900021\r
EIN - J Invent Trials. 2022 Mar 1;3(2):99. doi: 10.9999/invented.3. PMID:\r
      99000022\r
RIN - J Invent Trials. 2023 Mar 1;4(2):99. PMID: 99000023\r
SPIN- J Patients. 2022;1:1\r
SO  - J Invent Trials. 2022 Jan 4;3(1):1-9.\r
\r
PMID- 99000024\r
DP  - 2000 Winter\r
TI  - [Not Available].\r
TT  - Ein Versuch.\r
PT  - Retraction Notice\r
AB  - This is taken back.\r
ROF - J Invent Trials. 1999;1:1. PMID: 99000025\r
"""


def test_medline_gives_every_field_across_folded_lines(tmp_path: Path) -> None:
    reference = read_medline(tmp_path, MEDLINE)[0].reference
    assert reference.title == "Samplomab registry: what happened to two hundred people in ten years"
    assert reference.authors[0] == "Muster M"
    assert reference.authors[1].endswith("Invented Diseases of Adults")
    assert (reference.container, reference.volume, reference.pages) == ("J Invent Trials", "3(1)", "1-9")
    assert (reference.year, reference.date, reference.revised) == (2022, "2022-01-04", "2024-01-31")
    assert (reference.pmid, reference.doi, reference.pmcid) == ("99000021", "10.9999/invented.2", "PMC9900021")
    assert reference.study == "randomised trial"
    assert reference.mesh[0].endswith("/prevention & control")
    assert len(reference.mesh) == 1


def test_medline_links_decide_the_standing(tmp_path: Path) -> None:
    paper, notice = read_medline(tmp_path, MEDLINE)
    retraction = Notice(Standing.RETRACTED, "J Invent Trials. 2023 Mar 1;4(2):99", "99000023")
    erratum = Notice(Standing.CORRECTED, "J Invent Trials. 2022 Mar 1;3(2):99. doi: 10.9999/invented.3", "99000022")
    assert set(paper.reference.notices) == {retraction, erratum}
    assert paper.reference.standing is Standing.RETRACTED
    assert notice.reference.issued == (Notice(Standing.RETRACTED, "J Invent Trials. 1999;1:1", "99000025"),)
    assert (notice.reference.title, notice.reference.year, notice.text) == ("Ein Versuch", 2000, "")


def test_labels_in_medline_become_sections_and_abbreviations_stay_text(tmp_path: Path) -> None:
    assert spans(read_medline(tmp_path, MEDLINE)[0]) == [
        ("Objective", "To say what a registry holds."),
        ("Study design, size", "Of 200 people, 12 stopped. HIV: none had it."),
        ("Conclusion(s)", "It holds."),
    ]


@pytest.mark.parametrize("text", ["Samplomab works. RESULTS: are good.", "CT: a scan.", "A: b. METHODS: c."])
def test_an_abstract_that_begins_without_a_label_is_whole(text: str) -> None:
    assert list(labelled(text)) == [("", text)]


def test_medline_in_a_western_encoding_is_read(tmp_path: Path) -> None:
    [document] = read_medline(tmp_path, "PMID- 99000031\nTI  - Müller’s sample.\n".encode("cp1252"))
    assert document.reference.title == "Müller’s sample"


def test_a_record_with_a_line_of_something_else_is_named(tmp_path: Path) -> None:
    path = tmp_path / "saved.nbib"
    path.write_text("PMID- 99000032\nnot a field\n\nPMID- 99000033\nTI  - Good.\n", "utf-8")
    errors: list[SourceError] = []
    assert [document.id for document in read(path, on_error=errors.append)] == ["pmid-99000033"]
    assert [error.line for error in errors] == [2]


def test_a_file_without_a_medline_record_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no MEDLINE record"):
        read_medline(tmp_path, "TI  - A title.\n")


@pytest.mark.data
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="needs ../shared/data/corpora/pubmed_samples")
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.[xtn]*")), ids=lambda path: path.name)
def test_real_files_give_documents_with_exact_sections(path: Path) -> None:
    errors: list[SourceError] = []
    documents = list(read_file(SourceFile(path, path.parent), errors.append)) if "pmids" not in path.name else []
    assert errors == []
    assert documents or "pmids" in path.name
    for document in documents:
        borders = [offset for section in document.sections for offset in (section.start, section.end)]
        assert borders == sorted(borders)
        assert all(document.text[s.start : s.end] == document.text[s.start : s.end].strip() for s in document.sections)
        assert all(s.end > s.start for s in document.sections)
        assert document.reference.pmid
        assert document.reference.title
