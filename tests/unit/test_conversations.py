"""Conversations are kept per person, survive whatever happens to the server, and go without a trace."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from chatbot.conversations import Conversations
from chatbot.domain import Answer, AnswerSection, Citation, Claim, Document, Kind, Passage, Reference, Section, Sentence
from chatbot.errors import KeepingError
from chatbot.personal_file import PersonalFiles
from chatbot.preferences import Preferences
from tests.conftest import ROOT

ANNE, BEN = "https://login.test anne", "https://login.test ben"
ADDING = """
import sys
from pathlib import Path
from tests.unit.test_conversations import ANNE, answer
from chatbot.conversations import Conversations
folder, chat, name, turns = sys.argv[1:]
for number in range(int(turns)):
    Conversations(Path(folder)).add(ANNE, chat, answer(f"{name} {number}"))
    print(number, flush=True)
"""


def answer(question: str, said: str = "Sirolimus is given once daily.", source: str = "label") -> Answer:
    """An answer that quotes the whole of one document."""
    section = Section("Dose", 0, len(said))
    passage = Passage(Document(Reference(source, Kind.LABEL, "Samplomab"), said, (section,)), section, ())
    passage = Passage(passage.document, section, (Sentence(0, len(said)),))
    return Answer(
        question,
        f"{question} (read)",
        (AnswerSection(Kind.LABEL, (Claim(said, (1,)),)), AnswerSection(Kind.RESEARCH, nearest=passage)),
        (Citation(1, passage, 0, len(said)),),
    )


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "data")


def begun(kept: Conversations, *questions: str, person: str = ANNE, subject: str = "") -> str:
    chat = kept.begin(person, subject, "")
    for question in questions:
        kept.add(person, chat, answer(question))
    return chat


def questions(kept: Conversations, chat: str, person: str = ANNE) -> list[str]:
    return [turn.answer.question for turn in kept.chat(person, chat).turns]


def traces(folder: Path, phrase: str | bytes) -> list[str]:
    """The files below the folder in whose bytes the phrase stands; letters in any case."""
    wanted = phrase.encode() if isinstance(phrase, str) else phrase
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if wanted.lower() in path.read_bytes().lower()]


# --- kept and read again ----------------------------------------------------------------------------------------------


def test_a_conversation_is_read_again_as_it_was_by_another_server(kept: Conversations, tmp_path: Path) -> None:
    chat = kept.begin(ANNE, "lam-treatment", "")
    kept.add(ANNE, chat, answer("The dose?"), ["lam-diagnosis"])
    read = Conversations(tmp_path / "data").chat(ANNE, chat)
    assert (read.subject, read.title) == ("lam-treatment", "The dose?")
    assert [(turn.answer, turn.related, turn.liked) for turn in read.turns] == [
        (answer("The dose?"), ("lam-diagnosis",), None)
    ]
    assert read.begun <= read.turns[0].asked <= read.changed


def test_the_last_question_is_dropped_and_asked_in_another_way(kept: Conversations) -> None:
    chat = begun(kept, "One?", "Two?")
    kept.drop_last(ANNE, chat)
    kept.add(ANNE, chat, answer("Three?"))
    assert questions(kept, chat) == ["One?", "Three?"]


def test_a_first_question_that_is_dropped_takes_its_title_with_it(kept: Conversations) -> None:
    chat = begun(kept, "Has Jane Doe LAM?")
    kept.drop_last(ANNE, chat)
    assert kept.chat(ANNE, chat).title == ""
    kept.add(ANNE, chat, answer("What is LAM?"))
    assert kept.chat(ANNE, chat).title == "What is LAM?"


def test_an_answer_is_rated_and_the_rating_taken_back(kept: Conversations) -> None:
    chat = begun(kept, "One?", "Two?")
    kept.rate(ANNE, chat, 1, liked=False, reason=" Not my question. ")
    first, second = kept.chat(ANNE, chat).turns
    assert (first.liked, second.liked, second.reason) == (None, False, "Not my question.")
    kept.rate(ANNE, chat, 1, liked=None)
    assert kept.chat(ANNE, chat).turns[1].liked is None
    with pytest.raises(KeepingError):
        kept.rate(ANNE, chat, 2, liked=True)


def test_another_window_can_tell_that_a_conversation_has_changed(kept: Conversations) -> None:
    chat = begun(kept, "One?")
    before = kept.changed(ANNE, chat)
    kept.add(ANNE, chat, answer("Two?"))
    assert kept.changed(ANNE, chat) == kept.chat(ANNE, chat).changed > before
    with pytest.raises(KeepingError):
        kept.changed(BEN, chat)


def test_a_link_cannot_be_guessed_from_another(kept: Conversations) -> None:
    links = {begun(kept) for _ in range(20)}
    assert len(links) == 20
    assert min(map(len, links)) >= 22


# --- of one person ----------------------------------------------------------------------------------------------------


def test_nothing_of_a_conversation_is_another_persons(kept: Conversations) -> None:
    chat = begun(kept, "Mine?")
    for attempt in (
        lambda: kept.chat(BEN, chat),
        lambda: kept.add(BEN, chat, answer("Yours?")),
        lambda: kept.drop_last(BEN, chat),
        lambda: kept.rename(BEN, chat, "Yours"),
        lambda: kept.rate(BEN, chat, 0, liked=True),
        lambda: kept.delete(BEN, chat),
    ):
        with pytest.raises(KeepingError, match="no such conversation among yours"):
            attempt()
    kept.delete_all(BEN)
    assert kept.listed(BEN) == []
    assert questions(kept, chat) == ["Mine?"]


def test_a_strangers_link_and_a_link_to_nothing_are_told_in_the_same_words(kept: Conversations) -> None:
    chat = begun(kept, "Mine?")
    with pytest.raises(KeepingError) as strangers:
        kept.chat(BEN, chat)
    with pytest.raises(KeepingError) as nothing:
        kept.chat(BEN, "nothing")
    assert str(strangers.value) == str(nothing.value)


def test_a_file_under_another_persons_name_is_refused(kept: Conversations, tmp_path: Path) -> None:
    begun(kept, "Mine?")
    files = PersonalFiles(tmp_path / "data")
    files.path(ANNE).rename(files.path(BEN))
    with pytest.raises(KeepingError, match="another person"):
        kept.listed(BEN)


def test_only_the_owner_of_the_server_reads_the_files(kept: Conversations, tmp_path: Path) -> None:
    begun(kept, "Mine?")
    file = PersonalFiles(tmp_path / "data").path(ANNE)
    with closing(sqlite3.connect(file)) as reader:
        reader.execute("SELECT * FROM owner").fetchall()
        assert {path.stat().st_mode & 0o777 for path in file.parent.iterdir()} == {0o600}
    assert file.parent.stat().st_mode & 0o777 == 0o700


# --- listed and searched ----------------------------------------------------------------------------------------------


def test_conversations_are_listed_by_their_last_question_the_newest_first(kept: Conversations) -> None:
    first, second = begun(kept, "One?", subject="lam-treatment"), begun(kept, "Two?", "Three?")
    assert [(c.id, c.subject, c.questions) for c in kept.listed(ANNE)] == [(second, "", 2), (first, "lam-treatment", 1)]
    kept.add(ANNE, first, answer("Four?"))
    assert [c.id for c in kept.listed(ANNE)] == [first, second]


def test_a_conversation_without_question_and_title_is_not_listed(kept: Conversations) -> None:
    begun(kept)
    assert kept.listed(ANNE) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [("", 2), ("pregnancy", 1), ("SIROLIMUS daily", 2), ("preg dose", 0), ("straße", 1), ("%", 0), ("'\"", 0)],
)
def test_a_search_wants_every_word_in_title_questions_or_answers(kept: Conversations, words: str, found: int) -> None:
    begun(kept, "In pregnancy?", "And after STRASSE?")
    begun(kept, "Which dose?")
    assert len(kept.listed(ANNE, words)) == found


def test_a_renamed_conversation_is_found_by_its_new_title(kept: Conversations) -> None:
    chat = begun(kept, "One?")
    kept.rename(ANNE, chat, "  Ward\nround ")
    assert [c.title for c in kept.listed(ANNE, "ward")] == ["Ward round"]
    with pytest.raises(KeepingError, match="needs a title"):
        kept.rename(ANNE, chat, " ")


# --- deleted ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def other_server(kept: Conversations, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Has Anne's file open too, so that its log stays beside it."""
    begun(kept, "First?")
    with closing(sqlite3.connect(PersonalFiles(tmp_path / "data").path(ANNE), isolation_level=None)) as db:
        db.execute("SELECT count(*) FROM turn").fetchall()
        yield db


