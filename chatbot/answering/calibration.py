"""The gate's threshold, calibrated on the indexed corpus itself, without labels.

Known items: questions made of a section's heading and its document's topic, which the index can answer. The same
questions with every document on that topic hidden are ones it cannot. The threshold refuses at most the allowed share
of the first; what it lets pass of the second is stored beside it.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass

from chatbot.answering.gate import features, gate_score, on_topic, question_terms
from chatbot.domain import EVIDENCE_KINDS, Conversation, Passage
from chatbot.followup import resolve
from chatbot.index.reader import Index
from chatbot.passages import topic_words
from chatbot.retrieval import Hit, embed_query, retrieve

METADATA_KEY = "gate"
FALSE_REFUSALS = 0.05
DEFAULT_THRESHOLD = 0.5
_SAMPLE = 120
_FEWEST = 20  # known items below which the default is used
_LOWEST, _HIGHEST = 0.35, 0.5  # known items are easier than what people ask: beyond .5 real questions are refused
_SEED = 20260


@dataclass(frozen=True)
class Calibration:
    """The threshold and what it was measured on: shares among ``questions`` known items."""

    threshold: float
    questions: int
    false_refusals: float
    refused_when_hidden: float


def threshold_of(index: Index) -> float:
    """The threshold in force: the setting, else the index's own, else the default."""
    if index.settings.answer.gate_threshold is not None:
        return index.settings.answer.gate_threshold
    stored = index.metadata(METADATA_KEY)
    return float(stored["threshold"]) if isinstance(stored, dict) else DEFAULT_THRESHOLD


def calibrate(index: Index) -> Calibration:
    """Measures the known items of an index. Deterministic; about 10 ms a question."""
    shown, hidden = [], []
    for question, passage in _known_items(index):
        resolved = resolve(question, Conversation(), index.words)
        terms = question_terms(index, resolved)
        query = embed_query(index, resolved.readings, resolved.about)
        hits = on_topic(index, terms, retrieve(index, query, passage.document.kind, 60))
        topic = set(index.words.terms(topic_words(passage.document.reference)))
        others = [hit for hit in hits if not _names_any(index, hit, topic)]
        shown.append(gate_score(features(index, terms, hits)))
        hidden.append(gate_score(features(index, terms, others)))
    if len(shown) < _FEWEST:
        return Calibration(DEFAULT_THRESHOLD, len(shown), 0.0, 0.0)
    allowed = sorted(shown)[int(FALSE_REFUSALS * len(shown))]
    threshold = round(min(max(allowed, _LOWEST), _HIGHEST), 3)
    return Calibration(
        threshold,
        len(shown),
        sum(score < threshold for score in shown) / len(shown),
        sum(score < threshold for score in hidden) / len(hidden),
    )


def as_metadata(calibration: Calibration) -> dict[str, float | int]:
    """What the manifest keeps."""
    return asdict(calibration)


def _known_items(index: Index) -> list[tuple[str, Passage]]:
    ids = index.passage_ids()
    drawn = random.Random(_SEED).sample(ids, min(len(ids), _SAMPLE))  # noqa: S311 - a sample, not a secret
    items = []
    for passage in index.passages(drawn).values():
        reference = passage.document.reference
        if reference.kind not in EVIDENCE_KINDS:
            continue
        about = next(iter((*reference.drugs, *reference.topics)), "")
        question = f"{passage.section.heading} {about}" if passage.section.heading and about else reference.title
        if question.strip():
            items.append((question, passage))
    return sorted(items, key=lambda item: item[1].id)


def _names_any(index: Index, hit: Hit, topic: set[str]) -> bool:
    return bool(topic & set(index.words.terms(topic_words(hit.passage.document.reference))))
