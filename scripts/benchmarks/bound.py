"""The bound: the tokens per second that a NumPy matrix product of MiniLM's shapes reaches on this machine, now."""

from __future__ import annotations

import time
from collections.abc import Sequence
from statistics import median

import numpy as np

HIDDEN, INTERMEDIATE, LAYERS = 384, 1536, 6
_TOKENS = 2048  # rows of a product: about what the encoder puts into a batch
_REST_SECONDS = 0.1  # ONNX Runtime's and torch's threads spin for a moment after their last work

# Multiply-adds of one token in one layer: query, key, value and output; the two halves of the feed-forward part.
_WEIGHTS = 4 * HIDDEN * HIDDEN + 2 * HIDDEN * INTERMEDIATE


def flops_per_token(length: float) -> float:
    """Floating-point operations of one token in a text of ``length`` tokens: weights, and attention's two products.

    A multiply-add counts as two. 21.2 million for the weights, 9,216 per token attended to.
    """
    return LAYERS * 2 * (_WEIGHTS + 2 * length * HIDDEN)


def attended_length(lengths: Sequence[int]) -> float:
    """The mean over tokens of the length of the text they stand in: what the attention of a token costs. Empty: 0."""
    return sum(length * length for length in lengths) / max(1, sum(lengths))


class MatrixProduct:
    """The products of one layer, in the proportion in which the model uses them: 4 of h·h, one h·i, one i·h."""

    def __init__(self) -> None:
        random = np.random.default_rng(0)

        def matrix(rows: int, columns: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
            return random.standard_normal((rows, columns), dtype=np.float32)

        self._tokens, self._wide_tokens = matrix(_TOKENS, HIDDEN), matrix(_TOKENS, INTERMEDIATE)
        self._square, self._up, self._down = (
            matrix(HIDDEN, HIDDEN),
            matrix(HIDDEN, INTERMEDIATE),
            matrix(INTERMEDIATE, HIDDEN),
        )
        self._out, self._wide_out = np.empty_like(self._tokens), np.empty_like(self._wide_tokens)
        self.flops_per_second(2)  # the first run maps memory and starts threads

    def flops_per_second(self, repeats: int) -> float:
        """The median over ``repeats`` layers."""
        time.sleep(_REST_SECONDS)
        seconds = []
        for _ in range(repeats):
            started = time.perf_counter()
            self._layer()
            seconds.append(time.perf_counter() - started)
        return 2.0 * _TOKENS * _WEIGHTS / median(seconds)

    def _layer(self) -> None:
        for _ in range(4):
            np.matmul(self._tokens, self._square, out=self._out)
        np.matmul(self._tokens, self._up, out=self._wide_out)
        np.matmul(self._wide_tokens, self._down, out=self._out)
