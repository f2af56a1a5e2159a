"""The command line on the repository's corpus: stable JSON, exit codes, and errors of one line."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chatbot.cli import main
from chatbot.domain import EVIDENCE_KINDS
from chatbot.embedding import Encoder
from chatbot.readers import read
from chatbot.settings import Settings
from tests.conftest import CORPUS, ROOT, write_reference

LAM = "What is the treatment for lymphangioleiomyomatosis (LAM)?"
HISTORY = [{"question": LAM, "answer": "Sirolimus is recommended."}]


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[Any]:
        """The JSON of each line of the output."""
        return [json.loads(line) for line in self.out.split("\n") if line]


Command = Callable[..., Run]


@pytest.fixture
def chatbot_command(encoder: Encoder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command in this process, on the embedding model that is open already."""
    for module in ("chatbot.pipeline", "chatbot.embedding"):
        monkeypatch.setattr(f"{module}.open_encoder", lambda settings, **options: encoder)
    monkeypatch.delattr("os.execv")  # a page that is served after all must not take the place of the tests

    def run(*arguments: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["chatbot", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as caught:
            main()
        return Run(int(caught.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def on_corpus(chatbot_command: Command, corpus_index: Settings) -> Command:
    """Runs a command on the indexed corpus."""
    return lambda *arguments: chatbot_command(*arguments, "--index", corpus_index.index)


@pytest.fixture
def batch(tmp_path: Path) -> Callable[..., Path]:
    """Writes tasks as a batch file, numbered."""

    def write(*tasks: dict[str, object]) -> Path:
        path = tmp_path / "batch.jsonl"
        lines = [json.dumps({"_id": f"q{n}", **task}) for n, task in enumerate(tasks, start=1)]
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    return write


def check_answer(answer: dict[str, Any]) -> None:
    """What holds for the JSON of every answer."""
    assert {"question", "resolved", "withheld", "sections", "citations", "references"} <= answer.keys()
    texts = {document.id: document.text for document in read(CORPUS)}
    for citation in answer["citations"]:
        place = {"number", "document", "passage", "section", "page", "tag", "start", "end", "quote", "lead"}
        assert citation.keys() == place
        assert all(texts[citation["document"]][s["start"] : s["end"]] == s["quote"] for s in citation["lead"])
        assert texts[citation["document"]][citation["start"] : citation["end"]] == citation["quote"]
    numbers = [citation["number"] for citation in answer["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    for section in answer["sections"]:
        assert {"kind", "withheld", "score", "claims", "left_out"} <= section.keys()
        assert bool(section["claims"]) is not section["withheld"]
        for claim in section["claims"] + section["more"]:
            assert claim.keys() == {"text", "heading", "tags", "citations", "lead"}
            assert claim["tags"]
            assert set(claim["citations"]) <= set(numbers)
    assert [r["id"] for r in answer["references"]] == list(dict.fromkeys(c["document"] for c in answer["citations"]))


def error_line(run: Run) -> str:
    """The one line that an error ends in."""
    assert run.code == 1
    assert run.out == ""
    assert re.fullmatch(r"chatbot: [^\n]+\n", run.err), run.err
    return run.err


# ask


def test_ask_prints_the_answer_as_json_with_every_quote_verbatim(on_corpus: Command) -> None:
    run = on_corpus("ask", LAM, "--json")
    (answer,) = run.objects
    check_answer(answer)
    assert (run.code, run.err, answer["question"], answer["withheld"]) == (0, "", LAM, False)
    assert {section["kind"] for section in answer["sections"]} == {kind.value for kind in EVIDENCE_KINDS}


def test_ask_prints_an_answer_to_be_read(on_corpus: Command) -> None:
    run = on_corpus("ask", LAM)
    assert run.code == 0
    for part in ("FROM THE GUIDELINES", "FROM THE FDA DRUG LABEL", "FROM THE RESEARCH", "[1]", "REFERENCES"):
        assert part in run.out


def test_ask_reads_a_follow_up_after_its_history(on_corpus: Command, tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    history.write_text(json.dumps(HISTORY, indent=1), "utf-8")
    (answer,) = on_corpus("ask", "What are the side effects?", "--json", "--history", history).objects
    check_answer(answer)
    assert "lymphangioleiomyomatosis" in answer["resolved"].lower()
    assert "Read as: " in on_corpus("ask", "What are the side effects?", "--history", history).out


@pytest.mark.parametrize(
    "question", ["\u202eما هو علاج المرض؟", "🫁❓ LAM", "LAM\x07\x1b[31m treatment?", "<b>LAM</b> 'x' --"]
)
def test_ask_answers_or_withholds_whatever_the_characters(question: str, on_corpus: Command) -> None:
    run = on_corpus("ask", question, "--json")
    check_answer(run.objects[0])
    assert run.objects[0]["question"].isprintable()


def test_what_nothing_answers_is_withheld_with_a_notice(on_corpus: Command) -> None:
    (answer,) = on_corpus("ask", "Who won the football world cup in 1990?", "--json").objects
    check_answer(answer)
    assert (answer["withheld"], bool(answer["notice"]), answer["citations"]) == (True, True, [])


def test_a_batch_of_questions_is_answered_in_its_order(on_corpus: Command, batch, tmp_path: Path) -> None:
    tasks = batch({"question": LAM}, {"text": LAM}, {"question": "What are the side effects?", "history": HISTORY})
    output = tmp_path / "answers.jsonl"
    run = on_corpus("ask", "--batch", tasks, "--output", output)
    answers = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert (run, [answer.pop("_id") for answer in answers]) == (Run(0, "", ""), ["q1", "q2", "q3"])
    assert answers[0] == answers[1]
    assert answers[2]["resolved"] != answers[2]["question"]
    for answer in answers:
        check_answer(answer)


# search and resolve


def test_search_finds_each_document_once_best_first(on_corpus: Command, batch) -> None:
    (found,) = on_corpus("search", "--batch", batch({"text": LAM}), "--limit", 30).objects
    assert found.keys() == {"_id", "added", "results"}
    documents = [result["document"] for result in found["results"]]
    scores = [result["score"] for result in found["results"]]
    assert len(documents) == len(set(documents)) == 30
    assert scores == sorted(scores, reverse=True)
    assert all(r.keys() == {"document", "passage", "score", "standing"} for r in found["results"])
    assert all(result["passage"].startswith(f"{result['document']}:") for result in found["results"])


@pytest.mark.parametrize("kind", EVIDENCE_KINDS)
def test_search_is_limited_to_a_kind_and_a_number(kind: str, on_corpus: Command, batch) -> None:
    (found,) = on_corpus("search", "--batch", batch({"text": LAM}), "--kind", kind, "--limit", 3).objects
    assert len(found["results"]) == 3
    assert all(result["document"].startswith(f"{kind}-") for result in found["results"])


def test_search_reads_a_follow_up_after_its_history(on_corpus: Command, batch) -> None:
    question = "What are the long-term outcomes?"
    alone, after = on_corpus(
        "search", "--batch", batch({"text": question}, {"text": question, "history": HISTORY})
    ).objects
    lam = [sum("lam" in result["document"].split("-") for result in found["results"]) for found in (alone, after)]
    assert lam[1] > lam[0]
    assert "lam" in after["results"][0]["document"].split("-")


def test_search_prints_what_it_finds_to_be_read(on_corpus: Command) -> None:
    run = on_corpus("search", "MILES trial of sirolimus", "--kind", "research", "--limit", 1)
    assert (run.code, run.err) == (0, "")
    assert re.match(
        r"also searched for: Rapamune \(drug name of sirolimus\)\n\d\.\d{3}  research-miles-trial  ", run.out
    )


def test_resolve_says_what_a_follow_up_stands_for(on_corpus: Command, batch, tmp_path: Path) -> None:
    tasks = batch({"question": "What are the side effects?", "history": HISTORY}, {"question": LAM, "history": []})
    follow_up, alone = on_corpus("resolve", "--batch", tasks).objects
    assert follow_up.keys() == {"_id", "resolved", "changed", "carried"}
    assert (follow_up["changed"], "lymphangioleiomyomatosis" in follow_up["carried"]) == (True, True)
    assert alone == {"_id": "q2", "resolved": LAM, "changed": False, "carried": []}


def test_resolve_prints_the_resolved_question(on_corpus: Command, tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    history.write_text(json.dumps(HISTORY), "utf-8")
    run = on_corpus("resolve", "And in pregnancy?", "--history", history)
    assert (run.code, run.err) == (0, "")
    assert {"pregnancy", "lymphangioleiomyomatosis"} <= set(re.findall(r"[a-z]+", run.out.lower()))


def test_blank_lines_of_a_batch_are_skipped_and_numbers_are_ids(on_corpus: Command, tmp_path: Path) -> None:
    path = tmp_path / "batch.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"_id": 7, "question": "What is LAM?"}\r\n\r\n')
    assert [found["_id"] for found in on_corpus("resolve", "--batch", path).objects] == ["7"]


@pytest.mark.parametrize("separator", ["\u2028", "\x85"])
def test_a_separator_within_a_question_does_not_end_its_line(
    separator: str, on_corpus: Command, tmp_path: Path
) -> None:
    path = tmp_path / "batch.jsonl"
    path.write_text(f'{{"_id": "a", "question": "What is{separator}LAM?"}}\n', "utf-8")
    assert on_corpus("resolve", "--batch", path).code == 0


# Errors that a user can mend


@pytest.mark.parametrize("command", ["ask", "search", "resolve"])
def test_a_missing_index_names_the_place_and_the_command(
    command: str, chatbot_command: Command, tmp_path: Path
) -> None:
    line = error_line(chatbot_command(command, LAM, "--index", tmp_path / "nowhere"))
    assert f"no index at {tmp_path / 'nowhere'}" in line
    assert "chatbot index" in line


@pytest.mark.parametrize("command", ["ask", "search", "resolve"])
@pytest.mark.parametrize(
    ("question", "said"),
    [("", "question is empty"), (" \t\x07?!", "question is empty"), ("LAM " * 2500, "9,999 characters; at most 2,000")],
    ids=["empty", "no words", "10,000 characters"],
)
def test_a_question_that_cannot_be_read_is_said(command: str, question: str, said: str, on_corpus: Command) -> None:
    assert said in error_line(on_corpus(command, question))


@pytest.mark.parametrize("command", ["ask", "search", "resolve"])
def test_a_question_that_is_not_given_is_wrong_usage(command: str, on_corpus: Command) -> None:
    run = on_corpus(command)
    assert run.code == 2
    assert "no question given" in run.err


@pytest.mark.parametrize("command", ["ask", "index", "serve", "doctor"])
def test_an_unknown_setting_is_said(command: str, chatbot_command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_INDX", "elsewhere")
    arguments = [command, LAM] if command == "ask" else [command]
    assert "CHATBOT_INDX" in error_line(chatbot_command(*arguments))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"\xff", "cannot be read"),
        (b'{"_id": "a", "question": "What is LAM?"}\nbroken\n', "batch.jsonl:2: "),
        (b'{"question": "What is LAM?"}\n', "batch.jsonl:1: Field required"),
        (b'{"_id": "a"}\n', "question is empty"),
    ],
    ids=["missing", "not UTF-8", "broken line", "no id", "no question"],
)
def test_a_batch_that_cannot_be_read_is_said(content: bytes | None, said: str, on_corpus: Command, tmp_path) -> None:
    path, output = tmp_path / "batch.jsonl", tmp_path / "out.jsonl"
    if content is not None:
        path.write_bytes(content)
    assert said in error_line(on_corpus("resolve", "--batch", path, "--output", output))
    assert not output.exists()


def test_a_batch_that_fails_leaves_no_half_written_file(on_corpus: Command, batch, tmp_path: Path) -> None:
    tasks, output = batch({"question": LAM}, {"question": ""}), tmp_path / "out.jsonl"
    error_line(on_corpus("resolve", "--batch", tasks, "--output", output))
    assert list(tmp_path.iterdir()) == [tasks]


@pytest.mark.parametrize("content", ["", "{}", '[{"answer": "x"}]', "[1]"])
def test_a_history_that_cannot_be_read_is_said(content: str, on_corpus: Command, tmp_path: Path) -> None:
    path = tmp_path / "history.json"
    path.write_text(content)
    assert f"{path}: " in error_line(on_corpus("ask", LAM, "--history", path))


@pytest.mark.parametrize("name", ["missing/out.jsonl", "."])
def test_an_output_that_cannot_be_written_is_said(name: str, on_corpus: Command, batch, tmp_path: Path) -> None:
    run = on_corpus("resolve", "--batch", batch({"question": LAM}), "--output", tmp_path / name)
    assert "cannot be written" in error_line(run)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_port_that_is_taken_is_said_with_another_one(taken_port: int, chatbot_command: Command) -> None:
    line = error_line(chatbot_command("serve", "--port", taken_port, "--no-browser"))
    assert f"cannot listen on 127.0.0.1:{taken_port}" in line
    assert f"--port {taken_port + 1}" in line


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["ask", LAM, "--nothing"],
        ["search", LAM, "--kind", "opinion"],
        ["search", LAM, "--limit", "0"],
        ["serve", "--port", "70000"],
        ["index", "--kind"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2(arguments: list[str], chatbot_command: Command) -> None:
    run = chatbot_command(*arguments)
    assert (run.code, run.out, "Traceback" in run.err) == (2, "", False)
    assert "Error: " in run.err


@pytest.mark.parametrize("arguments", [[], ["ask"], ["search"], ["resolve"], ["index"], ["serve"], ["doctor"]], ids=str)
def test_help_is_success(arguments: list[str], chatbot_command: Command) -> None:
    run = chatbot_command(*arguments, "--help")
    assert (run.code, "Usage: " in run.out, run.err) == (0, True, "")


@pytest.fixture
def interrupted(on_corpus: Command, monkeypatch: pytest.MonkeyPatch) -> Run:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("chatbot.pipeline.Chatbot.ask", interrupt)
    return on_corpus("ask", LAM)


def test_an_interrupted_command_ends_without_a_traceback(interrupted: Run) -> None:
    assert (interrupted.code, interrupted.out, "Traceback" in interrupted.err) == (130, "", False)


def test_an_interrupted_command_says_that_it_goes_on_from_there(interrupted: Run) -> None:
    assert "running the command again goes on from there" in interrupted.err


# index


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(("name", "said"), [("missing", "no such file or folder"), ("empty", "holds no document")])
@pytest.mark.parametrize("command", ["index", "serve"])
def test_a_corpus_without_documents_is_said(
    command: str, name: str, said: str, chatbot_command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("CHATBOT_CORPUS", str(tmp_path / name))
    monkeypatch.setenv("CHATBOT_SERVE__PORT", str(free_port()))
    assert said in error_line(chatbot_command(command, "--index", tmp_path / "index"))


def test_index_says_what_it_did_and_does_nothing_twice(chatbot_command: Command, tmp_path: Path) -> None:
    write_reference(tmp_path / "corpus", "sirolimus", "Sirolimus slows the decline of lung function in LAM.")
    index = ("index", tmp_path / "corpus", "--index", tmp_path / "index")
    first, second = chatbot_command(*index), chatbot_command(*index)
    assert (first.code, second.code) == (0, 0)
    assert re.search(r"added\W+1\b", first.err)
    assert re.search(r"generation 1; embedded \d+ texts", first.err)
    assert re.search(r"unchanged\W+1\b", second.err)
    assert "embedded 0 texts, 0 tokens" in second.err


def test_a_file_that_fails_is_named_while_the_others_are_indexed(chatbot_command: Command, tmp_path: Path) -> None:
    write_reference(tmp_path / "corpus", "sirolimus", "Sirolimus slows the decline of lung function in LAM.")
    (tmp_path / "corpus" / "broken.md").write_text("---\nkind: opinion\n---\ntext\n")
    run = chatbot_command("index", tmp_path / "corpus", "--index", tmp_path / "index")
    assert run.code == 1
    assert f"failed: {tmp_path / 'corpus' / 'broken.md'}:2: field kind: Input should be 'guideline'" in run.err
    assert re.search(r"added\W+1\b", run.err)
    found = chatbot_command("search", "sirolimus", "--kind", "research", "--index", tmp_path / "index")
    assert "  sirolimus  " in found.out


def contents(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(chatbot_command: Command, tmp_path: Path) -> None:
    write_reference(tmp_path / "corpus", "sirolimus", "Sirolimus slows the decline of lung function in LAM.")
    index = ("index", tmp_path / "corpus", "--index", tmp_path / "index")
    run = chatbot_command(*index, "--dry-run")
    assert (run.code, bool(re.search(r"would be added\W+1\b", run.err))) == (0, True)
    assert {path.name for path in tmp_path.iterdir()} == {"corpus"}
    chatbot_command(*index)
    write_reference(tmp_path / "corpus", "everolimus", "Everolimus shrinks angiomyolipomas.")
    (manifest,) = (tmp_path / "index").rglob("manifest.sqlite")
    before = contents(manifest)
    again = chatbot_command(*index, "--dry-run")
    assert re.search(r"would be added\W+1\b.*unchanged\W+1\b", again.err, re.DOTALL)
    assert contents(manifest) == before


def test_what_is_left_out_is_named_or_counted(chatbot_command: Command, tmp_path: Path) -> None:
    first = write_reference(tmp_path / "corpus", "sirolimus", "Sirolimus slows the decline of lung function in LAM.")
    copy = write_reference(tmp_path / "corpus" / "z", "sirolimus", "Sirolimus slows the decline in LAM.")
    (tmp_path / "corpus" / "figure.png").write_bytes(b"x")
    run = chatbot_command("index", tmp_path / "corpus", "--index", tmp_path / "index", "--dry-run")
    assert re.search(r"same as another\W+1\b", run.err)
    assert f"{copy}: sirolimus is left out for sirolimus in {first} (same id; that one has more text)" in run.err
    assert "left out, for no reader knows them: 1 *.png" in run.err


def test_rebuild_replaces_the_index_and_leaves_nothing_behind(chatbot_command: Command, tmp_path: Path) -> None:
    path = write_reference(tmp_path / "corpus", "sirolimus", "Sirolimus slows the decline of lung function in LAM.")
    index = ("index", tmp_path / "corpus", "--index", tmp_path / "index")
    chatbot_command(*index)
    path.unlink()
    write_reference(tmp_path / "corpus", "everolimus", "Everolimus shrinks angiomyolipomas.")
    run = chatbot_command(*index, "--rebuild")
    assert (run.code, bool(re.search(r"generation 2;", run.err))) == (0, True)
    found = chatbot_command("search", "sirolimus", "--kind", "research", "--index", tmp_path / "index")
    assert re.findall(r"  (\w+)  ", found.out) == ["everolimus"]
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"corpus", "index"}


def test_an_index_folder_that_cannot_be_made_is_said(chatbot_command: Command, tmp_path: Path) -> None:
    write_reference(tmp_path / "corpus", "sirolimus", "Sirolimus slows the decline of lung function in LAM.")
    (tmp_path / "file").write_text("in the way")
    run = chatbot_command("index", tmp_path / "corpus", "--index", tmp_path / "file" / "index")
    assert "cannot be written" in error_line(run)


# doctor


def test_doctor_says_what_is_configured_and_found(on_corpus: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_CORPUS", str(CORPUS))
    run = on_corpus("doctor")
    assert (run.code, "MISSING" in run.out, run.err) == (0, False, "")
    for part in ("Settings", "Found", "Python 3", "all-MiniLM-L6-v2", f"corpus {CORPUS}", "generation 1", "gate: "):
        assert part in run.out


def test_doctor_says_what_is_missing_and_what_to_do(
    chatbot_command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATBOT_CORPUS", str(tmp_path / "nowhere"))
    run = chatbot_command("doctor", "--index", tmp_path / "index")
    missing = [line for line in run.out.splitlines() if "MISSING" in line]
    assert (run.code, run.err) == (1, "")
    assert any("no such file or folder" in line for line in missing)
    assert any("run 'chatbot index'" in line for line in missing)


# As a process of its own


def process(*arguments: str) -> Run:
    command = [sys.executable, "-m", "chatbot", *arguments]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return Run(run.returncode, run.stdout, run.stderr)


def test_the_process_prints_json_alone_on_its_output(corpus_index: Settings) -> None:
    run = process("ask", LAM, "--json", "--index", str(corpus_index.index))
    assert (run.code, run.err) == (0, "")
    check_answer(run.objects[0])


def test_the_process_ends_in_one_line_without_a_traceback(tmp_path: Path) -> None:
    assert "there is no index at" in error_line(process("ask", LAM, "--index", str(tmp_path / "nowhere")))
