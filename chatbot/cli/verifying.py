"""``chatbot verify``: an answer card against the index, offline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot.cli.options import IndexOption
from chatbot.errors import CardError
from chatbot.settings import load_settings

if TYPE_CHECKING:
    from chatbot.takeaway.card import AnswerCard
    from chatbot.takeaway.check import Checked

_NO_CARD = 2


def verify(
    card: Annotated[Path, typer.Argument(help="The file of an answer card.", show_default=False)],
    index: IndexOption = None,
) -> None:
    """Checks every quote of an answer card again and asks its question again. Says what differs.

    Exits with 0 where nothing differs, 1 where something does, 2 where the file is no answer card or was changed.
    """
    from chatbot.takeaway.card import read_card

    try:
        read = read_card(card)
    except CardError as error:
        typer.echo(f"chatbot: {error}", err=True)
        raise typer.Exit(_NO_CARD) from error
    from chatbot.pipeline import Chatbot
    from chatbot.takeaway.check import check, settings_of

    checked = check(read, Chatbot(settings_of(read, load_settings(index=index))))
    for line in _lines(read, checked):
        typer.echo("".join(c if c.isprintable() else " " for c in line))
    if checked.differs:
        raise typer.Exit(1)


def _lines(card: AnswerCard, checked: Checked) -> Iterator[str]:
    from chatbot.bibliography import written_date

    made = written_date(card.made.date().isoformat())
    yield f"Card of {made}: {card.answer.question}"
    count = len(card.quotes)
    yield f"{checked.stand} of {count} quotes stand as they were quoted." if count else "The card has no quotes."
    for title, lines in (
        ("Quotes that differ", checked.quotes),
        ("Sources that differ", checked.sources),
        ("The question, asked again, is answered otherwise", checked.answer),
    ):
        if lines:
            yield f"{title}:"
            yield from (f"  - {line}" for line in lines)
    if not checked.answer:
        yield "The question, asked again, is answered alike."
    yield from (f"Note: {line}" for line in checked.notes)
    yield "Something differs." if checked.differs else "Nothing differs."
