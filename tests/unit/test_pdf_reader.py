"""PDF → documents: reading order, headings, tables, pages; and files that are none end in one sentence."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Paragraph, Table

from chatbot.domain import Document
from chatbot.errors import SourceError
from chatbot.passages import embedding_text, fit_headings, split_passages
from chatbot.readers import read
from chatbot.readers.pdf_process import messages
from chatbot.readers.source_file import SourceFile
from chatbot.settings import PassageSettings

STYLES = getSampleStyleSheet()
BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=10, leading=12, spaceAfter=6, alignment=4)
WIDTH, HEIGHT = A4
COLUMN = (WIDTH - 140) / 2
GRID = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]


def paragraph(number: int, words: int = 60) -> str:
    """A paragraph in which no line is like another."""
    return f"Remark {number} begins. " + " ".join(f"word{number}x{n}" for n in range(words)) + f" and {number} ends."


def body(number: int, words: int = 60) -> Paragraph:
    return Paragraph(paragraph(number, words), BODY)


def heading(text: str, level: int) -> Paragraph:
    return Paragraph(text, STYLES[f"Heading{level}"])


def write_pdf(path: Path, story: list[Flowable], *, columns: int = 1, running: bool = False, **told: str) -> Path:
    """A PDF whose pages have, if asked for, a running header and a page number."""

    def decorate(canvas: Canvas, _: object) -> None:
        if not running:
            return
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, HEIGHT - 30, "Society of Examples")
        canvas.drawRightString(WIDTH - 60, HEIGHT - 30, "A guideline")
        canvas.drawCentredString(WIDTH / 2, 25, f"Page {canvas.getPageNumber()}")

    width = WIDTH - 120 if columns == 1 else COLUMN
    frames = [Frame(60 + n * (COLUMN + 20), 60, width, HEIGHT - 130, id=str(n)) for n in range(columns)]
    template = BaseDocTemplate(str(path), pagesize=A4, **told)
    template.addPageTemplates([PageTemplate("page", frames, onPage=decorate)])
    template.build(story)
    return path


def document(path: Path) -> Document:
    (found,) = read(path)
    return found


def refusal(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        list(read(path))
    assert str(caught.value) == f"{path}: {caught.value.problem}"
    return caught.value.problem


def blocks(found: Document) -> list[str]:
    return found.text.split("\n\n")


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    numbers = range(30)
    found = document(write_pdf(tmp_path / "a.pdf", [body(n) for n in numbers], columns=2, running=True))
    assert blocks(found) == [paragraph(n) for n in numbers]


def test_a_title_above_two_columns_is_read_first(tmp_path: Path) -> None:
    def decorate(canvas: Canvas, _: object) -> None:
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(70, HEIGHT - 90, "A title that goes over both of the columns")

    frames = [Frame(60 + n * (COLUMN + 20), 60, COLUMN, HEIGHT - 170, id=str(n)) for n in range(2)]
    template = BaseDocTemplate(str(tmp_path / "a.pdf"), pagesize=A4)
    template.addPageTemplates([PageTemplate("page", frames, onPage=decorate)])
    template.build([body(n) for n in range(8)])
    found = document(tmp_path / "a.pdf")
    assert blocks(found) == ["# A title that goes over both of the columns", *(paragraph(n) for n in range(8))]


def test_what_stands_on_every_page_is_left_out(tmp_path: Path) -> None:
    found = document(write_pdf(tmp_path / "a.pdf", [body(n, 300) for n in range(9)], running=True))
    assert len(found.pages) >= 3
    assert not [words for words in ("Society", "guideline", "Page") if words in found.text]


def test_each_character_knows_its_page(tmp_path: Path) -> None:
    story = [part for n in range(1, 5) for part in (body(n, 20), PageBreak())]
    found = document(write_pdf(tmp_path / "a.pdf", story))
    assert [found.page_at(found.text.index(f"Remark {n}")) for n in range(1, 5)] == [1, 2, 3, 4]


def test_a_paragraph_that_goes_on_over_the_page_is_one_and_its_second_part_on_the_second_page(tmp_path: Path) -> None:
    found = document(write_pdf(tmp_path / "a.pdf", [body(1, 900)], running=True))
    assert blocks(found) == [paragraph(1, 900)]
    assert (found.page_at(0), found.page_at(len(found.text) - 1)) == (1, len(found.pages))
    assert found.text[found.pages[1] - 1] == " "


def test_a_page_without_text_keeps_the_count(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    for text in ("The first page.", "", "The third page."):
        canvas.drawString(72, 600, text)
        canvas.showPage()
    canvas.save()
    found = document(tmp_path / "a.pdf")
    assert (len(found.pages), found.page_at(found.text.index("The third"))) == (3, 3)


def test_headings_are_told_by_their_print_and_name_their_sections(tmp_path: Path) -> None:
    story = [heading("A guideline of examples", 1), body(0), heading("2 Treatment", 2), body(1)]
    story += [heading("2.1 Dose", 3), body(2), heading("3 Safety", 2), body(3)]
    found = document(write_pdf(tmp_path / "a.pdf", story))
    assert found.reference.title == "A guideline of examples"
    assert [section.heading for section in found.sections] == ["", "2 Treatment", "2 Treatment – 2.1 Dose", "3 Safety"]
    assert [found.text[s.start : s.end] for s in found.sections] == [paragraph(n) for n in range(4)]


def test_a_table_over_pages_is_one_table_with_its_header_once(tmp_path: Path) -> None:
    rows = [["Reaction", "Placebo", "Drug"], *([f"Reaction {n}", f"{n}%", f"{n + 1}%"] for n in range(90))]
    story = [Paragraph("Table 1. Reactions", BODY), Table(rows, repeatRows=1, style=GRID)]
    found = document(write_pdf(tmp_path / "a.pdf", story))
    _, table = blocks(found)
    assert table.split("\n")[:3] == ["| Reaction | Placebo | Drug |", "|---|---|---|", "| Reaction 0 | 0% | 1% |"]
    assert len(table.split("\n")) == 92
    assert [found.page_at(found.text.index(f"Reaction {n} |")) for n in (0, 89)] == [1, len(found.pages)]


def test_every_passage_of_a_table_is_embedded_with_the_header_row(tmp_path: Path) -> None:
    rows = [["Reaction", "Placebo", "Drug"], *([f"Reaction {n}", f"{n}%", f"{n + 1}%"] for n in range(90))]
    found = document(write_pdf(tmp_path / "a.pdf", [Table(rows, repeatRows=1, style=GRID)]))
    passages = split_passages(found, PassageSettings(), lambda texts: [len(text.split()) for text in texts])
    lines = fit_headings(passages, 48, lambda texts: [len(text.split()) for text in texts])
    assert len(passages) > 4
    assert all(
        "| Reaction | Placebo | Drug |" in embedding_text(p, line) for p, line in zip(passages, lines, strict=True)
    )


def test_words_broken_at_the_end_of_a_line_are_whole_and_compounds_keep_their_hyphen(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    lines = [
        "A long-term follow-up of treat-",
        "ment showed that long-",
        "term use was safe and effi\ufb01cient,",
        "as seen.",
    ]
    for number, line in enumerate(lines):
        canvas.drawString(72, 600 - 14 * number, line)
    canvas.save()
    text = "A long-term follow-up of treatment showed that long-term use was safe and effi"
    assert document(tmp_path / "a.pdf").text.startswith(text)


def test_lowered_and_raised_letters_stay_in_their_line(tmp_path: Path) -> None:
    text = "The FEV<sub>1</sub> and the CO<sub>2</sub> were normal<super>1,2</super> at all visits of the trial."
    found = document(write_pdf(tmp_path / "a.pdf", [Paragraph(text, BODY), body(1)]))
    assert blocks(found)[0] == "The FEV1 and the CO2 were normal1,2 at all visits of the trial."


def test_print_made_bold_by_printing_it_twice_is_read_once(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    for size, top in ((12, 600), (5, 500)):
        canvas.setFont("Helvetica", size)
        for shift in (0, 0.03 * size):
            canvas.drawString(72 + shift, top, "Patients were still ill... at follow-up.")
    canvas.save()
    assert document(tmp_path / "a.pdf").text.count("Patients were still ill... at follow-up.") == 2


def test_lists_keep_a_line_for_each_item(tmp_path: Path) -> None:
    items = [Paragraph(f"{mark} an item of the list", BODY) for mark in ("\u2022", "\u2022", "1.", "2.")]
    found = document(write_pdf(tmp_path / "a.pdf", [body(1), *items, body(2)]))
    rest = " an item of the list"
    assert blocks(found)[1] == f"-{rest}\n-{rest}\n1.{rest}\n2.{rest}"


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ({"title": "A guideline on imaginary disease"}, "A guideline on imaginary disease"),
        ({"title": "Microsoft Word - final version.doc"}, "Imaginary disease: a guideline"),
        ({"title": "Template of another hospital"}, "Imaginary disease: a guideline"),
        ({}, "Imaginary disease: a guideline"),
    ],
)
def test_the_title_is_the_files_own_only_where_its_pages_show_it(told, title: str, tmp_path: Path) -> None:
    story = [heading("Imaginary disease: a guideline", 1), Paragraph("This is a guideline on the disease.", BODY)]
    assert document(write_pdf(tmp_path / "a.pdf", story, **told)).reference.title == title


def test_a_file_without_title_and_headings_is_called_by_its_name(tmp_path: Path) -> None:
    found = document(write_pdf(tmp_path / "My guideline 2.pdf", [body(1)]))
    assert found.reference.title == "My guideline 2.pdf"
    assert found.id.startswith("my-guideline-2-")
    assert (found.reference.year, found.reference.date) == (None, "")


@pytest.mark.parametrize(
    ("author", "authors"),
    [("Ann Bee; Cee Dee", ("Ann Bee", "Cee Dee")), ("Microsoft Office User", ()), ("jdoe7", ()), ("admin", ())],
)
def test_authors_are_names_and_no_accounts(author: str, authors: tuple[str, ...], tmp_path: Path) -> None:
    found = document(write_pdf(tmp_path / "a.pdf", [body(1)], author=author))
    assert found.reference.authors == authors


# What is no document


def test_a_file_behind_a_password_is_named(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), encrypt=StandardEncryption("secret"))
    canvas.drawString(72, 600, "Text")
    canvas.save()
    assert refusal(tmp_path / "a.pdf") == "is protected by a password; save it without one"


def test_a_file_that_may_be_read_but_not_changed_is_read(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), encrypt=StandardEncryption("", ownerPassword="secret"))
    canvas.drawString(72, 600, "Anybody may read this.")
    canvas.save()
    assert document(tmp_path / "a.pdf").text == "Anybody may read this."


def test_pictures_of_text_are_named(tmp_path: Path) -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("1", (100, 100)).save(picture, "PNG")
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.drawImage(ImageReader(picture), 72, 300, 400, 400)
    canvas.drawString(72, 20, "scan")
    canvas.save()
    assert refusal(tmp_path / "a.pdf") == "holds pictures of text only; run OCR on it first"


def test_a_file_without_text_is_named(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.showPage()
    canvas.save()
    assert refusal(tmp_path / "a.pdf").startswith("holds no text")


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1: the first is the catalogue, 2 the pages, 3 the page."""
    parts, offsets = [b"%PDF-1.4\n"], []
    for number, content in enumerate(objects, start=1):
        offsets.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = sum(map(len, parts))
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return b"".join(parts) + head + trailer


