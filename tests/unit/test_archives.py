"""Archives: read member by member and never unpacked to disk; what attacks a reader is refused by name."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from chatbot.domain import Document
from chatbot.errors import SourceError
from chatbot.readers import read_file
from chatbot.readers.source_file import SourceFile
from tests.samples import SAMPLES, zipped

LABEL = SAMPLES["label.xml"]()
PUBMED = SAMPLES["pubmed.xml"]()


def read(folder: Path, content: bytes) -> tuple[list[Document], list[str]]:
    """The documents of an archive, and the errors as written, without the folder."""
    path = folder / "labels.zip"
    path.write_bytes(content)
    errors: list[SourceError] = []
    documents = list(read_file(SourceFile(path, folder), errors.append))
    return documents, [str(error).removeprefix(f"{folder}/") for error in errors]


def deflated(name: str, content: bytes) -> bytes:
    """An archive of one member, packed as tightly as can be."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def patched(content: bytes, name: str, offset: int, value: bytes) -> bytes:
    """An archive with bytes changed in the central directory's entry of a member."""
    changed = bytearray(content)
    entry = changed.rindex(b"PK\x01\x02", 0, changed.rindex(name.encode()))
    changed[entry + offset : entry + offset + len(value)] = value
    return bytes(changed)


def test_labels_in_an_archive_of_archives_are_read_as_dailymed_ships_them(tmp_path: Path) -> None:
    one = zipped({"a.xml": LABEL, "image-01.jpg": b"\xff\xd8", "notes.css": b"p {}"})
    other = zipped({"b.xml": LABEL.replace(b"00000000000a", b"00000000000c")})
    documents, errors = read(tmp_path, zipped({"prescription/2.zip": other, "prescription/1.zip": one, "x.png": b""}))
    assert [document.reference.set_id[-1] for document in documents] == ["a", "c"]
    assert errors == []


def test_members_of_every_kind_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    members = {"c/label.json": SAMPLES["label.json"](), "a/label.xml": LABEL, "b/pubmed.xml": PUBMED}
    documents, errors = read(tmp_path, zipped(members))
    assert [document.id.split("-")[0] for document in documents] == ["label", "pmid", "label"]
    assert errors == []


def test_a_bulk_file_of_openfda_is_read_from_its_archive(tmp_path: Path) -> None:
    record = json.loads(SAMPLES["label.json"]())["results"][0]
    bulk = {"meta": {}, "results": [record | {"set_id": f"set-{number}"} for number in range(300)]}
    documents, errors = read(tmp_path, zipped({"drug-label-0001-of-0001.json": json.dumps(bulk).encode()}))
    assert (len(documents), errors) == (300, [])


def test_a_broken_member_fails_alone_and_is_named(tmp_path: Path) -> None:
    inner = zipped({"broken.xml": LABEL[:700]})
    documents, errors = read(tmp_path, zipped({"1.zip": inner, "2.xml": LABEL, "3.xml": b""}))
    assert len(documents) == 1
    assert [error.split(":")[0] for error in errors] == ["labels.zip!1.zip!broken.xml", "labels.zip!3.xml"]


@pytest.mark.parametrize("name", ["../label.xml", "/etc/label.xml", "a/../../label.xml", "C:\\label.xml"])
def test_a_name_that_leads_out_of_the_archive_is_refused_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    documents, errors = read(tmp_path, zipped({name: LABEL, "good.xml": LABEL}))
    assert len(documents) == 1
    assert len(errors) == 1
    assert "leads out of the archive" in errors[0]
    assert os.listdir(tmp_path) == ["labels.zip"]


def test_an_encrypted_member_is_refused_with_what_to_do(tmp_path: Path) -> None:
    documents, errors = read(tmp_path, patched(zipped({"a.xml": LABEL}), "a.xml", 8, b"\x01\x00"))
    assert documents == []
    assert "is encrypted; unpack the archive with its password first" in errors[0]


BOMB = deflated("a.json", b'{"results": [' + b" " * (40 * 2**20) + b"]}")


def test_a_bomb_is_refused_by_what_it_unpacks_to(tmp_path: Path) -> None:
    documents, errors = read(tmp_path, zipped({"1.zip": BOMB, "2.xml": LABEL}))
    assert len(documents) == 1
    assert errors == ["labels.zip!1.zip!a.json: unpacks to more than 16 MB, as bombs do; unpack it yourself"]


def test_a_size_in_the_header_is_not_believed(tmp_path: Path) -> None:
    documents, errors = read(tmp_path, patched(BOMB, "a.json", 24, (100).to_bytes(4, "little")))
    assert documents == []
    assert len(errors) == 1


def test_archives_are_read_three_deep_and_no_deeper(tmp_path: Path) -> None:
    content = zipped({"a.xml": LABEL})
    for _ in range(2):
        content = zipped({"in.zip": content})
    assert len(read(tmp_path, content)[0]) == 1
    documents, errors = read(tmp_path, zipped({"in.zip": content}))
    assert documents == []
    assert "more than 3 deep" in errors[0]


def test_an_archive_without_a_document_says_so(tmp_path: Path) -> None:
    for members in ({}, {"a.jpg": b"\xff\xd8"}, {"__MACOSX/._a.xml": b"junk", ".hidden.xml": b"junk"}):
        documents, errors = read(tmp_path, zipped(members))
        assert documents == []
        assert errors[0].startswith("labels.zip: holds no document")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive at all", zipped({"a.xml": LABEL})[:-30]])
def test_what_is_no_archive_says_so(content: bytes, tmp_path: Path) -> None:
    documents, errors = read(tmp_path, content)
    assert documents == []
    assert errors == ["labels.zip: is no whole zip archive; fetch it again"]


def test_a_member_damaged_within_fails_with_its_name(tmp_path: Path) -> None:
    packed = bytearray(zipped({"a.xml": LABEL, "b.xml": PUBMED}))
    packed[60:80] = bytes(20)
    documents, errors = read(tmp_path, bytes(packed))
    assert len(documents) == 1
    assert errors[0].startswith("labels.zip!a.xml: ")


def test_an_unknown_compression_fails_with_a_sentence(tmp_path: Path) -> None:
    documents, errors = read(tmp_path, patched(zipped({"a.xml": LABEL}), "a.xml", 10, (97).to_bytes(2, "little")))
    assert documents == []
    assert "cannot be unpacked" in errors[0]


def test_members_of_one_name_are_both_read(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.xml", LABEL)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.xml", PUBMED)
    documents, errors = read(tmp_path, packed.getvalue())
    assert (len(documents), errors) == (2, [])
