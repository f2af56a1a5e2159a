"""Encoders: texts → unit vectors, and texts → token counts.

The default model runs under ONNX Runtime, so that the process that answers imports neither torch nor
sentence-transformers (9 s and more): ready in about 1 s, 6 ms a question.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chatbot.embedding.weights import model_folder, weights_hash
from chatbot.errors import ModelError
from chatbot.settings import Settings

Vectors = NDArray[np.float32]

_COMMON_TOKENS = 12_000  # BERT's vocabulary: "weather" 4633, "pregnant" 6875; "kidney" 14234, "nausea" 19029


class Encoder(Protocol):
    """What the steps need of a model. ``max_tokens`` includes the two special tokens."""

    name: str
    fingerprint: str
    dimension: int
    max_tokens: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, one row per text, float32, in the order given; no texts give shape (0, dimension)."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens not counted."""

    def is_common(self, word: str) -> bool:
        """Whether the word is one token among the first of the vocabulary, which lists words by frequency."""


def open_encoder(settings: Settings, *, deferred: bool = False) -> Encoder:
    """The encoder that the settings name; exports it to ONNX first where the cache has no export yet.

    ``deferred``: an exported model is loaded by the first text that it encodes; a run that embeds nothing does without.
    Raises ModelError where the model is missing, damaged or cannot be loaded; a deferred one raises it then.
    """
    name = settings.embedding.model
    folder = model_folder(name)
    if folder is None:
        return _sentence_transformer(name, name)
    digest = weights_hash(name, folder, settings.cache)
    exported = settings.cache / f"{digest[:16]}.onnx"
    if not exported.exists():
        from chatbot.embedding.export import check, export, exportable, load_sentence_transformer

        model = load_sentence_transformer(str(folder))
        if not exportable(model):
            return _sentence_transformer(name, digest, model)
        try:
            export(model, exported)
        except OSError as error:
            raise ModelError(
                f"cannot write the exported embedding model to {exported} ({error.strerror}); free some space or set "
                "CHATBOT_CACHE to a folder that can be written"
            ) from error
        encoder = OnnxEncoder(name, digest, folder, exported, settings)
        check(model, encoder.encode)
        return encoder
    found = OnnxEncoder(name, digest, folder, exported, settings)
    if not deferred:
        found.load()
    return found


class OnnxEncoder:
    """Mean-pooled, normalised token vectors of an exported transformer.

    Texts longer than ``max_tokens`` are cut; passages are made not to be. Batches hold texts of like length and about
    ``batch_tokens`` tokens: padding is the cost that counts on a CPU.
    """

    def __init__(self, name: str, fingerprint: str, folder: Path, exported: Path, settings: Settings) -> None:
        from tokenizers import Tokenizer

        self.name = name
        self.fingerprint = fingerprint
        self.max_tokens = _number(folder / "sentence_bert_config.json", "max_seq_length")
        self._batch_tokens = settings.embedding.batch_tokens
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._framing = self._tokenizer.num_special_tokens_to_add(False)
        self._first, self._last = self._tokenizer.encode("").ids
        self.dimension = _number(folder / "config.json", "hidden_size")
        self._exported = exported
        self._threads = settings.embedding.threads or os.cpu_count() or 1

    def load(self) -> None:
        """Loads the model, if it is not: the first text would wait for it. Raises ModelError."""
        _ = self._session

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 3
        # Threads that spin while they wait slow down whatever else runs, a page beside an index run first of all.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            return onnxruntime.InferenceSession(str(self._exported), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's exceptions share no public base class
            raise ModelError(
                f"the exported embedding model {self._exported} cannot be opened ({error}); delete that file, "
                "and the next start makes it again"
            ) from error

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def is_common(self, word: str) -> bool:
        token = self._tokenizer.token_to_id(word.lower())
        return token is not None and token < _COMMON_TOKENS

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        tokens = [encoding.ids[: self.max_tokens - self._framing] for encoding in encodings]
        for rows in self._batches([len(ids) + self._framing for ids in tokens]):
            vectors[rows] = self._run([tokens[row] for row in rows])
        return vectors

    def _batches(self, lengths: list[int]) -> list[list[int]]:
        batches: list[list[int]] = []
        longest = 0
        for row in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
            if not batches or (len(batches[-1]) + 1) * longest > self._batch_tokens:
                batches.append([])
                longest = lengths[row]
            batches[-1].append(row)
        return batches

    def _run(self, tokens: list[list[int]]) -> Vectors:
        width = len(tokens[0]) + self._framing
        ids = np.zeros((len(tokens), width), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, text in enumerate(tokens):
            ids[row, : len(text) + 2] = [self._first, *text, self._last]
            mask[row, : len(text) + 2] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        token_vectors = self._session.run(None, feed)[0]
        weights = mask.astype(np.float32)
        sums = np.einsum("btd,bt->bd", token_vectors, weights)
        means = sums / weights.sum(axis=1, keepdims=True)
        unit: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
        return unit


class SentenceTransformerEncoder:
    """Any model that sentence-transformers loads and that is not exported. Slower to start."""

    def __init__(self, name: str, fingerprint: str, model: Any) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.dimension = int(model.get_sentence_embedding_dimension())
        self.max_tokens = int(model.max_seq_length or 512)
        self._model = model

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        vectors: Vectors = self._model.encode(
            list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return vectors.astype(np.float32, copy=False)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        return [len(ids) for ids in self._model.tokenizer(list(texts), add_special_tokens=False)["input_ids"]]

    def is_common(self, word: str) -> bool:
        return any(0 <= token < _COMMON_TOKENS for token in [self._model.tokenizer.vocab.get(word.lower(), -1)])


def _sentence_transformer(name: str, fingerprint: str, model: Any = None) -> SentenceTransformerEncoder:
    from chatbot.embedding.export import load_sentence_transformer

    return SentenceTransformerEncoder(name, fingerprint, model or load_sentence_transformer(name))


def _number(path: Path, key: str) -> int:
    try:
        return int(json.loads(path.read_text("utf-8"))[key])
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path}: no {key}; reinstall the model") from error
