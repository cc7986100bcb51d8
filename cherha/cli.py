"""The command line: one file a command, gathered here."""

from __future__ import annotations

import os

import typer

from cherha import backup, db, doctor, invite, letters, mail, roles, run, stats, worker
from cherha.demo.command import demo

_START = "Start here"
_SPREAD = "A desk spread over several processes"
_LOOK_AFTER = "Look after it"

app = typer.Typer(
    name="cherha",
    help="Cherha: a service desk that lives in chat. Settings come from CHERHA_… variables or the file .env.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",  # paragraphs of help flow into the width there is
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(rich_help_panel=_START)(demo)
app.command(rich_help_panel=_START)(invite.init)
app.command(rich_help_panel=_START)(run.run)
app.command(rich_help_panel=_START)(invite.invite)
app.command(rich_help_panel=_SPREAD)(roles.bot)
app.command(rich_help_panel=_SPREAD)(roles.intake)
app.command(rich_help_panel=_SPREAD)(roles.fetch)
app.command(rich_help_panel=_SPREAD)(worker.worker)
app.command(rich_help_panel=_SPREAD)(roles.scheduler)
app.command(rich_help_panel=_LOOK_AFTER)(invite.invitations)
app.command(rich_help_panel=_LOOK_AFTER)(doctor.doctor)
app.command(rich_help_panel=_LOOK_AFTER)(stats.stats)
app.command(rich_help_panel=_LOOK_AFTER)(backup.backup)
app.command(rich_help_panel=_LOOK_AFTER)(backup.restore)
app.add_typer(mail.app, name="mail", rich_help_panel=_LOOK_AFTER)
app.add_typer(letters.app, name="letters", rich_help_panel=_LOOK_AFTER)
app.add_typer(db.app, name="db", rich_help_panel=_LOOK_AFTER)


def main() -> None:
    """Run the command line; what it makes is for its own user alone: letters, files and the secret are in it."""
    os.umask(0o077)
    app()