def with_a_secret(kept: Conversations, db: sqlite3.Connection) -> tuple[str, bytes]:
    """A conversation among others, and some bytes of the packed document that it quotes."""
    for number in range(30):  # enough for rows to move between pages
        begun(kept, f"Others {number}?")
    chat = kept.begin(ANNE, "", "Mrs Quixworth")
    kept.add(ANNE, chat, answer("Has Mrs Quixworth gout?", f"Zylopentin. {os.urandom(9000).hex()}", "secret"))
    begun(kept, "Last?")
    ((packed,),) = db.execute("SELECT content FROM document ORDER BY length(content) DESC LIMIT 1")
    return chat, packed[5000:5040]


SECRETS = ("quixworth", "zylopentin")


def test_a_deleted_conversation_is_in_no_file_of_the_folder(
    kept: Conversations, other_server: sqlite3.Connection, tmp_path: Path
) -> None:
    chat, packed = with_a_secret(kept, other_server)
    assert all(traces(tmp_path, secret) for secret in (*SECRETS, packed))
    kept.delete(ANNE, chat)
    assert [traces(tmp_path, secret) for secret in (*SECRETS, packed)] == [[], [], []]
    assert len(kept.listed(ANNE)) == 32


def test_a_dropped_question_is_in_no_file_of_the_folder(
    kept: Conversations, other_server: sqlite3.Connection, tmp_path: Path
) -> None:
    chat, packed = with_a_secret(kept, other_server)
    kept.rename(ANNE, chat, "Another title")
    kept.drop_last(ANNE, chat)
    assert [traces(tmp_path, secret) for secret in (*SECRETS, packed)] == [[], [], []]


