"""An approved content → its file in the corpus, read back before it is written: what was approved is what is read."""

from __future__ import annotations

from pathlib import Path

from chatbot.approved import approval_of
from chatbot.binding import bind_article
from chatbot.domain import Answer, Approval
from chatbot.errors import KeepingError, SourceError
from chatbot.index.reader import Index
from chatbot.review.article_file import article_path, file_text, new_id, parse_file, read_article, write_article
from chatbot.review.content import Content
from chatbot.review.review_file import today
from chatbot.verification import verified


def publish(content: Content, article: str, by: str, corpus: Path, index: Index) -> str:
    """The id of the article, ``article`` or a new one, whose file now says that the content is approved.

    Raises KeepingError where the file has changed since it was indexed, cannot be written, or would not read back as
    what was approved.
    """
    if article:
        _check_unchanged(content, article, corpus)
    else:
        article = new_id(
            content.question, lambda name: article_path(corpus, name).exists() or index.document(name) is not None
        )
    path = article_path(corpus, article)
    text = file_text(article, content, Approval(by, today(), content.hash, content.cited))
    if not _reads_back(path, text, content, index):
        raise KeepingError(
            "the article would not read back from its file as it was approved; nothing was written. Return it with a "
            "note, and report its question"
        )
    write_article(path, text)
    return article


def _check_unchanged(content: Content, article: str, corpus: Path) -> None:
    document = read_article(corpus, article)
    if (document.reference.title, document.text) != (content.question, content.body):
        raise KeepingError(
            f"{article_path(corpus, article)} has changed since it was indexed; bring the index up to date and review "
            "what it says now"
        )


def _reads_back(path: Path, text: str, content: Content, index: Index) -> bool:
    try:
        document = parse_file(path, text)
    except SourceError:
        return False
    return approval_of(document) is not None and _said(verified(bind_article(document, index), "")) == _said(
        content.answer
    )


def _said(answer: Answer) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """The statements of an answer, each with its lead and its quotes; line breaks count as spaces."""
    by_number = {citation.number: citation.quote for citation in answer.citations}
    return [
        (" ".join(claim.text.split()), claim.lead, [by_number[number] for number in claim.citations])
        for section in answer.sections
        for claim in section.claims
    ]
