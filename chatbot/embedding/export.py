"""sentence-transformers model → ONNX file, once per weights, into the cache.

Equal to sentence-transformers to 2e-7 with fp32, opset 17 and eager attention; ONNX Runtime's BERT graph optimiser made
it slower, bf16 half as fast, int8 no faster at equal accuracy. This module imports torch (10 s and more), so it is
imported only when the cache is empty.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from chatbot.errors import ModelError

_OPSET = 17
_PROBES = ("What is the treatment for lymphangioleiomyomatosis?", "Sirolimus 2 mg once daily.", "a")
_TOLERANCE = 1e-4


def load_sentence_transformer(model: str) -> Any:
    """The model under sentence-transformers, on the CPU. Raises ModelError where it cannot be loaded."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(model, device="cpu")
    except (OSError, ValueError) as error:
        raise ModelError(
            f"embedding model {model}: cannot be loaded ({error}); "
            "set embedding.model to a folder or name that sentence-transformers loads, or leave it out"
        ) from error


def exportable(model: Any) -> bool:
    """Whether it is a transformer, mean pooling and normalisation, without prompts: what OnnxEncoder computes."""
    kinds = [type(module).__name__ for module in model]
    if kinds != ["Transformer", "Pooling", "Normalize"] or any(model.prompts.values()):
        return False
    return str(model[1].get_config_dict().get("pooling_mode", "mean")) in {"mean", "('mean',)", "['mean']"}


def export(model: Any, target: Path) -> None:
    """Writes ``target`` (whole or not at all). Raises ModelError where the export differs from the original."""
    import torch

    transformer = model[0].auto_model.eval()
    transformer.set_attn_implementation("eager")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(f".{os.getpid()}.partial")
    sample = torch.ones((2, 8), dtype=torch.long)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter announces its own deprecation
        torch.onnx.export(
            _TokenVectors(transformer),
            (sample, sample, torch.zeros_like(sample)),
            str(partial),
            input_names=names,
            output_names=["token_vectors"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in [*names, "token_vectors"]},
            opset_version=_OPSET,
            dynamo=False,
        )
    partial.replace(target)


def check(model: Any, encode: Any) -> None:
    """Raises ModelError where ``encode`` gives other vectors than the model it was exported from."""
    expected = model.encode(list(_PROBES), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
    difference = float(np.abs(expected - encode(list(_PROBES))).max())
    if difference > _TOLERANCE:
        raise ModelError(
            f"the exported embedding model differs from the original by {difference:.1e} (at most {_TOLERANCE:.0e} is "
            "allowed); set embedding.model to another model and report this"
        )


def _TokenVectors(transformer: Any) -> Any:  # noqa: N802 - reads as the class that it makes
    import torch

    class TokenVectors(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            return self.transformer(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state

    return TokenVectors()
