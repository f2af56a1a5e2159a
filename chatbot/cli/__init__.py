"""The command line. Each command parses, calls the library, prints.

Exit codes: 0 success, 1 an error that a user can mend (one line on stderr), 2 wrong usage; ``verify`` has its own.
"""

from __future__ import annotations

import os
import sys

import typer

from chatbot.cli.answering import ask, resolve_command, search
from chatbot.cli.doctor import doctor
from chatbot.cli.evaluating import evaluate
from chatbot.cli.fetching import fetch
from chatbot.cli.indexing import index
from chatbot.cli.serving import serve
from chatbot.cli.verifying import verify
from chatbot.errors import ChatbotError

_INTERRUPTED = 130

app = typer.Typer(
    name="chatbot",
    help="Answers follow-up questions in medicine with verbatim, cited quotes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(serve)
app.command()(index)
app.add_typer(fetch)
app.command()(ask)
app.command()(search)
app.command("resolve")(resolve_command)
app.command()(verify)
app.command()(evaluate)
app.command()(doctor)


def main() -> None:
    """Runs the command line and exits."""
    try:
        code = app(standalone_mode=False) or 0
        if code == _INTERRUPTED:  # typer takes the interrupt and gives its code
            _say("interrupted; what is done is kept, and running the command again goes on from there")
        sys.exit(code)
    except ChatbotError as error:
        sys.exit(_say(str(error)))
    except typer.TyperException as error:
        error.show()  # type: ignore[attr-defined]  # every one that typer raises has it
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left; nothing to say to it
        sys.exit(0)


def _say(message: str) -> int:
    line = " ".join(message.split())
    print(f"chatbot: {line}", file=sys.stderr)
    return 1
