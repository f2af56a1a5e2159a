"""An answer → markup. An article and a follow-up are the same type and go through the same code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from chatbot.articles import SECTION_TITLES
from chatbot.domain import Answer, AnswerSection, Citation, Claim, Silence
from chatbot.evidence_tags import cautions_of, is_boxed_warning, tags_of
from chatbot.glossary import NO_GLOSSARY, Glossary
from chatbot.ui.render.escape import html_text
from chatbot.ui.render.nearest import nearest_html
from chatbot.ui.render.sources import left_out_html, markers_html, panel_html, references_html
from chatbot.ui.render.terms import Definitions, with_definitions

_PROSE = 2  # statements without a sub-heading that still read as a paragraph; more become a list
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class _Cited:
    """What a claim is shown with: the answer's citations, what begins the ids of their panels, what is explained."""

    citations: Sequence[Citation]
    prefix: str
    definitions: Definitions = field(default_factory=Definitions)

    def numbers(self, claim: Claim) -> str:
        """The numbers that open a claim's citations."""
        return markers_html(claim.citations, self.prefix)

    def tags(self, claim: Claim) -> str:
        """What a claim rests on, in a word or two each; first what a reader must know before it is used."""
        cautions = [f' <span class="mf-warn">{html_text(words)}</span>' for words in cautions_of(claim, self.citations)]
        boxed = any(is_boxed_warning(c.passage) for c in self.citations if c.number in claim.citations)
        name = "mf-rests mf-boxed" if boxed else "mf-rests"
        tags = [f' <span class="{name}">{html_text(words)}</span>' for words in tags_of(claim, self.citations)]
        return "".join((*cautions, *tags))


def question_html(question: str, anchor: str) -> str:
    """What a person asked, as it was typed."""
    return f'<p id="{anchor}" class="mf-asked" dir="auto">{html_text(question)}</p>'


def answer_html(answer: Answer, prefix: str, *, level: int = 2, glossary: Glossary = NO_GLOSSARY) -> str:
    """The sections, references and citation panels of an answer.

    ``prefix`` begins every id, so that answers on one page do not open each other's panels; ``level`` is that of the
    section headings. Terms of the glossary are explained where they first occur.
    """
    parts = [f'<p class="mf-notice">{html_text(answer.notice)}</p>'] if answer.notice else []
    # Asked back: that each kind cannot answer goes without saying.
    said = [section for section in answer.sections if section.silence is not Silence.UNDERSPECIFIED]
    cited = _Cited(answer.citations, prefix, Definitions(glossary, prefix))
    parts += [_section_html(section, cited, level, quiet=answer.withheld) for section in said]
    parts.append(cited.definitions.panels_html())
    parts.append(references_html(answer.citations, prefix, level))
    parts += [panel_html(citation, prefix) for citation in answer.citations]
    return f'<div class="mf-answer mf-level-{level}">{"".join(parts)}</div>'


def reading_html(answer: Answer) -> str:
    """How a question was read, where that differs from how it was typed; else empty."""
    if answer.resolved in {"", answer.question}:
        return ""
    return f'<p class="mf-reading" dir="auto"><span>Read as:</span> {html_text(answer.resolved)}</p>'


def _section_html(section: AnswerSection, cited: _Cited, level: int, *, quiet: bool) -> str:
    title = SECTION_TITLES.get((section.kind, section.jurisdiction), SECTION_TITLES[section.kind, None])
    said = f'<p class="mf-honest">{html_text(section.reason)}</p>' if section.reason else ""
    left_out = "".join(map(left_out_html, section.left_out))
    if section.withheld:
        line = f"{said}{left_out}{nearest_html(section.nearest)}"
        modifier = " mf-quiet" if quiet else ""
        return f'<section class="mf-section mf-withheld{modifier}"><h{level}>{title}</h{level}>{line}</section>'
    body = _claims_html(section.claims, cited, level + 1) + _more_html(section.more, cited, level + 1)
    return (
        f'<section class="mf-section mf-of-{section.kind.value}"><h{level}>{title}</h{level}>{body}{said}{left_out}'
        "</section>"
    )


def _more_html(claims: Sequence[Claim], cited: _Cited, level: int) -> str:
    """What also answers, folded away by the browser itself: opening it asks nothing of the server."""
    if not claims:
        return ""
    body = _claims_html(claims, cited, level)
    return f'<details class="mf-more"><summary>More from these sources</summary>{body}</details>'


def _claims_html(claims: Iterable[Claim], cited: _Cited, level: int) -> str:
    groups = groupby(claims, key=lambda claim: claim.heading)
    return "".join(_group_html(heading, list(group), cited, level) for heading, group in groups)


def _group_html(heading: str, claims: list[Claim], cited: _Cited, level: int) -> str:
    if not heading and len(claims) <= _PROSE and not any(claim.lead for claim in claims):
        return f"<p>{' '.join(_claim_html(claim, cited) for claim in claims)}</p>"
    title = f"<h{level}>{html_text(heading)}</h{level}>" if heading else ""
    runs = groupby(claims, key=lambda claim: claim.lead)
    return f"{title}<ul>{''.join(_run_html(lead, list(run), cited) for lead, run in runs)}</ul>"


def _run_html(lead: tuple[str, ...], claims: list[Claim], cited: _Cited) -> str:
    """Statements that follow one another and share what they cannot be read without, which is shown once."""
    if not lead:
        return "".join(f"<li>{_claim_html(claim, cited)}</li>" for claim in claims)
    if lead[-1].startswith("|"):
        return f"<li>{_leads_html(lead[:-1])}{_table_html(lead[-1], claims, cited)}</li>"
    if len(claims) == 1:
        return f"<li>{_leads_html(lead)} {_claim_html(claims[0], cited)}</li>"
    items = "".join(f"<li>{_claim_html(claim, cited)}</li>" for claim in claims)
    return f"<li>{_leads_html(lead)}<ul>{items}</ul></li>"


def _leads_html(lead: Sequence[str]) -> str:
    return " ".join(f'<span class="mf-lead-in">{html_text(part.strip())}</span>' for part in lead)


def _table_html(header: str, claims: list[Claim], cited: _Cited) -> str:
    """Rows of a Markdown table below their header; the numbers stand in the last cell."""
    head = "".join(f'<th scope="col">{html_text(cell)}</th>' for cell in _cells(header))
    rows = ""
    for claim in claims:
        *cells, last = _cells(claim.text)
        marks = f"{cited.numbers(claim)}{cited.tags(claim)}"
        row = "".join(f"<td>{html_text(cell)}</td>" for cell in cells)
        rows += f'<tr class="mf-claim">{row}<td>{html_text(last)}{marks}</td></tr>'
    return f'<div class="mf-table"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cells(row: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in _CELL.split(row.strip().removeprefix("|").removesuffix("|"))]


def _claim_html(claim: Claim, cited: _Cited) -> str:
    """The statement and what it rests on; its last word and its numbers stay on one line."""
    head, last = with_definitions(claim.text, cited.definitions)
    tail = f'<span class="mf-tail">{last}{cited.numbers(claim)}</span>'
    return f'<span class="mf-claim">{head}{tail}</span>{cited.tags(claim)}'
