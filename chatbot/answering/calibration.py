"""The gate's threshold, calibrated on the indexed corpus itself, without labels.

Questions made from the index's own passages (``known_items``) are asked three times: as they are, with every document
on their topic hidden, and with only what answers hidden. The curve of thresholds says which share of the first would be
refused wrongly and which share of the others rightly. It is stored with the index, so that another share of false
refusals can be chosen without indexing again; the threshold in force refuses at most the chosen share.

It is measured anew when so much has changed since that it may have moved (``is_due``), not after every run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chatbot.answering.calibration_keys import MEASURED_KEY, METADATA_KEY
from chatbot.answering.gate import judge, question_terms
from chatbot.answering.hiding import without_aspect, without_topic
from chatbot.answering.known_items import KnownItem, known_items
from chatbot.domain import EVIDENCE_KINDS, Conversation, Kind
from chatbot.followup import resolve
from chatbot.index.reader import Index
from chatbot.retrieval import embed_query, retrieve

DEFAULT_THRESHOLD = 0.5
SHARES = tuple(round(0.01 * step, 2) for step in range(31))
"""Of false refusals, for which the curve holds a threshold."""

_SAMPLE = 300  # known items: a share of .05 is then known to ± .025
_FEWEST = 20  # items below which nothing is measured and the default is used
_FEWEST_OF_KIND = 150  # items of a kind from which on it has a threshold of its own
_DEPTH = 100  # hits looked at, so that something is left where a topic is hidden
_LOWEST, _HIGHEST = 0.2, 0.98  # a corpus of a few documents must not let everything pass or refuse everything
_POOLED = "all"
# Of 506 documents a tenth could go, and the threshold (.89 at 5 % of false refusals) moved no further than another draw
# of known items from the same documents moves it (standard deviation .010 of six draws; means of three: 1 % +.010, 5 %
# +.011, 10 % -.012). And where a share of the items stands on other documents, the share refused is off by no more.
_STALE = 0.05


@dataclass(frozen=True)
class Point:
    """A threshold and the shares of questions that it refuses: known ones, and with topic or aspect hidden."""

    threshold: float
    false_refusals: float
    topic_hidden: float
    aspect_hidden: float


@dataclass(frozen=True)
class Curve:
    """A point for each of ``SHARES``, measured on ``questions`` known items. Not measured: no points."""

    questions: int
    points: tuple[Point, ...] = ()

    def at(self, share: float) -> Point | None:
        """The highest threshold that refuses at most the share of known questions; None where nothing is measured."""
        fitting = [point for share_of, point in zip(SHARES, self.points, strict=False) if share_of <= share + 1e-9]
        return fitting[-1] if fitting else None


@dataclass(frozen=True)
class Calibration:
    """The curve over all items and, for the kinds with enough of them, their own."""

    pooled: Curve
    kinds: dict[Kind, Curve]

    def curve(self, kind: Kind | None = None) -> Curve:
        """The curve in force for a kind."""
        return self.kinds.get(kind, self.pooled) if kind else self.pooled


@dataclass(frozen=True)
class _Scored:
    kind: Kind
    known: float
    topic_hidden: float
    aspect_hidden: float


def calibrate(index: Index) -> Calibration:
    """Measures the known items of an index. Deterministic; about 30 ms a question, at most 300 of them."""
    scored = [_score(index, item) for item in known_items(index, _SAMPLE)]
    by_kind = {kind: [item for item in scored if item.kind is kind] for kind in Kind}
    own = {kind: _curve(items) for kind, items in by_kind.items() if len(items) >= _FEWEST_OF_KIND}
    return Calibration(_curve(scored), own)


def noted(index: Index) -> dict[str, Any]:
    """Key → value to store with an index: its calibration, measured now, and on what."""
    counts = {kind.value: count for kind, count in index.counts.items()}
    measured = {"generation": index.generation, "documents": counts}
    return {METADATA_KEY: as_metadata(calibrate(index)), MEASURED_KEY: measured}


def is_due(index: Index) -> bool:
    """Whether the calibration was never measured, or ``changed_share`` exceeds five in a hundred."""
    share = changed_share(index)
    return share is None or share > _STALE


def changed_share(index: Index) -> float | None:
    """The share of known items that stand on other documents now than when they were measured; None if they never were.

    As many items are made of each kind of evidence, so it is the mean over kinds of the share of documents that came
    or went since, whichever is larger (a changed one did both). From 0, nothing, to 1, all of them.
    """
    measured = index.metadata(MEASURED_KEY)
    if index.metadata(METADATA_KEY) is None or not isinstance(measured, dict):
        return None
    came = index.counts_after(int(measured["generation"]))
    shares = []
    for kind in EVIDENCE_KINDS:
        before, now = int(measured["documents"].get(kind.value, 0)), index.counts.get(kind, 0)
        if before or now:
            gone = before - (now - came.get(kind, 0))
            shares.append(max(came.get(kind, 0), gone) / max(before, now))
    return sum(shares) / len(shares) if shares else 0.0


def threshold_of(index: Index, kind: Kind | None = None) -> float:
    """The threshold in force for a kind: the setting, else the index's own at the chosen share, else the default."""
    settings = index.settings.answer
    if settings.gate_threshold is not None:
        return settings.gate_threshold
    stored = stored_calibration(index)
    point = stored.curve(kind).at(settings.false_refusals) if stored else None
    return point.threshold if point else DEFAULT_THRESHOLD


