"""NCBI, DailyMed and openFDA on loopback: documented shapes, invented records, and failures on demand."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chatbot.fetching.pace import Clock
from chatbot.settings import FetchSettings
from tests.samples import OPENFDA, PUBMED_XML, SPL

WRONG_KEY = "0000-wrong-key-0000"
_RECORD = re.search(rb"<PubmedArticle>.*</PubmedArticle>", PUBMED_XML, re.DOTALL)
_LABEL = json.loads(OPENFDA)["results"][0]
_TOO_MANY = b'{"error":"API rate limit exceeded","api-key":"192.0.2.1","count":"4","limit":"3"}'
_NO_MATCHES = b'{"error":{"code":"NOT_FOUND","message":"No matches found!"}}'
_DOCTYPE = (
    b'<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    b'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'
)

Answer = tuple[int, bytes]


class Watch(Clock):
    """A clock on which only sleeping takes time, and which remembers how long it was slept."""

    def __init__(self) -> None:
        self.time = 0.0
        self.pauses: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds


@dataclass(frozen=True)
class Request:
    """One request as it came: when, where to, with what."""

    at: float
    path: str
    query: str
    parameters: dict[str, str]
    user: str

    @property
    def ids(self) -> list[str]:
        """The identifiers that EFetch was asked for."""
        return self.parameters["id"].split(",")


@dataclass
class Publishers:
    """What they hold, what they were asked, and how their next answers fail.

    ``faults`` are taken one by one, each by one request; "" answers well. ``records`` are PMIDs with their entry dates,
    ``labels`` set ids with title and version, ``forgotten`` the PMIDs that EFetch leaves out the first time,
    ``books`` those of chapters.
    """

    watch: Watch = field(default_factory=Watch)
    faults: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    records: dict[str, date] = field(default_factory=dict)
    labels: dict[str, tuple[str, int]] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    books: set[str] = field(default_factory=set)
    hanging: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def hold(self, count: int) -> list[str]:
        """Gives PubMed so many records, a day apart, and returns their PMIDs."""
        pmids = [str(99_000_001 + number) for number in range(count)]
        self.records = {pmid: date(1990, 1, 1) + timedelta(days=number) for number, pmid in enumerate(pmids)}
        return pmids

    def settings(self, **more: Any) -> FetchSettings:
        """Settings that point here."""
        places = {f"{name}_url": f"{self.url}/{name}" for name in ("eutils", "dailymed", "openfda")}
        return FetchSettings(**places | more)

    def asked(self, ending: str) -> list[Request]:
        """The requests to paths that end so."""
        return [request for request in self.requests if request.path.endswith(ending)]

    def answer(self, request: Request) -> Answer:
        """What the one asked says when nothing fails."""
        answers: dict[str, Callable[[Request], Answer]] = {
            "/eutils/esearch.fcgi": self._search,
            "/eutils/efetch.fcgi": self._fetch,
            "/dailymed/spls.json": self._list_labels,
            "/openfda/drug/label.json": self._find_labels,
        }
        if request.parameters.get("api_key") == WRONG_KEY:
            return 400, json.dumps({"error": "API key invalid", "api-key": WRONG_KEY, "type": "api-key"}).encode()
        if request.path.startswith("/dailymed/spls/"):
            return self._label(request)
        if request.path not in answers:
            return 404, b"<html>Not Found</html>"
        return answers[request.path](request)

    def _search(self, request: Request) -> Answer:
        asked = request.parameters
        first, last = asked.get("mindate", "0001/01/01"), asked.get("maxdate", "9999/12/31")
        found = [pmid for pmid, day in self.records.items() if first <= f"{day:%Y/%m/%d}" <= last]
        errors = ""
        if "nothing" in asked["term"]:
            found, errors = [], "<ErrorList><PhraseNotFound>nothing</PhraseNotFound></ErrorList>"
        shown = found[::-1][: min(int(asked["retmax"]), 9999)]
        ids = "".join(f"<Id>{pmid}</Id>" for pmid in shown)
        return 200, (
            f'<?xml version="1.0" encoding="UTF-8" ?><eSearchResult><Count>{len(found)}</Count><RetMax>{len(shown)}'
            f"</RetMax><RetStart>0</RetStart><IdList>{ids}</IdList><QueryTranslation>{asked['term']}[All Fields]"
            f"</QueryTranslation>{errors}</eSearchResult>"
        ).encode()

    def _fetch(self, request: Request) -> Answer:
        known = [pmid for pmid in request.ids if pmid in self.records and pmid not in self.forgotten]
        self.forgotten -= set(request.ids)
        records = b"\n".join(chapter(pmid) if pmid in self.books else record(pmid) for pmid in known)
        return 200, b'<?xml version="1.0" ?>\n%s\n<PubmedArticleSet>%s</PubmedArticleSet>\n' % (_DOCTYPE, records)

    def _list_labels(self, request: Request) -> Answer:
        name, set_id = request.parameters.get("drug_name", "").lower(), request.parameters.get("setid", "")
        rows = [
            {"spl_version": version, "published_date": "Jan 15, 2024", "title": title, "setid": each}
            for each, (title, version) in self.labels.items()
            if (name and name in title.lower()) or each == set_id
        ]
        page, size = int(request.parameters["page"]), min(100, int(request.parameters["pagesize"]))
        metadata = {"total_elements": str(len(rows)), "current_page": str(page), "next_page": "null"}
        return 200, json.dumps({"data": rows[(page - 1) * size :][:size], "metadata": metadata}).encode()

    def _label(self, request: Request) -> Answer:
        set_id = request.path.rsplit("/", 1)[-1].removesuffix(".xml")
        if set_id not in self.labels:
            return 404, b"<html>Not Found</html>"
        content = SPL.replace(b"00000000-0000-4000-8000-00000000000a", set_id.encode())
        return 200, content.replace(b'versionNumber value="3"', b'versionNumber value="%d"' % self.labels[set_id][1])

    def _find_labels(self, request: Request) -> Answer:
        if request.user == WRONG_KEY:
            return 403, b'{"error":{"code":"API_KEY_INVALID","message":"An invalid api_key was supplied."}}'
        wanted = dict.fromkeys(re.findall(r'set_id:"([^"]+)"', request.parameters["search"]))
        names = [name.lower() for name in re.findall(r'generic_name:"([^"]+)"', request.parameters["search"])]
        found = [
            each for each, (title, _) in self.labels.items() if each in wanted or any(n in title.lower() for n in names)
        ]
        if not found:
            return 404, _NO_MATCHES
        if "count" in request.parameters:
            return 200, json.dumps({"meta": {}, "results": [{"term": each, "count": 1} for each in found]}).encode()
        rows = [{**_LABEL, "set_id": each, "version": str(self.labels[each][1])} for each in found]
        meta = {"last_updated": "2024-01-15", "results": {"skip": 0, "limit": 1000, "total": len(rows)}}
        return 200, json.dumps({"meta": meta, "results": rows}).encode()


def record(pmid: str) -> bytes:
    """The sample article under another PMID."""
    assert _RECORD
    return _RECORD[0].replace(b"99000001", pmid.encode())


def chapter(pmid: str) -> bytes:
    """An invented chapter, which PubMed keeps under another element than articles."""
    return (
        f'<PubmedBookArticle><BookDocument><PMID Version="1">{pmid}</PMID><Book><BookTitle>Samples</BookTitle><PubDate>'
        "<Year>2020</Year></PubDate></Book><ArticleTitle>Sample disease</ArticleTitle><Abstract><AbstractText>Sample "
        "disease lasts a week.</AbstractText></Abstract></BookDocument></PubmedBookArticle>"
    ).encode()


def set_id(number: int) -> str:
    """An invented set id."""
    return f"00000000-0000-4000-8000-{number:012d}"


def _echo(request: Request) -> bytes:
    """An error that quotes the key it was asked with."""
    said = f"not now: {request.parameters.get('api_key', request.user)}"
    if "openfda" in request.path:
        return json.dumps({"error": {"code": "SERVER_ERROR", "message": said}}).encode()
    return f"<eFetchResult><ERROR>{said}</ERROR></eFetchResult>".encode()


class _Handler(BaseHTTPRequestHandler):
    publishers: Publishers

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the requests are kept."""

    def _answer(self, encoded: str) -> None:
        place = urlsplit(self.path)
        user = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode().rstrip(":")
        parameters = {name: values[0] for name, values in parse_qs(encoded).items()}
        own = self.publishers
        request = Request(own.watch.now(), place.path, place.query, parameters, user)
        own.requests.append(request)
        fault = own.faults.pop(0) if own.faults else ""
        status, body = own.answer(request)
        if fault == "echo":
            status, body, fault = 200, _echo(request), ""
        self._send(fault, status, body)

    def _send(self, fault: str, status: int, body: bytes) -> None:
        headers: dict[str, str] = {}
        said, length = body, len(body)
        if fault == "hang":
            self.publishers.hanging.set()
            self.publishers.released.wait(20)
        elif fault.startswith("429"):
            status, said, headers = 429, _TOO_MANY, {"Retry-After": fault.partition(" ")[2] or "7"}
            length = len(said)
        elif fault.isdecimal():
            status, said, length = int(fault), b"<html>Server Error</html>", 25
        elif fault == "cut":
            said = body[: len(body) // 2]
        elif fault:
            said = {
                "short": body[: len(body) // 2],
                "empty": b"",
                "limit": _TOO_MANY,
                "error": b"<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>",
                "noise": b"\x1f\x8b\x00\xff<PubmedArticleSet>{",
                "page": b"<html><body>Down for maintenance</body></html>",
            }[fault]
            length = len(said)
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(length)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)


@contextmanager
def publishers_on_loopback() -> Iterator[Publishers]:
    """Runs them in a thread."""
    publishers = Publishers()
    handler = type("Handler", (_Handler,), {"publishers": publishers})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        publishers.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield publishers
        finally:
            publishers.released.set()
            server.shutdown()
            thread.join()
