"""Making a question unanswerable: which hits to leave out so that its topic, or only what it asks, is not there.

The index itself stays as it is, so the frequencies of words still count what is hidden: a hidden topic's words are
known to the index. That makes refusing harder, never easier.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from chatbot.answering.asked import title_parts
from chatbot.answering.gate import Terms
from chatbot.domain import Passage
from chatbot.index.reader import Index
from chatbot.retrieval import Hit

Keep = Callable[[Hit], bool]

_TWIN = 0.8  # passages as near as this say the same


def without_aspect(index: Index, answering: Sequence[Passage], hits: Sequence[Hit]) -> Keep:
    """Leaves out the passages that answer, their twins, and what the same topic's documents say under the same heading.

    ``answering`` are passages that answer; ``hits`` are all hits of the question. A document with a title
    "focus: aspect" is hidden with all others of that focus and aspect, be they worded alike or not.
    """
    places = [(_focus(index, passage), _place(passage)) for passage in answering]
    ids = {passage.id for passage in answering}
    vectors = np.array([hit.vectors[0] for hit in hits if hit.passage.id in ids])

    def keep(hit: Hit) -> bool:
        if hit.passage.id in ids or (len(vectors) and float((vectors @ hit.vectors[0]).max()) >= _TWIN):
            return False
        focus, place = _focus(index, hit.passage), _place(hit.passage)
        return not any(place == other and _same(focus, other_focus) for other_focus, other in places)

    return keep


def without_topic(index: Index, terms: Terms, answering: Sequence[Passage], hits: Sequence[Hit]) -> Keep:
    """Leaves out every document on the topic of the passages that answer, and what ``without_aspect`` leaves out.

    On the topic are documents whose focus (topics, drugs, or title) holds or is held by that of one that answers; where
    the documents have none, all passages that hold the question's most informative word which a passage that answers
    holds too: the name of what it is about, as a rule.
    """
    wanted = [_focus(index, passage) for passage in answering]
    documents = {passage.document.id for passage in answering}
    aspect = without_aspect(index, answering, hits)
    held = frozenset().union(*(index.words.held_terms(passage) for passage in answering))
    name = max((term for term in terms.information if term in held), key=lambda t: terms.information[t], default="")

    def keep(hit: Hit) -> bool:
        if hit.passage.document.id in documents or not aspect(hit):
            return False
        if any(wanted):
            focus = _focus(index, hit.passage)
            return not any(_same(focus, other) for other in wanted)
        return name not in index.words.held_terms(hit.passage)

    return keep


def _focus(index: Index, passage: Passage) -> frozenset[str]:
    """The indexed words of what a document is about: its first drug or topic, else the focus of its title."""
    reference = passage.document.reference
    named = next(iter((*reference.drugs, *reference.topics)), "")
    return frozenset(index.words.terms(named or title_parts(reference.title)[0]))


def _place(passage: Passage) -> tuple[str, str]:
    """What a passage says of its focus: the aspect in its title and its heading. Where it has none, itself alone."""
    aspect = title_parts(passage.document.reference.title)[1].lower()
    heading = passage.section.heading.lower()
    return (aspect, heading) if aspect or heading else (passage.id, "")


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and (one <= other or other <= one))
