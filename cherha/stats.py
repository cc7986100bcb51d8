"""`cherha stats`: the desk in numbers."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.table import Table

from cherha.console import out, plainly, settings


def stats(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for machines.")] = False,
) -> None:
    """Count letters, updates, cases, messages, items per queue and what is owed; ages of the oldest in seconds."""
    from cherha.database import open_desk
    from core.digests.numbers import numbers

    with plainly(), open_desk(settings(), migrate=False) as desk:
        counted = desk.look(numbers).to_json()
    if as_json:
        typer.echo(json.dumps(counted, ensure_ascii=False))
        return
    table = Table(box=None, show_header=False)
    for name, value in counted.items():
        table.add_row(f"[bold]{name}[/]", _told(value))
    out.print(table)


def _told(value: Any) -> str:
    if isinstance(value, list):
        return (
            "\n".join(f"{one['items']:>5}  {one['queue']} ({one['kind'].replace('_', ' ')})" for one in value) or "none"
        )
    return ", ".join(f"{name} {'–' if count is None else count}" for name, count in value.items())
