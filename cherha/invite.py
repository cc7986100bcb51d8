"""`cherha init` and `cherha invite`: links that make whoever opens them first a member of staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from cherha.console import out, plainly, settings
from core.people.rules import Role

if TYPE_CHECKING:
    from core.people.views import OpenInvitation
    from core.settings import Settings


def init() -> None:
    """Make the desk ready and print the first administrator's invitation link.

    The database is created and migrated. Open the link in Telegram within 24 hours: whoever does so first is the
    administrator, and invites everybody else from the chat.
    """
    with plainly():
        _invite(settings(), Role.ADMINISTRATOR, migrate=True)


def invite(
    role: Annotated[Role, typer.Argument(help="What the invited will be.")],
) -> None:
    """Print an invitation link for one more member of staff; it can be used once, within 24 hours."""
    with plainly():
        _invite(settings(), role, migrate=False)


def invitations(
    revoke: Annotated[int | None, typer.Option(metavar="N", help="Take back the invitation with this №.")] = None,
) -> None:
    """List the invitations that can still be used, or revoke one. The links themselves are kept nowhere."""
    from cherha.database import open_desk
    from core.people import actions as people
    from core.people.queries import open_invitations

    with plainly(), open_desk(settings(), migrate=False) as desk:
        if revoke is not None:
            desk.run(people.revoke, revoke, None)
            out.print(f"[green]✓[/] Invitation №{revoke} is revoked.")
            return
        found = desk.look(open_invitations, None)
    if not found:
        out.print("No invitation is open.")
        return
    table = Table("№", "role", "made by", "until (UTC)", box=None, header_style="bold")
    for one in found:
        table.add_row(*_row(one))
    out.print(table)


def _row(one: OpenInvitation) -> tuple[str, ...]:
    by = escape(one.by) if one.by else "the command line"
    return str(one.id), str(one.role), by, f"{one.expires_at:%Y-%m-%d %H:%M}"


def _invite(read: Settings, role: Role, *, migrate: bool) -> None:
    from cherha.database import open_desk
    from cherha.telegram import bot_account, needs_token
    from core.people import actions as people

    needs_token(read)
    account = bot_account(read)
    with open_desk(read, migrate=migrate) as desk:
        made = desk.run(people.invite, role, None)
    until = f"{made.expires_at:%d %b, %H:%M} UTC"
    out.print(f"Whoever opens this link first becomes {_article(role)}; it can be used until {until}:")
    out.print(f"\n  https://t.me/{account.name}?start={made.token}\n")


def _article(role: Role) -> str:
    return f"an {role}" if role is Role.ADMINISTRATOR else f"a {role}"
