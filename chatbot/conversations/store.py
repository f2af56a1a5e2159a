"""Conversations in their persons' files: begun, added to, read again, listed, searched, renamed, deleted.

Every method raises KeepingError where the conversation is not this person's, and where a file cannot be used. A
conversation of somebody else and one that never was are told in the same words.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from chatbot.answer_record import AnswerRecord, answer_of, documents_of, read_document, record_of, write_document
from chatbot.conversations.kept import Chat, Kept, Listed
from chatbot.domain import Answer, Document
from chatbot.errors import KeepingError
from chatbot.personal_file import PersonalFiles

_TOKEN_BYTES = 16  # 128 bits: a link is not guessed
_LONGEST_TITLE = 200  # characters: two lines of a list
_LONGEST_REASON = 2000  # characters, as a question


class Conversations:
    """The conversations below one data folder. Safe for any number of threads and processes; holds nothing itself."""

    def __init__(self, folder: Path) -> None:
        self._files = PersonalFiles(folder)

    def begin(self, person: str, subject: str, title: str) -> str:
        """The id of a new conversation, which is also the secret part of its link.

        Where ``title`` is empty, the first question becomes the title.
        """
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), _now()
        with self._files.changing(person) as db:
            db.execute("INSERT INTO conversation VALUES (?, ?, ?, ?, ?)", (token, subject, _title(title), now, now))
        return token

    def add(self, person: str, chat: str, answer: Answer, related: Sequence[str] = ()) -> None:
        """Keeps the next turn: its answer, the documents that it quotes, ids of related articles."""
        now, record = _now(), record_of(answer).model_dump_json()
        documents = {key: zlib.compress(write_document(d)) for key, d in documents_of(answer).items()}
        with self._files.changing(person) as db:
            _touch(db, chat, now)
            db.execute("UPDATE conversation SET title = ? WHERE id = ? AND title = ''", (_title(answer.question), chat))
            ((number,),) = db.execute("SELECT coalesce(max(number) + 1, 0) FROM turn WHERE conversation = ?", (chat,))
            db.execute(
                "INSERT INTO turn (conversation, number, asked, said, record, related) VALUES (?, ?, ?, ?, ?, ?)",
                (chat, number, now, _said(answer), record, json.dumps(list(related))),
            )
            db.executemany("INSERT OR IGNORE INTO document VALUES (?, ?)", documents.items())
            db.executemany("INSERT INTO needed VALUES (?, ?, ?)", ((chat, number, key) for key in documents))

    def drop_last(self, person: str, chat: str) -> None:
        """Deletes the last turn, if there is one. A first turn takes the title with it, which may quote it."""
        with self._files.removing(person) as db:
            _touch(db, chat, _now())
            ((last,),) = db.execute("SELECT max(number) FROM turn WHERE conversation = ?", (chat,))
            db.execute("DELETE FROM turn WHERE conversation = ? AND number = ?", (chat, last))
            if last == 0:
                db.execute("UPDATE conversation SET title = '' WHERE id = ?", (chat,))
            _forget_documents(db)

    def chat(self, person: str, chat: str) -> Chat:
        """The conversation, its answers as they were given, whatever has been indexed since."""
        with self._files.opened(person) as db, _snapshot(db):
            found = db.execute(
                "SELECT subject, title, begun, changed FROM conversation WHERE id = ?", (chat,)
            ).fetchone()
            if found is None:
                raise _unknown()
            query = "SELECT record, asked, related, liked, reason FROM turn WHERE conversation = ? ORDER BY number"
            turns = db.execute(query, (chat,)).fetchall()
            query = "SELECT hash, content FROM document WHERE hash IN (SELECT hash FROM needed WHERE conversation = ?)"
            contents = dict(db.execute(query, (chat,)))
        subject, title, begun, changed = found
        return Chat(chat, subject, title, _read_turns(turns, contents), _time(begun), _time(changed))

    def changed(self, person: str, chat: str) -> datetime:
        """When the conversation was last added to, or a turn of it was dropped (UTC)."""
        with self._files.opened(person) as db:
            found = db.execute("SELECT changed FROM conversation WHERE id = ?", (chat,)).fetchone()
        if found is None:
            raise _unknown()
        return _time(found[0])

    def listed(self, person: str, words: str = "") -> list[Listed]:
        """The person's conversations, the last changed first.

        With ``words``: those in whose title, questions and answers together every word occurs, in any case, also
        within a longer word.
        """
        query = (
            "SELECT c.id, c.subject, c.title, (SELECT count(*) FROM turn t WHERE t.conversation = c.id) AS questions,"
            " c.begun, c.changed FROM conversation c WHERE (questions > 0 OR c.title <> '')"
        )
        wanted = words.casefold().split()
        query += _HOLDS * len(wanted) + " ORDER BY c.changed DESC, c.rowid DESC"
        parameters = [word for word in wanted for _ in range(2)]
        with self._files.opened(person) as db:
            db.create_function("folded", 1, str.casefold, deterministic=True)
            rows = db.execute(query, parameters).fetchall()
        return [
            Listed(token, subject, title, questions, _time(begun), _time(changed))
            for token, subject, title, questions, begun, changed in rows
        ]

    def rename(self, person: str, chat: str, title: str) -> None:
        """Gives the conversation another title. An empty one raises KeepingError."""
        if not _title(title):
            raise KeepingError("a conversation needs a title; type a word or more")
        with self._files.changing(person) as db:
            if not db.execute("UPDATE conversation SET title = ? WHERE id = ?", (_title(title), chat)).rowcount:
                raise _unknown()

    def delete(self, person: str, chat: str) -> None:
        """Deletes the conversation for good: nothing of it remains in the folder's files."""
        with self._files.removing(person) as db:
            if not db.execute("DELETE FROM conversation WHERE id = ?", (chat,)).rowcount:
                raise _unknown()
            _forget_documents(db)

    def delete_all(self, person: str) -> None:
        """Deletes every conversation of the person for good."""
        with self._files.removing(person) as db:
            db.execute("DELETE FROM conversation")
            _forget_documents(db)

    def rate(self, person: str, chat: str, turn: int, liked: bool | None, reason: str = "") -> None:
        """Keeps what the person thinks of an answer, and why; ``turn`` counts from 0, None takes it back."""
        with self._files.changing(person) as db:
            changed = db.execute(
                "UPDATE turn SET liked = ?, reason = ? WHERE conversation = ? AND number = ?",
                (liked, reason.strip()[:_LONGEST_REASON], chat, turn),
            )
            if not changed.rowcount:
                raise _unknown()


