"""What a run would change: told from real files, without an index or a model."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from chatbot.domain import Document, Standing
from chatbot.errors import CorpusError
from chatbot.index.found_files import FoundFiles
from chatbot.index.ledger import FileRecord
from chatbot.index.plan import Before, Plan, Wanted, make_plan, wanted_documents
from chatbot.index.rows import Origin
from chatbot.readers import beir_jsonl
from tests.conftest import write_reference

DAY = 86_400


class Sources:
    """What an index would hold after each run: documents and the ledger of files, nothing embedded."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.origins: dict[str, Origin] = {}
        self.files: dict[str, FileRecord] = {}
        self.read_bytes = 0

    def plan(self, *paths: Path) -> Plan:
        self.read_bytes = 0
        before = Before(dict(self.origins), dict(self.files), self._save)
        return make_plan(FoundFiles(paths, None), before, self._count)

    def run(self, *paths: Path) -> Plan:
        plan = self.plan(*paths)
        for wanted in wanted_documents(plan, self.documents.get):
            self._write(wanted)
        for document in plan.removed:
            del self.documents[document], self.origins[document]
        for file in plan.vanished:
            del self.files[file]
        return plan

    def _write(self, wanted: Wanted) -> None:
        self.documents[wanted.document.id] = wanted.document
        self.origins[wanted.document.id] = wanted.origin

    def _save(self, record: FileRecord, before: FileRecord | None) -> None:
        self.files[record.path] = record

    def _count(self, count: int, total: int) -> None:
        self.read_bytes += count


@pytest.fixture
def sources() -> Sources:
    return Sources()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "docs"


def age(*paths: Path) -> None:
    """Makes files old enough for their times to be relied on."""
    for path in paths:
        moment = time.time() - DAY
        os.utime(path, (moment, moment))


def write_lines(path: Path, **texts: str) -> Path:
    lines = [json.dumps({"_id": name, "title": f"On {name}", "text": text}) for name, text in texts.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def write_pubmed(path: Path, pmid: str, revised: str = "2024-01-01", links: str = "", text: str = "Some text.") -> Path:
    """A record in PubMed's XML; ``links`` are its ``CommentsCorrections``."""
    year, month, day = revised.split("-")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID>'
        f"<DateRevised><Year>{year}</Year><Month>{month}</Month><Day>{day}</Day></DateRevised><Article><Journal>"
        "<JournalIssue><Volume>7</Volume><PubDate><Year>2024</Year></PubDate></JournalIssue>"
        f"<ISOAbbreviation>J Invent Trials</ISOAbbreviation></Journal><ArticleTitle>Record {pmid}</ArticleTitle>"
        f"<Abstract><AbstractText>{text}</AbstractText></Abstract></Article>"
        f"<CommentsCorrectionsList>{links}</CommentsCorrectionsList></MedlineCitation></PubmedArticle>"
        "</PubmedArticleSet>",
        "utf-8",
    )
    return path


