"""What an index is bound to: a model's weights and the rules by which documents were cut."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chatbot.domain import Kind
from chatbot.embedding import Encoder
from chatbot.errors import IndexMismatch, IndexUnavailable
from chatbot.index.manifest import SCHEMA_VERSION, Manifest
from chatbot.passages import RULES_VERSION
from chatbot.settings import Settings

_CHOSEN = ("model", "passage tokens", "heading tokens")  # by settings; the others come with the program


def identity(settings: Settings, encoder: Encoder) -> dict[str, Any]:
    """Everything that must be equal for stored vectors and passages to be of use."""
    return {
        "schema": SCHEMA_VERSION,
        "model": encoder.name,
        "weights": encoder.fingerprint,
        "dimension": encoder.dimension,
        "passage rules": RULES_VERSION,
        "passage tokens": settings.passages.max_tokens,
        "heading tokens": settings.passages.heading_tokens,
    }


def made_of(settings: Settings, encoder: Encoder, paths: Sequence[Path], kind: Kind | None) -> str:
    """Eight hexadecimal digits by which a rebuild knows whether a killed one was on its way to the same."""
    parts = [identity(settings, encoder), [str(path.absolute()) for path in paths], kind and kind.value]
    return hashlib.sha256(json.dumps(parts).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def check_identity(manifest: Manifest, settings: Settings, encoder: Encoder) -> None:
    """Raises IndexMismatch, naming the first difference, where other settings built the index."""
    try:
        built = manifest.get("identity")
    except (sqlite3.Error, ValueError) as error:
        raise IndexUnavailable(damaged(settings, str(error))) from error
    if not isinstance(built, dict):
        raise IndexUnavailable(damaged(settings, "its manifest does not say what built it"))
    for name, now in identity(settings, encoder).items():
        if built.get(name) != now:
            back = f", or set {name} back" if name in _CHOSEN else ""
            raise IndexMismatch(
                f"index {settings.index} was built with {name} {built.get(name)}, but it is {now} now; run "
                f"'chatbot index --rebuild --index {settings.index}' to build it anew{back}"
            )


def damaged(settings: Settings, reason: str) -> str:
    """The sentence for an index that cannot be used as it is."""
    return (
        f"index {settings.index} is damaged ({reason}); run 'chatbot index --rebuild --index {settings.index}' "
        "to build it anew from your documents"
    )