def stored_calibration(index: Index) -> Calibration | None:
    """What was calibrated with the index; None where it was not, or by another version of this module."""
    stored = index.metadata(METADATA_KEY)
    if not isinstance(stored, dict) or _POOLED not in stored:
        return None
    curves = {
        name: Curve(int(value["questions"]), tuple(Point(*point) for point in value["points"]))
        for name, value in stored.items()
    }
    return Calibration(curves.pop(_POOLED), {Kind(name): curve for name, curve in curves.items()})


def as_metadata(calibration: Calibration) -> dict[str, Any]:
    """What the manifest keeps: per kind the number of questions and the points, numbers rounded."""
    curves = {_POOLED: calibration.pooled, **{kind.value: curve for kind, curve in calibration.kinds.items()}}
    return {
        name: {
            "questions": curve.questions,
            "points": [[p.threshold, p.false_refusals, p.topic_hidden, p.aspect_hidden] for p in curve.points],
        }
        for name, curve in curves.items()
    }


def _score(index: Index, item: KnownItem) -> _Scored:
    kind = item.passage.document.kind
    resolved = resolve(item.question, Conversation(), index.words)
    terms = question_terms(index, resolved)
    hits = retrieve(index, embed_query(index, resolved.readings, resolved.about), kind, _DEPTH)
    no_topic = without_topic(index, terms, [item.passage], hits)
    no_aspect = without_aspect(index, [item.passage], hits)
    return _Scored(
        kind,
        judge(index, terms, kind, hits).score,
        judge(index, terms, kind, [hit for hit in hits if no_topic(hit)]).score,
        judge(index, terms, kind, [hit for hit in hits if no_aspect(hit)]).score,
    )


def _curve(scored: Sequence[_Scored]) -> Curve:
    if len(scored) < _FEWEST:
        return Curve(len(scored))
    known = sorted(item.known for item in scored)

    def point(share: float) -> Point:
        quantile = known[min(int(share * len(known)), len(known) - 1)]
        threshold = round(min(max(quantile, _LOWEST), _HIGHEST), 3)
        columns = zip(*((item.known, item.topic_hidden, item.aspect_hidden) for item in scored), strict=True)
        refused = (round(sum(score < threshold for score in column) / len(scored), 3) for column in columns)
        return Point(threshold, *refused)

    return Curve(len(scored), tuple(point(share) for share in SHARES))
