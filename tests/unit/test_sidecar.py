"""``NAME.yaml`` beside a file: what it says comes first, and what is wrong in it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.domain import Document, Jurisdiction, Kind, Notice, ReviewStatus, Standing
from chatbot.errors import SourceError
from chatbot.readers import read
from chatbot.readers.sidecar import sidecar_of

PAGE = "<title>A page</title><meta name=citation_pmid content=99000001><p>Zamolimus slowed the decline of function.</p>"


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    return path


def document(path: Path) -> Document:
    (found,) = read(path)
    return found


def test_a_sidecar_says_what_the_file_does_not(tmp_path: Path) -> None:
    page = write(tmp_path, "a.html", PAGE)
    write(
        tmp_path, "a.yaml", "kind: guideline\nbody: Society of Examples\nyear: 2031\nauthors: [Ann Bee]\ntopics: lung\n"
    )
    found = document(page).reference
    assert (found.kind, found.body, found.year) == (Kind.GUIDELINE, "Society of Examples", 2031)
    assert (found.authors, found.topics, found.status) == (("Ann Bee",), ("lung",), ReviewStatus.SUBMITTED)
    assert (found.title, found.pmid) == ("A page", "99000001")


def test_a_sidecar_wins_over_the_files_own_metadata_and_front_matter(tmp_path: Path) -> None:
    page, note = write(tmp_path, "a.html", PAGE), write(tmp_path, "b.md", "---\ntitle: Mine\n---\nIt was safe.\n")
    for name in ("a.yml", "b.yaml"):
        write(tmp_path, name, "title: Stated\nid: stated\n")
    assert [(d.reference.title, d.id) for d in map(document, (page, note))] == [("Stated", "stated")] * 2


def test_a_sidecar_makes_a_label(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "kind: label\njurisdiction: EU\ndrugs: zamolimus\nset_id: abc\n")
    found = document(write(tmp_path, "a.txt", "Zamolimus must not be given to children.")).reference
    assert (found.kind, found.jurisdiction, found.drugs, found.set_id) == (
        Kind.LABEL,
        Jurisdiction.EU,
        ("zamolimus",),
        "abc",
    )


def test_a_sidecar_tells_the_standing(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "standing: retracted\nsuperseded_by: Bee A. A newer one. 2035.\n")
    found = document(write(tmp_path, "a.txt", "It was withdrawn later by its authors.")).reference
    assert found.notices == (Notice(Standing.SUPERSEDED, "Bee A. A newer one. 2035."), Notice(Standing.RETRACTED))
    assert found.standing is Standing.RETRACTED


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("year: 2031\ntittle: A\n", "its sidecar a.yaml:2: field tittle is unknown; remove it or correct its name"),
        ("year: 20x1\n", "its sidecar a.yaml:1: field year: "),
        ("kind: article\n", "its sidecar a.yaml:1: kind: article is no kind of evidence"),
        ("kind: research\njurisdiction: EU\n", "its sidecar a.yaml:1: jurisdiction: only a label has one"),
        ("title: a: b\n", "its sidecar a.yaml:1: it is not YAML"),
        ("- a\n", "its sidecar a.yaml:1: it has no fields"),
        ("a" * 70_000, "its sidecar a.yaml: is larger than 65,536 bytes"),
    ],
)
def test_a_wrong_sidecar_is_named_with_line_and_field(content: str, said: str, tmp_path: Path) -> None:
    page = write(tmp_path, "a.html", PAGE)
    write(tmp_path, "a.yaml", content)
    with pytest.raises(SourceError) as caught:
        document(page)
    assert (caught.value.path, caught.value.problem[: len(said)]) == (page, said)


def test_an_empty_sidecar_says_nothing(tmp_path: Path) -> None:
    page = write(tmp_path, "a.html", PAGE)
    before = document(page)
    write(tmp_path, "a.yaml", "\n")
    assert document(page) == before


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".html", ".htm", ".txt", ".md", ".markdown", ".PDF"])
@pytest.mark.parametrize("ending", [".yaml", ".yml"])
def test_the_sidecar_of_a_file_bears_its_name(suffix: str, ending: str, tmp_path: Path) -> None:
    beside = write(tmp_path, f"A file 1.2{ending}", "year: 2031\n")
    assert sidecar_of(tmp_path / f"A file 1.2{suffix}") == beside
    assert sidecar_of(tmp_path / f"Another{suffix}") is None


@pytest.mark.parametrize("suffix", [".xml", ".nbib", ".json", ".jsonl", ".zip", ".yaml"])
def test_formats_that_speak_for_themselves_have_no_sidecar(suffix: str, tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "year: 2031\n")
    assert sidecar_of(tmp_path / f"a{suffix}") is None
