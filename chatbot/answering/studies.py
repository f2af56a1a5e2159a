"""Questions on a study by its name: "What did the MILES trial show?".

A name of letters is near to nothing that the study found, and often stands once in its abstract, beside the number of
its registration, or only in the name of its group of authors. So its record is found by the name, as it is written, and
what is quoted is what it reports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.domain import Document, Passage, Sentence
from chatbot.followup import Reading
from chatbot.index.reader import Index
from chatbot.retrieval import Hit, embed_query, hits_of

_STUDIES = "trial|study|registry|cohort"
_NAMED = re.compile(rf"\b([A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)\s+(?:{_STUDIES})s?\b")
_FEWEST_LETTERS = 3
_RECORDS = 2  # of one study: its protocol or its long-term results may have a record of their own
_REGISTRATION = 60  # characters between a name and the number under which the study is registered
_NUMBER = r"(?:ClinicalTrials\.gov|NCT\d{8}|ISRCTN\d+|EudraCT)"
_FINDINGS = re.compile(r"^\W*(?:results?|findings|conclusions?|interpretation)\b", re.IGNORECASE)


def study_named(text: str) -> str:
    """The name of a study that a question asks of, in capitals as studies write theirs; empty where it names none.

    What stands before "trial" may be any word; whether it is a name is told by the records.
    """
    names = [name.upper() for name in _NAMED.findall(text) if len(name) >= _FEWEST_LETTERS]
    return names[0] if names else ""


def records_of(study: str, hits: Sequence[Hit]) -> list[Document]:
    """The documents among what was found that are records of the study, in the order found. None: it is not indexed.

    A record names it in its title, in its group of authors, or beside its registration. A source that merely mentions
    it is not one.
    """
    found = dict.fromkeys(hit.passage.document.id for hit in hits)
    documents = {hit.passage.document.id: hit.passage.document for hit in hits}
    return [documents[name] for name in found if _is_record(study, documents[name])][:_RECORDS]


def findings(index: Index, text: str, records: Sequence[Document]) -> list[Hit]:
    """The passages of a study's records, those first that report what it found and are nearest to what is asked."""
    hits: list[Hit] = []
    for record in records:
        query = embed_query(index, (Reading(f"{text} {record.reference.title}", 1.0),))
        hits += hits_of(index, query, index.passages_of(record))
    return sorted(hits, key=lambda hit: (not _reports(hit.passage), -hit.score, hit.passage.id))


def is_finding(passage: Passage, sentence: Sentence) -> bool:
    """Whether a sentence reports what a study found: by the heading above it, or a label within its abstract."""
    if _FINDINGS.match(passage.section.heading):
        return True
    before = passage.document.text[passage.section.start : sentence.end]
    labels = re.findall(r"(?:^|[.!?]\s+)([A-Z][A-Z /]{4,}):", before)
    return bool(labels) and bool(_FINDINGS.match(labels[-1]))


def _reports(passage: Passage) -> bool:
    return any(is_finding(passage, sentence) for sentence in passage.sentences)


def _is_record(study: str, document: Document) -> bool:
    reference = document.reference
    if _names(study, " ".join((reference.title, reference.body, *reference.authors))):
        return True
    near = rf"[^.]{{0,{_REGISTRATION}}}"
    name = rf"(?<![\w-]){re.escape(study)}(?![\w-])"
    return bool(re.search(rf"{name}{near}{_NUMBER}|{_NUMBER}{near}{name}", document.text))


def _names(study: str, text: str) -> bool:
    return bool(re.search(rf"(?<![\w-]){re.escape(study)}(?![\w-])", text))
