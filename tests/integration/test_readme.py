"""What README tells a user to type runs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

import pytest

from chatbot.settings import Settings
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```bash\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith((".venv/bin/chatbot ", ".venv/bin/pytest ")) and "my-documents" not in line
]


def test_readme_shows_the_commands() -> None:
    assert len(COMMANDS) >= 5


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_readme_succeeds(line: str, corpus_index: Settings) -> None:
    program, *arguments = shlex.split(line)
    environment = {**os.environ, "CHATBOT_INDEX": str(corpus_index.index)}
    command = [sys.executable, "-m", program.rpartition("/")[2], *arguments]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()


@pytest.mark.parametrize("path", [*re.findall(r"\]\((docs/[^)]+)\)", README), "scripts/chat", "scripts/test"])
def test_what_readme_links_to_is_there(path: str) -> None:
    assert (ROOT / path).exists()
