"""Drug labels from DailyMed and openFDA, and the command with everything it says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chatbot.domain import Kind
from chatbot.errors import FetchError, SettingsError
from chatbot.fetching.job import Outcome
from chatbot.readers import read
from chatbot.settings import load_settings
from tests.fetching import SECRET, Command, Fetcher
from tests.publishers import WRONG_KEY, Publishers, set_id
from tests.samples import SPL

SAMPLEX = "SAMPLEX (SAMPLOMAB) INJECTION [SAMPLE LABORATORIES]"

FetchLabels = Callable[..., Outcome]


@pytest.fixture(params=["dailymed", "openfda"])
def labels(request: pytest.FixtureRequest, fetch: Fetcher) -> FetchLabels:
    """Fetches labels from one service, then from the other."""
    fetched: FetchLabels = getattr(fetch, request.param)
    return fetched


def test_the_labels_of_a_drug_are_files_that_the_readers_read(labels: FetchLabels, fetch: Fetcher) -> None:
    fetch.publishers.labels = {set_id(1): (SAMPLEX, 3), set_id(2): ("SAMPLOMAB KIT", 1), set_id(3): ("OTHER", 1)}
    outcome = labels(drugs=["samplomab"])
    documents = list(read(fetch.folder))
    assert (outcome.files, outcome.absent) == (2, ())
    assert [document.reference.set_id for document in documents] == [set_id(1), set_id(2)]
    assert {document.reference.kind for document in documents} == {Kind.LABEL}


def test_a_label_by_set_id_and_one_that_does_not_exist(labels: FetchLabels, fetch: Fetcher) -> None:
    fetch.publishers.labels = {set_id(1): (SAMPLEX, 3)}
    outcome = labels(set_ids=[set_id(1), set_id(9)])
    assert outcome.files == 1
    assert outcome.absent == (f"set id {set_id(9)}",)


def test_a_drug_without_labels_is_named_and_the_others_are_there(labels: FetchLabels, fetch: Fetcher) -> None:
    fetch.publishers.labels = {set_id(1): (SAMPLEX, 3)}
    outcome = labels(drugs=["nosuchmab", "samplomab"])
    assert outcome.files == 1
    assert outcome.absent == ('labels of "nosuchmab"',)


@pytest.mark.parametrize("fault", ["cut", "short", "empty", "page", "noise", "429 7", "500"])
def test_a_reply_that_fails_is_asked_for_again(fault: str, labels: FetchLabels, fetch: Fetcher) -> None:
    fetch.publishers.labels = {set_id(1): (SAMPLEX, 3)}
    fetch.publishers.faults = [fault, "", fault]
    assert labels(drugs=["samplomab"]).files == 1
    assert len(fetch.publishers.requests) == 4


def test_a_label_of_two_drugs_is_fetched_once(labels: FetchLabels, fetch: Fetcher) -> None:
    fetch.publishers.labels = {set_id(1): ("SAMPLEX (SAMPLOMAB AND TESTAMAB)", 3)}
    assert labels(drugs=["samplomab", "testamab"]).files == 1


def test_a_limit_is_of_each_drug(labels: FetchLabels, fetch: Fetcher) -> None:
    names = [f"{drug} {n}" for drug in ("SAMPLOMAB", "TESTAMAB") for n in range(3)]
    fetch.publishers.labels = {set_id(number): (name, 1) for number, name in enumerate(names)}
    assert labels(drugs=["samplomab", "testamab"], limit=2).files == 4


def test_labels_that_are_there_are_not_fetched_again(labels: FetchLabels, fetch: Fetcher) -> None:
    fetch.publishers.labels = {set_id(number): (f"SAMPLOMAB {number}", 1) for number in range(45)}
    labels(drugs=["samplomab"])
    (fetch.folder / sorted(fetch.names)[7]).unlink()
    fetch.publishers.requests.clear()
    outcome = labels(drugs=["samplomab"])
    assert (outcome.files, outcome.there) == (1, 44)
    assert len([request for request in fetch.publishers.requests if set_id(7) in str(request)]) == 1


def test_dailymed_lists_page_by_page(fetch: Fetcher) -> None:
    fetch.publishers.labels = {set_id(number): (f"SAMPLOMAB {number}", 1) for number in range(230)}
    fetch.dailymed(drugs=["samplomab"], limit=205)
    pages = [request.parameters["page"] for request in fetch.publishers.asked("spls.json")]
    assert pages == ["1", "2", "3"]
    assert len(fetch.names) == 205


def test_more_labels_than_a_thousand_want_a_limit(fetch: Fetcher) -> None:
    fetch.publishers.labels = {set_id(number): (f"SAMPLOMAB {number}", 1) for number in range(1001)}
    with pytest.raises(FetchError, match=r"1,001 labels of samplomab.*--limit"):
        fetch.dailymed(drugs=["samplomab"])
    assert len(fetch.publishers.requests) == 1


def test_a_title_that_has_the_name_within_a_word_is_left_out_and_named(
    publishers: Publishers, fetch_command: Command
) -> None:
    publishers.labels = {set_id(1): (SAMPLEX, 3), set_id(2): ("G-11 (SAMPLEXUS WHOLE) SOLUTION", 1)}
    ran = fetch_command("label", "--drug", "samplex")
    assert "left out, because the title does not name samplex: G-11 (SAMPLEXUS WHOLE) SOLUTION" in ran.said
    assert [path.name for path in Path("corpus/labels").glob("label-*")] == [f"label-{set_id(1)}.xml"]


def test_a_newer_version_of_a_label_takes_the_place_of_the_old_one(fetch: Fetcher) -> None:
    fetch.publishers.labels = {set_id(1): (SAMPLEX, 3)}
    fetch.dailymed(drugs=["samplomab"])
    fetch.publishers.labels = {set_id(1): (SAMPLEX, 4)}
    assert fetch.dailymed(drugs=["samplomab"]).files == 1
    assert b'versionNumber value="4"' in (fetch.folder / f"label-{set_id(1)}.xml").read_bytes()
    assert fetch.dailymed(drugs=["samplomab"]).files == 0


def test_a_label_from_dailymed_is_kept_byte_for_byte(fetch: Fetcher) -> None:
    fetch.publishers.labels = {set_id(10): (SAMPLEX, 3)}
    fetch.dailymed(drugs=["samplomab"])
    expected = SPL.replace(b"00000000-0000-4000-8000-00000000000a", set_id(10).encode())
    assert (fetch.folder / f"label-{set_id(10)}.xml").read_bytes() == expected


def test_openfda_is_asked_for_twenty_labels_at_once_and_each_is_a_reply_of_its_own(fetch: Fetcher) -> None:
    fetch.publishers.labels = {set_id(number): (f"SAMPLOMAB {number}", 2) for number in range(45)}
    fetch.openfda(drugs=["samplomab"])
    content = json.loads((fetch.folder / f"label-{set_id(44)}.json").read_bytes())
    assert len(fetch.publishers.requests) == 1 + 3
    assert content["meta"]["last_updated"] == "2024-01-15"
    assert [row["set_id"] for row in content["results"]] == [set_id(44)]


def test_an_address_that_is_not_openfda_is_not_a_drug_without_labels(fetch: Fetcher) -> None:
    wrong = {"openfda_url": f"{fetch.publishers.url}/elsewhere"}
    with pytest.raises(FetchError, match=r"openFDA: answered 404.*CHATBOT_FETCH__OPENFDA_URL"):
        fetch.openfda(wrong, drugs=["samplomab"])


def test_openfda_gets_its_key_as_a_user_and_no_address_has_it(fetch: Fetcher) -> None:
    fetch.publishers.labels = {set_id(1): (SAMPLEX, 3)}
    fetch.openfda({"openfda_api_key": SECRET}, drugs=["samplomab"])
    assert {request.user for request in fetch.publishers.requests} == {SECRET}
    assert not any("key" in request.query for request in fetch.publishers.requests)


@pytest.mark.parametrize(
    ("key", "arguments"),
    [
        ("NCBI", ["pubmed", "--query", "sample disease"]),
        ("OPENFDA", ["label", "--drug", "samplomab", "--from", "openfda"]),
    ],
)
@pytest.mark.parametrize("value", [SECRET, WRONG_KEY])
@pytest.mark.parametrize("faults", [[], ["429 7"], ["limit"] * 6, ["page"] * 6, ["", "cut"], ["echo"] * 6])
def test_a_key_is_sent_and_never_shown(  # noqa: PLR0917 - three ways to fail, on two fixtures
    key: str,
    arguments: list[str],
    value: str,
    faults: list[str],
    publishers: Publishers,
    fetch_command: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(f"CHATBOT_FETCH__{key}_API_KEY", value)
    publishers.hold(1)
    publishers.labels = {set_id(1): (SAMPLEX, 3)}
    publishers.faults = faults
    ran = fetch_command(*arguments)
    assert all(value in (request.user, request.parameters.get("api_key")) for request in publishers.requests)
    shown = [ran.said, *(request.path + request.query for request in publishers.requests)]
    shown += [f"{path}{path.read_bytes()!r}" for path in Path().rglob("*") if path.is_file()]
    assert not any(value in text for text in shown)


def test_a_key_that_is_not_accepted_is_named_by_its_setting(
    fetch_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for service, arguments in (("NCBI", ["pubmed", "--pmid", "1"]), ("OPENFDA", ["label", "--drug", "samplomab"])):
        monkeypatch.setenv(f"CHATBOT_FETCH__{service}_API_KEY", WRONG_KEY)
        ran = fetch_command(*arguments, *(["--from", "openfda"] if service == "OPENFDA" else []))
        assert ran.code == 1
        assert f"correct the key in CHATBOT_FETCH__{service}_API_KEY, or unset it" in ran.said


def test_what_lists_the_settings_does_not_show_a_key() -> None:
    settings = load_settings(fetch={"ncbi_api_key": SECRET, "openfda_api_key": SECRET})
    assert SECRET not in f"{settings!r} {settings.model_dump()} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("toml", "name"),
    [
        ("[fetch]\nncbi_api_keey = 'SECRET'", "fetch.ncbi_api_keey"),
        ("[fetch]\neutils_url = 'https://me:SECRET@example.org'", "fetch.eutils_url"),
        ("ncbi_api_key = 'SECRET'", "ncbi_api_key"),
        ("fetch = 'SECRET'", "fetch"),
        ("[fetch]\nncbi_api_key = 'SECRET'\n[passages]\nmax_tokens = 32", "passages.heading_tokens"),
    ],
)
def test_a_key_in_settings_that_are_refused_is_not_shown(
    toml: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATBOT_CONFIG", str(tmp_path / "mine.toml"))
    (tmp_path / "mine.toml").write_text(toml.replace("SECRET", SECRET), "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert name in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_dry_run_says_how_many_and_writes_nothing(publishers: Publishers, fetch_command: Command) -> None:
    publishers.hold(450)
    ran = fetch_command("pubmed", "--query", "sample disease", "--dry-run")
    assert ran.code == 0
    assert "would fetch 450 files into corpus/pubmed: 3 requests, roughly 9.0 MB" in ran.said
    assert "PubMed reads the query as: sample disease[All Fields]" in ran.said
    assert not Path("corpus").exists()
    assert len(publishers.requests) == 1


def test_a_run_says_what_came_what_was_there_what_was_not_found_and_what_to_do_next(
    publishers: Publishers, fetch_command: Command
) -> None:
    first, second = publishers.hold(2)
    fetch_command("pubmed", "--pmid", first)
    ran = fetch_command("pubmed", "--pmid", f"{first}, {second}", "--pmid", "99999999")
    assert ran.code == 1
    assert "not found: PMID 99999999" in ran.said
    assert "1 file, " in ran.said
    assert ran.said.splitlines()[-1] == "next: chatbot index"


def test_a_folder_outside_the_corpus_is_named_in_what_to_do_next(
    publishers: Publishers, fetch_command: Command
) -> None:
    ran = fetch_command("pubmed", "--pmid", publishers.hold(1)[0], "--to", "elsewhere")
    assert ran.said.splitlines()[-1] == "next: chatbot index elsewhere"


@pytest.mark.parametrize("proxy", [f"nosuch://me:{SECRET}@192.0.2.1", "nosuch://me:a1b2c3d4-secret-key@192.0.2.1"])
def test_a_proxy_that_cannot_be_used_is_named_without_its_password(
    proxy: str, fetch_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    ran = fetch_command("pubmed", "--pmid", "1")
    assert (ran.code, "secret-key" in ran.said) == (1, False)
    assert "ALL_PROXY" in ran.said


@pytest.mark.parametrize(
    "arguments",
    [
        ["pubmed"],
        ["pubmed", "--query", "x", "--pmid", "1"],
        ["pubmed", "--pmid", "0"],
        ["pubmed", "--pmid", "../../1"],
        ["pubmed", "--query", "x", "--limit", "0"],
        ["pubmed", "--pmid", "1", "--limit", "1"],
        ["label"],
        ["label", "--drug", "x", "--set-id", set_id(1)],
        ["label", "--set-id", "../x"],
    ],
)
def test_wrong_usage_asks_nobody(arguments: list[str], publishers: Publishers, fetch_command: Command) -> None:
    assert fetch_command(*arguments).code == 2
    assert publishers.requests == []


def test_the_help_loads_nothing_that_fetching_needs() -> None:
    code = "import sys, chatbot.cli; print({'httpx', 'tenacity', 'lxml'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert said.stdout == "set()\n"
