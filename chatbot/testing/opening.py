"""The chatbot of a test session: on an index that is there, or on a corpus that is indexed first."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import filelock
import pytest

from chatbot.errors import CorpusError, IndexMismatch, IndexUnavailable
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings, load_settings

_RUN = "PYTEST_XDIST_TESTRUNUID"  # the same for all workers of a run


def open_chatbot(config: pytest.Config, index: Path | None, corpus: Path | None) -> Chatbot:
    """A chatbot whose index has been opened. Raises what indexing raises, and IndexUnavailable with what to run."""
    settings = load_settings(index=index)
    if corpus is not None:
        if index is None:
            settings = settings.model_copy(update={"index": _cached_index(settings, corpus)})
        _index_once(config, settings, corpus, may_rebuild=index is None)
    chatbot = Chatbot(settings)
    try:
        chatbot.index  # noqa: B018 - opens it
    except IndexMismatch:
        raise  # its message says how the index is built anew
    except IndexUnavailable as error:
        raise IndexUnavailable(
            f"{error}\n"
            f"  to ask an index:   chatbot index my-documents --index {settings.index}\n"
            "  to ask a folder:   pytest --chatbot-corpus my-documents   (or chatbot_corpus in pytest's ini file)\n"
            "  to ask another:    pytest --chatbot-index my-index        (or chatbot_index)"
        ) from error
    return chatbot


def _cached_index(settings: Settings, corpus: Path) -> Path:
    """A folder for the index of a corpus, the same at every run."""
    digest = hashlib.sha256(os.fsencode(corpus.resolve())).hexdigest()[:12]
    return settings.cache / "tested" / f"{corpus.resolve().name}-{digest}"


def _index_once(config: pytest.Config, settings: Settings, corpus: Path, may_rebuild: bool) -> None:
    """Indexes the corpus as ``chatbot index`` does; of the workers of a run the first does it and the others wait."""
    run = os.environ.get(_RUN, "")
    done = settings.index.with_name(f"{settings.index.name}.run")
    done.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{done}.lock"):
        if run and done.is_file() and done.read_text("utf-8") == run:
            return
        if not settings.index.exists():
            _tell(config, f"chatbot: indexing {corpus} into {settings.index}; next time only what has changed")
        _index(settings, corpus, may_rebuild)
        done.write_text(run, "utf-8")


def _index(settings: Settings, corpus: Path, may_rebuild: bool) -> None:
    from chatbot.cli.indexing import build

    try:
        outcome = build(settings, [corpus])
    except IndexMismatch:
        if not may_rebuild:  # the folder is the user's, who may want it as it is
            raise
        outcome = build(settings, [corpus], rebuild=True)
    if outcome.plan.failed:
        raise CorpusError(
            f"{len(outcome.plan.failed):,} of the files cannot be read, and answers without them prove nothing; mend "
            f"or remove them: {'; '.join(str(error) for error in outcome.plan.failed[:5])}"
        )


def _tell(config: pytest.Config, line: str) -> None:
    """Writes past pytest's capturing: indexing a large corpus takes minutes, and silence looks like a hang."""
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is None:
        print(line, flush=True)
        return
    with capture.global_and_fixture_disabled():
        print(f"\n{line}", flush=True)
