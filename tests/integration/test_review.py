"""Drafts, decisions, approved files, and what becomes of an approval when its sources change. On a real index."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from chatbot.approved import Change, effective_status
from chatbot.binding import bind_article
from chatbot.domain import Answer, Document, ReviewStatus
from chatbot.embedding import Encoder
from chatbot.errors import KeepingError
from chatbot.index.reader import Index
from chatbot.people import LOCAL, Person, Role
from chatbot.pipeline import Chatbot
from chatbot.review.desk import Item
from chatbot.review.reviews import Reviews
from chatbot.review.stages import Stage, What
from chatbot.settings import Settings, load_settings
from chatbot.verification import verified
from tests.conftest import index_paths, write_reference

AUTHOR = Person("a", "Ada Author")
OTHER = Person("o", "Otto Other")
REVIEWER = Person("r", "Rita Reviewer", frozenset({Role.READER, Role.REVIEWER}))
SECOND = Person("s", "Sam Second", frozenset({Role.READER, Role.REVIEWER}))
DOSE = "Adults take 5 mg of zolimab once daily for gout."
HARM = "Zolimab is not safe in pregnancy."
LISTED = "Common side effects of zolimab include:\n\n- nausea\n- a rash of the face and hands\n"


@dataclass
class Place:
    """A corpus of two sources and one article, its index, and the reviews over both."""

    settings: Settings
    encoder: Encoder

    @property
    def reviews(self) -> Reviews:
        return Reviews(self.settings.data, self.settings.corpus)

    def index(self) -> Index:
        index_paths(self.settings, self.encoder, self.settings.corpus)
        return Index(self.settings, self.encoder)

    def write(self, name: str, text: str, **fields: str) -> Path:
        return write_reference(self.settings.corpus / "references" / "research", name, text, **fields)

    def sent(self, index: Index, question: str = "How much zolimab is taken for gout?") -> tuple[str, Answer]:
        """A draft that was sent, and its answer."""
        answer = Chatbot(self.settings, self.encoder).ask(question)
        draft = self.reviews.drafts.begin(AUTHOR, answer)
        self.reviews.drafts.send(AUTHOR, draft)
        return draft, answer

    def approve(self, item: str, index: Index, person: Person = REVIEWER, signed: str = "") -> str:
        """The id of the article: opened, every statement marked as supported, approved."""
        desk = self.reviews.desk
        opened = desk.open(person, item, index)
        for number, _ in enumerate(opened.content.claims, start=1):
            desk.mark(person, item, opened.content.hash, number, True)
        return desk.approve(person, item, opened.content.hash, index, signed)

    def approved(self) -> tuple[Index, Document]:
        """The index with the article that a draft became."""
        index = self.index()
        draft, _ = self.sent(index)
        article = self.approve(f"draft-{draft}", index)
        index = self.index()
        document = index.document(article)
        assert document is not None
        return index, document


@pytest.fixture
def place(tmp_path: Path, encoder: Encoder) -> Place:
    made = Place(load_settings(index=tmp_path / "index", corpus=tmp_path / "corpus", data=tmp_path / "data"), encoder)
    made.write("research-zolimab", f"## Dose\n\n{DOSE}\n\n## Safety\n\n{HARM}\n\n{LISTED}")
    made.write("research-gout", "Gout is treated with zolimab by many rheumatologists.", topics="[gout]")
    return made


def said(answer: Answer) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The statements with their leads and quotes."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    return [
        (claim.text, claim.lead, tuple(quotes[number] for number in claim.citations))
        for section in answer.sections
        for claim in section.claims
    ]


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_a_draft_is_its_authors_until_it_is_sent_and_then_the_reviewers_too(place: Place) -> None:
    place.index()
    drafts = place.reviews.drafts
    draft = drafts.begin(AUTHOR, Chatbot(place.settings, place.encoder).ask("How much zolimab is taken for gout?"))
    assert drafts.draft(AUTHOR, draft).stage is Stage.DRAFT
    for person in (OTHER, REVIEWER):
        with pytest.raises(KeepingError, match="no such draft"):
            drafts.draft(person, draft)
    drafts.send(AUTHOR, draft)
    assert drafts.draft(REVIEWER, draft).stage is Stage.SUBMITTED
    with pytest.raises(KeepingError, match="no such draft"):
        drafts.draft(OTHER, draft)
    assert [one.id for one in drafts.drafts(AUTHOR)] == [draft]
    assert drafts.drafts(OTHER) == []


def test_a_draft_keeps_the_words_it_was_answered_with_whatever_is_indexed_since(place: Place) -> None:
    draft, answer = place.sent(place.index())
    place.write("research-zolimab", "Nothing of that is left here.")
    place.index()
    assert said(place.reviews.drafts.draft(AUTHOR, draft).answer) == said(answer)


def test_an_author_leaves_statements_out_and_adds_none(place: Place) -> None:
    place.index()
    drafts = place.reviews.drafts
    draft = drafts.begin(AUTHOR, Chatbot(place.settings, place.encoder).ask("Is zolimab safe, and how much is taken?"))
    before = said(drafts.draft(AUTHOR, draft).article_answer)
    drafts.choose(AUTHOR, draft, [0, 99])
    assert said(drafts.draft(AUTHOR, draft).article_answer) == before[:1]
    with pytest.raises(KeepingError, match="at least one"):
        drafts.choose(AUTHOR, draft, [])
    with pytest.raises(KeepingError, match="no such draft"):
        drafts.choose(OTHER, draft, [0])


def test_what_was_sent_cannot_be_changed_or_deleted_by_its_author(place: Place) -> None:
    draft, _ = place.sent(place.index())
    for change in (lambda d: d.send(AUTHOR, draft), lambda d: d.choose(AUTHOR, draft, [0])):
        with pytest.raises(KeepingError, match="with the reviewers"):
            change(place.reviews.drafts)
    with pytest.raises(KeepingError):
        place.reviews.drafts.delete(AUTHOR, draft)


def test_a_deleted_draft_leaves_no_byte_in_the_folder(place: Place) -> None:
    place.index()
    drafts = place.reviews.drafts
    draft = drafts.begin(AUTHOR, Chatbot(place.settings, place.encoder).ask("How much zolimab is taken for gout?"))
    drafts.delete(AUTHOR, draft)
    left = b"".join(path.read_bytes() for path in place.settings.data.rglob("*") if path.is_file())
    assert b"zolimab" not in left
    assert draft.encode() not in left


def test_the_file_is_readable_by_its_owner_only_and_refuses_to_change_an_event(place: Place) -> None:
    place.sent(place.index())
    path = place.settings.data / "reviews.sqlite"
    assert path.stat().st_mode & 0o077 == 0
    with sqlite3.connect(path) as db:
        for change in ("UPDATE event SET name = 'x'", "DELETE FROM event"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                db.execute(change)
    db.close()


# --- the desk ---------------------------------------------------------------------------------------------------------


def test_only_reviewers_see_the_queue_and_decide(place: Place) -> None:
    index = place.index()
    draft, _ = place.sent(index)
    with pytest.raises(KeepingError, match="only reviewers"):
        place.reviews.desk.queue(AUTHOR, index)
    with pytest.raises(KeepingError, match="only reviewers"):
        place.reviews.desk.open(OTHER, f"draft-{draft}", index)


def test_a_draft_goes_from_author_to_reviewer_back_and_to_approval(place: Place) -> None:
    index = place.index()
    draft, _ = place.sent(index)
    desk, item = place.reviews.desk, f"draft-{draft}"
    opened = desk.open(REVIEWER, item, index)
    desk.mark(REVIEWER, item, opened.content.hash, 1, False)
    desk.hand_back(REVIEWER, item, opened.content.hash, "Too broad.", index)
    returned = place.reviews.drafts.draft(AUTHOR, draft)
    assert (returned.stage, returned.history[-1].note, returned.history[-1].unsupported) == (
        Stage.RETURNED,
        "Too broad.",
        (1,),
    )
    place.reviews.drafts.send(AUTHOR, draft)
    place.approve(item, index)
    history = place.reviews.drafts.draft(AUTHOR, draft).history
    assert [event.what for event in history] == [
        What.SENT,
        What.OPENED,
        What.RETURNED,
        What.SENT,
        What.OPENED,
        What.APPROVED,
    ]
    assert history[-1].name == "Rita Reviewer"


def test_returning_needs_a_note_and_approving_a_mark_on_every_statement(place: Place) -> None:
    index = place.index()
    draft, _ = place.sent(index)
    desk, item = place.reviews.desk, f"draft-{draft}"
    seen = desk.open(REVIEWER, item, index).content.hash
    with pytest.raises(KeepingError, match="note is missing"):
        desk.hand_back(REVIEWER, item, seen, "  ", index)
    with pytest.raises(KeepingError, match="every statement must be marked"):
        desk.approve(REVIEWER, item, seen, index)
    assert desk.item(REVIEWER, item, index).stage is Stage.UNDER_REVIEW


def test_the_first_of_two_decisions_counts(place: Place) -> None:
    index = place.index()
    draft, _ = place.sent(index)
    desk, item = place.reviews.desk, f"draft-{draft}"
    seen = desk.open(REVIEWER, item, index).content.hash
    desk.open(SECOND, item, index)
    desk.hand_back(SECOND, item, seen, "No.", index)
    with pytest.raises(KeepingError, match="not under review any more: Sam Second"):
        desk.hand_back(REVIEWER, item, seen, "Yes.", index)


def test_a_decision_on_what_has_changed_since_it_was_opened_is_refused(place: Place) -> None:
    index = place.index()
    draft, _ = place.sent(index)
    desk, item = place.reviews.desk, f"draft-{draft}"
    desk.open(REVIEWER, item, index)
    with pytest.raises(KeepingError, match="has changed since you opened it"):
        desk.hand_back(REVIEWER, item, "0" * 64, "No.", index)


def test_a_draft_whose_quote_has_gone_is_not_approved(place: Place) -> None:
    draft, _ = place.sent(place.index())
    place.write("research-zolimab", f"## Dose\n\n{DOSE.replace('5', '50')}\n")
    with pytest.raises(KeepingError, match="no longer stands"):
        place.approve(f"draft-{draft}", place.index())


def test_nobody_decides_on_their_own_draft_unless_there_is_nobody_else(place: Place) -> None:
    index = place.index()
    answer = Chatbot(place.settings, place.encoder).ask("How much zolimab is taken for gout?")
    drafts = {person: place.reviews.drafts.begin(person, answer) for person in (REVIEWER, LOCAL)}
    for person, draft in drafts.items():
        place.reviews.drafts.send(person, draft)
    assert place.reviews.desk.open(REVIEWER, f"draft-{drafts[REVIEWER]}", index).stage is Stage.SUBMITTED
    with pytest.raises(KeepingError, match="your own draft"):
        place.approve(f"draft-{drafts[REVIEWER]}", index)
    with pytest.raises(KeepingError, match="a name is missing"):
        place.approve(f"draft-{drafts[LOCAL]}", index, LOCAL)
    assert place.approve(f"draft-{drafts[LOCAL]}", index, LOCAL, "Dr Ada")


# --- approved articles ------------------------------------------------------------------------------------------------


def test_an_approved_draft_is_read_back_with_the_same_statements_and_quotes(place: Place) -> None:
    index = place.index()
    draft, _ = place.sent(index, "What are the side effects of zolimab?")
    expected = said(place.reviews.drafts.draft(AUTHOR, draft).article_answer)
    article = place.approve(f"draft-{draft}", index)
    index = place.index()
    document = index.document(article)
    assert document is not None
    assert any(lead for _, lead, _ in expected)
    assert said(verified(bind_article(document, index), "")) == expected
    assert document.reference.approval is not None
    assert document.reference.approval.by == "Rita Reviewer"
    assert effective_status(document, index).status is ReviewStatus.APPROVED


@pytest.mark.parametrize(
    ("text", "change", "nearest"),
    [
        (f"## Dose\n\n{DOSE.replace('5', '50')}\n", Change.CHANGED, DOSE.replace("5", "50")),
        ("## Dose\n\nNobody has studied this yet.\n", Change.CHANGED, ""),
        (None, Change.REMOVED, ""),
    ],
)
def test_a_cited_span_that_changes_sends_the_article_back_and_is_named(
    place: Place, text: str | None, change: Change, nearest: str
) -> None:
    _, document = place.approved()
    if text is None:
        (place.settings.corpus / "references/research/research-zolimab.md").unlink()
    else:
        place.write("research-zolimab", text)
    index = place.index()
    stands = effective_status(document, index)
    assert stands.status is ReviewStatus.SUBMITTED
    moved = next(one for one in stands.moved if one.span.quote == DOSE)
    assert (moved.change, moved.nearest, moved.span.reference) == (change, nearest, "research-zolimab")
    assert DOSE not in [text for text, _, _ in said(verified(bind_article(document, index), ""))]


def test_a_retracted_source_sends_the_article_back(place: Place) -> None:
    _, document = place.approved()
    place.write("research-zolimab", f"## Dose\n\n{DOSE}\n\n## Safety\n\n{HARM}\n\n{LISTED}", standing="retracted")
    moved = effective_status(document, place.index()).moved
    assert {one.change for one in moved} == {Change.RETRACTED}


def test_a_change_elsewhere_in_the_source_leaves_the_approval_standing(place: Place) -> None:
    _, document = place.approved()
    place.write("research-zolimab", f"New first words.\n\n## Dose\n\n{DOSE}\n\n## Safety\n\n{HARM}\n\n{LISTED}More.")
    assert effective_status(document, place.index()).status is ReviewStatus.APPROVED


def test_an_article_changed_after_its_approval_is_submitted(place: Place) -> None:
    _, document = place.approved()
    path = place.settings.corpus / "articles" / f"{document.id}.md"
    path.write_text(path.read_text("utf-8").replace("[Adults take", "[All adults take"), "utf-8")
    index = place.index()
    changed = index.document(document.id)
    assert changed is not None
    stands = effective_status(changed, index)
    assert (stands.status, stands.edited) == (ReviewStatus.SUBMITTED, True)


def test_a_file_that_says_approved_and_not_by_whom_is_submitted(place: Place) -> None:
    index, document = place.approved()
    unsigned = replace(document, reference=replace(document.reference, approval=None))
    assert effective_status(unsigned, index).status is ReviewStatus.SUBMITTED


def test_an_index_run_keeps_what_moved_once_and_says_when_it_stands_again(place: Place) -> None:
    _, document = place.approved()
    place.write("research-zolimab", f"## Dose\n\n{DOSE.replace('5', '50')}\n")
    (news,) = place.reviews.recheck(place.index())
    assert (news.article.id, news.stands.is_sent_back) == (document.id, True)
    assert DOSE in news.note
    assert place.reviews.recheck(place.index()) == []
    place.write("research-zolimab", f"## Dose\n\n{DOSE}\n\n## Safety\n\n{HARM}\n\n{LISTED}")
    (news,) = place.reviews.recheck(place.index())
    assert not news.stands.is_sent_back
    item = place.reviews.desk.item(REVIEWER, document.id, place.index())
    assert [event.what for event in item.history][-2:] == [What.MOVED, What.RESTORED]


def test_an_article_that_was_sent_back_is_approved_anew_on_what_its_sources_say_now(place: Place) -> None:
    _, document = place.approved()
    place.write("research-zolimab", f"## Dose\n\n{DOSE.replace('Adults', 'Grown-ups')}\n\n## Safety\n\n{HARM}\n")
    index = place.index()
    item: Item = place.reviews.desk.item(REVIEWER, document.id, index)
    assert (item.stage, bool(item.content.moved)) == (Stage.SUBMITTED, True)
    place.approve(document.id, index, SECOND)
    index = place.index()
    again = index.document(document.id)
    assert again is not None
    assert again.text == document.text
    assert effective_status(again, index).status is ReviewStatus.APPROVED
    assert DOSE.replace("Adults", "Grown-ups") in [
        q for _, _, quotes in said(bind_article(again, index)) for q in quotes
    ]


def test_an_article_whose_file_changed_since_it_was_indexed_is_not_approved(place: Place) -> None:
    path = place.settings.corpus / "articles" / "gout.md"
    path.parent.mkdir(parents=True)
    head = '---\nid: gout\nquestion: "What helps?"\ntopics: [gout]\nstatus: Submitted\nupdated: "2026-11-23"\n---\n'
    path.write_text(f"{head}## From the Research\n\n- Adults take 5 mg [@research-zolimab].\n", "utf-8")
    index = place.index()
    path.write_text(f"{head}## From the Research\n\n- Adults take 7 mg [@research-zolimab].\n", "utf-8")
    with pytest.raises(KeepingError, match="has changed since it was indexed"):
        place.approve("gout", index)
    assert "status: Submitted" in path.read_text("utf-8")
