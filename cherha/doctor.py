"""`cherha doctor`: what is wrong with the desk, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from cherha.console import FAILED, out, plainly, settings
from cherha.signs import Role

if TYPE_CHECKING:
    from cherha.checks import Check

_MARKS = {"fine": "[green]✓[/]", "note": "[yellow]![/]", "fault": "[red]✗[/]"}


def doctor(
    quick: Annotated[
        bool, typer.Option("--quick", help="Only the folder, the database and the broker, as a health check.")
    ] = False,
    role: Annotated[
        Role | None,
        typer.Option("--role", help="As --quick, and whether this part of the desk does its work on this machine."),
    ] = None,
) -> None:
    """Look at everything the desk depends on, and say what is wrong and what to do. Exit code 1 when something is.

    The folder, the database and its version, Redis and whether it evicts, clocks, time zones, the mail door and its
    certificate, the token, the webhook, the relay for our mail.
    """
    from cherha import checks
    from core.log import without_secrets

    with plainly():
        read = settings()
        found = [finding for check in _wanted(quick=quick, role=role) for finding in check(read)]
    first: dict[str, checks.Finding] = {}
    for one in found:  # what several stumble over is told once
        first.setdefault(one.told, one)
    for one in first.values():
        out.print(f"{_MARKS[one.verdict]} {one.about:<11} {escape(without_secrets(one.told))}")
    if any(one.verdict is checks.Verdict.FAULT for one in found):
        raise typer.Exit(FAILED)


def _wanted(*, quick: bool, role: Role | None) -> tuple[Check, ...]:
    from cherha import checks

    if role is not None:
        from cherha import health

        return health.of(role)
    return checks.QUICK if quick else checks.ALL
