"""The tree of errors is the one that its module draws, and each error is a sentence."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from chatbot import errors
from chatbot.errors import ChatbotError, SourceError

_BRANCH = re.compile(r"^([│ ]*)[├└]── (\w+)")


def drawn_parents() -> dict[str, str]:
    """Class name → name of its parent, as the docstring of the module draws it."""
    path, parents = ["ChatbotError"], {}
    for line in (errors.__doc__ or "").splitlines():
        if match := _BRANCH.match(line):
            depth = len(match[1]) // 4 + 1
            parents[match[2]] = path[depth - 1]
            path[depth:] = [match[2]]
    return parents


def classes() -> dict[str, type]:
    return {
        name: each for name, each in inspect.getmembers(errors, inspect.isclass) if each.__module__ == "chatbot.errors"
    }


def test_the_drawn_tree_has_exactly_the_classes_of_the_module_with_their_parents() -> None:
    real = {name: each.__bases__[0].__name__ for name, each in classes().items() if each is not ChatbotError}
    assert drawn_parents() == real


def test_the_drawn_tree_is_not_empty_and_nests() -> None:
    assert len(drawn_parents()) >= 8
    assert set(drawn_parents().values()) > {"ChatbotError"}


@pytest.mark.parametrize("error", classes().values(), ids=lambda each: each.__name__)
def test_every_error_is_a_chatbot_error_and_says_what_it_is_for(error: type) -> None:
    assert issubclass(error, ChatbotError)
    assert error.__doc__


@pytest.mark.parametrize(("line", "start"), [(7, "a.md:7: is wrong"), (None, "a.md: is wrong")])
def test_a_source_error_begins_with_the_file_and_the_line(line: int | None, start: str) -> None:
    error = SourceError(Path("a.md"), "is wrong", line)
    assert str(error) == start
    assert (error.path, error.problem, error.line) == (Path("a.md"), "is wrong", line)
