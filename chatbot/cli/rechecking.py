"""After an index run: do the approvals of articles still hold? A line for each that newly does not, or does again."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from rich.console import Console

from chatbot.settings import Settings

if TYPE_CHECKING:
    from chatbot.embedding import Encoder


def recheck(console: Console, settings: Settings, encoder: Encoder) -> None:
    """Keeps what has changed as an event of the review and prints it. An index without approved articles: nothing.

    Where it cannot be kept the line says so: the run itself has succeeded.
    """
    if not _has_approved(settings):
        return
    from chatbot.errors import KeepingError
    from chatbot.index.reader import Index
    from chatbot.review.reviews import Reviews

    try:
        found = Reviews(settings.data, settings.corpus).recheck(Index(settings, encoder))
    except KeepingError as error:
        _print(console, f"approvals were not checked: {error}")
        return
    for one in found:
        what = f"back to Submitted: {one.note}" if one.stands.is_sent_back else "approved again: every quote stands"
        _print(console, f"{one.article.id}: {what}")


def _has_approved(settings: Settings) -> bool:
    """Asked of the manifest alone: opening the whole index costs more than most runs."""
    from chatbot.domain import Kind, ReviewStatus
    from chatbot.index.home import home
    from chatbot.index.manifest import Manifest

    with closing(Manifest(home(settings.index))) as manifest:
        articles = manifest.references(manifest.generation, Kind.ARTICLE)
    return any(article.status is ReviewStatus.APPROVED for article in articles)


def _print(console: Console, line: str) -> None:
    console.print(" ".join(line.split()), markup=False, highlight=False, soft_wrap=True)
