"""Which articles cite a source: the way back from what is cited."""

from __future__ import annotations

from chatbot.articles import cited_ids
from chatbot.domain import Kind, Reference
from chatbot.index.reader import Index


def citing_articles(index: Index) -> dict[str, tuple[Reference, ...]]:
    """Id of a source → the articles that cite it, by their questions; sources that none cites are not in it."""
    cited: dict[str, list[Reference]] = {}
    for article in sorted(index.references_of(Kind.ARTICLE), key=lambda reference: reference.title):
        document = index.document(article.id)
        for source in sorted(cited_ids(document.text)) if document else ():
            cited.setdefault(source, []).append(article)
    return {source: tuple(articles) for source, articles in cited.items()}
