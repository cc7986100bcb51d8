"""What is kept at the desk: letters that were set aside, and invitations that are open, as lists that page in place."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render.lists import pages, short
from core.customers.rules import is_mail_address
from core.customers.senders import SenderView
from core.inbox.queries import AsideView
from core.people.views import OpenInvitation
from core.texts.said import Button, Notice, Said, said


def letters(found: Sequence[AsideView], offset: int, total: int, *, keeps: bool = False) -> Notice:
    """List letters that were set aside, each with the reason and what can be done with it and with its sender."""
    if not found:
        return Notice((said("letters.none"),))
    lines = [said("letters.head", count=total)]
    lines += [_letter(one) for one in found]
    rows = tuple(_letter_buttons(one, offset, keeps=keeps) for one in found)
    return Notice(tuple(lines), rows + pages(("letters", (), offset), total))


def _letter(one: AsideView) -> Said:
    key = "letters.line_cause" if one.cause else "letters.line"
    sender = short(one.sender) or "–"
    return said(key, number=one.id, sender=sender, at=one.received_at, reason=one.why, cause=one.cause)


def _letter_buttons(one: AsideView, offset: int, *, keeps: bool) -> tuple[Button, ...]:
    released = [Button(said("button.release_letter", number=one.id), "letter", (one.id, offset))]
    if one.case is not None:
        released.append(Button(said("button.join", number=one.case), "letter_join", (one.id, offset)))
    if not keeps or not is_mail_address(one.sender):
        return tuple(released)
    return (
        *released,
        Button(said("button.block_sender"), "sender_block", (one.id, offset)),
        Button(said("button.accept_sender"), "sender_accept", (one.id, offset)),
    )


def senders(found: Sequence[SenderView], offset: int, total: int, *, keeps: bool) -> Notice:
    """List what was said of senders, with a button that takes each back."""
    if not found:
        return Notice((said("senders.none"),))
    lines = [said("senders.head", count=total), *(_sender(one) for one in found)]
    made = tuple(
        (Button(said("button.sender_drop", sender=short(one.pattern)), "sender_drop", (one.id, offset)),)
        for one in found
    )
    return Notice(tuple(lines), (made if keeps else ()) + pages(("senders", (), offset), total))


def _sender(one: SenderView) -> Said:
    return said(f"senders.line_{one.verdict}", sender=one.pattern, at=one.since)


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
