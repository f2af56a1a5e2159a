"""The editorial review over one data folder and one corpus: drafts, the desk, and the re-check after indexing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from chatbot.approved import Effective, effective_status
from chatbot.domain import Kind, Reference, ReviewStatus
from chatbot.index.reader import Index
from chatbot.review.desk import Desk
from chatbot.review.drafts import Drafts
from chatbot.review.review_file import INDEX_RUN, ReviewFile, add_event, events_of
from chatbot.review.stages import Event, What

_JUDGED = frozenset({What.APPROVED, What.MOVED, What.RESTORED})


@dataclass(frozen=True, slots=True)
class Rechecked:
    """An article whose approval does not hold any more, or holds again, and why."""

    article: Reference
    stands: Effective
    note: str


class Reviews:
    """Safe for any number of threads and processes; holds nothing of anybody, every call names its person."""

    def __init__(self, folder: Path, corpus: Path) -> None:
        self._file = ReviewFile(folder)
        self.drafts = Drafts(self._file)
        self.desk = Desk(self._file, corpus)

    def recheck(self, index: Index) -> list[Rechecked]:
        """The articles whose approval has newly fallen or stands again, by id, each kept as an event, once.

        To be called when the index has changed. Raises KeepingError where an event is due and cannot be kept.
        """
        found = []
        for reference in index.references_of(Kind.ARTICLE):
            document = index.document(reference.id) if reference.status is ReviewStatus.APPROVED else None
            if document is not None:
                stands = effective_status(document, index)
                if self._note_change(reference.id, stands):
                    found.append(Rechecked(reference, stands, describe(stands)))
        return found

    def _note_change(self, article: str, stands: Effective) -> bool:
        """Whether this is news; it is kept then. An approval that holds is, only where it was sent back before."""
        if not stands.is_sent_back and (stands.approval is None or not self._file.is_there):
            return False
        with self._file.changing() as db:
            history = events_of(db, [article]).get(article, ())
            judged = [event for event in history if event.what in _JUDGED]
            last = judged[-1] if judged else None
            was_sent_back = last is not None and last.what is What.MOVED
            note, approved = describe(stands), stands.approval.hash if stands.approval else ""
            is_same = last is not None and was_sent_back and (last.note, last.hash) == (note, approved)
            if is_same or not (stands.is_sent_back or was_sent_back):
                return False
            what = What.MOVED if stands.is_sent_back else What.RESTORED
            add_event(db, article, INDEX_RUN, Event(what, datetime.min, INDEX_RUN.name, note, approved))
            return True


def describe(stands: Effective) -> str:
    """Why an approval does not hold, one sentence for each reason; empty where it does."""
    said = ["The article's text was changed after it was approved."] if stands.edited else []
    for moved in stands.moved:
        title = moved.reference.title if moved.reference else moved.span.reference
        said.append(f"{moved.change}: “{title.rstrip('.')}”, cited for “{' '.join(moved.span.quote.split())}”.")
    return " ".join(said)
