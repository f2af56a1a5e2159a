"""How the manifest keeps documents, passages and vectors in its columns.

Small columns stand before the text of a row, and what a snapshot asks of every document is in an index: at a million
passages reading the rows through would mean gigabytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot.domain import (
    Approval,
    CitedSpan,
    Document,
    Jurisdiction,
    Kind,
    Notice,
    Passage,
    Reference,
    ReviewStatus,
    Section,
    Sentence,
    Standing,
)

Vectors = NDArray[np.float32]

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS document (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL, hash TEXT NOT NULL,
    added INTEGER NOT NULL, removed INTEGER, subject TEXT NOT NULL,
    source TEXT NOT NULL, origin TEXT NOT NULL, told TEXT NOT NULL,
    reference TEXT NOT NULL, sections TEXT NOT NULL, pages TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS document_id ON document (id);
CREATE INDEX IF NOT EXISTS document_added ON document (added);
CREATE INDEX IF NOT EXISTS document_removed ON document (removed);
CREATE INDEX IF NOT EXISTS document_latest ON document (id, source, origin, told) WHERE removed IS NULL;
CREATE INDEX IF NOT EXISTS document_subject ON document (kind, subject, added, removed);
CREATE TABLE IF NOT EXISTS passage (
    id TEXT NOT NULL, document INTEGER NOT NULL REFERENCES document (number), section INTEGER NOT NULL,
    sentences BLOB NOT NULL, vectors BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS passage_id ON passage (id);
CREATE INDEX IF NOT EXISTS passage_document ON passage (document, id);
CREATE TABLE IF NOT EXISTS intent (passage TEXT NOT NULL, kind TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from: its file, its hash as that gives it, and what others tell of it (``Told.pack``)."""

    source: str
    hash: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What documents of a kind are about: the part of a reference that many share and that questions are read by.

    ``title`` is that of a label without topics, else empty; ``titled``: whether they have one; ``documents`` counts.
    """

    kind: Kind
    jurisdiction: Jurisdiction | None = None
    topics: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    title: str = ""
    titled: bool = True
    documents: int = 1


def pack_document(document: Document) -> tuple[str, str, str, str]:
    """(reference, text, sections, pages)."""
    sections = [[section.heading, section.start, section.end, section.role] for section in document.sections]
    reference = json.dumps(asdict(document.reference))
    return reference, document.text, json.dumps(sections), json.dumps(document.pages)


def pack_passage(passage: Passage, vectors: Vectors) -> tuple[int, bytes, bytes]:
    """(number of its section, sentence spans, vectors)."""
    spans = np.array([[sentence.start, sentence.end] for sentence in passage.sentences], dtype=np.int32)
    section = passage.document.sections.index(passage.section)
    return section, spans.tobytes(), vectors.astype(np.float16).tobytes()


def pack_subject(reference: Reference) -> str:
    """A reference's subject, the same text for the same one; its kind has a column of its own."""
    jurisdiction = reference.jurisdiction.value if reference.jurisdiction else None
    title = reference.title if reference.kind is Kind.LABEL and not reference.topics else ""
    titled = bool(reference.title.strip())
    return json.dumps([jurisdiction, reference.topics, reference.drugs, reference.brands, title, titled])


def unpack_subject(kind: str, content: str, documents: int) -> Subject:
    """The subject that so many documents of a kind have."""
    jurisdiction, topics, drugs, brands, title, titled = json.loads(content)
    place = Jurisdiction(jurisdiction) if jurisdiction else None
    return Subject(Kind(kind), place, tuple(topics), tuple(drugs), tuple(brands), title, titled, documents)


def unpack_reference(content: str) -> Reference:
    """The reference of a document's row."""
    fields: dict[str, Any] = json.loads(content)
    jurisdiction = fields["jurisdiction"]
    fields |= {
        "kind": Kind(fields["kind"]),
        "status": ReviewStatus(fields["status"]),
        "jurisdiction": Jurisdiction(jurisdiction) if jurisdiction else None,
    }
    for key in ("notices", "issued"):
        fields[key] = [Notice(**{**notice, "standing": Standing(notice["standing"])}) for notice in fields[key]]
    if fields.get("approval"):
        fields["approval"] = _unpack_approval(fields["approval"])
    tuples: dict[str, Any] = {key: tuple(value) for key, value in fields.items() if isinstance(value, list)}
    return Reference(**{**fields, **tuples})


def _unpack_approval(kept: dict[str, Any]) -> Approval:
    return Approval(**{**kept, "cited": tuple(CitedSpan(**_with_tuples(span)) for span in kept["cited"])})


def _with_tuples(kept: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in kept.items()}


def unpack_document(reference: str, text: str, sections: str, pages: str) -> Document:
    """The document of a row."""
    cut = tuple(Section(*section) for section in json.loads(sections))
    return Document(unpack_reference(reference), text, cut, tuple(json.loads(pages)))


def unpack_passage(document: Document, section: int, spans: bytes) -> Passage:
    """The passage of a row; ``document`` is the one it belongs to."""
    pairs = np.frombuffer(spans, dtype=np.int32).reshape(-1, 2).tolist()
    return Passage(document, document.sections[section], tuple(Sentence(start, end) for start, end in pairs))


def unpack_vectors(blob: bytes, spans: bytes) -> Vectors:
    """float32, shape (1 + sentences, dimension)."""
    rows = len(spans) // 8 + 1
    return np.frombuffer(blob, dtype=np.float16).reshape(rows, -1).astype(np.float32)
