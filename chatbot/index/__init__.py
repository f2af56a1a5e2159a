"""The index: Chroma (passage vectors), Tantivy (words) and a SQLite manifest (documents, sentences, what built it).

``IndexWriter`` changes one, ``Index`` is a snapshot of one to read, ``LiveIndex`` is the newest snapshot.
"""

from chatbot.index.build import IndexWriter, Outcome, Plan
from chatbot.index.reader import Index, LiveIndex

__all__ = ["Index", "IndexWriter", "LiveIndex", "Outcome", "Plan"]
