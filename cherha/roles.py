"""`cherha bot | intake | fetch | scheduler`: one part of a desk that is spread over several processes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

import typer

from cherha.console import ends_at_a_signal, out, plainly, settings
from cherha.signs import Role, sign_of
from core.errors import Misconfigured

if TYPE_CHECKING:
    from cherha.compose import Parts
    from cherha.serving import Service
    from core.settings import Settings


def bot() -> None:
    """Run the bot alone. A second one stands by and takes over when the first is gone."""
    ends_at_a_signal()
    from cherha import compose
    from cherha.data import folder_faults
    from cherha.telegram import needs_token

    with plainly():
        read = settings(also=folder_faults)
        needs_token(read)
        name = compose.bot_name(read)
        needs_redis(read, "bot")
        with compose.open_parts(read, migrate=False, bot_name=name) as parts:
            _serve(
                Role.BOT, parts, {"bot": compose.bot_service(parts)}, f"The bot is running, or stands by: t.me/{name}"
            )


def intake() -> None:
    """Run the mail door alone. As many as wanted, each on its own address."""
    ends_at_a_signal()
    from cherha import compose
    from cherha.doors import place_faults

    with plainly():
        read = settings(also=place_faults)
        needs_redis(read, "intake")
        with compose.open_parts(read, migrate=False) as parts:
            doors = compose.doors(parts)
            told = f"The mail door is open: {read.smtp_listen or read.lmtp_listen}"
            _serve(Role.INTAKE, parts, {"door": doors.run}, told, doors.open)


def fetch() -> None:
    """Fetch letters from a mailbox (CHERHA_MAILBOX), by IMAP or POP3. A second one is harmless."""
    ends_at_a_signal()
    from cherha import compose
    from cherha.data import folder_faults

    with plainly():
        read = settings(also=folder_faults)
        if read.fetched is None:
            raise Misconfigured(["There is no mailbox. Set CHERHA_MAILBOX, such as imaps://user:password@host/INBOX."])
        needs_redis(read, "fetch")
        with compose.open_parts(read, migrate=False) as parts:
            told = f"Letters are fetched from {read.fetched.host}."
            _serve(Role.FETCH, parts, {"fetch": compose.fetch_service(parts, read.fetched)}, told)


def scheduler() -> None:
    """Run the clock alone. A second one stands by and takes over when the first is gone."""
    ends_at_a_signal()
    from cherha import compose
    from cherha.data import folder_faults

    with plainly():
        read = settings(also=folder_faults)
        needs_redis(read, "scheduler")
        with compose.open_parts(read, migrate=False) as parts:
            told = "The clock is running, or stands by."
            _serve(Role.SCHEDULER, parts, {"clock": compose.clock_service(parts)}, told)


def needs_redis(read: Settings, command: str) -> None:
    """Insist on Redis for what wakes, or is woken by, other processes.

    Raises:
        Misconfigured: there is no address of one.
    """
    if not read.redis_url:
        raise Misconfigured(
            [f"`cherha {command}` needs Redis: set CHERHA_REDIS_URL. (`cherha run`, all in one process, needs none.)"]
        )


def _serve(
    role: Role,
    parts: Parts,
    services: Mapping[str, Service],
    told: str,
    opening: Callable[[], Awaitable[None]] | None = None,
) -> None:
    from cherha.serving import serve

    sign = sign_of(parts.settings.data, role)
    code = asyncio.run(serve(services, lambda: out.print(f"[green]✓[/] {told}"), opening, sign))
    raise typer.Exit(code)
