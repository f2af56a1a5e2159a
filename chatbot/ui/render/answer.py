"""An answer → markup. An article and a follow-up are the same type and go through the same code."""

from __future__ import annotations

from itertools import groupby

from chatbot.articles import SECTION_TITLES
from chatbot.domain import Answer, AnswerSection, Claim
from chatbot.ui.render.escape import html_text
from chatbot.ui.render.sources import markers_html, panel_html, references_html

_PROSE = 2  # statements without a sub-heading that still read as a paragraph; more become a list


def question_html(question: str, anchor: str) -> str:
    """What a person asked, as it was typed."""
    return f'<p id="{anchor}" class="mf-asked" dir="auto">{html_text(question)}</p>'


def answer_html(answer: Answer, prefix: str, *, level: int = 2) -> str:
    """The sections, references and citation panels of an answer.

    ``prefix`` begins every id, so that answers on one page do not open each other's panels; ``level`` is that of the
    section headings. A follow-up says above its sections how it was read, where that differs from what was asked.
    """
    parts = [_reading_html(answer)]
    if answer.notice:
        parts.append(f'<p class="mf-notice">{html_text(answer.notice)}</p>')
    parts += [_section_html(section, prefix, level, quiet=answer.withheld) for section in answer.sections]
    parts.append(references_html(answer.citations, prefix, level))
    parts += [panel_html(citation, prefix) for citation in answer.citations]
    return f'<div class="mf-answer mf-level-{level}">{"".join(parts)}</div>'


def _reading_html(answer: Answer) -> str:
    if answer.resolved in {"", answer.question}:
        return ""
    return f'<p class="mf-reading" dir="auto"><span>Read as:</span> {html_text(answer.resolved)}</p>'


def _section_html(section: AnswerSection, prefix: str, level: int, *, quiet: bool) -> str:
    title = SECTION_TITLES.get((section.kind, section.jurisdiction), SECTION_TITLES[section.kind, None])
    if section.withheld:
        line = f'<p class="mf-honest">{html_text(section.reason)}</p>'
        modifier = " mf-quiet" if quiet else ""
        return f'<section class="mf-section mf-withheld{modifier}"><h{level}>{title}</h{level}>{line}</section>'
    groups = groupby(section.claims, key=lambda claim: claim.heading)
    body = "".join(_group_html(heading, list(claims), prefix, level + 1) for heading, claims in groups)
    return f'<section class="mf-section mf-of-{section.kind.value}"><h{level}>{title}</h{level}>{body}</section>'


def _group_html(heading: str, claims: list[Claim], prefix: str, level: int) -> str:
    if not heading and len(claims) <= _PROSE:
        return f"<p>{' '.join(_claim_html(claim, prefix) for claim in claims)}</p>"
    title = f"<h{level}>{html_text(heading)}</h{level}>" if heading else ""
    return title + "<ul>" + "".join(f"<li>{_claim_html(claim, prefix)}</li>" for claim in claims) + "</ul>"


def _claim_html(claim: Claim, prefix: str) -> str:
    """The statement; its last word and its numbers stay on one line."""
    text = html_text(claim.text.strip())
    head, space, last = text.rpartition(" ")
    numbers = markers_html(claim.citations, prefix)
    return f'<span class="mf-claim">{head}{space}<span class="mf-tail">{last}{numbers}</span></span>'
