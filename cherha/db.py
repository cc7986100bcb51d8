"""`cherha db upgrade`: bring the database to the version of this desk."""

from __future__ import annotations

import typer

from cherha.console import out, plainly, settings

app = typer.Typer(help="Look after the database.", no_args_is_help=True)


@app.callback()
def db() -> None:
    """Look after the database."""


@app.command("upgrade")
def upgrade() -> None:
    """Bring the database to the version of this desk. Harmless when it is there already.

    `cherha run` and `cherha init` do it by themselves. Make a backup first; with several processes stop them all.
    """
    from cherha.database import open_database
    from core.store.migrate import current

    with plainly(), open_database(settings(), migrate=True) as engines:
        out.print(f"[green]✓[/] The database is at version {current(engines)}.")
