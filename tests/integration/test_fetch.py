"""Records of PubMed: what is asked for, how often, what is kept, and what is said when the service fails."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chatbot.errors import FetchError
from chatbot.fetching.client import Client
from chatbot.fetching.folder import Folder
from chatbot.fetching.pubmed import PubMed, ncbi
from chatbot.readers import find_sources, read
from tests.fetching import SECRET, Command, Fetcher, environment
from tests.publishers import Publishers, record


def test_the_records_of_pmids_are_files_that_the_reader_reads(fetch: Fetcher) -> None:
    pmids = fetch.publishers.hold(3)
    outcome = fetch.pubmed(pmids=pmids)
    documents = list(read(fetch.folder))
    assert (outcome.files, outcome.absent) == (3, ())
    assert [document.reference.pmid for document in documents] == pmids


def test_a_record_is_kept_as_it_came(fetch: Fetcher) -> None:
    (pmid,) = fetch.publishers.hold(1)
    fetch.pubmed(pmids=[pmid])
    content = (fetch.folder / f"pmid-{pmid}.xml").read_bytes()
    assert record(pmid) in content
    assert b"<!DOCTYPE PubmedArticleSet" in content


def test_a_chapter_is_a_record_too(fetch: Fetcher) -> None:
    pmids = fetch.publishers.hold(2)
    fetch.publishers.books = {pmids[1]}
    assert fetch.pubmed(pmids=pmids).absent == ()
    assert [document.reference.pmid for document in read(fetch.folder)] == pmids


def test_a_query_is_searched_once_and_its_records_come_by_post_two_hundred_at_a_time(fetch: Fetcher) -> None:
    pmids = fetch.publishers.hold(450)
    outcome = fetch.pubmed(query="sample disease")
    asked = fetch.publishers.asked("efetch.fcgi")
    assert outcome.files == 450
    assert [len(request.ids) for request in asked] == [200, 200, 50]
    assert {pmid for request in asked for pmid in request.ids} == set(pmids)
    assert len(fetch.publishers.asked("esearch.fcgi")) == 1


def test_a_limit_takes_the_first_that_pubmed_names(fetch: Fetcher) -> None:
    newest_first = fetch.publishers.hold(30)[::-1]
    fetch.pubmed(query="sample disease", limit=2)
    assert fetch.names == {f"pmid-{pmid}.xml" for pmid in newest_first[:2]}


def test_more_than_a_search_lists_are_listed_by_entry_date(publishers: Publishers) -> None:
    pmids = publishers.hold(25_000)
    own = publishers.settings()
    with Client(ncbi(own), own, publishers.watch) as client:
        listing = PubMed(client, own, query="sample disease", limit=30_000).listing()
    assert {item.id for item in listing.items} == set(pmids)
    assert len(listing.items) == 25_000


def test_a_query_with_more_records_than_a_search_lists_wants_a_limit(fetch: Fetcher) -> None:
    fetch.publishers.hold(10_500)
    with pytest.raises(FetchError, match=r"10,500 records.*--limit"):
        fetch.pubmed(query="sample disease")
    assert not fetch.folder.exists()


def test_ncbi_is_told_who_asks(fetch: Fetcher) -> None:
    fetch.pubmed({"email": "someone@example.org", "ncbi_api_key": SECRET}, pmids=fetch.publishers.hold(1))
    (request,) = fetch.publishers.requests
    asked = {name: request.parameters[name] for name in ("tool", "email", "api_key")}
    assert asked == {"tool": "medical-follow-up-chatbot", "email": "someone@example.org", "api_key": SECRET}


@pytest.mark.parametrize(
    ("settings", "most"), [({}, 3), ({"ncbi_api_key": SECRET}, 10), ({"requests_per_second": 1}, 1)]
)
def test_no_second_of_a_run_has_more_requests_than_are_allowed(
    settings: dict[str, Any], most: int, fetch: Fetcher
) -> None:
    fetch.publishers.faults = ["", "500", "", "limit", "cut"]
    fetch.pubmed(settings, pmids=fetch.publishers.hold(4_000))
    moments = [request.at for request in fetch.publishers.requests]
    assert len(moments) == 23
    assert max(sum(start <= moment < start + 1 for moment in moments) for start in moments) <= most


@pytest.mark.parametrize("fault", ["429 7", "500", "503", "cut", "short", "empty", "limit", "error", "page", "noise"])
@pytest.mark.parametrize("position", [0, 1], ids=["search", "fetch"])
def test_a_request_that_fails_is_made_again(fault: str, position: int, fetch: Fetcher) -> None:
    pmids = fetch.publishers.hold(2)
    fetch.publishers.faults = [""] * position + [fault]
    outcome = fetch.pubmed(query="sample disease")
    assert outcome.files == 2
    assert len(fetch.publishers.requests) == 3
    assert [document.reference.pmid for document in read(fetch.folder)] == pmids


def test_pauses_between_attempts_grow_and_are_never_the_same(fetch: Fetcher) -> None:
    fetch.publishers.faults = ["500"] * 5
    fetch.pubmed(pmids=fetch.publishers.hold(1))
    pauses = [pause for pause in fetch.publishers.watch.pauses if pause >= 1]
    assert [int(pause) for pause in pauses] == [1, 2, 4, 8, 16]
    assert all(pause % 1 for pause in pauses)


def test_a_service_that_asks_for_a_pause_gets_it(fetch: Fetcher) -> None:
    fetch.publishers.faults = ["429 45"]
    fetch.pubmed(pmids=fetch.publishers.hold(1))
    assert max(fetch.publishers.watch.pauses) == 45


@pytest.mark.parametrize(("until", "said"), [("57263", r"15\.9 h"), ("Fri, 31 Dec 2100 23:59:59 GMT", r"\d{6}\.\d h")])
def test_a_service_that_asks_for_a_pause_of_hours_is_left_alone(until: str, said: str, fetch: Fetcher) -> None:
    fetch.publishers.faults = [f"429 {until}"]
    with pytest.raises(FetchError, match=rf"wait for {said}.*run the command again then"):
        fetch.pubmed(pmids=fetch.publishers.hold(1))
    assert len(fetch.publishers.requests) == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("500", "answered 500"),
        ("cut", "the reply was cut short"),
        ("short", "not well-formed XML"),
        ("empty", "the reply is empty"),
        ("limit", "API rate limit exceeded"),
        ("error", "Unable to obtain query #1"),
        ("page", "<html>, not <PubmedArticleSet>"),
    ],
)
def test_what_keeps_failing_ends_in_a_sentence_and_keeps_what_came_before(
    fault: str, said: str, fetch: Fetcher
) -> None:
    pmids = fetch.publishers.hold(300)
    fetch.publishers.faults = ["", *[fault] * 6]
    with pytest.raises(FetchError) as caught:
        fetch.pubmed(pmids=pmids)
    message = str(caught.value)
    assert message.startswith("NCBI: ")
    assert said in message
    assert "6 attempts" in message
    assert "POST http://127.0.0.1" in message
    assert len(fetch.names) == 200


def test_no_connection_names_the_host_and_what_to_do(fetch: Fetcher) -> None:
    settings = fetch.publishers.settings(attempts=1).model_copy(update={"eutils_url": "http://127.0.0.1:9/eutils"})
    with (
        Client(ncbi(settings), settings, fetch.publishers.watch) as client,
        pytest.raises(FetchError, match=r"no connection to 127\.0\.0\.1 .*HTTPS_PROXY.*the same command goes on"),
    ):
        PubMed(client, settings, query="sample disease").listing()


def test_a_service_that_never_answers_is_not_waited_for(fetch: Fetcher) -> None:
    fetch.publishers.faults = ["hang"]
    with pytest.raises(FetchError, match=r"did not answer within 0\.2 s"):
        fetch.pubmed({"timeout_seconds": 0.2, "attempts": 1}, pmids=fetch.publishers.hold(1))


def test_unknown_pmids_are_named_and_the_others_are_there(fetch: Fetcher) -> None:
    known = fetch.publishers.hold(2)
    outcome = fetch.pubmed(pmids=[*known, "99999999"])
    assert outcome.absent == ("PMID 99999999",)
    assert fetch.names == {f"pmid-{pmid}.xml" for pmid in known}


def test_a_record_that_was_left_out_is_asked_for_again_before_it_is_called_missing(fetch: Fetcher) -> None:
    pmids = fetch.publishers.hold(5)
    fetch.publishers.forgotten = {pmids[3]}
    assert fetch.pubmed(pmids=pmids).absent == ()
    assert [request.ids for request in fetch.publishers.requests] == [pmids, [pmids[3]]]


def test_a_query_without_records_says_so_and_what_pubmed_did_not_know(fetch_command: Command) -> None:
    ran = fetch_command("pubmed", "--query", "nothing")
    assert ran.code == 1
    assert "left out of the search: nothing" in ran.said
    assert 'not found: records for "nothing"' in ran.said


def test_a_second_run_fetches_only_what_is_missing(fetch: Fetcher) -> None:
    pmids = fetch.publishers.hold(5)
    fetch.pubmed(query="sample disease")
    (fetch.folder / f"pmid-{pmids[2]}.xml").unlink()
    fetch.publishers.hold(6)
    fetch.publishers.requests.clear()
    outcome = fetch.pubmed(query="sample disease")
    (request,) = fetch.publishers.asked("efetch.fcgi")
    assert (outcome.files, outcome.there) == (2, 4)
    assert set(request.ids) == {pmids[2], "99000006"}


def test_a_refresh_fetches_what_is_there_again(fetch: Fetcher) -> None:
    pmids = fetch.publishers.hold(2)
    fetch.pubmed(pmids=pmids)
    outcome = fetch.pubmed(pmids=pmids, refresh=True)
    assert (outcome.files, outcome.there) == (2, 0)


def test_a_killed_run_leaves_whole_files_and_the_next_one_fetches_the_rest(fetch: Fetcher) -> None:
    pmids = fetch.publishers.hold(450)
    fetch.publishers.faults = ["", "", "hang"]
    arguments = [sys.executable, "-m", "chatbot", "fetch", "pubmed", "--query", "sample", "--to", str(fetch.folder)]
    with subprocess.Popen(arguments, env=os.environ | environment(fetch.publishers), stderr=subprocess.DEVNULL) as ran:
        assert fetch.publishers.hanging.wait(60)
        ran.kill()
    assert len(list(read(fetch.folder))) == 200
    fetch.publishers.requests.clear()
    outcome = fetch.pubmed(query="sample")
    assert (outcome.files, outcome.there) == (250, 200)
    assert sum(len(request.ids) for request in fetch.publishers.asked("efetch.fcgi")) == 250
    assert [document.reference.pmid for document in read(fetch.folder)] == pmids


def listen_to_interrupts() -> None:
    """What a shell starts in its background is deaf to them, and so is what that starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupt_ends_in_one_sentence(fetch: Fetcher) -> None:
    fetch.publishers.faults = ["hang"]
    arguments = [sys.executable, "-m", "chatbot", "fetch", "pubmed", "--pmid", "99000001", "--to", str(fetch.folder)]
    variables = os.environ | environment(fetch.publishers)
    started = partial(subprocess.Popen, preexec_fn=listen_to_interrupts)
    with started(arguments, env=variables, stderr=subprocess.PIPE, text=True) as ran:
        assert fetch.publishers.hanging.wait(60)
        ran.send_signal(signal.SIGINT)
        _, said = ran.communicate(timeout=60)
    assert ran.returncode == 130
    assert said.splitlines() == [
        "chatbot: interrupted; what is done is kept, and running the command again goes on from there"
    ]


