"""Labels from openFDA: JSON, a field a section, as its search gives it.

The manual: open.fda.gov/apis. A page has at most 1,000 records and none begins behind the 25,000th; since a label is a
hundred kilobytes and more, set ids are counted instead (one small reply), and labels are asked for by set id.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from chatbot.fetching.client import Client, Refused, Reply, Service, Unusable, brief
from chatbot.fetching.job import Item, Listing
from chatbot.fetching.labels import MOST_UNASKED, cut, each_once, is_set_id, label, whole_number
from chatbot.fetching.replies import json_of
from chatbot.settings import FetchSettings

_MOST_LISTED = 1_000  # terms of a count, records of a page
_NAMES = ("generic_name", "brand_name", "substance_name")
_ADVICE = "check the name, and the address in CHATBOT_FETCH__OPENFDA_URL"


def openfda(settings: FetchSettings) -> Service:
    """openFDA: 240 requests a minute, with a key or without; 1,000 a day without (open.fda.gov/apis/authentication)."""
    key = settings.openfda_api_key
    return Service("openFDA", settings.openfda_url, 4, key, "CHATBOT_FETCH__OPENFDA_API_KEY", key_as_user=True)


class OpenFda:
    """The labels of drugs, by generic, brand or ingredient's name, and of set ids; ``limit`` is the most of a drug."""

    batch = 20  # a few megabytes a reply
    item_bytes: int | None = None

    def __init__(
        self, client: Client, *, drugs: Sequence[str] = (), set_ids: Sequence[str] = (), limit: int | None = None
    ) -> None:
        self._client = client
        self._drugs = drugs
        self._set_ids = set_ids
        self._limit = limit

    def listing(self) -> Listing:
        """The labels that openFDA names for each drug; set ids as they are asked for, known there or not."""
        items: list[Item] = []
        absent, notes = [], []
        for drug in self._drugs:
            found = [label(set_id, ".json") for set_id in self._set_ids_of(drug)]
            if not found:
                absent.append(f'labels of "{drug}"')
            elif len(found) == _MOST_LISTED:
                notes.append(f"openFDA lists {_MOST_LISTED:,} labels at most; --from dailymed lists all of {drug}")
            else:
                notes.append(f"openFDA has {len(found):,} labels of {drug}")
            items += cut(found, drug, min(len(found), MOST_UNASKED), self._limit)
        items += [label(set_id, ".json") for set_id in self._set_ids]
        return Listing(each_once(items), tuple(absent), tuple(notes))

    def fetch(self, items: Sequence[Item]) -> dict[str, bytes]:
        """A reply for each label, with the head that all of them came under."""
        search = " ".join(f'set_id:"{item.id}"' for item in items)
        asked: dict[str, str | int] = {"search": search, "limit": _MOST_LISTED}
        records = self._client.get("drug/label.json", asked, _records)
        own = {item.id.lower(): item.id for item in items}
        return {own[set_id]: content for set_id, content in records.items() if set_id in own}

    def version_of(self, head: bytes) -> int | None:  # noqa: ARG002 - the count does not tell versions
        """None: what openFDA lists has no version; ``--refresh`` fetches again."""
        return None

    def called(self, item: Item) -> str:
        """set id 1…"""
        return f"set id {item.id}"

    def _set_ids_of(self, drug: str) -> list[str]:
        name = drug.replace("\\", " ").replace('"', " ")
        search = " ".join(f'openfda.{field}:"{name}"' for field in _NAMES)
        count = "openfda.spl_set_id.exact"
        return self._client.get("drug/label.json", {"search": search, "count": count, "limit": _MOST_LISTED}, _terms)


def _terms(reply: Reply) -> list[str]:
    terms = [str(row.get("term", "")) for row in _results(reply)[1]]
    return [term for term in terms if is_set_id(term)]


def _records(reply: Reply) -> dict[str, bytes]:
    """Replies by set id in lower case; of two versions of a label the newer one."""
    head, rows = _results(reply)
    newest: dict[str, dict[str, Any]] = {}
    for row in rows:
        set_id = str(row.get("set_id", "")).lower()
        if is_set_id(set_id) and _version(row) >= _version(newest.get(set_id, {})):
            newest[set_id] = row
    alone = {**head, "results": {"skip": 0, "limit": 1, "total": 1}}
    try:
        return {set_id: json.dumps({"meta": alone, "results": [row]}).encode("ascii") for set_id, row in newest.items()}
    except RecursionError as error:
        raise Unusable("the reply is nested too deeply") from error


def _version(row: dict[str, Any]) -> int:
    return whole_number(row.get("version")) or 0


def _results(reply: Reply) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The head and the rows; none where nothing matches, which openFDA says with a 404."""
    content = json_of(reply) if reply.status == 200 else _error_of(reply)
    error = content.get("error")
    if isinstance(error, dict):
        code, said = str(error.get("code", "")), brief(str(error.get("message", "")))
        if reply.status == 404 and code == "NOT_FOUND" and "no matches" in said.lower():
            return {}, []
        if reply.status != 200:
            raise Refused(f"answered {reply.status}: {said}", _ADVICE)
        raise Unusable(f"the service says: {said}")
    head, rows = content.get("meta"), content.get("results")
    if not isinstance(head, dict) or not isinstance(rows, list):
        raise Unusable("the reply has no results")
    return head, [row for row in rows if isinstance(row, dict)]


def _error_of(reply: Reply) -> dict[str, Any]:
    try:
        content = json_of(reply)
    except Unusable as error:
        raise Refused(f"answered {reply.status}", _ADVICE) from error
    if not isinstance(content.get("error"), dict):
        raise Refused(f"answered {reply.status}", _ADVICE)
    return content
