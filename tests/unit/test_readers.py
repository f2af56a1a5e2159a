"""Corpus files → documents: what is read, what is refused with file, line and field, and what never crashes."""

from __future__ import annotations

import json
import re
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.domain import Document, Jurisdiction, Kind, ReviewStatus
from chatbot.errors import ChatbotError, CorpusError, SourceError
from chatbot.readers import find_sources, read

FIELDS = {
    "id": "trial",
    "kind": "research",
    "title": "A trial",
    "topics": "[lam]",
    "status": "Submitted",
    "facts_from": "[made up for a test]",
}
ARTICLE = {"id": "trial", "question": "What?", "topics": "[lam]", "status": "Submitted", "updated": "2026-01-02"}
LABEL = {"kind": "label", "jurisdiction": "EU", "drugs": "[sirolimus]"}


def front(fields: dict[str, str | None]) -> str:
    """The front matter with the fields; those that are None are left out."""
    return "---\n" + "".join(f"{name}: {value}\n" for name, value in fields.items() if value is not None) + "---\n"


def write(folder: Path, content: str | bytes, name: str = "references/trial.md") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return path


def refusal(path: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        list(read(path))
    assert str(caught.value).startswith(f"{path}:{caught.value.line}: " if caught.value.line else f"{path}: ")
    return caught.value


def read_lines(folder: Path, *lines: str | bytes, kind: Kind | None = None) -> tuple[list[Document], list[SourceError]]:
    """The documents and the errors of a BEIR file of these lines."""
    content = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    errors: list[SourceError] = []
    return list(read(write(folder, content, "corpus.jsonl"), kind=kind, on_error=errors.append)), errors


def record(**fields: object) -> str:
    return json.dumps({"_id": "a", "title": "T", "text": "Some text.", **fields})


# Markdown


def test_a_reference_is_read_with_its_fields_text_and_sections(tmp_path: Path) -> None:
    fields = FIELDS | {"pmid": "0012", "year": "2011", "authors": "[A Bee, C Dee]", "date": "2011-04-28"}
    (found,) = read(write(tmp_path, front(fields) + "## Results\n\nIt worked.\n"))
    reference = found.reference
    assert (reference.id, reference.kind, reference.title) == ("trial", Kind.RESEARCH, "A trial")
    assert (reference.pmid, reference.year, reference.date) == ("0012", 2011, "2011-04-28")
    assert (reference.authors, reference.status) == (("A Bee", "C Dee"), ReviewStatus.SUBMITTED)
    assert [section.heading for section in found.sections] == ["Results"]
    assert found.text == "## Results\n\nIt worked.\n"


def test_a_label_is_read_with_its_jurisdiction_and_drug(tmp_path: Path) -> None:
    (found,) = read(write(tmp_path, front(FIELDS | LABEL) + "Text.\n", "references/label/trial.md"))
    assert (found.kind, found.reference.jurisdiction) == (Kind.LABEL, Jurisdiction.EU)
    assert found.reference.drugs == ("sirolimus",)


@pytest.mark.parametrize("name", ["articles/trial.md", "anywhere/trial.md"])
def test_an_article_is_known_by_its_question(name: str, tmp_path: Path) -> None:
    (found,) = read(write(tmp_path, front(ARTICLE) + "## From the Research\n\nIt works [@a].\n", name))
    assert (found.kind, found.reference.title, found.reference.date) == (Kind.ARTICLE, "What?", "2026-01-02")


def test_a_single_text_stands_for_a_list_of_one(tmp_path: Path) -> None:
    (found,) = read(write(tmp_path, front(FIELDS | {"topics": "lam"}) + "Text.\n"))
    assert found.reference.topics == ("lam",)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
    ],
    ids=["CRLF", "CR", "BOM"],
)
def test_line_ends_and_a_byte_order_mark_make_no_difference(change, tmp_path: Path) -> None:
    text = front(FIELDS) + "## Results\n\nIt worked.\n"
    (plain,) = read(write(tmp_path, text))
    (found,) = read(write(tmp_path, change(text)))
    assert found == plain


def test_nul_characters_become_spaces(tmp_path: Path) -> None:
    (found,) = read(write(tmp_path, front(FIELDS | {"title": "A\0trial"}) + "It\0worked.\n"))
    assert (found.reference.title, found.text) == ("A trial", "It worked.\n")