def test_when_all_is_deleted_nothing_is_left_but_preferences(kept: Conversations, tmp_path: Path) -> None:
    Preferences(tmp_path / "data").set(ANNE, "theme", "dark")
    begun(kept, "Has Mrs Quixworth gout?")
    kept.delete_all(ANNE)
    assert kept.listed(ANNE) == traces(tmp_path, "quixworth") == traces(tmp_path, "sirolimus") == []
    assert Preferences(tmp_path / "data").get(ANNE, "theme") == "dark"


def test_what_is_deleted_gives_its_room_back(kept: Conversations, tmp_path: Path) -> None:
    begun(kept, "One?")
    file = PersonalFiles(tmp_path / "data").path(ANNE)
    before = file.stat().st_size
    chat = kept.begin(ANNE, "", "")
    kept.add(ANNE, chat, answer("Two?", os.urandom(50_000).hex()))
    assert file.stat().st_size > before + 50_000
    kept.delete(ANNE, chat)
    assert file.stat().st_size == before


def test_a_document_stays_as_long_as_a_turn_quotes_it(kept: Conversations) -> None:
    one, other = begun(kept, "One?"), begun(kept, "Two?", "Three?")
    kept.delete(ANNE, one)
    kept.drop_last(ANNE, other)
    assert kept.chat(ANNE, other).turns[0].answer == answer("Two?")


