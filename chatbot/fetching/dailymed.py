"""Labels from DailyMed: SPL XML, the whole label as it was submitted to the FDA.

The manual: dailymed.nlm.nih.gov/dailymed/app-support-web-services.cfm, version 2. ``/spls.json`` lists labels by drug
name, at most 100 a page, and ``/spls/SETID.xml`` is one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any

from chatbot.fetching.client import Client, Refused, Reply, Service, Unusable, brief
from chatbot.fetching.job import Item, Listing
from chatbot.fetching.labels import MOST_UNASKED, cut, each_once, is_set_id, label, whole_number
from chatbot.fetching.replies import json_of, xml_of
from chatbot.settings import FetchSettings

_PAGE = 100  # the most there are on one
_MOST_PAGES = 1000  # more than any drug has; a service that never ends ends here
_OTHERS_NAMED = 3
_VERSION = re.compile(rb"<(?:\w+:)?versionNumber\s+value\s*=\s*[\"'](\d{1,9})[\"']")


def dailymed(settings: FetchSettings) -> Service:
    """DailyMed names no limit: 3 requests a second, as its owner, the NLM, asks for elsewhere."""
    return Service("DailyMed", settings.dailymed_url, 3)


class DailyMed:
    """The labels of drugs, by generic or brand name, and of set ids; ``limit`` is the most of one drug."""

    batch = 1
    item_bytes: int | None = 220_000  # mean of six labels, prescription and over the counter

    def __init__(
        self, client: Client, *, drugs: Sequence[str] = (), set_ids: Sequence[str] = (), limit: int | None = None
    ) -> None:
        self._client = client
        self._drugs = drugs
        self._set_ids = set_ids
        self._limit = limit

    def listing(self) -> Listing:
        """The labels that DailyMed lists, with their versions."""
        items: list[Item] = []
        absent, notes = [], []
        for drug in self._drugs:
            rows, total = self._rows({"drug_name": drug})
            named, others = _of_drug(drug, rows)
            if others:
                notes.append(_left_out(drug, others))
            found = [_item(row) for row in named]
            if found:
                notes.append(f"DailyMed lists {total:,} labels for {drug}")
            else:
                absent.append(f'labels of "{drug}"')
            items += cut(found, drug, total, self._limit)
        for set_id in self._set_ids:
            rows, total = self._rows({"setid": set_id})
            listed = [_item(row) for row in rows if row["setid"].lower() == set_id.lower()]
            if not total:
                absent.append(f"set id {set_id}")
            items += listed or ([label(set_id, ".xml")] if total else [])
        return Listing(each_once(items), tuple(absent), tuple(notes))

    def fetch(self, items: Sequence[Item]) -> dict[str, bytes]:
        """The labels, byte for byte as they come."""
        found = {}
        for item in items:
            content = self._client.get(f"spls/{item.id}.xml", {}, functools.partial(_label, item))
            if content is not None:
                found[item.id] = content
        return found

    def version_of(self, head: bytes) -> int | None:
        """The number that a label gives its version."""
        match = _VERSION.search(head)
        return int(match[1]) if match else None

    def called(self, item: Item) -> str:
        """set id 1…"""
        return f"set id {item.id}"

    def _rows(self, asked: dict[str, str]) -> tuple[list[dict[str, Any]], int]:
        """Rows with a set id, and how many DailyMed says there are; stops where there are more than are wanted."""
        rows: list[dict[str, Any]] = []
        for page in range(1, _MOST_PAGES):
            more, total = self._client.get("spls.json", {**asked, "pagesize": _PAGE, "page": page}, _page)
            rows += more
            if not more or page * _PAGE >= total or self._is_enough(rows, total, asked):
                break
        return rows, total

    def _is_enough(self, rows: list[dict[str, Any]], total: int, asked: dict[str, str]) -> bool:
        if "drug_name" not in asked:
            return True
        if self._limit is None:
            return total > MOST_UNASKED
        return len(_of_drug(asked["drug_name"], rows)[0]) >= self._limit


def _page(reply: Reply) -> tuple[list[dict[str, Any]], int]:
    if reply.status != 200:
        raise Refused(f"answered {reply.status}", "check the address in CHATBOT_FETCH__DAILYMED_URL")
    content = json_of(reply)
    rows, metadata = content.get("data"), content.get("metadata")
    if not isinstance(rows, list) or not isinstance(metadata, dict):
        raise Unusable("the reply is no list of labels")
    known = [row for row in rows if isinstance(row, dict) and is_set_id(str(row.get("setid", "")))]
    total = whole_number(metadata.get("total_elements"))
    return known, len(known) if total is None else total


def _item(row: dict[str, Any]) -> Item:
    return label(row["setid"], ".xml", whole_number(row.get("spl_version")))


def _of_drug(drug: str, rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows whose title has the name as words of its own, and the titles of the others.

    DailyMed finds names within words: SILIQ in CERCIS SILIQUASTRUM, a label of another thing altogether.
    """
    name = r"\s+".join(map(re.escape, drug.split()))
    words = re.compile(rf"(?<!\w){name}(?!\w)", re.IGNORECASE)
    named, others = [], []
    for row in rows:
        title = str(row.get("title", ""))
        if words.search(title):
            named.append(row)
        else:
            others.append(title)
    return named, others


def _left_out(drug: str, others: list[str]) -> str:
    shown = "; ".join(brief(title) for title in others[:_OTHERS_NAMED])
    more = f"; and {len(others) - _OTHERS_NAMED:,} more" if len(others) > _OTHERS_NAMED else ""
    return f"left out, because the title does not name {drug}: {shown}{more}"


def _label(item: Item, reply: Reply) -> bytes | None:
    """The label's bytes; None where there is no such label."""
    if reply.status == 404:
        return None
    root = xml_of(reply)
    own = root.find("{*}setId")
    if own is None or own.get("root", "").lower() != item.id.lower():
        raise Unusable("the reply is not the label asked for")
    return reply.body
