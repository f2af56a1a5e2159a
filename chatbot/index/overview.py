"""What an index was made from and what failed, read from its manifest alone; and whether a run is at work on it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import filelock

from chatbot.errors import IndexUnavailable
from chatbot.index.home import home, lock_of
from chatbot.index.identity import damaged
from chatbot.index.manifest import FILE_NAME, Manifest
from chatbot.run_report import LAST_RUN, FailedSource, RunOutcome, read_outcome
from chatbot.settings import Settings


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known of the files behind an index.

    ``roots`` are the folders and files that runs were given, each once; ``with_kind`` those of them that were given
    with a kind of evidence, which a run without one would read otherwise. ``failures`` are all that stand: those of
    files that could not be read when they were last seen, then what else the last run could not index.
    """

    roots: tuple[Path, ...] = ()
    with_kind: tuple[Path, ...] = ()
    files: int = 0
    failures: tuple[FailedSource, ...] = ()
    last_run: RunOutcome | None = None


def overview(settings: Settings) -> Overview:
    """The overview of the index in force; an empty one where there is none. Raises IndexUnavailable."""
    store = home(settings.index)
    if not (store / FILE_NAME).is_file():
        return Overview()
    try:
        with closing(Manifest(store)) as manifest:
            heads = manifest.ledger.heads().values()
            standing = [FailedSource(path, f.problem, f.line, f.member) for path, f in manifest.ledger.failures()]
            last_run = read_outcome(manifest.get(LAST_RUN))
    except (sqlite3.Error, ValueError) as error:
        raise IndexUnavailable(damaged(settings, str(error))) from error
    roots = dict.fromkeys(Path(head.stamp.root) for head in heads if not head.stamp.kind)
    with_kind = dict.fromkeys(Path(head.stamp.root) for head in heads if head.stamp.kind)
    others = last_run.failures if last_run else ()
    return Overview(tuple(roots), tuple(with_kind), len(heads), tuple(dict.fromkeys((*standing, *others))), last_run)


def is_being_written(index: Path) -> bool:
    """Whether a run is at work on an index, in whatever process."""
    try:
        with lock_of(index).acquire(timeout=0):
            return False
    except filelock.Timeout:
        return True
    except OSError:
        return False  # its folder is not there, or nobody may write there: then nobody does
