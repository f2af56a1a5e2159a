"""What the page is told of index runs: progress as lines, what failed and why, who may start one."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.cli.events import Events
from chatbot.cli.indexing import build
from chatbot.embedding import Encoder
from chatbot.errors import CorpusError, IndexingError
from chatbot.index.build import IndexWriter
from chatbot.index.overview import Overview, is_being_written, overview
from chatbot.people import Person
from chatbot.run_report import RunEvent, RunStep, last_event, read_outcome, write_event
from chatbot.settings import Settings
from chatbot.ui.index_run import paths_to_index, start
from chatbot.ui.render.indexing import failures_html, outcome_html, step_words
from tests.conftest import write_reference
from tests.integration.page_reading import Markup


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two sources, one of which cannot be read."""
    folder = tmp_path / "corpus" / "references" / "research"
    write_reference(folder, "good", "Zylopentin helped.")
    (folder / "broken.md").write_text("---\nid: [\n---\nText.\n", "utf-8")
    return tmp_path / "corpus"


def test_a_run_tells_its_steps_and_its_outcome_as_lines(
    settings: Settings, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(settings, [corpus], telling=Events())
    lines = capsys.readouterr().out.splitlines()
    steps = [event.step for event in map(last_event, ([line] for line in lines)) if event]
    assert list(dict.fromkeys(steps)) == [
        RunStep.OPENING,
        RunStep.READING,
        RunStep.INDEXING,
        RunStep.CALIBRATING,
        RunStep.DONE,
    ]
    last = last_event([*lines, '{"step": "rea'])
    assert last is not None
    assert last.outcome is not None
    assert (last.outcome.added, last.outcome.failed, last.outcome.unchanged) == (1, 1, 0)


def test_what_failed_is_kept_with_the_index_and_shown_with_its_reason(settings: Settings, corpus: Path) -> None:
    build(settings, [corpus], telling=Events())
    seen = overview(settings)
    assert seen.roots == (corpus.resolve(),)
    assert seen.files == 2
    assert seen.last_run is not None
    (failure,) = seen.failures
    assert Path(failure.file).name == "broken.md"
    text = Markup(failures_html(seen.failures)).text
    assert "1 file or record could not be indexed" in text
    assert "research/broken.md , line 3: its front matter is not YAML" in text
    assert "Last indexed" in Markup(outcome_html(seen.last_run)).text


def test_a_file_that_is_mended_has_not_failed_any_more(settings: Settings, corpus: Path) -> None:
    build(settings, [corpus], telling=Events())
    (corpus / "references" / "research" / "broken.md").unlink()
    build(settings, [corpus], telling=Events())
    assert overview(settings).failures == ()


def test_without_an_index_nothing_is_known(settings: Settings) -> None:
    assert overview(settings) == Overview()
    assert not is_being_written(settings.index)


def test_a_run_at_work_is_seen_and_gone_when_it_has_ended(settings: Settings, encoder: Encoder) -> None:
    with IndexWriter(settings, encoder).open():
        assert is_being_written(settings.index)
    assert not is_being_written(settings.index)


def test_only_an_admin_starts_a_run(settings: Settings) -> None:
    with pytest.raises(IndexingError, match="only an administrator"):
        start(settings, Person("reader", "A reader"))


def test_a_run_from_the_page_reads_the_corpus_and_all_folders_indexed_before(
    settings: Settings, corpus: Path, tmp_path: Path
) -> None:
    write_reference(tmp_path / "more" / "references" / "research", "other", "Quorvinib helped.")
    build(settings, [tmp_path / "more", corpus / "references"], telling=Events())
    elsewhere = settings.model_copy(update={"corpus": corpus})
    assert paths_to_index(elsewhere) == [corpus.resolve(), (tmp_path / "more").resolve()]


def test_a_run_that_cannot_begin_raises(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        build(settings, [tmp_path / "none"], telling=Events())


def test_the_time_left_is_told_from_the_share_that_is_done() -> None:
    event = RunEvent(RunStep.INDEXING, began=100.0, at=110.0, done=25, total=100)
    assert event.seconds_left(110.0) == 30.0
    assert event.seconds_left(200.0) == 0.0
    assert RunEvent(RunStep.INDEXING, 100.0, 110.0).seconds_left(110.0) is None
    assert step_words(event, 110.0) == "Indexing · 30 seconds left"
    assert step_words(None, 0.0) == "Opening the embedding model …"


def test_an_event_is_read_as_it_was_written_and_other_lines_are_passed_over() -> None:
    event = RunEvent(RunStep.FAILED, 1.0, 2.0, error="no “space” left")
    assert last_event([write_event(event), "not JSON", "[]", '{"step": "unknown"}']) == event
    assert last_event([]) is None
    assert read_outcome({"ended": "2026"}) is None
