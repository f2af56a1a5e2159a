"""The review desk: what waits, opening it, marking its statements, deciding. For reviewers only.

Every method raises KeepingError where the person is no reviewer, where there is no such item, and where the decision
cannot be taken any more: somebody else has decided, or what was looked at has changed since.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from chatbot.approved import Effective, effective_status
from chatbot.domain import Kind, Reference, ReviewStatus
from chatbot.errors import KeepingError
from chatbot.index.reader import Index
from chatbot.people import LOCAL, Person, Role
from chatbot.review.content import Content, content_of_article, content_of_draft
from chatbot.review.drafts import PREFIX, read_draft, unknown
from chatbot.review.publishing import publish
from chatbot.review.review_file import ReviewFile, add_event, events_of
from chatbot.review.stages import Event, Stage, What, stage_after

_LONGEST_NOTE = 4000  # characters: a page
_LONGEST_NAME = 200  # characters: a line of an article


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the queue: ``since`` is ISO 8601, a day or a moment; ``author`` is empty for a file of the corpus."""

    id: str
    question: str
    stage: Stage
    since: str
    author: str = ""
    reviewer: str = ""
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """What lies on the desk. ``author`` is the id of a draft's author, empty for a file of the corpus.

    ``marks`` are the reviewer's own, statement from 1 → whether its quotes say it; ``article`` the id under which it is
    read, empty for a draft that is not approved.
    """

    id: str
    content: Content
    stage: Stage
    history: tuple[Event, ...] = ()
    author: str = ""
    author_name: str = ""
    article: str = ""
    stands: Effective | None = None
    marks: Mapping[int, bool] = field(default_factory=dict)

    def may_be_decided_by(self, person: Person) -> bool:
        """Whether it is not the person's own. Who uses the page alone, without a login, has nobody else to ask."""
        return self.author != person.id or person == LOCAL

    @property
    def is_supported(self) -> bool:
        """Whether every statement was marked as said by its quotes."""
        return all(self.marks.get(place) for place in range(1, len(self.content.claims) + 1))


class Desk:
    """The desk over one file of reviews and one corpus folder."""

    def __init__(self, file: ReviewFile, corpus: Path) -> None:
        self._file = file
        self._corpus = corpus

    def queue(self, person: Person, index: Index) -> tuple[Waiting, ...]:
        """Every draft that was sent and every article, those that wait longest first."""
        _reviewer(person)
        with self._file.opened() as db:
            events = events_of(db)
            drafts = db.execute("SELECT id, author_name, article FROM draft").fetchall()
            questions = dict(db.execute("SELECT id, json_extract(record, '$.question') FROM draft"))
        articles = {reference.id: reference for reference in index.references_of(Kind.ARTICLE)}
        found = [
            _waiting_draft(PREFIX + draft, str(questions[draft]), author, events[PREFIX + draft])
            for draft, author, article in drafts
            if PREFIX + draft in events and article not in articles
        ]
        found += [self._waiting_article(reference, events, index) for reference in articles.values()]
        return tuple(sorted(found, key=lambda waiting: (waiting.since, waiting.id)))

    def item(self, person: Person, item_id: str, index: Index) -> Item:
        """A draft that was sent, or an article, as it is now."""
        _reviewer(person)
        with self._file.opened() as db:
            return _item(db, person, item_id, index)

    def open(self, person: Person, item_id: str, index: Index) -> Item:
        """The item, under review by this person if it was waiting and is theirs to decide."""
        _reviewer(person)
        with self._file.changing() as db:
            item = _item(db, person, item_id, index)
            if item.stage is not Stage.SUBMITTED or not item.may_be_decided_by(person):
                return item
            event = Event(What.OPENED, datetime.min, person.name, hash=item.content.hash)
            add_event(db, item_id, person, event)
            return _item(db, person, item_id, index)

    def mark(self, person: Person, item_id: str, seen: str, statement: int, supported: bool) -> None:
        """Keeps whether the quotes of a statement (from 1) say it, of the content with the hash ``seen``."""
        _reviewer(person)
        with self._file.changing() as db:
            row = (item_id, seen, person.id, statement, supported)
            db.execute("INSERT OR REPLACE INTO mark VALUES (?, ?, ?, ?, ?)", row)

    def hand_back(self, person: Person, item_id: str, seen: str, note: str, index: Index) -> None:
        """Returns the item with a note, which must say something, and the statements marked as not supported."""
        said = note.strip()[:_LONGEST_NOTE]
        if not said:
            raise KeepingError("a note is missing; say what has to change before it can be approved")
        _reviewer(person)
        with self._file.changing() as db:
            item = _to_decide(db, person, item_id, seen, index)
            unsupported = tuple(sorted(place for place, supported in item.marks.items() if not supported))
            add_event(db, item_id, person, Event(What.RETURNED, datetime.min, person.name, said, seen, unsupported))

    def approve(self, person: Person, item_id: str, seen: str, index: Index, signed: str = "") -> str:
        """Approves the content with the hash ``seen`` and writes it to the corpus; the id of the article.

        Every statement must be marked as supported by this person, and every quote must stand in the index. The article
        names who approved it: the person's name, or, without a login, the name that is ``signed``.
        """
        _reviewer(person)
        name = " ".join(signed.split())[:_LONGEST_NAME] if person == LOCAL else person.name
        if not name:
            raise KeepingError("a name is missing; an approved article says who approved it")
        with self._file.changing() as db:
            item = _to_decide(db, person, item_id, seen, index)
            if not item.is_supported:
                raise KeepingError(
                    "every statement must be marked as supported; return it with a note where one is not"
                )
            draft = item_id.removeprefix(PREFIX) if item.author else ""
            add_event(db, item_id, person, Event(What.APPROVED, datetime.min, name, hash=seen))
            article = publish(item.content, item.article, name, self._corpus, index)
            if draft:
                db.execute("UPDATE draft SET article = ? WHERE id = ?", (article, draft))
        return article

    def under_review(self) -> frozenset[str]:
        """The ids of what a reviewer has open: of articles, and of drafts with their prefix."""
        if not self._file.is_there:
            return frozenset()
        with self._file.opened() as db:
            query = "SELECT item FROM event WHERE what = ? AND number IN (SELECT max(number) FROM event GROUP BY item)"
            return frozenset(item for (item,) in db.execute(query, (What.OPENED,)))

    def _waiting_article(self, reference: Reference, events: Mapping[str, tuple[Event, ...]], index: Index) -> Waiting:
        history = events.get(reference.id, ())
        stands = _stands(reference, index)
        stage = _stage_of_article(reference.id, stands, history, index)
        since = history[-1].at.isoformat() if history else reference.date
        return Waiting(reference.id, reference.title, stage, since, "", _reviewer_of(history), len(stands.moved))


