"""The shape of the code: imports point one way, names say something, and everything fits on a screen."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "chatbot"
FILES = sorted(PACKAGE.rglob("*.py"))
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "core", "manager", "base", "misc"}
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 270, 45

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer(module: str) -> int:
    """How high a module stands: a module imports from its own layer or from below."""
    part = module.split(".")[1] if "." in module else ""
    names = {
        "errors": 0,
        "domain": 0,
        "settings": 1,
        "pipeline": 3,
        "suggestions": 3,
        "evaluation": 4,
        "takeaway": 4,
        "cli": 5,
        "ui": 5,
        "testing": 5,
        "__main__": 6,
    }
    return names.get(part, 2)


def imported(nodes: list[ast.AST]) -> set[str]:
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def imports(path: Path) -> set[str]:
    """Every module that a file imports, wherever it does so."""
    return imported(list(ast.walk(ast.parse(path.read_text("utf-8")))))


def imports_at_once(path: Path) -> set[str]:
    """The modules that are imported as soon as the file is: not those within functions or for types only."""
    nodes: list[ast.AST] = list(ast.parse(path.read_text("utf-8")).body)
    for node in nodes:
        if isinstance(node, ast.ClassDef | ast.Try | ast.With) or (
            isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.dump(node.test)
        ):
            nodes += list(ast.iter_child_nodes(node))
    return imported(nodes)


def of_package(names: set[str]) -> set[str]:
    return {name for name in names if name == "chatbot" or name.startswith("chatbot.")}


def top(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


@each_file
def test_imports_point_down(path: Path) -> None:
    own = layer(module_name(path))
    assert {name for name in of_package(imports(path)) if layer(name) > own and name != "chatbot"} == set()


@pytest.mark.parametrize(
    "path", [*sorted((PACKAGE / "domain").glob("*.py")), PACKAGE / "errors.py"], ids=lambda path: path.name
)
def test_domain_and_errors_import_nothing_of_the_package_and_nothing_from_elsewhere(path: Path) -> None:
    names = imports(path)
    assert {name for name in of_package(names) if not name.startswith("chatbot.domain")} == set()
    assert top(names) - {"chatbot"} <= sys.stdlib_module_names


def test_settings_know_errors_only() -> None:
    assert of_package(imports(PACKAGE / "settings.py")) <= {"chatbot.errors", "chatbot.errors.SettingsError"}


@pytest.mark.parametrize(("one", "other"), [("cli", "ui"), ("ui", "cli")])
def test_command_line_and_page_do_not_know_each_other(one: str, other: str) -> None:
    names = {name for path in (PACKAGE / one).rglob("*.py") for name in imports(path)}
    assert not any(name.startswith(f"chatbot.{other}") for name in names)


@each_file
def test_torch_is_imported_by_embedding_only_and_by_nobody_at_once(path: Path) -> None:
    heavy = {"torch", "sentence_transformers", "transformers"}
    assert not heavy & top(imports_at_once(path))
    assert path.parent.name == "embedding" or not heavy & top(imports(path))


@each_file
def test_streamlit_is_imported_by_the_page_only(path: Path) -> None:
    assert "ui" in path.relative_to(PACKAGE).parts or "streamlit" not in top(imports(path))


@each_file
def test_pytest_is_imported_by_the_plugin_only(path: Path) -> None:
    assert "testing" in path.relative_to(PACKAGE).parts or "pytest" not in top(imports(path))


@each_file
def test_a_module_bears_a_name_of_its_own(path: Path) -> None:
    names = {part.lower() for part in path.relative_to(PACKAGE).with_suffix("").parts} - {"__init__", "__main__"}
    assert names & SAYS_NOTHING == set()
    assert names & sys.stdlib_module_names == set()


@each_file
def test_a_file_fits_its_limit(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


@each_file
def test_every_function_fits_on_a_screen(path: Path) -> None:
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = {node.name for node in functions if (node.end_lineno or 0) - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION}
    assert long == set()


@each_file
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))
