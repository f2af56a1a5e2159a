"""Packages that only measuring needs: which extra brings a missing one."""

from __future__ import annotations

from chatbot.errors import EvaluationError


def package_missing(error: ModuleNotFoundError, extra: str) -> EvaluationError:
    """The error that says which package is missing and how to get it."""
    return EvaluationError(
        f"package {error.name} is not installed; it comes with the extra '{extra}': "
        f"pip install 'medical-follow-up-chatbot[{extra}]' (in a checkout: scripts/setup --dev)"
    )