@pytest.mark.parametrize("name", FIELDS)
def test_a_missing_field_of_a_reference_is_named(name: str, tmp_path: Path) -> None:
    error = refusal(write(tmp_path, front({**FIELDS, name: None}) + "Text.\n"))
    assert (error.line, error.problem) == (1, f"field {name} is missing; add it to the front matter")


@pytest.mark.parametrize("name", ARTICLE)
def test_a_missing_field_of_an_article_is_named(name: str, tmp_path: Path) -> None:
    error = refusal(write(tmp_path, front({**ARTICLE, name: None}) + "Text.\n", "articles/trial.md"))
    assert (error.line, error.problem) == (1, f"field {name} is missing; add it to the front matter")


@pytest.mark.parametrize(
    ("changes", "line", "said"),
    [
        ({"tittle": "T"}, 8, "field tittle is unknown"),
        ({"id": "Bad_Id"}, 2, "field id: .*'Bad_Id'"),
        ({"id": "../trial"}, 2, "field id: "),
        ({"id": "other"}, 2, "field id: other differs from the file's name"),
        ({"kind": "opinion"}, 3, "field kind: .*'opinion'"),
        ({"title": "''"}, 4, "field title: "),
        ({"title": "[a, b]"}, 4, "field title: "),
        ({"topics": "[]"}, 5, "field topics: "),
        ({"topics": "{a: b}"}, 5, "field topics: "),
        ({"status": "Done"}, 6, "field status: .*'Approved'.*'Done'"),
        ({"facts_from": "[]"}, 7, "field facts_from: "),
        ({"year": "20x1"}, 8, "field year: "),
        ({"year": "1066"}, 8, "field year: .*1800"),
        ({"date": "2011/04/28"}, 8, "field date: "),
        ({"pmid": "PMID 12"}, 8, "field pmid: "),
        ({"doi": "doi.org"}, 8, "field doi: "),
        ({"pmcid": "12"}, 8, "field pmcid: "),
        ({"url": "javascript:alert(1)"}, 8, "field url: "),
        ({"study": "opinion"}, 8, "field study: "),
        ({"jurisdiction": "UK"}, 8, "field jurisdiction: "),
        ({"jurisdiction": "US"}, 1, "jurisdiction: only a label has one"),
        ({"kind": "article"}, 1, "kind: article is no kind of evidence"),
        (LABEL | {"jurisdiction": None}, 1, "jurisdiction, drugs: a label says whose it is"),
        (LABEL | {"drugs": None}, 1, "jurisdiction, drugs: a label says whose it is"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(changes: dict[str, str | None], line: int, said: str, tmp_path) -> None:
    error = refusal(write(tmp_path, front({**FIELDS, **changes}) + "Text.\n"))
    assert error.line == line
    assert re.match(said, error.problem), error.problem


def test_a_kind_that_contradicts_the_folder_is_named(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, front(FIELDS) + "Text.\n", "references/guideline/trial.md"))
    assert error.problem.startswith("field kind: research differs from the folder guideline")


@pytest.mark.parametrize(
    ("fields", "name", "line"),
    [
        (FIELDS, "references/guideline/trial.md", 3),
        ({"title": "T"} | FIELDS, "references/research/other.md", 3),
    ],
    ids=["kind", "id"],
)
def test_a_field_that_contradicts_the_place_of_the_file_is_named_with_its_line(
    fields: dict[str, str | None], name: str, line: int, tmp_path: Path
) -> None:
    assert refusal(write(tmp_path, front(fields) + "Text.\n", name)).line == line


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("", 1, "has no front matter"),
        ("Just text.\n", 1, "has no front matter"),
        (" ---\nid: trial\n---\nText.\n", 1, "has no front matter"),
        ("---\nid: trial\nText.\n", 1, "does not end"),
        ("---\n---\nText.\n", 1, "has no fields"),
        ("---\n- id\n- kind\n---\nText.\n", 1, "has no fields"),
        ("---\nid\n---\nText.\n", 1, "has no fields"),
        ('---\nid: trial\ntitle: "open\nkind: research\n---\nText.\n', 5, "is not YAML"),
        ("---\nid: trial\ntitle: a: b\n---\nText.\n", 3, "is not YAML"),
        ("---\nid: trial\ntitle: *nothing\n---\nText.\n", 3, "is not YAML"),
        ("---\nid: trial\ntitle: &a [*a]\n---\nText.\n", 3, "is not YAML"),
        ("---\nid: trial\ntitle: \x01\n---\nText.\n", 1, "is not YAML"),
        (f"---\nid: trial\ntitle: {'x' * 70_000}\n---\nText.\n", 1, "longer than 65536 characters"),
    ],
)
def test_a_front_matter_that_cannot_be_read_is_refused_with_its_line(
    content: str, line: int, said: str, tmp_path: Path
) -> None:
    error = refusal(write(tmp_path, content))
    assert said in error.problem
    assert error.line == line


