"""What an index run prints about what it did."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from pathlib import Path

from rich.console import Console

from chatbot.cli.summary import print_plan
from chatbot.domain import Notice, Standing
from chatbot.errors import SourceError
from chatbot.index.plan import Plan
from chatbot.index.standing import Told


def printed(plan: Plan, *, planned: bool = False) -> str:
    out = StringIO()
    print_plan(Console(file=out, width=100), plan, planned=planned)
    return out.getvalue()


def test_what_others_now_say_of_a_document_is_named() -> None:
    retraction = Notice(Standing.RETRACTED, "J Invent Trials. 2024;7", "99000002")
    plan = Plan(None, changed=["a", "b"], restated={"a", "b"}, told={"a": Told((retraction,))})
    assert "said by others: a: retracted (J Invent Trials. 2024;7)" in printed(plan)
    assert "said by others: b: nothing any more" in printed(plan)


def test_each_failure_is_one_line_and_no_more_than_fifty_are_listed() -> None:
    plan = Plan(None, failed=[SourceError(Path(f"{n}.md"), "is\nbroken; mend it") for n in range(60)])
    lines = [line for line in printed(plan).splitlines() if line.startswith("failed: ")]
    assert (lines[0], len(lines)) == ("failed: 0.md: is broken; mend it", 50)
    assert "... and 10 more" in printed(plan)


def test_files_that_no_reader_knows_are_counted_by_suffix_the_most_first() -> None:
    plan = Plan(None, skipped=Counter({".png": 1, "": 2, ".csv": 1}))
    assert "left out, for no reader knows them: 2 without a suffix, 1 *.csv, 1 *.png" in printed(plan)


def test_a_plan_is_printed_as_what_would_be_done() -> None:
    assert "would be removed" in printed(Plan(None), planned=True)
    assert "would be" not in printed(Plan(None))