_HOLDS = (
    " AND (instr(folded(c.title), ?) OR EXISTS (SELECT 1 FROM turn t WHERE t.conversation = c.id AND instr(t.said, ?)))"
)


def _snapshot(db: sqlite3.Connection) -> sqlite3.Connection:
    """Has the reads that follow see one state: a turn without its documents cannot be met."""
    db.execute("BEGIN")
    return db


def _touch(db: sqlite3.Connection, chat: str, now: str) -> None:
    if not db.execute("UPDATE conversation SET changed = ? WHERE id = ?", (now, chat)).rowcount:
        raise _unknown()


def _forget_documents(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM document WHERE hash NOT IN (SELECT hash FROM needed)")


def _read_turns(rows: list[tuple[str, str, str, int | None, str]], contents: dict[str, bytes]) -> tuple[Kept, ...]:
    documents: dict[str, Document] = {}

    def document(key: str) -> Document:
        if key not in documents:
            documents[key] = read_document(zlib.decompress(contents[key]))
        return documents[key]

    try:
        return tuple(
            Kept(
                answer_of(AnswerRecord.model_validate_json(record), document),
                _time(asked),
                tuple(json.loads(related)),
                None if liked is None else bool(liked),
                reason,
            )
            for record, asked, related, liked, reason in rows
        )
    except (ValidationError, KeyError, zlib.error) as error:
        raise KeepingError(
            "this conversation was kept by a version of this software that wrote answers in another way; open it with "
            "that version, or delete it"
        ) from error


def _said(answer: Answer) -> str:
    """What a search for words looks through, case folded: the question as typed and as read, and every statement."""
    statements = [
        part
        for section in answer.sections
        for claim in (*section.claims, *section.more)
        for part in (claim.heading, *claim.lead, claim.text)
    ]
    return "\n".join((answer.question, answer.resolved, answer.notice, *statements)).casefold()


def _title(words: str) -> str:
    return " ".join(words.split())[:_LONGEST_TITLE]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _time(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _unknown() -> KeepingError:
    return KeepingError("there is no such conversation among yours; it was deleted, or the link is somebody else's")