def test_a_purge_that_was_cut_off_is_done_by_whoever_comes_next(
    kept: Conversations, other_server: sqlite3.Connection, tmp_path: Path
) -> None:
    chat, packed = with_a_secret(kept, other_server)
    other_server.execute("BEGIN")
    other_server.execute("SELECT count(*) FROM turn").fetchall()  # reads the old state for as long as it likes
    with PersonalFiles(tmp_path / "data", waited_seconds=0.1).removing(ANNE) as db:
        db.execute("DELETE FROM conversation WHERE id = ?", (chat,))
        db.execute("DELETE FROM document WHERE hash NOT IN (SELECT hash FROM needed)")
    assert traces(tmp_path, "quixworth")
    other_server.execute("COMMIT")
    kept.listed(ANNE)
    assert [traces(tmp_path, secret) for secret in (*SECRETS, packed)] == [[], [], []]


# --- many at once, killed, damaged ------------------------------------------------------------------------------------


def adding(folder: Path, chat: str, name: str, turns: int) -> subprocess.Popen[str]:
    """A server of its own that adds turns and says each as it is kept."""
    command = [sys.executable, "-c", ADDING, str(folder / "data"), chat, name, str(turns)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_servers_that_add_to_one_conversation_lose_nothing(kept: Conversations, tmp_path: Path) -> None:
    chat = begun(kept)
    with adding(tmp_path, chat, "a", 20) as one, adding(tmp_path, chat, "b", 20) as other:
        assert (one.wait(60), other.wait(60)) == (0, 0)
    asked = questions(kept, chat)
    assert [q for q in asked if q[0] == "a"] == [f"a {n}" for n in range(20)]
    assert [q for q in asked if q[0] == "b"] == [f"b {n}" for n in range(20)]


def test_threads_that_meet_a_new_person_make_one_file(kept: Conversations) -> None:
    with ThreadPoolExecutor(8) as threads:
        chats = set(threads.map(lambda n: begun(kept, f"{n}?"), range(16)))
    assert {c.id for c in kept.listed(ANNE)} == chats


def test_a_killed_server_has_lost_no_turn_that_it_said_was_kept(kept: Conversations, tmp_path: Path) -> None:
    chat = begun(kept)
    with adding(tmp_path, chat, "a", 10_000) as server:
        assert server.stdout is not None
        said = [server.stdout.readline() for _ in range(10)]
        server.send_signal(signal.SIGKILL)
        said += server.stdout.readlines()
    last = int([line for line in said if line.endswith("\n")][-1])
    asked = questions(kept, chat)
    assert len(asked) >= last + 1
    assert asked == [f"a {n}" for n in range(len(asked))]


def test_a_file_of_a_newer_version_is_not_touched(kept: Conversations, tmp_path: Path) -> None:
    begun(kept, "One?")
    with closing(sqlite3.connect(PersonalFiles(tmp_path / "data").path(ANNE))) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(KeepingError, match="another version of this software"):
        kept.listed(ANNE)


def test_a_damaged_file_is_named_in_a_sentence(kept: Conversations, tmp_path: Path) -> None:
    begun(kept, "One?")
    PersonalFiles(tmp_path / "data").path(ANNE).write_bytes(b"no database" * 999)
    with pytest.raises(KeepingError, match="cannot be read or written"):
        kept.listed(ANNE)


def test_an_answer_that_another_version_wrote_is_named_in_a_sentence(kept: Conversations, tmp_path: Path) -> None:
    chat = begun(kept, "One?")
    with PersonalFiles(tmp_path / "data").changing(ANNE) as db:
        db.execute("UPDATE turn SET record = '{}'")
    with pytest.raises(KeepingError, match="wrote answers in another way"):
        kept.chat(ANNE, chat)