def _reviewer(person: Person) -> None:
    if not person.may(Role.REVIEWER):
        raise KeepingError("only reviewers may do this; ask whoever runs this page for the role")


def _item(db: sqlite3.Connection, person: Person, item_id: str, index: Index) -> Item:
    if item_id.startswith(PREFIX):
        draft = read_draft(db, item_id.removeprefix(PREFIX))
        if not draft.history:
            raise unknown()
        content = content_of_draft(draft.question, draft.article_answer, draft.updated, index)
        marks = _marks(db, person, item_id, content)
        return Item(
            item_id, content, draft.stage, draft.history, draft.author, draft.author_name, draft.article, None, marks
        )
    document = index.document(item_id)
    if document is None or document.kind is not Kind.ARTICLE:
        raise KeepingError(f"there is no article {item_id} in the index; choose one in the queue")
    content, stands = content_of_article(document, index)
    born = [PREFIX + row[0] for row in db.execute("SELECT id FROM draft WHERE article = ?", (item_id,))]
    events = events_of(db, [*born, item_id])
    history = tuple(event for name in (*born, item_id) for event in events.get(name, ()))
    stage = _stage_of_article(item_id, stands, events.get(item_id, ()), index, content)
    marks = _marks(db, person, item_id, content)
    return Item(item_id, content, stage, history, article=item_id, stands=stands, marks=marks)


def _stage_of_article(
    article: str, stands: Effective, own: Sequence[Event], index: Index, content: Content | None = None
) -> Stage:
    """By what is indexed where that is approved; else by the last event, if it is about what is indexed."""
    if stands.status is ReviewStatus.APPROVED:
        return Stage.APPROVED
    last = stage_after(own)
    if last not in {Stage.RETURNED, Stage.APPROVED}:
        return last if last is Stage.UNDER_REVIEW else Stage.SUBMITTED
    document = index.document(article) if content is None else None
    read = content or (content_of_article(document, index)[0] if document else None)
    return last if read and read.hash == own[-1].hash else Stage.SUBMITTED


def _to_decide(db: sqlite3.Connection, person: Person, item_id: str, seen: str, index: Index) -> Item:
    """The item, if this person may still decide on the content that they have seen."""
    item = _item(db, person, item_id, index)
    if not item.may_be_decided_by(person):
        raise KeepingError("this is your own draft; another reviewer decides on it")
    if item.stage is not Stage.UNDER_REVIEW:
        last = item.history[-1] if item.history else None
        who = f": {last.name}, {last.what.lower()}" if last else ""
        raise KeepingError(f"this is not under review any more{who}; open it again from the queue")
    if item.content.hash != seen:
        raise KeepingError("the text or a quote has changed since you opened it; read it again before you decide")
    if item.author and item.content.moved:
        raise KeepingError("a quote of this draft no longer stands in its source; return it with a note")
    return item


def _stands(reference: Reference, index: Index) -> Effective:
    document = index.document(reference.id) if reference.status is ReviewStatus.APPROVED else None
    return effective_status(document, index) if document else Effective(reference.status)


def _waiting_draft(item: str, question: str, author: str, history: tuple[Event, ...]) -> Waiting:
    sent = [event.at for event in history if event.what is What.SENT]
    return Waiting(item, question, stage_after(history), sent[-1].isoformat(), author, _reviewer_of(history))


def _reviewer_of(history: Sequence[Event]) -> str:
    return history[-1].name if history and history[-1].what is What.OPENED else ""


def _marks(db: sqlite3.Connection, person: Person, item_id: str, content: Content) -> dict[int, bool]:
    query = "SELECT statement, supported FROM mark WHERE item = ? AND hash = ? AND person = ? ORDER BY statement"
    return {int(row[0]): bool(row[1]) for row in db.execute(query, (item_id, content.hash, person.id))}
