"""`cherha run`: the whole desk in one process."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import typer

from cherha.console import ends_at_a_signal, out, plainly, settings
from cherha.signs import Role, sign_of

if TYPE_CHECKING:
    from core.settings import Settings


def run() -> None:
    """Run the whole desk in one process: mail door, bot, clock and workers.

    The database (SQLite in ./var unless CHERHA_DATABASE_URL says otherwise) is created and migrated. Ctrl+C or SIGTERM
    ends it within ten seconds; whatever is left undone then is done after the next start.
    """
    ends_at_a_signal()
    from cherha import compose
    from cherha.doors import place_faults
    from cherha.serving import serve

    with plainly():
        read = settings(also=place_faults)
        with compose.open_parts(read, migrate=True, bot_name=compose.bot_name(read)) as parts:
            services, opening = compose.embedded(parts), None
            if read.smtp_listen or read.lmtp_listen:
                doors = compose.doors(parts)
                services["door"], opening = doors.run, doors.open
            sign = sign_of(read.data, Role.RUN)
            code = asyncio.run(serve(services, lambda: _tell(read, parts.desk.house.bot_name), opening, sign))
    raise typer.Exit(code)


def _tell(read: Settings, bot_name: str) -> None:
    """Say what is running, and what is not and why."""
    out.print("[green]✓[/] Cherha is running. Ctrl+C ends it.")
    if read.telegram_token.get_secret_value():
        out.print(f"  bot:     t.me/{bot_name}" if bot_name else "  bot:     Telegram cannot be reached yet")
    else:
        out.print("  bot:     [yellow]none[/]: set CHERHA_TELEGRAM_TOKEN to the token from @BotFather")
    addresses = ", ".join(read.addresses)
    door = read.smtp_listen or read.lmtp_listen
    out.print(f"  letters: {door} for {addresses}" if door else "  letters: [yellow]none[/]: set CHERHA_SMTP_LISTEN")
    if read.fetched is not None:
        out.print(f"  mailbox: fetched from {read.fetched.host}")
    if not read.smtp_relay:
        out.print("  mail:    [yellow]waits[/]: set CHERHA_SMTP_RELAY to the server that sends our mail")
