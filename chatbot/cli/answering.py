"""``chatbot ask``, ``search`` and ``resolve``: one question, or a batch of them."""

from __future__ import annotations

import heapq
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatbot.cli.options import BatchOption, HistoryOption, IndexOption, KindOption, OutputOption
from chatbot.domain import EVIDENCE_KINDS, Answer, Conversation, Kind
from chatbot.settings import load_settings

if TYPE_CHECKING:
    from chatbot.pipeline import Chatbot
    from chatbot.retrieval import Hit

ExportOption = Annotated[
    list[Path] | None,
    typer.Option(
        help="Also write the answer to a file: .md, .pdf, its references as .ris or .bib, or an answer card as .json. "
        "May be given more than once.",
        show_default=False,
    ),
]
QuestionArgument = Annotated[str | None, typer.Argument(help="The question; not with --batch.", show_default=False)]


def ask(  # noqa: PLR0913, PLR0917 - the options of a command are its parameters
    question: QuestionArgument = None,
    history: HistoryOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    more: Annotated[bool, typer.Option("--more", help="Unfold what takes longer than half a minute to read.")] = False,
    batch: BatchOption = None,
    output: OutputOption = None,
    export: ExportOption = None,
    index: IndexOption = None,
) -> None:
    """Answers a question from the index, every statement a quote with its source."""
    from chatbot.cli.documents import answer_object, read_history, read_tasks, write_lines

    chatbot = _chatbot(index)
    if batch is not None:
        tasks = read_tasks(batch)
        answers = ((task.id, chatbot.ask(task.asked, task.conversation)) for task in tasks)
        write_lines(output, ({"_id": i, **answer_object(answer)} for i, answer in answers))
        return
    conversation = read_history(history)
    answer = chatbot.ask(_required(question), conversation)
    _export(export or [], answer, conversation, chatbot)
    if as_json:
        write_lines(output, [answer_object(answer)])
    else:
        from chatbot.cli.plain import answer_text

        typer.echo(answer_text(answer, more=more))


def search(  # noqa: PLR0913, PLR0917 - the options of a command are its parameters
    question: QuestionArgument = None,
    batch: BatchOption = None,
    output: OutputOption = None,
    index: IndexOption = None,
    kind: KindOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Documents per question.")] = 10,
) -> None:
    """Finds the documents that bear on a question, each once, best first."""
    from chatbot.cli.documents import hits_object, read_tasks, write_lines

    chatbot = _chatbot(index)
    kinds = (kind,) if kind else EVIDENCE_KINDS
    if batch is not None:
        found = (
            (t.id, _search(chatbot, t.asked, kinds, limit, t.conversation), chatbot.added(t.asked, t.conversation))
            for t in read_tasks(batch)
        )
        write_lines(output, (hits_object(i, hits, added) for i, hits, added in found))
        return
    asked = _required(question)
    found_now, added = _search(chatbot, asked, kinds, limit, Conversation()), chatbot.added(asked)
    if as_json:
        write_lines(output, [hits_object("", found_now, added)])
        return
    for more in added:
        typer.echo(f"also searched for: {more.words} ({more.why.value} of {more.typed})")
    for hit, score in found_now:
        passage = hit.passage
        standing = passage.document.reference.standing
        known = f"  ({standing.value})" if standing else ""
        typer.echo(f"{score:.3f}  {passage.document.id}{known}  {passage.section.heading}")
        typer.echo(f"       {' '.join(passage.text.split())[:160]}")


def resolve_command(
    question: QuestionArgument = None,
    history: HistoryOption = None,
    batch: BatchOption = None,
    output: OutputOption = None,
    index: IndexOption = None,
) -> None:
    """Says what a follow-up stands for after the turns before it."""
    from chatbot.cli.documents import read_history, read_tasks, write_lines

    chatbot = _chatbot(index)
    if batch is not None:
        tasks = read_tasks(batch)
        write_lines(output, ({"_id": t.id, **_resolved(chatbot, t.asked, t.conversation)} for t in tasks))
        return
    typer.echo(_resolved(chatbot, _required(question), read_history(history))["resolved"])


def _search(
    chatbot: Chatbot, question: str, kinds: tuple[Kind, ...], limit: int, conversation: Conversation
) -> list[tuple[Hit, float]]:
    per_kind = (chatbot.search(question, kind, limit, conversation) for kind in kinds)
    merged = heapq.merge(*per_kind, key=lambda found: (-found[1], found[0].passage.id))
    return list(merged)[:limit]


def _resolved(chatbot: Chatbot, question: str, conversation: Conversation) -> dict[str, Any]:
    resolved = chatbot.resolve(question, conversation)
    return {"resolved": resolved.text, "changed": resolved.text != question, "carried": list(resolved.carried)}


def _export(paths: list[Path], answer: Answer, conversation: Conversation, chatbot: Chatbot) -> None:
    """Writes the answer to each file. Nothing is written where one of the names asks for an unknown format."""
    from chatbot.takeaway.formats import format_of, write_file
    from chatbot.takeaway.taken import Taken

    taken = Taken((answer,), answer.question, datetime.now().astimezone(), conversation)
    for path in paths:
        format_of(path)
    for path in paths:
        write_file(path, taken, chatbot)


def _chatbot(index: Path | None) -> Chatbot:
    from chatbot.pipeline import Chatbot

    return Chatbot(load_settings(index=index))


def _required(question: str | None) -> str:
    if question is None:
        raise typer.BadParameter("no question given; write it behind the command, or name a file with --batch")
    return question
