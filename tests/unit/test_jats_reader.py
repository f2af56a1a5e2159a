"""Full text of PubMed Central → documents: front matter, sections, lists, tables, and text without citation marks."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from chatbot.domain import Document, Kind, Notice, Standing
from chatbot.errors import SourceError
from chatbot.readers import read
from chatbot.readers.inline_text import inline_text

META = """<article-id pub-id-type="pmid">99000041</article-id><article-id pub-id-type="pmc">9900041</article-id>
<article-id pub-id-type="doi">10.9999/invented.41</article-id>
<title-group><article-title>Samplomab at <italic>home</italic>.</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Muster</surname><given-names>Erika-Bea C.</given-names>
</name><xref ref-type="aff" rid="a">1</xref></contrib><contrib contrib-type="author"><collab>Sample Study Group</collab>
</contrib><contrib contrib-type="editor"><name><surname>Editor</surname><given-names>E</given-names></name></contrib>
</contrib-group><pub-date pub-type="epub"><day>5</day><month>12</month><year>2020</year></pub-date>
<pub-date pub-type="ppub"><month>2</month><year>2021</year></pub-date><volume>5</volume><issue>3</issue>
<fpage>11</fpage><lpage>19</lpage>"""
ABSTRACT = (
    "<abstract><sec><title>Aim</title><p>To ask.</p></sec><sec><title>Findings</title><p>Yes.</p></sec></abstract>"
)


def article(body: str = "", meta: str = META + ABSTRACT, kind: str = "research-article", back: str = "") -> str:
    return f"""<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="{kind}"><front><journal-meta>
<journal-id journal-id-type="nlm-ta">J Invent Trials</journal-id><journal-title>Journal of Invented Trials
</journal-title></journal-meta><article-meta>{meta}</article-meta></front><body>{body}</body>{back}</article>"""


def read_jats(folder: Path, content: str, name: str = "article.nxml") -> list[Document]:
    path = folder / name
    path.write_text(content, "utf-8")
    return list(read(path))


def body_of(folder: Path, body: str) -> list[tuple[str, str]]:
    [document] = read_jats(folder, article(body, META))
    return [(section.heading, document.text[section.start : section.end]) for section in document.sections]


def text_of(folder: Path, body: str) -> str:
    return body_of(folder, body)[0][1]


def plain(markup: str) -> str:
    return inline_text(etree.fromstring(f"<p>{markup}</p>"))


def cited(text: str) -> str:
    return f'<xref ref-type="bibr" rid="B1">{text}</xref>'


def test_the_front_gives_every_bibliographic_field(tmp_path: Path) -> None:
    reference = read_jats(tmp_path, article())[0].reference
    assert reference.id == "pmid-99000041"
    assert reference.title == "Samplomab at home"
    assert reference.authors == ("Muster EBC", "Sample Study Group")
    assert (reference.container, reference.volume, reference.pages) == ("J Invent Trials", "5(3)", "11-19")
    assert (reference.year, reference.date) == (2021, "2021-02")
    assert (reference.pmid, reference.pmcid, reference.doi) == ("99000041", "PMC9900041", "10.9999/invented.41")
    assert (reference.kind, reference.publication_types) == (Kind.RESEARCH, ("research-article",))


@pytest.mark.parametrize(
    ("ids", "identity"),
    [
        (
            '<article-id pub-id-type="pmcid">PMC77</article-id><article-id pub-id-type="doi">10.9999/a.b</article-id>',
            "pmc-PMC77",
        ),
        ('<article-id pub-id-type="doi">10.9999/A.b(1)</article-id>', "doi-10-9999-a-b-1"),
    ],
)
def test_without_a_pmid_the_next_identifier_names_the_document(ids: str, identity: str, tmp_path: Path) -> None:
    title = "<title-group><article-title>A title</article-title></title-group>"
    assert read_jats(tmp_path, article(meta=ids + title))[0].id == identity


def test_without_any_identifier_the_file_names_its_documents_one_by_one(tmp_path: Path) -> None:
    one = article(meta="<title-group><article-title>A title</article-title></title-group>")
    first, second = read_jats(tmp_path, f"<pmc-articleset>{one}{one}</pmc-articleset>", "My file.xml")
    assert first.id.startswith("my-file-")
    assert second.id == f"{first.id}-2"


def test_sections_are_named_by_the_way_to_them(tmp_path: Path) -> None:
    body = """<p>First.</p><sec><title>Results</title><p>All.</p><sec><title>Adverse events.</title><p>Few.</p></sec>
