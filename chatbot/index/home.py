"""Where the stores of an index lie, and how rebuilt ones take the place of the old ones.

    index/CURRENT             the name of the store in force; replaced in one step
    index/store-1/            manifest, chroma, words: what a run writes to and readers open
    index/store-2-9f86d081/   a rebuild, not in force yet, named by what it is made of
    index.lock                held by the one run that writes: what changes anything here is for who holds it

An index folder without CURRENT may hold the stores directly, as all did once; it is used as it is until it is rebuilt.

A rebuild that was killed is gone on with by the next one that is made of the same (model, rules, paths), and removed
by any other run. A store that was replaced is removed as soon as no process has its manifest open: by the run that
replaced it, or by a later one.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import filelock

from chatbot.errors import IndexUnavailable
from chatbot.index.lexical import DOCUMENT_PARTS, DOCUMENT_WORDS, PASSAGE_WORDS
from chatbot.index.manifest import FILE_NAME, Manifest

CURRENT = "CURRENT"
VECTORS = "chroma"

_REBUILD = "run 'chatbot index --rebuild' on it to build it anew from your documents"
_STORE = re.compile(r"store-(\d{1,9})(?:-([0-9a-f]+))?")
_FLAT = (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", VECTORS, PASSAGE_WORDS, DOCUMENT_WORDS, DOCUMENT_PARTS)


def home(index: Path) -> Path:
    """The folder of the stores in force: the one that CURRENT names; without CURRENT the index folder itself.

    It need not exist: then there is no index. Raises IndexUnavailable where CURRENT is damaged.
    """
    try:
        name = (index / CURRENT).read_text("utf-8").strip()
    except FileNotFoundError:
        return index
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnavailable(f"index {index}: its file {CURRENT} cannot be read ({error}); {_REBUILD}") from error
    if not _STORE.fullmatch(name):
        raise IndexUnavailable(f"index {index}: its file {CURRENT} names no store ({name[:40]!r}); {_REBUILD}")
    return index / name


def lock_of(index: Path) -> filelock.FileLock:
    """What the one run holds that writes to an index."""
    return filelock.FileLock(str(index.absolute()) + ".lock")


def founded(index: Path) -> Path:
    """The store in force; where there is none at all, a first one, which is in force at once.

    Raises OSError, and IndexUnavailable as ``home`` does.
    """
    store = home(index)
    if store == index and not (index / FILE_NAME).is_file():
        store = index / "store-1"
        store.mkdir(parents=True, exist_ok=True)
        adopt(index, store)
    store.mkdir(exist_ok=True)
    return store


def fresh(index: Path, made_of: str) -> Path:
    """A store for a rebuild: that of a killed one made of the same, else a new folder. Raises OSError.

    ``made_of``: hexadecimal digits that differ where what is built differs.
    """
    in_force = _number(_named(index))
    stores = _stores(index)
    for store in stores:
        if _number(store) > in_force and store.name.endswith(f"-{made_of}"):
            return store
    store = index / f"store-{max([in_force, *map(_number, stores)]) + 1}-{made_of}"
    store.mkdir(parents=True)
    return store


def generation_at(store: Path) -> int:
    """The generation of a store; 0 where it has none yet, is not there or cannot be read."""
    try:
        with closing(Manifest(store)) as manifest:
            return manifest.generation
    except (sqlite3.Error, ValueError):
        return 0


def next_generation(index: Path) -> int:
    """One more than the generation in force, so that whoever compares generations sees a rebuild as newer.

    1 where there is none, or where it cannot be read.
    """
    return generation_at(_named(index)) + 1


def adopt(index: Path, store: Path) -> None:
    """Puts a store in force, in one step: killed at any moment, the old or the new one is. Raises OSError."""
    written = index / f"{CURRENT}.new"
    with written.open("w", encoding="utf-8") as stream:
        stream.write(f"{store.name}\n")
        stream.flush()
        os.fsync(stream.fileno())
    written.replace(index / CURRENT)


def clear(index: Path, keep: Path) -> list[Path]:
    """Removes every store but that in force and ``keep``; those that somebody still reads stay and are returned."""
    kept = {_named(index), keep}
    left = [store for store in _stores(index) if store not in kept and not _removed(store, [store])]
    flat = [*(index / name for name in _FLAT), *index.glob("words-*")]
    if index not in kept and (index / FILE_NAME).exists() and not _removed(index, flat):
        left.append(index)
    return left


def discard(store: Path) -> None:
    """Removes a rebuild that is not in force; what cannot be removed now is tried again by the next run."""
    shutil.rmtree(store, ignore_errors=True)


def _named(index: Path) -> Path:
    """As ``home``; where CURRENT is damaged, a store that is not there."""
    try:
        return home(index)
    except IndexUnavailable:
        return index / CURRENT


def _stores(index: Path) -> list[Path]:
    """The folder of every store below an index, in force or not."""
    return [folder for folder in sorted(index.glob("store-*")) if _STORE.fullmatch(folder.name)]


def _number(store: Path) -> int:
    match = _STORE.fullmatch(store.name)
    return int(match[1]) if match else 0


def _removed(store: Path, parts: list[Path]) -> bool:
    """Whether nobody read the store and its parts are gone. The manifest goes last: what is left is found again."""
    if _is_read(store / FILE_NAME):
        return False
    for part in reversed(parts):
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
    return not any(part.exists() for part in parts)


def _is_read(manifest: Path) -> bool:
    """Whether any connection to a manifest is open, in this process or another: while one is, it cannot leave WAL mode.

    https://www.sqlite.org/wal.html: the change needs the file for oneself. A killed process has no connection.
    """
    try:
        with closing(sqlite3.connect(f"{manifest.absolute().as_uri()}?mode=rw", uri=True, timeout=0)) as connection:
            return bool(connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "wal")
    except sqlite3.OperationalError:
        return manifest.is_file()  # locked by who reads it
    except sqlite3.DatabaseError:
        return False  # not a database any more: nobody can read it
