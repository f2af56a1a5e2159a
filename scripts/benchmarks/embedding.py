"""How near indexing comes to what the cores can do: tokens per second as a share of a matrix product's."""

from __future__ import annotations

import importlib
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.bound import MatrixProduct, attended_length, flops_per_token
from benchmarks.report import Report, Say, Target
from benchmarks.sample import Sample, draw_sample
from chatbot.embedding import Encoder, open_encoder
from chatbot.embedding.export import load_sentence_transformer
from chatbot.embedding.weights import model_folder
from chatbot.settings import Settings

_TARGET = 0.75
_LAYERS_TIMED = 12  # before and after each encoding: under a second on two cores
_PEER_BATCH = 32

_LABELS = (
    "texts",
    "tokens",
    "mean length attended to",
    "tokens/s",
    "bound, tokens/s",
    "share of the bound",
    "sentence-transformers, tokens/s",
    "its share of the bound",
    "ratio to sentence-transformers",
)

Encode = Callable[[Sequence[str]], Any]


@dataclass
class _Group:
    """Texts measured together. Tokens include the two special ones of each text, and no padding."""

    name: str
    texts: list[str]
    lengths: list[int]
    ours: list[float] = field(default_factory=list)  # tokens/s of each round
    peer: list[float] = field(default_factory=list)
    bound: list[float] = field(default_factory=list)

    @property
    def tokens(self) -> int:
        return sum(self.lengths)

    @property
    def share(self) -> float:
        """Of the bound, the median over rounds: both of a round's figures were taken at the same time."""
        return median(ours / bound for ours, bound in zip(self.ours, self.bound, strict=True))

    @property
    def to_peer(self) -> float:
        return median(ours / peer for ours, peer in zip(self.ours, self.peer, strict=True))

    @property
    def peer_share(self) -> float:
        return median(peer / bound for peer, bound in zip(self.peer, self.bound, strict=True))


def measure_embedding(corpus: Path, tokens: int, rounds: int, settings: Settings, say: Say) -> Report:
    """Tokens/s of the indexer's encoder beside the bound and sentence-transformers, on the same texts, by turns."""
    encoder = open_encoder(settings)
    say(f"Cutting documents into about {tokens:,} tokens of passages and sentences ...")
    sample = draw_sample(corpus, tokens, settings, encoder)
    groups = _groups(sample, encoder)
    together = groups[-1]
    say(f"Warming up on {len(together.texts):,} texts, as one run of the indexer embeds them ...")
    encoder.encode(together.texts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform != "darwin" else 2**30)
    # Loaded only now, so that the peak is the indexer's.
    peer = _peer(settings.embedding.model)
    probe = together.texts[:: max(1, len(together.texts) // 64)]
    difference = float(np.abs(encoder.encode(probe) - peer(probe)).max())
    product = MatrixProduct()
    for number in range(rounds):
        for group in groups:
            _measure(group, product, encoder.encode, peer)
            say(f"round {number + 1} of {rounds}: {group.name} {group.ours[-1]:,.0f} tokens/s")
    return _report(sample, groups, peak, difference)


def _peer(name: str) -> Encode:
    """sentence-transformers' own ``encode`` of the same model."""
    importlib.import_module("transformers.utils.logging").disable_progress_bar()
    model = load_sentence_transformer(str(model_folder(name) or name))

    def encode(texts: Sequence[str]) -> Any:
        return model.encode(list(texts), batch_size=_PEER_BATCH, normalize_embeddings=True, show_progress_bar=False)

    return encode


def _groups(sample: Sample, encoder: Encoder) -> list[_Group]:
    texts = {"passages": sample.passages, "sentences": sample.sentences}
    # The indexer gives a passage and its sentences to the encoder in one call, which sorts them by length.
    texts["both together"] = [*sample.passages, *sample.sentences]
    return [
        _Group(name, group, [min(n + 2, encoder.max_tokens) for n in encoder.count_tokens(group)])
        for name, group in texts.items()
    ]


def _measure(group: _Group, product: MatrixProduct, ours: Encode, peer: Encode) -> None:
    """One round of one group: the bound just before and just after each of the two, so that all share the same load."""
    flops = flops_per_token(attended_length(group.lengths))
    speeds = [product.flops_per_second(_LAYERS_TIMED)]
    for encode, rates in ((ours, group.ours), (peer, group.peer)):
        started = time.perf_counter()
        encode(group.texts)
        rates.append(group.tokens / (time.perf_counter() - started))
        speeds.append(product.flops_per_second(_LAYERS_TIMED))
    group.bound.append(median(speeds) / flops)


def _report(sample: Sample, groups: list[_Group], peak: float, difference: float) -> Report:
    together = groups[-1]
    embed_seconds = together.tokens / median(together.ours)
    split_share = sample.split_seconds / (sample.split_seconds + embed_seconds)
    gflops = median(median(g.bound) * flops_per_token(attended_length(g.lengths)) for g in groups) / 1e9
    figures = {
        "documents": sample.documents,
        "groups": {group.name: _figures(group) for group in groups},
        "matrix_product_gflops": gflops,
        "split_cpu_seconds": sample.split_seconds,
        "split_share": split_share,
        "peak_memory_gib": peak,
        "largest_difference": difference,
    }
    notes = [
        f"Matrix product {gflops:.0f} GFLOP/s. Tokens include the two special ones of a text, not padding; bound = "
        "GFLOP/s over the operations of a token, attention included at the mean length that a token attends to.",
        f"Splitting takes {sample.split_seconds:.1f} s of CPU, {split_share:.1%} of splitting and embedding; peak "
        f"memory of reading, splitting and embedding {peak:.2f} GiB.",
        f"Vectors differ from sentence-transformers' by at most {difference:.0e}.",
    ]
    head = ("", *(group.name for group in groups))
    rows = [list(row) for row in zip(_LABELS, *map(_column, groups), strict=True)]
    title = f"Embedding (medians of {len(together.ours)} rounds by turns; batch of sentence-transformers {_PEER_BATCH})"
    target = Target("share of the bound, both together,", together.share, _TARGET, at_least=True)
    return Report("index", figures, [(title, head, rows)], notes, [target])


def _figures(group: _Group) -> dict[str, Any]:
    length = attended_length(group.lengths)
    return {
        "texts": len(group.texts),
        "tokens": group.tokens,
        "special_tokens": 2 * len(group.texts),
        "attended_length": length,
        "flops_per_token": flops_per_token(length),
        "tokens_per_second": group.ours,
        "bound_tokens_per_second": group.bound,
        "sentence_transformers_tokens_per_second": group.peer,
        "share_of_bound": group.share,
        "sentence_transformers_share_of_bound": group.peer_share,
        "ratio_to_sentence_transformers": group.to_peer,
    }


def _column(group: _Group) -> list[str]:
    """What ``_LABELS`` name."""
    return [
        f"{len(group.texts):,}",
        f"{group.tokens:,}",
        f"{attended_length(group.lengths):.0f}",
        f"{median(group.ours):,.0f}",
        f"{median(group.bound):,.0f}",
        f"{group.share:.2f}",
        f"{median(group.peer):,.0f}",
        f"{group.peer_share:.2f}",
        f"{group.to_peer:.2f}",
    ]
