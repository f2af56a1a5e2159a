#!/usr/bin/env python
"""What choosing for another reader than a clinician changes: how much plainer, and what is folded away for it.

    scripts/audiences.py INDEX QUESTIONS.jsonl… [--limit 200] [--plain 0.06] [--explains 0.3]

QUESTIONS are lines with a "text" (or "stands_for", "question"). Printed are, by audience, over the sections that
answer: the mean Flesch-Kincaid grade of the quotes shown, and of each section's first; the share of quotes that
explain, and of sections with one; of what the clinician is shown, the share still shown, and of that which must not
give way, the same (it must be 1); quotes and words a section.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

from chatbot.answering import suiting
from chatbot.answering.compose import Quote, choose
from chatbot.answering.gate import question_terms
from chatbot.answering.looking import look
from chatbot.audience import Audience
from chatbot.domain import Conversation
from chatbot.followup import resolve
from chatbot.index.reader import Index
from chatbot.pipeline import Chatbot
from chatbot.readability import grade
from chatbot.settings import load_settings

Chosen = dict[Audience, tuple[Quote, ...]]


def main(
    index: Annotated[Path, typer.Argument(help="An index.", exists=True)],
    questions: Annotated[list[Path], typer.Argument(help="JSONL files of questions.", exists=True)],
    limit: Annotated[int, typer.Option(help="Questions of each file, evenly spread over it.")] = 200,
    plain: Annotated[float, typer.Option(help="What a school grade is worth to a patient.")] = suiting.PLAIN,
    explains: Annotated[float, typer.Option(help="What explaining is worth to a trainee.")] = suiting.EXPLAINS,
) -> None:
    """Prints a table for each file."""
    suiting.PLAIN, suiting.EXPLAINS = plain, explains
    chatbot = Chatbot(load_settings(index=index))
    for path in questions:
        texts = _texts(path)
        texts = texts[:: max(1, len(texts) // limit)][:limit]
        sections = [chosen for text in texts for chosen in _sections(chatbot.index, text, chatbot)]
        print(f"{path.parent.name}/{path.name}: {len(texts)} questions, {len(sections)} sections answer")
        for audience in Audience:
            print(_line(chatbot.index, audience, sections))


def _texts(path: Path) -> list[str]:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    found = (line.get("stands_for") or line.get("text") or line.get("question") or "" for line in lines)
    return list(dict.fromkeys(text for text in found if text))


def _sections(index: Index, text: str, chatbot: Chatbot) -> list[Chosen]:
    """What each reader is shown by each kind that answers."""
    resolved = resolve(text, Conversation(), index.words)
    terms = question_terms(index, resolved)
    most = chatbot.settings.answer.max_claims
    found = [each for each in look(index, resolved, terms, ()) if each.answers]
    made = [{who: choose(index, terms, each.hits, most, who).shown for who in Audience} for each in found]
    return [chosen for chosen in made if chosen[Audience.CLINICIAN]]


def _line(index: Index, audience: Audience, sections: list[Chosen]) -> str:
    mine = [(chosen[audience], chosen[Audience.CLINICIAN]) for chosen in sections]
    quotes = [quote for shown, _ in mine for quote in shown]
    still = [_key(quote) in {_key(q) for q in shown} for shown, usual in mine for quote in usual]
    kept = [
        _key(quote) in {_key(q) for q in shown}
        for shown, usual in mine
        for quote in usual
        if suiting.is_kept(quote.passage, quote.sentence, quote.lead)
    ]
    explaining = fmean(suiting.explains(index.words, quote.passage, quote.sentence) for quote in quotes)
    any_explains = fmean(
        any(suiting.explains(index.words, quote.passage, quote.sentence) for quote in shown) for shown, _ in mine
    )
    words = sum(len(_text(quote).split()) for quote in quotes) / len(mine)
    first = fmean(grade(_text(shown[0])) for shown, _ in mine)
    return (
        f"  {audience.value:17} grade {fmean(grade(_text(q)) for q in quotes):5.2f} (first {first:5.2f})  "
        f"explaining {explaining:.3f} (in {any_explains:.3f})  clinician's shown {fmean(still):.3f}  "
        f"must-show shown {fmean(kept):.3f} ({len(kept)} of {len(still)})  "
        f"{len(quotes) / len(mine):.2f} quotes, {words:.0f} words"
    )


def _key(quote: Quote) -> tuple[str, int]:
    return quote.passage.id, quote.sentence.start


def _text(quote: Quote) -> str:
    return quote.passage.quote(quote.sentence)


if __name__ == "__main__":
    typer.run(main)