def write_full_text(path: Path, sort: str, doi: str, more: str = "") -> Path:
    """An article in JATS without a PMID; ``more`` stands in its ``article-meta``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="{sort}"><front><article-meta>'
        f'<article-id pub-id-type="doi">{doi}</article-id><title-group><article-title>On {doi}</article-title>'
        f"</title-group>{more}</article-meta></front><body><p>Some text.</p></body></article>",
        "utf-8",
    )
    return path


def link(kind: str, pmid: str) -> str:
    source = f"<RefSource>J Invent Trials. 2023;6:1</RefSource><PMID>{pmid}</PMID>"
    return f'<CommentsCorrections RefType="{kind}">{source}</CommentsCorrections>'


# What has not changed


def test_a_file_of_the_same_size_and_time_is_not_read_again(sources: Sources, folder: Path) -> None:
    path = write_reference(folder, "aspirin", "Aspirin lowers fever.")
    age(path)
    sources.run(folder)
    assert sources.read_bytes == path.stat().st_size
    plan = sources.run(folder)
    assert (sources.read_bytes, plan.unchanged, plan.added) == (0, ["aspirin"], [])


def test_a_file_that_was_only_touched_is_not_parsed(
    sources: Sources, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_reference(folder, "aspirin", "Aspirin lowers fever.")
    sources.run(folder)
    age(path)
    monkeypatch.delattr("chatbot.index.reading.read_file")
    assert sources.run(folder).unchanged == ["aspirin"]


def test_a_change_in_the_moment_of_reading_is_seen_by_the_next_run(sources: Sources, folder: Path) -> None:
    path = write_reference(folder, "aspirin", "Aspirin lowers fever.")
    moment = path.stat().st_mtime_ns
    sources.run(folder)
    write_reference(folder, "aspirin", "Aspirin raises fever.")
    os.utime(path, ns=(moment, moment))
    assert sources.run(folder).changed == ["aspirin"]


def test_of_a_file_of_lines_only_the_changed_line_is_parsed(
    sources: Sources, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_lines(folder / "corpus.jsonl", a="Of a.", b="Of b.", c="Of c.")
    sources.run(folder)
    write_lines(path, new="Of new.", a="Of a.", b="Of b, changed.", c="Of c.")
    parsed: list[int] = []
    read_line = beir_jsonl.read_line
    monkeypatch.setattr("chatbot.index.reading.read_line", lambda *line: parsed.append(line[1]) or read_line(*line))
    plan = sources.run(folder)
    assert (plan.added, plan.changed, plan.unchanged, parsed) == (["new"], ["b"], ["a", "c"], [1, 3])


def test_a_changed_sidecar_is_a_changed_document(sources: Sources, folder: Path) -> None:
    folder.mkdir()
    (folder / "notes.txt").write_text("Zinc shortens colds.", "utf-8")
    sidecar = folder / "notes.yaml"
    sidecar.write_text("title: On zinc\n", "utf-8")
    age(sidecar, folder / "notes.txt")
    (document,) = sources.run(folder).added
    sidecar.write_text("title: On zinc, again\n", "utf-8")
    plan = sources.run(folder)
    assert (plan.changed, plan.skipped) == ([document], {})


# What is wrong


def test_a_failure_is_remembered_and_named_again_without_reading(sources: Sources, folder: Path) -> None:
    path = folder / "broken.xml"
    folder.mkdir()
    path.write_text("<PubmedArticleSet><Pubmed", "utf-8")
    age(path)
    first = sources.run(folder)
    again = sources.run(folder)
    assert [str(error) for error in again.failed] == [str(error) for error in first.failed] != []
    assert sources.read_bytes == 0


def test_the_line_of_a_failure_follows_the_lines_before_it(sources: Sources, folder: Path) -> None:
    path = write_lines(folder / "corpus.jsonl", a="Of a.")
    path.write_text(path.read_text("utf-8") + "broken\n", "utf-8")
    assert [error.line for error in sources.run(folder).failed] == [2]
    path.write_text("\n\n" + path.read_text("utf-8"), "utf-8")
    assert [error.line for error in sources.run(folder).failed] == [4]


def test_a_document_of_a_file_that_broke_stays_until_the_file_is_whole_again(sources: Sources, folder: Path) -> None:
    path = write_lines(folder / "corpus.jsonl", a="Of a.", b="Of b.")
    sources.run(folder)
    path.write_text(json.dumps({"_id": "a", "title": "On a", "text": "Of a."}) + '\n{"_id": "b", \n', "utf-8")
    for _ in range(2):
        plan = sources.run(folder)
        assert (len(plan.failed), plan.removed, sorted(sources.documents)) == (1, [], ["a", "b"])
    write_lines(path, a="Of a.")
    assert sources.run(folder).removed == ["b"]


def test_a_folder_that_cannot_be_read_keeps_its_documents(
    sources: Sources, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_reference(folder / "closed", "aspirin", "Aspirin lowers fever.")
    write_reference(folder, "zinc", "Zinc shortens colds.")
    sources.run(folder)
    scandir = os.scandir

    def refuse(path: str) -> object:  # root, as whom tests may run, is refused nothing
        if path == str(folder / "closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    plan = sources.run(folder)
    assert ([error.path.name for error in plan.failed], plan.removed) == (["closed"], [])
    assert sorted(sources.documents) == ["aspirin", "zinc"]


def test_a_file_that_could_not_be_opened_is_tried_again(
    sources: Sources, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_reference(folder, "zinc", "Zinc shortens colds.")
    age(path)
    opened = Path.open

    def refuse(self: Path, *how: str, **more: str) -> object:  # root, as whom tests may run, is refused nothing
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr("chatbot.index.reading._Telling", refuse)
    assert ["Permission denied" in str(error) for error in sources.run(folder).failed] == [True]
    monkeypatch.undo()
    assert Path.open is opened
    assert sources.run(folder).added == ["zinc"]


def test_a_line_that_is_gone_goes_though_another_one_clashes(sources: Sources, folder: Path) -> None:
    write_lines(folder / "one.jsonl", **{"1": "One."})
    clash = '{"_id": "1", "title": "Another work", "text": "Other."}\n'
    path = folder / "two.jsonl"
    path.write_text(clash + '{"_id": "2", "title": "Two", "text": "Two."}\n', "utf-8")
    assert sources.run(folder).added == ["1", "2"]
    path.write_text(clash, "utf-8")
    plan = sources.run(folder)
    assert (plan.removed, len(plan.failed)) == (["2"], 1)


def test_a_name_that_is_not_utf_8_is_said_and_the_others_are_read(sources: Sources, folder: Path) -> None:
    write_reference(folder, "zinc", "Zinc shortens colds.")
    Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff.md")).write_text("text", "utf-8")
    plan = sources.run(folder)
    assert ["name that is not UTF-8" in str(error) for error in plan.failed] == [True]
    assert plan.added == ["zinc"]


def test_files_that_no_reader_knows_are_counted(sources: Sources, folder: Path) -> None:
    write_reference(folder, "zinc", "Zinc shortens colds.")
    for name in ("a.png", "b.PNG", "README", ".hidden.png"):
        (folder / name).write_bytes(b"x")
    assert sources.run(folder).skipped == {".png": 2, "": 1}


def test_a_missing_path_is_refused(sources: Sources, folder: Path) -> None:
    with pytest.raises(CorpusError, match="no such file or folder"):
        sources.run(folder)


# Where files go


def test_a_file_that_is_gone_takes_its_documents_along_and_its_record(sources: Sources, folder: Path) -> None:
    path = write_lines(folder / "corpus.jsonl", a="Of a.")
    write_reference(folder, "zinc", "Zinc shortens colds.")
    sources.run(folder)
    path.unlink()
    plan = sources.run(folder)
    assert (plan.removed, plan.vanished) == (["a"], [str(path)])


def test_a_path_spelt_otherwise_is_the_same_path(sources: Sources, folder: Path) -> None:
    write_reference(folder / "sub", "zinc", "Zinc shortens colds.")
    sources.run(folder)
    plan = sources.run(folder / "sub" / "..", folder)
    assert (plan.unchanged, plan.duplicates) == (["zinc"], [])


def test_a_moved_file_whose_ids_are_made_of_its_path_is_known_by_its_bytes(sources: Sources, folder: Path) -> None:
    folder.mkdir()
    (folder / "notes.txt").write_text("Zinc shortens colds.", "utf-8")
    (old,) = sources.run(folder).added
    (folder / "new").mkdir()
    (folder / "notes.txt").rename(folder / "new" / "notes.txt")
    plan = sources.run(folder)
    assert (plan.removed, plan.twins) == ([old], {plan.added[0]: old})


# The same document twice


def test_the_newer_of_two_records_is_indexed_whichever_came_first(folder: Path) -> None:
    old = write_pubmed(folder / "b" / "old.xml", "99000001", "2021-01-01", text="An old text.")
    new = write_pubmed(folder / "a" / "new.xml", "99000001", "2024-01-01", text="A new text.")
    for order in ((old, new), (new, old)):
        sources = Sources()
        for path in order:
            plan = sources.run(path)
        assert "A new text." in sources.documents["pmid-99000001"].text
        (duplicate,) = plan.duplicates
        assert (duplicate.file, duplicate.kept_file) == (str(old), str(new))


def test_the_other_one_takes_the_place_of_a_record_that_is_gone(sources: Sources, folder: Path) -> None:
    write_pubmed(folder / "old.xml", "99000001", "2021-01-01", text="An old text.")
    new = write_pubmed(folder / "new.xml", "99000001", "2024-01-01")
    sources.run(folder)
    new.unlink()
    plan = sources.run(folder)
    assert (plan.changed, plan.removed, plan.duplicates) == (["pmid-99000001"], [], [])
    assert "An old text." in sources.documents["pmid-99000001"].text


def test_a_copy_with_another_id_is_removed_once_it_is_one(sources: Sources, folder: Path) -> None:
    write_reference(folder, "a-trial", "Short.", pmid='"99000001"')
    sources.run(folder)
    write_pubmed(folder / "full.xml", "99000001", text="Longer than that by far.")
    plan = sources.run(folder)
    assert (plan.added, plan.removed) == (["pmid-99000001"], ["a-trial"])


def test_what_an_article_cites_stays_and_the_record_is_the_duplicate(sources: Sources, folder: Path) -> None:
    write_reference(folder, "a-trial", "Short.", pmid='"99000001"', facts_from="[]")
    article = folder / "articles" / "fever.md"
    article.parent.mkdir()
    fields = "id: fever\nquestion: What lowers fever?\ntopics: [fever]\nstatus: Submitted\nupdated: 2026-11-23\n"
    article.write_text(f"---\n{fields}---\n## From the Research\n\nIt lowers fever [@a-trial].\n", "utf-8")
    write_pubmed(folder / "full.xml", "99000001", text="Longer than that by far.")
    plan = sources.run(folder)
    assert (sorted(plan.added), plan.failed) == (["a-trial", "fever"], [])
    assert [duplicate.id for duplicate in plan.duplicates] == ["pmid-99000001"]


def test_two_collections_that_number_their_records_lose_nothing_silently(sources: Sources, folder: Path) -> None:
    for name in ("one", "two"):
        path = folder / f"{name}.jsonl"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"_id": "1", "title": f"On {name}", "text": "Text."}) + "\n", "utf-8")
    plan = sources.run(folder)
    assert (plan.added, plan.duplicates) == (["1"], [])
    assert f"{folder / 'two.jsonl'}:1: id 1 is already that of another work in {folder / 'one.jsonl'}" in str(
        plan.failed[0]
    )


def test_a_clash_leaves_the_id_to_what_is_indexed(sources: Sources, folder: Path) -> None:
    write_lines(folder / "later.jsonl", a="Of a.")
    sources.run(folder)
    (folder / "earlier.jsonl").write_text('{"_id": "a", "title": "Another work", "text": "Other."}\n', "utf-8")
    plan = sources.run(folder)
    assert [error.path.name for error in plan.failed] == ["earlier.jsonl"]
    assert sources.documents["a"].text == "Of a."


# What documents say about each other


@pytest.mark.parametrize("first", ["paper", "notice"])
def test_a_retraction_reaches_the_paper_in_another_file_whichever_came_first(
    first: str, sources: Sources, folder: Path
) -> None:
    paths = {
        "paper": write_pubmed(folder / "paper.xml", "99000001"),
        "notice": write_pubmed(folder / "notice.xml", "99000002", links=link("RetractionOf", "99000001")),
    }
    sources.run(paths.pop(first))
    plan = sources.run(*paths.values())
    paper = sources.documents["pmid-99000001"].reference
    assert paper.standing is Standing.RETRACTED
    assert [(notice.citation, notice.pmid) for notice in paper.notices] == [("J Invent Trials. 2024;7", "99000002")]
    assert plan.restated == ({"pmid-99000001"} if first == "paper" else set())


def test_a_retraction_of_full_text_reaches_the_paper_whose_doi_it_names(sources: Sources, folder: Path) -> None:
    write_full_text(folder / "paper.nxml", "research-article", doi="10.9999/Invented.1")
    named = 'related-article-type="retracted-article" ext-link-type="doi" xlink:href="10.9999/invented.1"'
    write_full_text(folder / "notice.nxml", "retraction", doi="10.9999/invented.2", more=f"<related-article {named}/>")
    sources.run(folder)
    standings = {d.reference.doi.lower(): d.reference.standing for d in sources.documents.values()}
    assert standings == {"10.9999/invented.1": Standing.RETRACTED, "10.9999/invented.2": None}


def test_a_retraction_goes_with_its_notice(sources: Sources, folder: Path) -> None:
    write_pubmed(folder / "paper.xml", "99000001")
    notice = write_pubmed(folder / "notice.xml", "99000002", links=link("RetractionOf", "99000001"))
    sources.run(folder)
    notice.unlink()
    assert sources.run(folder).restated == {"pmid-99000001"}
    assert sources.documents["pmid-99000001"].reference.notices == ()


def test_a_retraction_known_to_the_older_copy_is_known_to_the_document(sources: Sources, folder: Path) -> None:
    write_pubmed(folder / "old.xml", "99000001", "2021-01-01", links=link("RetractionIn", "99000002"))
    write_pubmed(folder / "new.xml", "99000001", "2024-01-01")
    sources.run(folder)
    assert sources.documents["pmid-99000001"].reference.standing is Standing.RETRACTED


def test_a_notice_that_the_paper_names_itself_is_not_told_twice(sources: Sources, folder: Path) -> None:
    write_pubmed(folder / "paper.xml", "99000001", links=link("RetractionIn", "99000002"))
    write_pubmed(folder / "notice.xml", "99000002", links=link("RetractionOf", "99000001"))
    plan = sources.run(folder)
    assert len(sources.documents["pmid-99000001"].reference.notices) == 1
    assert plan.told == {}


def test_a_paper_whose_file_broke_still_hears_of_its_retraction(sources: Sources, folder: Path) -> None:
    paper = write_pubmed(folder / "paper.xml", "99000001")
    sources.run(folder)
    paper.write_text("<PubmedArticleSet><Pubmed", "utf-8")
    write_pubmed(folder / "notice.xml", "99000002", links=link("RetractionOf", "99000001"))
    sources.run(folder)
    assert sources.documents["pmid-99000001"].reference.standing is Standing.RETRACTED


def test_what_changes_between_planning_and_writing_is_said(sources: Sources, folder: Path) -> None:
    path = write_lines(folder / "corpus.jsonl", a="Of a.", b="Of b.")
    plan = sources.plan(folder)
    plan.held.clear()
    write_lines(path, a="Of a.", b="Of b, changed.")
    assert [wanted.document.id for wanted in wanted_documents(plan, sources.documents.get)] == ["a"]
    assert "changed while it was being indexed" in str(plan.failed[0])


def test_a_plan_for_a_copy_of_the_folder_says_that_all_of_it_is_there(sources: Sources, folder: Path) -> None:
    write_lines(folder / "corpus.jsonl", a="Of a.", b="Of b.")
    sources.run(folder)
    shutil.copytree(folder, folder.with_name("again"))
    plan = sources.run(folder.with_name("again"))
    assert (plan.added, len(plan.duplicates), plan.failed) == ([], 2, [])


# Labels that say the same

LABEL_TEXT = "Take one tablet of 40 mg a day. Do not use it in acute liver failure. " + " ".join(
    f"In trial {number} it lowered the count from {number + 3} to {number}." for number in range(30)
)


def write_label(folder: Path, name: str, date: str, text: str = LABEL_TEXT) -> Path:
    fields = {"kind": "label", "drugs": "[samplestatin]", "jurisdiction": "US", "set_id": f"set-{name}", "date": date}
    return write_reference(folder, name, text, title="Samplestatin tablets", manufacturer=f"Maker {name}", **fields)


def test_of_labels_that_say_the_same_the_newest_is_kept_and_names_the_others(sources: Sources, folder: Path) -> None:
    write_label(folder, "a", "2021-01-01")
    sources.run(folder)
    write_label(folder / "new", "b", "2024-01-01")
    plan = sources.run(folder / "new")
    assert (plan.added, plan.removed, [one.id for one in plan.alike]) == (["b"], ["a"], ["a"])
    assert sources.documents["b"].reference.also == ("set id set-a (Maker a)",)


def test_the_next_label_takes_the_place_of_one_that_is_gone(sources: Sources, folder: Path) -> None:
    write_label(folder, "a", "2021-01-01")
    newest = write_label(folder, "b", "2024-01-01")
    sources.run(folder)
    newest.unlink()
    plan = sources.run(folder)
    assert (plan.added, plan.removed, plan.alike) == (["a"], ["b"], [])
    assert sources.documents["a"].reference.also == ()


def test_another_dose_is_another_label(sources: Sources, folder: Path) -> None:
    write_label(folder, "a", "2021-01-01")
    write_label(folder, "b", "2024-01-01", LABEL_TEXT.replace("40 mg", "80 mg"))
    assert sources.run(folder).added == ["a", "b"]
