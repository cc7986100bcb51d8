"""What docs/operations.md lists is what there is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from core.schema import metadata
from core.settings import Settings

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "operations.md").read_text()
LEVELS = {"debug", "info", "warning", "error", "exception"}


def _section(title: str) -> str:
    return re.split(r"^## ", MANUAL.partition(f"\n## {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def _first_cells(text: str) -> set[str]:
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def _events(tree: ast.AST) -> Iterator[str]:
    """Find the names of events: those given to the log, and those in a variable of the same function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = {
                target.id: one.value
                for one in ast.walk(node)
                if isinstance(one, ast.Assign)
                for target in one.targets
                if isinstance(target, ast.Name)
            }
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and _is_log(call.func, names):
                    what = call.args[0]
                    what = names.get(what.id, what) if isinstance(what, ast.Name) else what
                    yield from (
                        str(one.value)
                        for one in ([what.body, what.orelse] if isinstance(what, ast.IfExp) else [what])
                        if isinstance(one, ast.Constant)
                    )


def _is_log(func: ast.expr, names: dict[str, ast.expr]) -> bool:
    if isinstance(func, ast.Name):  # a level chosen before
        return any(isinstance(one, ast.expr) and _is_log(one, {}) for one in ast.walk(names.get(func.id, ast.Pass())))
    return (
        isinstance(func, ast.Attribute)
        and func.attr in LEVELS
        and isinstance(func.value, ast.Name)
        and func.value.id == "log"
    )


def test_every_event_of_the_log_is_explained_and_no_other() -> None:
    files = [path for part in ("core", "bot", "workers", "cherha") for path in (ROOT / part).rglob("*.py")]
    sources = [source for path in files if re.search(r"\blog\b", source := path.read_text())]
    events = {event for source in sources for event in _events(ast.parse(source))}
    assert "scheduler_standby" in events
    assert "updates_not_fetched" in events
    explained = _first_cells(_section("Logs")) - {"reference"}
    assert explained == events


def test_every_setting_is_explained_and_no_other() -> None:
    assert _first_cells(_section("Settings")) == {f"CHERHA_{name.upper()}" for name in Settings.model_fields}


def test_every_table_has_a_rule_for_how_long_its_rows_stay() -> None:
    assert _first_cells(_section("What grows")) == set(metadata.tables)