CATALOGUE = (b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>"
)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def form(number: int, times: int) -> bytes:
    """A form that draws another one, so many times."""
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F %d 0 R >> >>" % number
    return stream(b"/F Do " * times, entries)


def test_forms_that_draw_each_other_for_ever_are_ended(tmp_path: Path) -> None:
    forms = [form(number, 10) for number in range(6, 30)]  # ten to the power of 24 of them
    content = raw_pdf(*CATALOGUE, PAGE, stream(b"/F Do"), *forms, form(30, 0))
    (tmp_path / "a.pdf").write_bytes(content)
    source = SourceFile(tmp_path / "a.pdf", tmp_path)
    with pytest.raises(SourceError, match=r"a\.pdf: takes longer to read than a document does; it is damaged"):
        list(messages(source, content, seconds=3))


def test_a_form_that_draws_itself_draws_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(raw_pdf(*CATALOGUE, PAGE, stream(b"/F Do"), form(5, 1)))
    assert refusal(tmp_path / "a.pdf").startswith("holds no text")


def test_a_stream_that_unpacks_to_more_than_a_document_is_refused(tmp_path: Path) -> None:
    packer = zlib.compressobj()
    head = packer.compress(b"0") + packer.flush(zlib.Z_FULL_FLUSH)
    bomb = head + 64 * (packer.compress(bytes(2**26)) + packer.flush(zlib.Z_FULL_FLUSH))  # 4 GB
    content = raw_pdf(*CATALOGUE, PAGE, stream(bomb, b"/Filter /FlateDecode"), form(5, 0))
    (tmp_path / "a.pdf").write_bytes(content)
    assert refusal(tmp_path / "a.pdf").startswith("needs more memory than a document does")


