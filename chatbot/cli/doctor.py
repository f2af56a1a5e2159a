"""``chatbot doctor``: what is configured, what is found, what is missing, what to do."""

from __future__ import annotations

import platform
import shutil
import socket
import sqlite3
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

import typer

from chatbot.cli.options import IndexOption
from chatbot.errors import ChatbotError
from chatbot.settings import Settings, config_file, load_settings

_PACKAGES = ("chromadb", "tantivy", "onnxruntime", "sentence-transformers", "torch", "streamlit", "langchain-core")
_LEAST_FREE_GB = 1.0

Finding = tuple[bool, str]


def doctor(index: IndexOption = None) -> None:
    """Says what is configured, found and missing, and what to do about it."""
    settings = load_settings(index=index)
    typer.echo("Settings")
    typer.echo(f"  file: {config_file() or 'none (chatbot.toml or CHATBOT_CONFIG)'}")
    for name, value in settings.model_dump().items():
        typer.echo(f"  {name}: {value}")
    typer.echo("Found")
    checks: tuple[Callable[[Settings], Finding], ...] = (_python, _model, _corpus, _index, _gate, _space, _port)
    missing = 0
    for check in checks:
        try:
            fine, said = check(settings)
        except (ChatbotError, sqlite3.Error) as error:
            fine, said = False, str(error)
        missing += not fine
        typer.echo(f"  {'ok     ' if fine else 'MISSING'}  {said}")
    if missing:
        raise typer.Exit(1)


def _python(_: Settings) -> Finding:
    found = []
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            return False, f"package {package} is not installed; run scripts/chat, which installs what is missing"
    return True, f"Python {platform.python_version()}, {', '.join(found)}"


def _model(settings: Settings) -> Finding:
    from chatbot.embedding.weights import model_folder, weights_hash

    name = settings.embedding.model
    folder = model_folder(name)
    if folder is None:
        return True, f"embedding model {name}: loaded by sentence-transformers from its own cache, or fetched"
    digest = weights_hash(name, folder, settings.cache)
    exported = settings.cache / f"{digest[:16]}.onnx"
    state = "exported" if exported.exists() else "to be exported at the first start (half a minute)"
    return True, f"embedding model {name}, weights {digest[:16]}…, {state}"


def _corpus(settings: Settings) -> Finding:
    from chatbot.readers import find_sources

    return True, f"corpus {settings.corpus}: {len(find_sources(settings.corpus))} files"


def _index(settings: Settings) -> Finding:
    from chatbot.embedding import open_encoder
    from chatbot.index.reader import Index
    from chatbot.index.sources import is_current

    index = Index(settings, open_encoder(settings))
    counts = ", ".join(f"{count:,} {kind.value}" for kind, count in index.counts.items())
    state = "up to date" if is_current(settings, [settings.corpus]) else "not built from this corpus as it is now"
    return True, f"index {settings.index}: generation {index.generation}, {counts}; {state}"


def _gate(settings: Settings) -> Finding:
    from chatbot.answering.calibration import changed_share, stored_calibration, threshold_of
    from chatbot.domain import EVIDENCE_KINDS
    from chatbot.embedding import open_encoder
    from chatbot.index.reader import Index

    index = Index(settings, open_encoder(settings))
    thresholds = {kind.value: threshold_of(index, kind) for kind in EVIDENCE_KINDS if index.counts.get(kind)}
    said = ", ".join(f"{kind} {threshold:.2f}" for kind, threshold in thresholds.items())
    line = f"gate: answers from a score of: {said or 'nothing is indexed'}"
    if settings.answer.gate_threshold is not None:
        return True, f"{line} (set by answer.gate_threshold)"
    calibration = stored_calibration(index)
    point = calibration.pooled.at(settings.answer.false_refusals) if calibration else None
    if calibration is None or point is None:
        return True, f"{line}; not calibrated on this index (too few passages, or indexed by an older version)"
    return True, (
        f"{line}. Of {calibration.pooled.questions} questions made from the index itself it refuses "
        f"{point.false_refusals:.0%} wrongly (answer.false_refusals: {settings.answer.false_refusals:.0%}), "
        f"{point.topic_hidden:.0%} rightly when their topic is hidden, {point.aspect_hidden:.0%} if the answer is; "
        f"{changed_share(index) or 0:.1%} of what it was measured on has changed since"
    )


def _space(settings: Settings) -> Finding:
    folder = next(
        parent for parent in (settings.index.absolute(), *settings.index.absolute().parents) if parent.exists()
    )
    free = shutil.disk_usage(folder).free / 1e9
    return free >= _LEAST_FREE_GB, f"{free:.1f} GB free for the index" + ("" if free >= 1 else "; free some space")


def _port(settings: Settings) -> Finding:
    with socket.socket() as probe:
        taken = probe.connect_ex((settings.serve.host, settings.serve.port)) == 0
    where = f"{settings.serve.host}:{settings.serve.port}"
    return True, f"port {where} is {'taken (the page may be running)' if taken else 'free'}"
