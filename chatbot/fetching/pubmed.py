"""Records of PubMed through NCBI's E-utilities: ESearch for the identifiers, EFetch for the records.

The manual is NBK25499 ("The E-utilities In-Depth"). How the service behaves beyond it: a search lists at most 9,999
identifiers (the manual says 10,000), a result kept on the history server is no way past that, and a page of it that
crosses the border is shortened without a word. So identifiers are listed, by ranges of entry dates where there are
more, and records are asked for by identifier: a result that changes meanwhile cannot shift a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lxml import etree

from chatbot.errors import FetchError
from chatbot.fetching.client import TOOL, Client, Refused, Reply, Service, Unusable, brief
from chatbot.fetching.job import Item, Listing
from chatbot.fetching.replies import json_of, xml_of
from chatbot.settings import FetchSettings

MOST_LISTED = 9_999  # identifiers of one search

_FIRST_DAY, _LAST_DAY = date(1700, 1, 1), date(2199, 12, 31)  # around every entry date there is, or will be soon
_RECORDS = {"PubmedArticle": "MedlineCitation/PMID", "PubmedBookArticle": "BookDocument/PMID"}
_HEAD_BYTES = 1_000  # of a reply: an error is all that it holds
_NO_SUCH_IDS = b"ID list is empty! Possibly"
_SAID_OF_A_QUERY = {
    "ErrorList/PhraseNotFound": "PubMed does not know, and left out of the search",
    "ErrorList/FieldNotFound": "PubMed does not know the field",
    "WarningList/PhraseIgnored": "PubMed ignored",
    "WarningList/QuotedPhraseNotFound": "PubMed does not know the phrase, and searched for its words",
}


def is_pmid(text: str) -> bool:
    """Whether it is written as PMIDs are; only such become parts of file names."""
    return bool(re.fullmatch(r"[1-9][0-9]{0,8}", text))


def ncbi(settings: FetchSettings) -> Service:
    """The E-utilities: 3 requests a second, 10 with a key (NBK25497, "Frequency, Timing and Registration")."""
    key = settings.ncbi_api_key
    return Service("NCBI", settings.eutils_url, 10 if key else 3, key, "CHATBOT_FETCH__NCBI_API_KEY")


@dataclass(frozen=True)
class _Found:
    count: int
    pmids: tuple[str, ...]
    notes: tuple[str, ...]


class PubMed:
    """The records of a query, the best matches first, or of PMIDs in their order.

    ``limit`` is the most of a query; without one, a query that matches more than 9,999 records ends in FetchError.
    """

    batch = 200  # above that many identifiers the manual asks for a POST; a reply is then about 4 MB
    item_bytes: int | None = 20_000  # mean of seven articles as efetch gives them, references included: 22 kB

    def __init__(
        self,
        client: Client,
        settings: FetchSettings,
        *,
        query: str = "",
        pmids: Sequence[str] = (),
        limit: int | None = None,
    ) -> None:
        self._client = client
        self._query = query
        self._pmids = pmids
        self._limit = limit
        self._who: dict[str, str | int] = {"db": "pubmed", "tool": TOOL}
        if settings.email:
            self._who["email"] = settings.email
        if client.service.key:
            self._who["api_key"] = client.service.key.get_secret_value()

    def listing(self) -> Listing:
        """The PMIDs asked for, or those that PubMed lists for the query."""
        if self._pmids:
            return Listing(_items(self._pmids))
        first = self._search()
        if self._limit is None and first.count > MOST_LISTED:
            raise FetchError(
                f"PubMed has {first.count:,} records for this query, and more than {MOST_LISTED:,} are not fetched "
                f"unasked; narrow the query, or say how many with --limit"
            )
        wanted = first.count if self._limit is None else min(first.count, self._limit)
        pmids = list(dict.fromkeys(first.pmids))[:wanted]
        if len(pmids) < wanted and wanted > MOST_LISTED:
            pmids = self._more(pmids, wanted)
        notes = [*first.notes, f"PubMed has {first.count:,} records for the query"]
        if len(pmids) < wanted:
            notes.append(f"PubMed lists only {len(pmids):,} of them")
        absent = () if first.count else (f'records for "{brief(self._query)}"',)
        return Listing(_items(pmids), absent, tuple(notes))

    def fetch(self, items: Sequence[Item]) -> dict[str, bytes]:
        """Files by PMID. What does not come is asked for once more: under load EFetch leaves records out."""
        found = self._records([item.id for item in items])
        left_out = [item.id for item in items if item.id not in found]
        if left_out:
            found |= self._records(left_out)
        return found

    def version_of(self, head: bytes) -> int | None:  # noqa: ARG002 - a search does not tell versions
        """None: records change without a number."""
        return None

    def called(self, item: Item) -> str:
        """PMID 1."""
        return f"PMID {item.id}"

    def _more(self, pmids: list[str], wanted: int) -> list[str]:
        seen = dict.fromkeys(pmids)
        for found in self._by_entry_date(_FIRST_DAY, _LAST_DAY):
            seen |= dict.fromkeys(found.pmids)
            if len(seen) >= wanted:
                break
        return list(seen)[:wanted]

    def _by_entry_date(self, first: date, last: date) -> Iterator[_Found]:
        """The query's records by halves of the range, halved again until a search lists all of its own; latest first.

        By the date of entry, because each record has one and it never changes.
        """
        found = self._search(first, last)
        if found.count <= MOST_LISTED or first == last:
            yield found
            return
        middle = first + (last - first) // 2
        yield from self._by_entry_date(middle + timedelta(days=1), last)
        yield from self._by_entry_date(first, middle)

    def _search(self, first: date | None = None, last: date | None = None) -> _Found:
        dates = {}
        if first and last:
            dates = {"datetype": "edat", "mindate": f"{first:%Y/%m/%d}", "maxdate": f"{last:%Y/%m/%d}"}
        most = MOST_LISTED if self._limit is None else min(self._limit, MOST_LISTED)
        asked = {**self._who, **dates, "term": self._query, "retmax": most, "sort": "relevance"}
        return self._client.post("esearch.fcgi", asked, _found)

    def _records(self, pmids: Sequence[str]) -> dict[str, bytes]:
        asked = {**self._who, "id": ",".join(pmids), "retmode": "xml"}
        records = self._client.post("efetch.fcgi", asked, _split)
        return {pmid: record for pmid, record in records.items() if pmid in set(pmids)}


def _items(pmids: Sequence[str]) -> tuple[Item, ...]:
    return tuple(Item(pmid, f"pmid-{pmid}.xml") for pmid in dict.fromkeys(pmids))


def _found(reply: Reply) -> _Found:
    """What ESearch answers."""
    root = _answer(reply, "eSearchResult")
    count = root.findtext("Count", "")
    if not re.fullmatch(r"[0-9]{1,9}", count):
        raise Unusable("the reply has no count")
    notes = []
    for path, said in _SAID_OF_A_QUERY.items():
        notes += [f"{said}: {brief(each.text or '')}" for each in root.iterfind(path)]
    if translation := root.findtext("QueryTranslation"):
        notes.append(f"PubMed reads the query as: {' '.join(translation.split())}")
    pmids = tuple(each.text or "" for each in root.iterfind("IdList/Id") if is_pmid(each.text or ""))
    return _Found(int(count), pmids, tuple(notes))


def _split(reply: Reply) -> dict[str, bytes]:
    """What EFetch answers, a file for each record: declaration, document type and root as they came around it."""
    try:
        root = _answer(reply, "PubmedArticleSet")
    except _NoSuchIds:
        return {}
    doctype: str = root.getroottree().docinfo.doctype  # type: ignore[attr-defined]  # its stubs have forgotten it
    before = f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}\n<PubmedArticleSet>\n'.encode()
    files = {}
    for record in root.iterchildren(*_RECORDS):
        if pmid := record.findtext(_RECORDS[str(record.tag)]):
            content: bytes = etree.tostring(record, encoding="utf-8", with_tail=False)
            files[pmid] = before + content + b"\n</PubmedArticleSet>\n"
    return files


class _NoSuchIds(Unusable):
    """None of the identifiers could be a record's."""


def _answer(reply: Reply, name: str) -> etree._Element:
    """The root of that name. Raises Unusable or Refused of errors, which come with any status, in XML, JSON or text."""
    if _NO_SUCH_IDS in reply.body[:_HEAD_BYTES].replace(b"+", b" "):
        raise _NoSuchIds("none of the identifiers is one")
    if reply.body.lstrip().startswith(b"{"):
        raise _of_json(reply)
    root = xml_of(reply)
    error = root.findtext("ERROR") if root.tag != "ERROR" else root.text
    if error is not None:
        raise Unusable(f"the service says: {brief(error)}")
    if root.tag != name:
        raise Unusable(f"the reply is <{root.tag}>, not <{name}>")
    return root


def _of_json(reply: Reply) -> Exception:
    """NCBI says in JSON that there are too many requests, whatever the format asked for, and that a key is wrong."""
    said = brief(str(json_of(reply).get("error", "nothing that is known")))  # beside it stands the key
    if "rate limit" in said:
        return Unusable("asks for fewer requests (API rate limit exceeded)")
    if "API key" in said:
        return Refused("the API key is not accepted", "correct the key in CHATBOT_FETCH__NCBI_API_KEY, or unset it")
    return Unusable(f"the service says: {said}")