@pytest.mark.parametrize(
    "content", [b"", b"  \n", b"no PDF", b"\0" * 5000, b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\xff" * 99]
)
def test_what_is_no_pdf_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    assert "fetch it again" in refusal(tmp_path / "a.pdf")


def test_a_file_cut_short_is_read_or_named(tmp_path: Path) -> None:
    whole = write_pdf(tmp_path / "whole.pdf", [body(n) for n in range(9)]).read_bytes()
    (tmp_path / "a.pdf").write_bytes(whole[: len(whole) // 2])
    assert refusal(tmp_path / "a.pdf")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    table = Table([["a", "b"], ["c", "d"]], style=GRID)
    return write_pdf(tmp_path_factory.mktemp("pdf") / "small.pdf", [body(1), table])


@settings(max_examples=10, deadline=None, derandomize=True)
@given(places=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), min_size=1, max_size=20))
def test_any_damage_ends_in_a_document_or_a_source_error(small: Path, places: list[tuple[float, bytes]]) -> None:
    content = bytearray(small.read_bytes())
    for place, wrong in places:
        start = int(place * (len(content) - len(wrong)))
        content[start : start + len(wrong)] = wrong
    damaged = small.with_name("damaged.pdf")
    damaged.write_bytes(content)
    errors: list[SourceError] = []
    for found in read(damaged, on_error=errors.append):
        assert all(0 <= s.start < s.end <= len(found.text) for s in found.sections)
