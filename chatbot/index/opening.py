"""Opening what a run writes with while it still plans: the model, and Chroma's graph, take a second to load.

Both load outside Python's lock, so a run's own work goes on beside them. Imports do not: they read many small files,
and for each of them a thread may wait until another one lets go of the lock. Chroma is therefore imported at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.domain import Kind
from chatbot.embedding import Encoder, OnnxEncoder
from chatbot.index.found_files import FoundFiles
from chatbot.index.ledger import LedgerRows
from chatbot.index.reading import is_unchanged

if TYPE_CHECKING:
    from chatbot.index.stores import Stores

# Of touched files, looked through before planning for one that does not hold what it held. Beyond, reading takes so
# long that a second less is not felt.
_MOST_BYTES = 100_000_000


class Opening:
    """The stores below a folder and the model, opened when they are first needed, or from ``begin`` on."""

    def __init__(self, folder: Path, encoder: Encoder, unsettled: Mapping[str, int]) -> None:
        self._folder = folder
        self._encoder = encoder
        self._unsettled = unsettled
        self._begun: Future[Stores] | None = None

    def begin(self, kinds: Collection[Kind]) -> None:
        """Opens the stores, with the graphs of some kinds, and loads the model, in threads. To be called once."""
        with_threads = ThreadPoolExecutor(max_workers=2)
        try:
            if isinstance(self._encoder, OnnxEncoder):
                with_threads.submit(self._encoder.load)  # where that fails, the first text says so
            from chatbot.index import stores

            self._begun = with_threads.submit(stores.Stores, self._folder, self._unsettled, kinds)
        finally:
            with_threads.shutdown(wait=False)

    def stores(self) -> Stores:
        """The stores; waits for those begun. Raises ``vectors.STORE_ERRORS``."""
        from chatbot.index.stores import Stores

        return self._begun.result() if self._begun else Stores(self._folder, self._unsettled)

    def end(self) -> None:
        """Waits until nothing of it is under way: the folder is then another run's."""
        if self._begun:
            self._begun.exception()


def foreseen(found: FoundFiles, ledger: LedgerRows) -> list[Kind] | None:
    """The kinds of what is likely to be written, so far as that is known; None where nothing is likely to be.

    Told by the first file that is new or does not hold what it held: much less work than planning.
    """
    before, room = ledger.heads(), _MOST_BYTES
    for path, stamp in found.stamps.items():
        last = before.get(path)
        if last is None:
            return []
        if is_unchanged(last, stamp):
            continue
        room -= stamp.size
        if room < 0:
            return None
        if found.digest(path) != last.digest or stamp.manner != last.stamp.manner:
            return ledger.kinds(path)
    return None