@pytest.mark.parametrize("body", ["", "\n \n", "## Results\n\n### More\n"])
def test_a_file_without_text_is_refused(body: str, tmp_path: Path) -> None:
    assert "holds no text" in refusal(write(tmp_path, front(FIELDS) + body)).problem


def test_a_file_that_is_not_utf_8_is_refused_with_the_line_of_the_byte(tmp_path: Path) -> None:
    content = (front(FIELDS) + "One.\n").encode() + b"Caf\xe9.\n"
    error = refusal(write(tmp_path, content))
    assert (error.line, "is not UTF-8" in error.problem) == (10, True)


@pytest.mark.parametrize("tag", ["python/object/apply:os.mkdir", "python/object/new:os.mkdir"])
def test_a_python_tag_runs_nothing(tag: str, tmp_path: Path) -> None:
    made = tmp_path / "made"
    error = refusal(write(tmp_path, front(FIELDS | {"title": f"!!{tag} ['{made}']"}) + "Text.\n"))
    assert (error.line, "field title" in error.problem, made.exists()) == (4, True, False)


def bomb(levels: int) -> str:
    """A front matter whose title is ten to the power of the levels words, by aliases within aliases."""
    rows = ["x: [", "&a0 [w, w, w, w, w, w, w, w, w, w],"]
    rows += [f"&a{n} [{', '.join([f'*a{n - 1}'] * 10)}]," for n in range(1, levels)]
    fields = FIELDS | {"title": f"*a{levels - 1}"}
    return front(fields).replace("---\n", "\n".join(["---", *rows, "]", ""]), 1)


def test_aliases_within_aliases_are_refused_as_what_the_field_may_not_hold(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, bomb(4) + "Text.\n"))
    assert (error.line, "field title" in error.problem) == (10, True)


def test_aliases_within_aliases_cost_no_memory(tmp_path: Path) -> None:
    path = write(tmp_path, bomb(6) + "Text.\n")
    refusal(path)  # imports what it needs
    tracemalloc.start()
    try:
        refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_lists_within_lists_are_refused(tmp_path: Path) -> None:
    assert "front matter" in refusal(write(tmp_path, front(FIELDS | {"title": "[" * 1000}) + "Text.\n")).problem


# BEIR


def test_a_line_is_a_document_of_one_section(tmp_path: Path) -> None:
    (found,), errors = read_lines(tmp_path, record())
    assert (found.id, found.reference.title, found.text) == ("a", "T", "Some text.")
    assert [(s.heading, s.start, s.end) for s in found.sections] == [("", 0, 10)]
    assert errors == []


def test_metadata_become_the_fields_of_the_reference(tmp_path: Path) -> None:
    metadata = {
        "journal": "NEJM",
        "pmid": 21410393,
        "date": "2011-04-28",
        "authors": "McCormack FX; Inoue Y",
        "doi": "10.1/x",
        "url": "https://x.test/",
        "unread": [1],
    }
    (found,), _ = read_lines(tmp_path, record(metadata=metadata))
    reference = found.reference
    assert (reference.container, reference.pmid, reference.year, reference.doi) == ("NEJM", "21410393", 2011, "10.1/x")
    assert (reference.authors, reference.url) == (("McCormack FX", "Inoue Y"), "https://x.test/")


def test_a_link_that_is_none_is_left_out(tmp_path: Path) -> None:
    (found,), _ = read_lines(tmp_path, record(metadata={"url": "javascript:alert(1)"}))
    assert found.reference.url == ""


