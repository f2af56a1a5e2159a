"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatbot.domain import Kind

IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of the index.", show_default=False)]
KindOption = Annotated[Kind | None, typer.Option("--kind", help="Kind of evidence.", show_default=False)]
HistoryOption = Annotated[
    Path | None,
    typer.Option("--history", help='The turns so far: JSON, [{"question": …, "answer": …}].', show_default=False),
]
BatchOption = Annotated[Path | None, typer.Option("--batch", help="Questions, one JSON object a line.")]
OutputOption = Annotated[Path | None, typer.Option("--output", help="Where the batch's results go; default stdout.")]