</sec>"""
    [document] = read_jats(tmp_path, article(body))
    spans = [(section.heading, document.text[section.start : section.end]) for section in document.sections]
    assert spans == [
        ("Abstract – Aim", "To ask."),
        ("Abstract – Findings", "Yes."),
        ("", "First."),
        ("Results", "All."),
        ("Results – Adverse events", "Few."),
    ]


def test_what_is_about_the_paper_is_not_read(tmp_path: Path) -> None:
    body = """<sec><title>Results</title><p>All<fn><p>A note.</p></fn>.</p></sec><sec><title>Competing interests</title>
<p>None.</p></sec><sec sec-type="supplementary-material"><title>More</title><p>A file.</p></sec>"""
    back = (
        "<back><ack><p>Thanks.</p></ack><ref-list><ref><mixed-citation>Else.</mixed-citation></ref></ref-list></back>"
    )
    [document] = read_jats(tmp_path, article(body, META, back=back))
    assert document.text == "Results\n\nAll."


def test_graphical_and_foreign_abstracts_are_not_read(tmp_path: Path) -> None:
    meta = META + ABSTRACT + '<abstract abstract-type="graphical"><p>A picture.</p></abstract>'
    meta += '<trans-abstract xml:lang="es"><p>Preguntar.</p></trans-abstract>'
    [document] = read_jats(tmp_path, article(meta=meta))
    assert [section.heading for section in document.sections] == ["Abstract – Aim", "Abstract – Findings"]


def test_lists_become_lines_nested_ones_indented(tmp_path: Path) -> None:
    body = """<p>Give:<list list-type="bullet"><list-item><p>water</p></list-item><list-item><p>rest</p>
<list list-type="order"><list-item><p>by day</p></list-item><list-item><p>by night</p></list-item></list></list-item>
</list>and wait.</p>"""
    assert text_of(tmp_path, body) == "Give:\n\n- water\n- rest\n  1. by day\n  2. by night\n\nand wait."


TABLE = """<table-wrap><label>Table 1</label><caption><title>What was taken</title><p>In a year.</p></caption><table>
<thead><tr><th rowspan="2">Dose<sup>a</sup></th><th colspan="2">People</th></tr>
<tr><th>Number</th><th>Share</th></tr></thead>
<tbody><tr><td rowspan="2">50 mg</td><td>60</td><td>75</td></tr><tr><td>20</td><td>25 | all</td></tr></tbody></table>
<table-wrap-foot><fn><label>a</label><p>By mouth.</p></fn></table-wrap-foot></table-wrap>"""


@pytest.mark.parametrize("around", ["{}", "<p>See here. {}</p>", "<sec><p/>{}</sec>"])
def test_a_table_is_markdown_below_its_caption(around: str, tmp_path: Path) -> None:
    expected = (
        "Table 1. What was taken. In a year.\n\n"
        "| Dose | People – Number | People – Share |\n|---|---|---|\n| 50 mg | 60 | 75 |\n| 50 mg | 20 | 25 \\| all |"
    )
    assert text_of(tmp_path, around.format(TABLE)).endswith(expected)


def test_the_caption_of_a_figure_is_a_paragraph(tmp_path: Path) -> None:
    body = """<p>See <xref ref-type="fig" rid="f">Figure 1</xref>.</p><fig id="f"><label>Figure 1.</label><caption>
