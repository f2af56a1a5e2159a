"""The sources page in a real browser: what is indexed, and indexing again after files were added, one broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import write_reference
from tests.e2e.conftest import Site, copy_corpus, indexing, serving

pytestmark = pytest.mark.browser

RETRACTED = """PMID- 99000001
OWN - NLM
STAT- MEDLINE
DP  - 2019 Jan
TI  - A trial of withdrawnol in gout.
PT  - Journal Article
AB  - Withdrawnol healed gout in forty adults who took it for a year.
RIN - J Test. 2020;1:1. PMID: 99000002
"""
_WAIT = 60_000  # ms: the first page waits for the model and the index
_RUN = 150_000  # ms: a run starts Python and opens the model


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Site]:
    """A server of its own, whose corpus these tests change."""
    folder = tmp_path_factory.mktemp("own-site")
    copy_corpus(folder / "corpus")
    (folder / "corpus" / "trials.nbib").write_text(RETRACTED, "utf-8")
    with indexing(folder / "corpus", folder / "index"):
        pass
    with serving(folder) as served:
        yield served


def open_sources(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/sources")
    expect(page.get_by_role("button", name="Index again").or_(page.get_by_role("progressbar"))).to_be_visible(
        timeout=_WAIT
    )


def write_pdf(path: Path) -> None:
    """Three pages, each of which says where it is."""
    from reportlab.pdfgen.canvas import Canvas

    drawn = Canvas(str(path))
    drawn.setTitle("Leaflet on quorvinib")
    for number, words in enumerate(("begins", "goes on", "ends"), start=1):
        drawn.setFont("Helvetica", 12)
        for line in range(8):
            drawn.drawString(
                72, 760 - 20 * line, f"The leaflet on quorvinib {words} on sheet {number}, line {line + 1}."
            )
        drawn.showPage()
    drawn.save()


def test_what_is_indexed_is_counted_and_searched(page: Page, own_site: Site) -> None:
    open_sources(page, own_site)
    table = page.locator(".mf-holdings-table")
    expect(table.get_by_role("row", name="Articles")).to_contain_text(
        str(len(list((own_site.corpus / "articles").iterdir())))
    )
    page.get_by_label("Find a source").press_sequentially("lipit")
    expect(page.locator("[class*=st-key-card-source-]")).to_have_count(1)
    expect(page.locator(".st-key-card-source-label-lipitor-us")).to_contain_text("Drug label (US)")


def test_a_run_from_the_page_shows_its_progress_and_what_failed_and_reaches_the_next_answer(
    page: Page, own_site: Site
) -> None:
    research = own_site.corpus / "references" / "research"
    text = "Zylopentin lowered the number of pneumothoraces in LAM.\nZylopentin was useful in LAM."
    write_reference(research, "research-zylopentin", text, title="Zylopentin in lymphangioleiomyomatosis")
    (research / "research-broken.md").write_text("---\nid: [\n---\nText.\n", "utf-8")
    (own_site.corpus / "leaflets").mkdir()
    write_pdf(own_site.corpus / "leaflets" / "quorvinib.pdf")

    open_sources(page, own_site)
    page.get_by_role("button", name="Index again").click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=_WAIT)
    page.get_by_role("link", name="Library", exact=True).first.click()
    expect(page.locator(".st-key-card-lam-treatment")).to_be_visible(timeout=_WAIT)
    open_sources(page, own_site)

    failures = page.locator(".mf-failures")
    expect(failures).to_contain_text("research/research-broken.md", timeout=_RUN)
    expect(failures).to_contain_text("1 file or record could not be indexed")
    expect(page.locator(".mf-run")).to_contain_text("Last indexed")
    added, changed, _, removed, failed, _ = page.locator(".mf-run td").all_inner_texts()
    assert (added, changed, removed, failed) == ("2", "0", "0", "1")

    page.goto(f"{own_site.address}/question")
    box = page.get_by_placeholder("question").last
    box.fill("Is zylopentin useful in LAM?")
    box.press("Enter")
    expect(page.locator(".mf-claim").filter(has_text="Zylopentin").first).to_be_visible(timeout=_WAIT)


def test_a_pdf_is_shown_with_its_page_numbers(page: Page, own_site: Site) -> None:
    open_sources(page, own_site)
    page.get_by_label("Find a source").fill("quorvinib")
    card = page.locator("[class*=st-key-card-source-]")
    expect(card).to_have_count(1)
    card.get_by_role("link").click()
    expect(page.locator(".mf-text")).to_be_visible(timeout=_WAIT)
    expect(page.locator(".mf-page")).to_have_text(["Page 1", "Page 2", "Page 3"])
    text = page.locator(".mf-text").inner_text()
    assert text.index("Page 2") < text.index("goes on on sheet 2") < text.index("Page 3")


def test_a_retracted_source_is_found_by_its_standing_and_says_so(page: Page, own_site: Site) -> None:
    open_sources(page, own_site)
    page.get_by_role("button", name="Retracted").click()
    card = page.locator("[class*=st-key-card-source-]")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("Retracted")
    card.get_by_role("link").click()
    expect(page.get_by_role("note")).to_contain_text("This source was retracted.", timeout=_WAIT)
