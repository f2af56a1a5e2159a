"""What is found for a question, by kind of evidence: what may be quoted, whether it answers, and what is left out.

A retracted source is found like any other and then takes no part: it neither passes the gate nor is quoted. It is named
where it would have been read: with it, the kind would pass the gate, and a passage of it is among the best that are
read then. That costs a second judgement, and only where something retracted was found.

A source that a newer one supersedes or updates, by the notice in its record, gives way where the newer one is read and
the kind answers without the older one. Where the newer one is not indexed, or silent, the older one is quoted, and its
standing is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chatbot.answering.boxed import with_boxed_warnings
from chatbot.answering.calibration import threshold_of
from chatbot.answering.gate import Judgement, Terms, is_headed, judge
from chatbot.answering.studies import findings, records_of
from chatbot.domain import EVIDENCE_KINDS, Jurisdiction, Kind, Passage, Reference, Standing
from chatbot.followup import Resolved
from chatbot.index.reader import Index
from chatbot.retrieval import Hit, Query, embed_query, retrieve_evidence

_PASSAGES_FOUND = 60  # per kind: the best, of which those on the topic are kept
_PASSAGES_READ = 12  # of those, what the composer looks at
_MORE_OF_LABEL = 6  # further down, of the section of a label that is there to answer: "Overdosage" names no drug
_NAMED = 0.9  # a study asked for by its name, of which there is a record: no better place to look
_REPLACED = frozenset({Standing.SUPERSEDED, Standing.UPDATED})


@dataclass(frozen=True)
class Found:
    """What a kind of evidence holds on a question, best first; ``left_out`` would have been read and is not.

    ``hits`` are what is read, ``found`` everything that was found, retracted or not.
    """

    kind: Kind
    hits: list[Hit]
    score: float
    answers: bool
    is_on_topic: bool
    left_out: tuple[Reference, ...] = ()
    found: Sequence[Hit] = ()

    def nearest(self, jurisdiction: Jurisdiction | None = None) -> Passage | None:
        """The best passage that may be quoted, on the topic or not; of labels, one of the jurisdiction.

        None: nothing was found.
        """
        for hit in (*self.hits, *self.found):
            reference = hit.passage.document.reference
            if reference.is_quotable and (self.kind is not Kind.LABEL or reference.jurisdiction is jurisdiction):
                return hit.passage
        return None


def look(index: Index, resolved: Resolved, terms: Terms, pool: Sequence[str]) -> list[Found]:
    """What each kind of evidence holds, in the order of the page. ``pool`` are ids of passages always considered."""
    return list(look_in_turn(index, resolved, terms, pool, EVIDENCE_KINDS))


def look_in_turn(
    index: Index, resolved: Resolved, terms: Terms, pool: Sequence[str], kinds: Sequence[Kind]
) -> Iterator[Found]:
    """The same, a kind at a time: each is looked in only when it is asked for."""
    query = embed_query(index, resolved.readings, resolved.about)
    for kind in kinds:
        found = _look_in(index, terms, query, kind, pool)
        yield _of_study(index, resolved.text, terms.study, found) if terms.study else found


def _of_study(index: Index, text: str, study: str, found: Found) -> Found:
    """What a study's own record reports, where research holds one; else what was found. A retracted one is named."""
    if found.kind is not Kind.RESEARCH:
        return found
    records = records_of(study, found.found)
    sound = [record for record in records if record.reference.is_quotable]
    retracted = [record.reference for record in records if not record.reference.is_quotable]
    left_out = tuple(dict.fromkeys((*retracted, *found.left_out)))
    hits = findings(index, text, sound)[:_PASSAGES_READ]
    if not hits:
        return replace(found, left_out=left_out)
    return replace(found, hits=hits, score=_NAMED, answers=True, is_on_topic=True, left_out=left_out)


def _look_in(index: Index, terms: Terms, query: Query, kind: Kind, pool: Sequence[str]) -> Found:
    evidence = retrieve_evidence(index, query, kind, _PASSAGES_FOUND, pool)
    threshold = threshold_of(index, kind)
    judged, older = _by_the_newer(index, terms, kind, evidence.hits, threshold)
    answers = bool(judged.hits) and judged.score >= threshold
    hits = list(judged.hits[:_PASSAGES_READ])
    if kind is Kind.LABEL:
        hits += [hit for hit in judged.hits[_PASSAGES_READ:] if is_headed(index, terms, hit)][:_MORE_OF_LABEL]
    retracted: tuple[Reference, ...] = ()
    if evidence.hits is not evidence.found:
        with_all = judge(index, terms, kind, evidence.found)
        retracted = _retracted(with_all.hits[:_PASSAGES_READ]) if with_all.score >= threshold else ()
    if kind is Kind.LABEL and answers:
        hits = with_boxed_warnings(index, terms, query, hits)
    return Found(kind, hits, judged.score, answers, judged.is_on_topic, (*retracted, *older), evidence.found)


def _by_the_newer(
    index: Index, terms: Terms, kind: Kind, hits: Sequence[Hit], threshold: float
) -> tuple[Judgement, tuple[Reference, ...]]:
    """The judgement without those that a newer source replaces which is read, and which those are. Mostly none."""
    judged = judge(index, terms, kind, hits)
    read = _references(judged.hits[:_PASSAGES_READ])
    newer = {reference.pmid for reference in read if reference.pmid}
    older = tuple(reference for reference in read if reference.notices and _replaced_by(reference) & newer)
    if not older:
        return judged, ()
    left = judge(index, terms, kind, [hit for hit in hits if hit.passage.document.reference not in older])
    return (left, older) if left.score >= threshold else (judged, ())


def _replaced_by(reference: Reference) -> set[str]:
    return {notice.pmid for notice in reference.notices if notice.standing in _REPLACED}


def _retracted(hits: Iterable[Hit]) -> tuple[Reference, ...]:
    return tuple(reference for reference in _references(hits) if reference.standing is Standing.RETRACTED)


def _references(hits: Iterable[Hit]) -> list[Reference]:
    return list(dict.fromkeys(hit.passage.document.reference for hit in hits))
