"""`cherha letters`: the letters that were set aside, and their release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from cherha.console import out, plainly, settings, words

if TYPE_CHECKING:
    from core.inbox.queries import AsideView

app = typer.Typer(help="List the letters that were set aside, and release them.", invoke_without_command=True)


_Limit = Annotated[int, typer.Option(min=1, help="At most so many, the latest first.")]
_Skip = Annotated[int, typer.Option(min=0, help="Leave out so many of the latest, to see older ones.")]


@app.callback()
def letters(context: typer.Context, limit: _Limit = 20, skip: _Skip = 0) -> None:
    """List the letters that were set aside, each with the reason, and release them."""
    if context.invoked_subcommand is None:
        list_(limit, skip)


@app.command("list")
def list_(limit: _Limit = 20, skip: _Skip = 0) -> None:
    """List them, as `cherha letters` alone does."""
    from cherha.database import open_desk
    from core.inbox.queries import count_set_aside, set_aside_letters

    with plainly(), open_desk(settings(), migrate=False) as desk:
        aside = desk.look(set_aside_letters, limit, offset=skip)
        total = desk.look(count_set_aside)
    if not total:
        out.print("No letter is set aside.")
        return
    table = Table("№", "received (UTC)", "from", "to", "reason", box=None, header_style="bold")
    for letter in aside:
        table.add_row(*_row(letter))
    out.print(table)
    if skip + len(aside) < total:
        out.print(f"{total} in all; older ones: cherha letters --skip {skip + len(aside)}")


def _row(letter: AsideView) -> tuple[str, ...]:
    return (
        str(letter.id),
        f"{letter.received_at:%Y-%m-%d %H:%M}",
        escape(letter.sender),
        escape(letter.recipient),
        escape("; ".join(one for one in (words(letter.why.key, **letter.why.facts), letter.cause) if one)),
    )


@app.command("release")
def release(
    number: Annotated[int, typer.Argument(help="The № of the letter, from the list.")],
) -> None:
    """Let a letter through: it is understood anew, whatever it was set aside for."""
    from cherha.database import open_desk
    from core.history.actions import CLI
    from core.inbox.actions import release_letter

    with plainly(), open_desk(settings(), migrate=False) as desk:
        desk.run(release_letter, number, CLI)
        out.print(f"[green]✓[/] Letter №{number} is on its way; the desk takes it up within a second.")
