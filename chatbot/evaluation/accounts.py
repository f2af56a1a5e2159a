"""Accounts of answers for who has to find out why one is not as expected."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from chatbot.domain import EVIDENCE_KINDS, Answer, AnswerSection, Conversation, Reference
from chatbot.evaluation.checks import citations_of, is_named, name_of, numbered, plain, statements, why_silent

if TYPE_CHECKING:
    from chatbot.pipeline import Chatbot

_MARGIN = 11  # characters: the longest kind with its colon and a space
_QUOTE_SHOWN = 160  # characters: enough to recognise a sentence, two lines of a terminal
_LOOKED_THROUGH = 50  # documents of a kind: what stands further down was not missed by a little
_CLOSE_IDS = 3


def account(answer: Answer, conversation: Conversation = Conversation()) -> str:  # noqa: B008 - frozen
    """What was asked before, how the question was read, and section by section what was said: several lines."""
    resolved = answer.resolved if answer.resolved != answer.question else "(as asked)"
    lines = [*(("before", turn.question) for turn in conversation.turns), ("asked", answer.question)]
    lines.append(("read as", resolved))
    if answer.choices:
        lines += [("asks", answer.notice), *(("", f"  {choice}") for choice in answer.choices)]
    for section in answer.sections:
        lines += _section_lines(answer, section)
    return "\n".join(f"{f'{name}:' if name else '':<{_MARGIN}}{text}" for name, text in lines)


def needed(chatbot: Chatbot) -> str:
    """What score of the gate a kind needs in order to answer, on a line."""
    from chatbot.answering.calibration import threshold_of

    index = chatbot.index
    scores = ", ".join(f"{kind} {threshold_of(index, kind):.2f}" for kind in EVIDENCE_KINDS)
    return f"{'needed:':<{_MARGIN}}gate {scores}"


def whereabouts(chatbot: Chatbot, answer: Answer, conversation: Conversation, what: str) -> str:
    """Where a document is that was expected to be cited: not indexed, not found, or found at which rank."""
    index = chatbot.index
    named = [reference for reference in index.references if is_named(reference, what)]
    if not named:
        return _not_indexed(index.references, what)
    ids = {reference.id for reference in named if reference.kind in EVIDENCE_KINDS}
    if not ids:
        return f"{what!r} is an article; articles are found, but only guidelines, labels and research are cited"
    for kind in {reference.kind for reference in named if reference.id in ids}:
        found = chatbot.search(answer.question, kind, _LOOKED_THROUGH, conversation)
        for rank, (hit, score) in enumerate(found, start=1):
            if hit.passage.document.id in ids:
                passage = " ".join(hit.passage.text.split())
                return (
                    f"{hit.passage.document.id} is number {rank} of what was found of {kind} (score {score:.3f}); "
                    f"its best passage: {_shortened(passage)}"
                )
    return f"{', '.join(sorted(ids))} is indexed, but not among the {_LOOKED_THROUGH} documents found for the question"


def is_indexed(chatbot: Chatbot, what: str) -> bool:
    """Whether any document of the index is called that."""
    return any(is_named(reference, what) for reference in chatbot.index.references)


def unquoted(answer: Answer, words: str) -> str:
    """Whether a cited document holds words that no statement quotes."""
    holding = [r.id for r in answer.references if _holds(answer, r.id, plain(words))]
    if holding:
        return f"{', '.join(holding)} is cited and holds these words, but in a sentence that was not chosen"
    return "no cited document holds these words"


def _holds(answer: Answer, document_id: str, words: str) -> bool:
    documents = (citation.passage.document for citation in answer.citations)
    return any(document.id == document_id and words in plain(document.text) for document in documents)


def _section_lines(answer: Answer, section: AnswerSection) -> list[tuple[str, str]]:
    if section.withheld:
        lines = [(name_of(section), f"withheld ({why_silent(section)}): {section.reason}")]
        if section.nearest is not None:
            passage = " ".join(section.nearest.text.split())
            lines.append(("", f"  nearest: {section.nearest.document.id}, {_shortened(passage)}"))
        return lines
    lines = [(name_of(section), f"{', '.join(numbered(citations_of(answer, section)))} (gate {section.score:.2f})")]
    for claim in statements(section):
        text = _shortened(" ".join(" ".join((*claim.lead, claim.text)).split()))
        folded = " (folded away)" if claim in section.more else ""
        lines.append(("", f"  {text} {list(claim.citations)}{folded}"))
    return lines


def _not_indexed(references: tuple[Reference, ...], what: str) -> str:
    near = difflib.get_close_matches(what, [reference.id for reference in references], _CLOSE_IDS)
    return f"no indexed document has {what!r} as its id, PMID, DOI or in its title" + (
        f"; near it: {', '.join(near)}" if near else ""
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _QUOTE_SHOWN else f"{text[: _QUOTE_SHOWN - 1].rstrip()}…"
