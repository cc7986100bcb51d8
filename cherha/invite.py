"""`cherha init` and `cherha invite`: links that make whoever opens them first a member of staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cherha.console import out, plainly, settings
from core.people.rules import Role

if TYPE_CHECKING:
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