@pytest.mark.parametrize(
    ("stated", "given", "kind", "jurisdiction"),
    [
        ("EU package leaflet (drug label)", None, Kind.LABEL, Jurisdiction.EU),
        ("US drug label", None, Kind.LABEL, Jurisdiction.US),
        ("drug label", None, Kind.LABEL, None),
        ("guideline abstract", None, Kind.GUIDELINE, None),
        ("Guideline", Kind.RESEARCH, Kind.GUIDELINE, None),
        ("research abstract", Kind.LABEL, Kind.RESEARCH, None),
        ("guideline on research", Kind.LABEL, Kind.LABEL, None),
        ("consumer health", None, Kind.RESEARCH, None),
        (None, None, Kind.RESEARCH, None),
        (None, Kind.GUIDELINE, Kind.GUIDELINE, None),
    ],
)
def test_the_kind_is_the_one_that_is_stated_else_the_one_given_else_research(
    stated: str | None, given: Kind | None, kind: Kind, jurisdiction: Jurisdiction | None, tmp_path: Path
) -> None:
    (found,), _ = read_lines(tmp_path, record(metadata={"kind": stated}), kind=given)
    assert (found.kind, found.reference.jurisdiction) == (kind, jurisdiction)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", "Invalid JSON"),
        ('{"_id": "b", "text": "cut', "Invalid JSON"),
        ("[]", "should be an object"),
        ('{"text": "t"}', "field _id: Field required"),
        ('{"_id": "", "text": "t"}', "field _id: "),
        ('{"_id": true, "text": "t"}', "field _id: "),
        ('{"_id": "b"}', "field text: Field required"),
        ('{"_id": "b", "text": null}', "field text: "),
        ('{"_id": "b", "text": "t", "metadata": []}', "field metadata: "),
        ('{"_id": "b", "text": "lone \\ud800"}', "Invalid JSON"),
        ('{"_id": "b", "text": "t", "metadata": ' + "[" * 3000 + "]" * 3000 + "}", "Invalid JSON"),
        ('{"_id": "b", "text": "t", "metadata": {"year": ' + "9" * 5000 + "}}", "Invalid JSON"),
    ],
)
def test_a_bad_line_is_reported_with_its_number_and_reading_goes_on(line: str, said: str, tmp_path: Path) -> None:
    found, errors = read_lines(tmp_path, record(_id="first"), "", line, record(_id="last"))
    assert [document.id for document in found] == ["first", "last"]
    assert [(error.line, said in error.problem) for error in errors] == [(3, True)]


def test_a_bad_line_is_raised_where_nobody_takes_errors(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, record() + "\nbroken\n", "corpus.jsonl")).line == 2


def test_bytes_that_are_no_text_become_replacement_characters(tmp_path: Path) -> None:
    (found,), errors = read_lines(tmp_path, b'{"_id": "a", "text": "Caf\xe9 \xed\xa0\x80."}')
    assert (found.text.startswith("Caf\ufffd"), errors) == (True, [])
    assert found.text.encode()


def test_a_pair_of_surrogates_is_the_character_it_stands_for(tmp_path: Path) -> None:
    (found,), _ = read_lines(tmp_path, '{"_id": "a", "text": "\\ud83d\\ude00"}')
    assert found.text == "\U0001f600"


def test_nul_in_id_title_and_text_becomes_a_space(tmp_path: Path) -> None:
    (found,), _ = read_lines(tmp_path, record(_id="a\0b", title="T\0U", text="V\0W"))
    assert (found.id, found.reference.title, found.text) == ("a b", "T U", "V W")


def test_nul_in_metadata_becomes_a_space(tmp_path: Path) -> None:
    (found,), _ = read_lines(tmp_path, record(metadata={"journal": "A\0B"}))
    assert found.reference.container == "A B"


def test_lines_without_text_are_skipped_and_a_number_is_an_id(tmp_path: Path) -> None:
    found, errors = read_lines(tmp_path, record(text=" \n"), "", record(_id=7))
    assert ([document.id for document in found], errors) == (["7"], [])


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_a_record(tmp_path: Path) -> None:
    found, errors = read_lines(tmp_path, b"\xef\xbb\xbf" + record().encode() + b"\r", record(text="a\r\nb") + "\r")
    assert ([document.text for document in found], errors) == (["Some text.", "a\nb"], [])


