"""Drafts: answers that their authors may send to review. Read as they were answered, whatever was indexed since."""

from __future__ import annotations

import json
import secrets
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import ValidationError

from chatbot.answer_record import AnswerRecord, answer_of, documents_of, read_document, record_of, write_document
from chatbot.domain import Answer, Document
from chatbot.errors import KeepingError
from chatbot.people import Person, Role
from chatbot.review.content import shown_at_first, statements_of, with_statements
from chatbot.review.review_file import ReviewFile, add_event, events_of, now, time, today
from chatbot.review.stages import Event, Stage, What, stage_after

PREFIX = "draft-"
"""Begins what a draft is called among articles: in the queue, in conversations."""

_TOKEN_BYTES = 16  # 128 bits: a link is not guessed
_OPEN = frozenset({Stage.DRAFT, Stage.RETURNED})


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer on its way to an article.

    ``answer`` is all that was found; ``chosen`` the places, from 0, of the statements that its author leaves in.
    ``updated`` is a day in ISO 8601; ``article`` the id of the article it became, empty before; ``author`` is an id.
    """

    id: str
    author: str
    author_name: str
    answer: Answer
    chosen: tuple[int, ...]
    updated: str
    article: str
    history: tuple[Event, ...]

    @property
    def question(self) -> str:
        return self.answer.question

    @property
    def stage(self) -> Stage:
        return stage_after(self.history)

    @property
    def is_open(self) -> bool:
        """Whether its author may still change it and send it."""
        return self.stage in _OPEN

    @property
    def shown_answer(self) -> Answer:
        """What its author reads: all that was found, until a statement is left out or the draft is sent."""
        is_untouched = not self.history and self.chosen == shown_at_first(self.answer)
        return self.answer if is_untouched else self.article_answer

    @property
    def article_answer(self) -> Answer:
        """What is sent to review: the chosen statements alone."""
        return with_statements(self.answer, self.chosen)


@dataclass(frozen=True, slots=True)
class DraftListed:
    """A draft as its author's list shows it."""

    id: str
    question: str
    stage: Stage
    begun: datetime
    article: str


class Drafts:
    """The drafts of one file. Every method raises KeepingError where the draft is not there for this person.

    A draft is its author's alone until it is sent; then every reviewer may read it.
    """

    def __init__(self, file: ReviewFile) -> None:
        self._file = file

    def begin(self, person: Person, answer: Answer) -> str:
        """The id of a new draft, under the question as it was understood. What the answer folds away is left out."""
        answer = replace(answer, question=answer.resolved or answer.question)
        draft, record = secrets.token_hex(_TOKEN_BYTES), record_of(answer).model_dump_json()
        documents = {key: zlib.compress(write_document(d)) for key, d in documents_of(answer).items()}
        chosen = json.dumps(shown_at_first(answer))
        with self._file.changing() as db:
            db.execute(
                "INSERT INTO draft (id, author, author_name, begun, updated, chosen, record)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (draft, person.id, person.name, now(), today(), chosen, record),
            )
            db.executemany("INSERT OR IGNORE INTO document VALUES (?, ?)", documents.items())
            db.executemany("INSERT INTO needed VALUES (?, ?)", ((draft, key) for key in documents))
        return draft

    def draft(self, person: Person, draft_id: str) -> Draft:
        """The draft, for its author and, once it was sent, for reviewers."""
        with self._file.opened() as db:
            draft = read_draft(db, draft_id)
        if draft.author != person.id and not (draft.history and person.may(Role.REVIEWER)):
            raise unknown()
        return draft

    def drafts(self, person: Person) -> list[DraftListed]:
        """The person's own, the newest first."""
        if not self._file.is_there:
            return []
        with self._file.opened() as db:
            query = "SELECT id, record, begun, article FROM draft WHERE author = ? ORDER BY begun DESC, rowid DESC"
            rows = db.execute(query, (person.id,)).fetchall()
            events = events_of(db, [PREFIX + row[0] for row in rows])
        return [
            DraftListed(
                draft,
                str(json.loads(record)["question"]),
                stage_after(events.get(PREFIX + draft, ())),
                time(begun),
                article,
            )
            for draft, record, begun, article in rows
        ]

    def choose(self, person: Person, draft_id: str, statements: Sequence[int]) -> None:
        """Leaves these statements in (places from 0) and all others out. None at all is refused."""
        with self._file.changing() as db:
            draft = _own(db, person, draft_id)
            chosen = sorted(set(statements) & set(range(len(statements_of(draft.answer)))))
            if not chosen:
                raise KeepingError("an article needs a statement; leave at least one in")
            db.execute("UPDATE draft SET chosen = ?, updated = ? WHERE id = ?", (json.dumps(chosen), today(), draft_id))

    def send(self, person: Person, draft_id: str, note: str = "") -> None:
        """Sends the draft to review, the first time or again; ``note`` is the author's to the reviewer."""
        with self._file.changing() as db:
            _own(db, person, draft_id)
            add_event(db, PREFIX + draft_id, person, Event(What.SENT, datetime.min, person.name, note.strip()))

    def delete(self, person: Person, draft_id: str) -> None:
        """Deletes a draft that was never sent, for good: nothing of it remains in the file."""
        with self._file.removing() as db:
            if _own(db, person, draft_id).history:
                raise KeepingError("this draft was sent to review and stays in its history; leave it as it is")
            db.execute("DELETE FROM draft WHERE id = ?", (draft_id,))
            db.execute("DELETE FROM document WHERE hash NOT IN (SELECT hash FROM needed)")


def read_draft(db: sqlite3.Connection, draft_id: str) -> Draft:
    """The draft, whoever asks. Raises KeepingError where there is none."""
    query = "SELECT author, author_name, record, chosen, updated, article FROM draft WHERE id = ?"
    found = db.execute(query, (draft_id,)).fetchone()
    if found is None:
        raise unknown()
    author, author_name, record, chosen, updated, article = found
    query = "SELECT hash, content FROM document WHERE hash IN (SELECT hash FROM needed WHERE draft = ?)"
    contents = dict(db.execute(query, (draft_id,)))
    history = events_of(db, [PREFIX + draft_id]).get(PREFIX + draft_id, ())
    answer = _read_answer(record, contents)
    return Draft(draft_id, author, author_name, answer, tuple(json.loads(chosen)), updated, article, history)


def unknown() -> KeepingError:
    """The same words for a draft that never was and for another person's."""
    return KeepingError("there is no such draft that you may read; it was deleted, or it is somebody else's")


def _own(db: sqlite3.Connection, person: Person, draft_id: str) -> Draft:
    draft = read_draft(db, draft_id)
    if draft.author != person.id:
        raise unknown()
    if not draft.is_open:
        raise KeepingError(f"this draft is with the reviewers ({draft.stage}); it can be changed when it is returned")
    return draft


def _read_answer(record: str, contents: dict[str, bytes]) -> Answer:
    documents: dict[str, Document] = {}

    def document(key: str) -> Document:
        if key not in documents:
            documents[key] = read_document(zlib.decompress(contents[key]))
        return documents[key]

    try:
        return answer_of(AnswerRecord.model_validate_json(record), document)
    except (ValidationError, KeyError, zlib.error) as error:
        raise KeepingError(
            "this draft was kept by a version of this software that wrote answers in another way; open it with that "
            "version, or ask its question again"
        ) from error