def test_what_a_killed_run_was_writing_is_no_source_and_goes_with_the_next_run(fetch: Fetcher) -> None:
    pmids = fetch.publishers.hold(1)
    fetch.folder.mkdir()
    part = fetch.folder / ".pmid-99000001.xml.part"
    part.write_bytes(b"<PubmedArticleSet><Pubm")
    fetch.pubmed(pmids=pmids)
    assert not part.exists()
    assert [path.name for path in find_sources(fetch.folder)] == ["pmid-99000001.xml"]


def test_a_full_disk_is_named_and_the_file_that_was_there_stays_whole(tmp_path: Path) -> None:
    Folder(tmp_path).write("pmid-99000001.xml", b"whole")
    write = f"Folder(Path({str(tmp_path)!r})).write('pmid-99000001.xml', b'x' * 5000)"
    code = "import resource; from pathlib import Path; from chatbot.fetching.folder import Folder; "
    code += f"resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)); {write}"
    ran = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, check=False)
    assert "FetchError: " in ran.stderr
    assert "cannot be written to (File too large)" in ran.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"pmid-99000001.xml": b"whole"}


def test_two_runs_into_one_folder_the_second_says_so(fetch: Fetcher) -> None:
    pmids = fetch.publishers.hold(1)
    with Folder(fetch.folder).opened(), pytest.raises(FetchError, match="another run is fetching into this folder"):
        fetch.pubmed(pmids=pmids)


def test_a_folder_that_cannot_be_made_is_named(fetch: Fetcher) -> None:
    fetch.folder.write_text("a file", "utf-8")
    with pytest.raises(FetchError, match=r"fetched: cannot be written to .*--to"):
        fetch.pubmed(pmids=fetch.publishers.hold(1))
