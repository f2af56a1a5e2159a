"""What holds for every reader: a good file gives documents, and no bytes at all bring more than a named error."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chatbot.domain import Document
from chatbot.errors import SourceError
from chatbot.readers import read_file
from chatbot.readers.formats import SUFFIXES
from chatbot.readers.source_file import SourceFile
from tests.samples import SAMPLES

each_format = pytest.mark.parametrize("name", SAMPLES)
fuzzed = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,  # a build must not fail by chance; other examples: --hypothesis-seed and derandomize=False
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@cache
def sample(name: str) -> bytes:
    return SAMPLES[name]()


def documents_of(folder: Path, name: str, content: bytes) -> tuple[list[Document], list[SourceError]]:
    path = folder / name
    path.write_bytes(content)
    errors: list[SourceError] = []
    return list(read_file(SourceFile(path, folder), errors.append)), errors


def assert_sound(documents: list[Document], errors: list[SourceError], folder: Path) -> None:
    for document in documents:
        borders = [offset for section in document.sections for offset in (section.start, section.end)]
        assert borders == sorted(borders)
        assert all(0 <= offset <= len(document.text) for offset in borders)
        assert document.id
        document.hash.encode()
    assert all(str(error).startswith(str(folder)) and "\n" not in str(error) for error in errors)


@each_format
def test_a_good_file_gives_documents_and_no_error(name: str, tmp_path: Path) -> None:
    documents, errors = documents_of(tmp_path, name, sample(name))
    assert not errors
    assert documents
    assert_sound(documents, errors, tmp_path)
    assert all(any(d.text[s.start : s.end].strip() for s in d.sections) for d in documents)


@each_format
def test_the_same_file_gives_the_same_documents(name: str, tmp_path: Path) -> None:
    once, _ = documents_of(tmp_path, name, sample(name))
    again, _ = documents_of(tmp_path, name, sample(name))
    assert [d.hash for d in once] == [d.hash for d in again]


@each_format
@fuzzed
@given(data=st.data())
def test_a_file_cut_short_gives_what_is_whole_or_a_named_error(name: str, data: st.DataObject, tmp_path: Path) -> None:
    content = sample(name)
    end = data.draw(st.integers(0, len(content)))
    assert_sound(*documents_of(tmp_path, name, content[:end]), tmp_path)


@each_format
@fuzzed
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 30))
def test_a_damaged_file_gives_documents_or_a_named_error(name: str, seed: int, changes: int, tmp_path: Path) -> None:
    chance, content = random.Random(seed), bytearray(sample(name))
    for _ in range(changes):
        place = chance.randrange(len(content))
        match chance.randrange(3):
            case 0:
                content[place] = chance.randrange(256)
            case 1:
                del content[place : place + chance.randrange(1, 20)]
            case _:
                content[place:place] = content[(other := chance.randrange(len(content))) : other + 20]
        content = content or bytearray(b" ")
    assert_sound(*documents_of(tmp_path, name, bytes(content)), tmp_path)


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".xml.gz"])
@fuzzed
@given(content=st.binary(max_size=3000))
@example(content=b"")
@example(content=b"\xef\xbb\xbf")
@example(content=b"\xff\xfe<\0a\0>\0")
@example(content=b"[" * 3000)
@example(content=b'{"results": [' + b'{"a":' * 500)
@example(content=b"<a>" * 1000)
@example(content=b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj trailer<</Root 1 0 R>>")
@example(content=b"PMID- 1\n" * 50)
@example(content=b"---\n" * 50)
def test_any_bytes_give_documents_or_a_named_error(suffix: str, content: bytes, tmp_path: Path) -> None:
    assert_sound(*documents_of(tmp_path, f"any{suffix}", content), tmp_path)
