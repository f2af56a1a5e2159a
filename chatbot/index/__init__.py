"""The index: Chroma (passage vectors), Tantivy (words) and a SQLite manifest (documents, sentences, what built it).

``build.IndexWriter`` changes one, ``reader.Index`` is a snapshot of one to read, ``live.LiveIndex`` the newest one;
``home`` says where they lie.
"""