<p>Attacks a year.</p></caption><graphic xlink:href="f.jpg"/></fig>"""
    assert text_of(tmp_path, body) == "See Figure 1.\n\nFigure 1. Attacks a year."


def test_floating_tables_and_figures_are_a_section_at_the_end(tmp_path: Path) -> None:
    [document] = read_jats(tmp_path, article("<p>All.</p>", back=f"<floats-group>{TABLE}</floats-group>"))
    assert document.sections[-1].heading == "Tables and figures"
    assert document.text.endswith("25 \\| all |")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (f"In adults [{cited('10')}-{cited('13')}], dose rose.", "In adults, dose rose."),
        (f"It fell by 40%<sup>{cited('12')},{cited('13')}</sup> in a year.", "It fell by 40% in a year."),
        (f"It fell.<sup>{cited('12')}–{cited('15')}</sup> Then it rose.", "It fell. Then it rose."),
        (f"It fell {cited('[3]')}, {cited('[4]')}.", "It fell."),
        (f"It fell ({cited('Muster et al., 2003')}; {cited('Else, 2004')}).", "It fell."),
        (f"Muster et al. ({cited('2003')}) saw 12 events.", "Muster et al. saw 12 events."),
        (f"It was seen by Muster et al. [{cited('9')}].", "It was seen by Muster et al."),
        (f"Work by {cited('Muster and Else (2003)')} agrees.", "Work by Muster and Else (2003) agrees."),
        (f"As described in [{cited('3')}], it fell.", "As described in [3], it fell."),
        (f"Doses (40 mg; [{cited('1')}]) rose.", "Doses (40 mg) rose."),
        (f"Seen (reviewed in {cited('Muster, 2001')}) here.", "Seen here."),
        ("A mean of 12 [1,3] was seen.", "A mean of 12 [1,3] was seen."),
        ('Ten<xref ref-type="fn">a</xref> people (<xref ref-type="table">Table 2</xref>).', "Ten people (Table 2)."),
    ],
)
def test_marks_of_citations_go_and_sentences_stay_whole(markup: str, text: str) -> None:
    assert plain(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>9</sup>/L", "10⁹/L"),
        ("2 × 10<sup>−3</sup> g", "2 × 10⁻³ g"),
        ("h<sup>-1 </sup>(mean)", "h⁻¹ (mean)"),
        ("(a − b)<sup>2</sup>", "(a − b)²"),
        ("kg/m<sup>2</sup>, CD4<sup>+</sup>, H<sub>2</sub>O, FEV<sub>1</sub>", "kg/m2, CD4+, H2O, FEV1"),
        ("<sup>131</sup>I", "131I"),
        ("<msup><mn>10</mn><mn>6</mn></msup> cells", "10⁶ cells"),
        ("<mfrac><mi>a</mi><mi>b</mi></mfrac>", "a/b"),
        ("a<!-- no -->b<?no no?>c", "abc"),
    ],
)
def test_powers_stay_apart_from_their_base(markup: str, text: str) -> None:
    assert plain(markup) == text


def test_a_formula_is_read_in_one_of_its_versions() -> None:
    tex = r"\documentclass{x}\begin{document}$$x=1$$\end{document}"
    both = (
        f"<alternatives><graphic/><tex-math>{tex}</tex-math><math><mi>x</mi><mo>=</mo><mn>1</mn></math></alternatives>"
    )
    assert plain(f"if <inline-formula>{both}</inline-formula> then") == "if x=1 then"
    assert plain(f"if <inline-formula><tex-math>{tex}</tex-math></inline-formula> then") == "if x=1 then"


LINK = '<related-article related-article-type="{}" ext-link-type="{}" xlink:href="{}" id="r"/>'


@pytest.mark.parametrize(
    ("sort", "standing"),
    [
        ("retraction-forward", Standing.RETRACTED),
        ("correction-forward", Standing.CORRECTED),
        ("expression-of-concern", Standing.CONCERN),
        ("companion", None),
    ],
)
def test_links_to_notices_decide_the_standing(sort: str, standing: Standing | None, tmp_path: Path) -> None:
    meta = META + LINK.format(sort, "doi", "10.9999/notice")
    reference = read_jats(tmp_path, article(meta=meta))[0].reference
    assert reference.standing is standing
    assert reference.notices == ((Notice(standing, "doi:10.9999/notice"),) if standing else ())


@pytest.mark.parametrize(
    ("kind", "sort", "standing"),
    [
        ("retraction", "retracted-article", Standing.RETRACTED),
        ("correction", "corrected-article", Standing.CORRECTED),
        ("expression-of-concern", "object-of-concern", Standing.CONCERN),
    ],
)
def test_a_notice_names_the_work_and_is_no_evidence(kind: str, sort: str, standing: Standing, tmp_path: Path) -> None:
    meta = META + LINK.format(sort, "pubmed", "99000042")
    [document] = read_jats(tmp_path, article("<p>We take it back.</p>", meta, kind))
    assert document.reference.issued == (Notice(standing, "", "99000042"),)
    assert (document.text, document.reference.standing) == ("", None)


@pytest.mark.parametrize(
    ("kind", "subject", "study", "evidence"),
    [
        ("case-report", "Case Report", "case report", Kind.RESEARCH),
        ("review-article", "Review", "review", Kind.RESEARCH),
        ("research-article", "Randomized Controlled Trial", "randomised trial", Kind.RESEARCH),
        ("research-article", "Practice Guideline", "", Kind.GUIDELINE),
        ("research-article", "Clinical Practice Guidelines", "", Kind.GUIDELINE),
        ("research-article", "Guideline adherence", "", Kind.RESEARCH),
    ],
)
def test_type_and_heading_tell_study_and_kind(
    kind: str, subject: str, study: str, evidence: Kind, tmp_path: Path
) -> None:
    heading = f'<subj-group subj-group-type="heading"><subject>{subject}</subject></subj-group>'
    meta = f"{META}<article-categories>{heading}</article-categories>"
    [document] = read_jats(tmp_path, article(meta=meta, kind=kind))
    assert (document.reference.study, document.kind) == (study, evidence)


def test_a_group_with_named_members_is_one_author(tmp_path: Path) -> None:
    members = "<contrib-group><contrib><name><surname>Member</surname></name></contrib></contrib-group>"
    meta = f"{META}<contrib-group><contrib><collab>The Group{members}</collab></contrib></contrib-group>"
    assert read_jats(tmp_path, article(meta=meta))[0].reference.authors[-1] == "The Group"


@pytest.mark.parametrize(
    ("title", "is_read"), [("Funding of hospitals", True), ("Funding:", False), ("Abbreviations", False)]
)
def test_only_titles_that_speak_of_the_paper_are_left_out(title: str, is_read: bool, tmp_path: Path) -> None:
    sections = body_of(tmp_path, f"<sec><title>{title}</title><p>It costs.</p></sec>")
    assert bool(sections) is is_read


def test_the_reply_of_a_harvest_is_read_through_its_namespaces(tmp_path: Path) -> None:
    inner = article("<p>All.</p>").replace(
        "<article ", '<article xmlns="https://jats.nlm.nih.gov/ns/archiving/1.3/" ', 1
    )
    wrapped = f"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><header/><metadata>{inner}
</metadata></record></GetRecord></OAI-PMH>"""
    [document] = read_jats(tmp_path, wrapped, "oai.xml")
    assert (document.id, document.text[-4:]) == ("pmid-99000041", "All.")


def test_reviews_of_the_manuscript_are_not_read(tmp_path: Path) -> None:
    back = '<sub-article article-type="reviewer-report"><body><p>Reject.</p></body></sub-article>'
    [document] = read_jats(tmp_path, article("<p>All.</p>", back=back))
    assert "Reject" not in document.text


def test_an_article_without_title_and_text_is_named_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "set.xml"
    path.write_text(f"<pmc-articleset><article/>\n{article()}</pmc-articleset>", "utf-8")
    errors: list[SourceError] = []
    assert [document.id for document in read(path, on_error=errors.append)] == ["pmid-99000041"]
    assert "neither title nor text" in str(errors[0])


def test_a_set_without_articles_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no article"):
        read_jats(tmp_path, "<pmc-articleset/>", "set.xml")
