"""How the manifest keeps documents, passages and vectors in its columns."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot.domain import Document, Jurisdiction, Kind, Passage, Reference, ReviewStatus, Section, Sentence

Vectors = NDArray[np.float32]


def pack_document(document: Document) -> tuple[str, str, str]:
    """(reference, text, sections)."""
    sections = [[section.heading, section.start, section.end] for section in document.sections]
    return json.dumps(asdict(document.reference)), document.text, json.dumps(sections)


def pack_passage(passage: Passage, vectors: Vectors) -> tuple[int, bytes, bytes]:
    """(number of its section, sentence spans, vectors)."""
    spans = np.array([[sentence.start, sentence.end] for sentence in passage.sentences], dtype=np.int32)
    section = passage.document.sections.index(passage.section)
    return section, spans.tobytes(), vectors.astype(np.float16).tobytes()


def unpack_reference(content: str) -> Reference:
    """The reference of a document's row."""
    fields: dict[str, Any] = json.loads(content)
    jurisdiction = fields["jurisdiction"]
    fields |= {
        "kind": Kind(fields["kind"]),
        "status": ReviewStatus(fields["status"]),
        "jurisdiction": Jurisdiction(jurisdiction) if jurisdiction else None,
    }
    tuples: dict[str, Any] = {key: tuple(value) for key, value in fields.items() if isinstance(value, list)}
    return Reference(**{**fields, **tuples})


def unpack_document(reference: str, text: str, sections: str) -> Document:
    """The document of a row."""
    return Document(unpack_reference(reference), text, tuple(Section(*section) for section in json.loads(sections)))


def unpack_passage(document: Document, section: int, spans: bytes) -> Passage:
    """The passage of a row; ``document`` is the one it belongs to."""
    pairs = np.frombuffer(spans, dtype=np.int32).reshape(-1, 2).tolist()
    return Passage(document, document.sections[section], tuple(Sentence(start, end) for start, end in pairs))


def unpack_vectors(blob: bytes, spans: bytes) -> Vectors:
    """float32, shape (1 + sentences, dimension)."""
    rows = len(spans) // 8 + 1
    return np.frombuffer(blob, dtype=np.float16).reshape(rows, -1).astype(np.float32)
