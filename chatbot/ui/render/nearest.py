"""The passage nearest to a question that a kind of evidence does not answer → markup, folded away."""

from __future__ import annotations

from chatbot.domain import Citation, Passage
from chatbot.ui.render.sources import cited_html


def nearest_html(passage: Passage | None) -> str:
    """The passage word for word, whose it is and where to read on, behind a line that opens it; None: nothing.

    It says that the passage was not judged to answer: who opens it must not take it for the answer.
    """
    if passage is None:
        return ""
    return (
        '<details class="mf-nearest"><summary>Nearest passage</summary>'
        '<p class="mf-not-judged">This is the nearest passage found. It was not judged to answer the question.</p>'
        f"{cited_html(Citation(0, passage, passage.start, passage.end))}</details>"
    )
