"""What is kept at the desk: letters that were set aside, and invitations that are open, as lists that page in place."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render.lists import pages, short
from core.inbox.queries import AsideView
from core.people.views import OpenInvitation
from core.texts.said import Button, Notice, Said, said


def letters(found: Sequence[AsideView], offset: int, total: int) -> Notice:
    """List letters that were set aside, each with the reason and a button that releases it."""
    if not found:
        return Notice((said("letters.none"),))
    lines = [said("letters.head", count=total)]
    lines += [
        said("letters.line", number=one.id, sender=short(one.sender), at=one.received_at, reason=one.why)
        for one in found
    ]
    rows = tuple((Button(said("button.release_letter", number=one.id), "letter", (one.id, offset)),) for one in found)
    return Notice(tuple(lines), rows + pages(("letters", (), offset), total))


def invitations(found: Sequence[OpenInvitation], offset: int, total: int) -> Notice:
    """List invitations that can still be used, with a button that revokes each."""
    if not found:
        return Notice((said("invitations.none"),))
    lines = [said("invitations.head", count=total)]
    lines += [
        said("invitations.line", number=one.id, role=said(f"role.{one.role}"), who=_who(one), at=one.expires_at)
        for one in found
    ]
    rows = tuple((Button(said("button.revoke_number", number=one.id), "revoke", (one.id, offset)),) for one in found)
    return Notice(tuple(lines), rows + pages(("invitations", (), offset), total))


def _who(one: OpenInvitation) -> Said:
    return said("text.plain", text=one.by) if one.by else said("invitations.by_cli")
