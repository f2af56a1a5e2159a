"""Tables found in a text by their lines, whatever the lines are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.tables import table_of, tables_in


def test_rows_that_are_nothing_but_rules_are_no_table() -> None:
    assert tables_in("Text.\n|\n|---|\nMore.", 0, 18) == []


def test_a_table_runs_from_its_header_to_its_last_row() -> None:
    text = "Doses:\n\n| Age | Dose |\n|---|---|\n| Adult | 50 mg |\n"
    (table,) = tables_in(text, 0, len(text))
    assert text[slice(*table.header)] == "| Age | Dose |"
    assert table.introduction is not None
    assert text[slice(*table.introduction)] == "Doses:"
    assert text[: table.end].endswith("50 mg |")


@pytest.mark.parametrize(("row", "is_of_table"), [("| Age |", False), ("| Adult |", True), ("Text.", False)])
def test_only_what_is_below_a_header_is_of_its_table(row: str, is_of_table: bool) -> None:
    text = "| Age |\n|---|\n| Adult |\n\nText."
    assert (table_of(tables_in(text, 0, len(text)), text.index(row)) is not None) is is_of_table


@settings(derandomize=True)
@given(st.text("|-a: \n\t", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_any_text_has_tables_in_order_within_its_borders(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    tables = tables_in(text, start, end)
    borders = [offset for table in tables for offset in (table.header[0], table.header[1], table.end)]
    assert borders == sorted(borders)
    assert all(start <= offset <= end for offset in borders)