def test_separators_within_a_record_do_not_end_its_line(tmp_path: Path) -> None:
    (found,), errors = read_lines(tmp_path, '{"_id": "a",\r"text": "one\u2028two\u0085three"}')
    assert (found.text, errors) == ("one\u2028two\u0085three", [])


# Folders


def test_the_sources_of_a_folder_are_the_files_with_a_known_ending_sorted(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.jsonl", "a/y.MD", "a.png", "README", "a.xml.gz"):
        write(tmp_path, "x", name)
    named = [str(path.relative_to(tmp_path)) for path in find_sources(tmp_path)]
    assert named == ["a/y.MD", "a/z.jsonl", "a.xml.gz", "b.md"]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    for name in (".hidden.md", ".git/x.md", "a/.b/c.md", "seen.md"):
        write(tmp_path, "x", name)
    assert [path.name for path in find_sources(tmp_path)] == ["seen.md"]


def test_a_link_out_of_the_folder_is_left_out_and_one_within_is_read(tmp_path: Path) -> None:
    secret = write(tmp_path, "x", "outside/secret.md")
    inside = write(tmp_path, "x", "corpus/inside.md")
    (tmp_path / "corpus" / "out.md").symlink_to(secret)
    (tmp_path / "corpus" / "again.md").symlink_to(inside)
    (tmp_path / "corpus" / "dangling.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "corpus" / "loop.md").symlink_to(tmp_path / "corpus" / "loop.md")
    assert [path.name for path in find_sources(tmp_path / "corpus")] == ["again.md", "inside.md"]


def test_a_file_is_its_own_source(tmp_path: Path) -> None:
    path = write(tmp_path, "x", "one.md")
    assert find_sources(path) == [path]


@pytest.mark.parametrize(
    ("name", "said"),
    [("missing", "no such file or folder"), ("empty", "holds no document"), ("a.png", r"no reader for \.png files")],
)
def test_a_place_without_sources_is_named(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path, "x", "a.png")
    with pytest.raises(CorpusError, match=f"{tmp_path / name}: {said}"):
        find_sources(tmp_path / name)


def test_a_file_that_fails_does_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    write(tmp_path, "---\nkind: opinion\n---\ntext", "a.md")
    write(tmp_path, record() + "\nbroken\n", "b.jsonl")
    write(tmp_path, front(FIELDS) + "Text.\n")
    errors: list[SourceError] = []
    found = [document.id for document in read(tmp_path, on_error=errors.append)]
    assert (found, [error.path.name for error in errors]) == (["a", "trial"], ["a.md", "b.jsonl"])


# Anything


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


def read_or_refuse(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        documents = list(read(path))
    except ChatbotError:
        return
    for document in documents:
        document.text.encode("utf-8")
        assert all(0 <= s.start < s.end <= len(document.text) for s in document.sections)


FRONT = front(FIELDS).encode()
ANYTHING = st.binary(max_size=200)
TEXTS = st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.one_of(
        ANYTHING,
        st.builds(lambda a, b: b"---\n" + a + b"\n---\n" + b, st.one_of(ANYTHING, TEXTS), ANYTHING),
        st.builds(lambda a: FRONT + a, st.one_of(ANYTHING, TEXTS)),
        st.builds(lambda a: FRONT.replace(b"A trial", a) + b"Text.\n", TEXTS),
    )
)
def test_any_bytes_as_markdown_are_read_or_refused(scratch: Path, content: bytes) -> None:
    read_or_refuse(scratch / "trial.md", content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
METADATA = st.dictionaries(st.sampled_from(["kind", "year", "authors", "url", "developer", "drug", "topic"]), JSON)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.one_of(
        ANYTHING,
        JSON.map(lambda value: json.dumps(value).encode()),
        st.builds(
            lambda text, metadata: json.dumps({"_id": "a", "text": text, "metadata": metadata}).encode(),
            st.text(),
            METADATA,
        ),
    )
)
def test_any_bytes_as_jsonl_are_read_or_refused(scratch: Path, content: bytes) -> None:
    read_or_refuse(scratch / "corpus.jsonl", content)
