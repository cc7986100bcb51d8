"""What was fetched of a mailbox: how far it was read is committed together with the letters that were kept of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from core.desk import Tx
from core.inbox.actions import NewLetter, keep_letter
from core.inbox.model import Mailbox, MailboxLetter


@dataclass(frozen=True, slots=True)
class MailboxView:
    """How far a mailbox was read.

    Attributes:
        validity: of its numbers (UIDVALIDITY): with another one they mean nothing. None before the first visit.
        last: the number of the last letter that was kept; `marked` is that of the last that was marked as read.
        unread_until: up to this number only those are taken that nobody has read, or that came after `since`.
    """

    id: int
    validity: int | None
    last: int
    marked: int
    unread_until: int
    since: datetime | None


def open_mailbox(tx: Tx, name: str) -> MailboxView:
    """Find how far a mailbox was read; one that is new was not.

    Args:
        name: what tells it from others: its server, user and folder, without a password.
    """
    row = tx.session.scalar(select(Mailbox).where(Mailbox.name == name))
    if row is None:
        row = Mailbox(name=name, last=0, marked=0, unread_until=0)
        tx.session.add(row)
        tx.session.flush()
    return _view(row)


def view_of(tx: Tx, mailbox: int) -> MailboxView:
    """Tell how far a mailbox was read."""
    return _view(tx.session.get_one(Mailbox, mailbox))


def begin_numbers(tx: Tx, mailbox: int, validity: int, greatest: int) -> MailboxView:
    """Begin with numbers that are new: what is there already is taken only where nobody has read it.

    Where the numbers of a mailbox that we know have changed, what came since the day before our last visit is taken
    too: what was kept before is known as a repeat.

    Args:
        greatest: the greatest number of a letter that is there.
    """
    row = tx.lock_one(Mailbox, mailbox)
    if row.validity != validity:
        row.since = row.visited_at if row.validity is not None else None
        row.validity, row.last, row.marked, row.unread_until = validity, 0, 0, greatest
        tx.session.flush()
    return _view(row)


def keep_numbered(tx: Tx, mailbox: int, validity: int, number: int, new: NewLetter) -> int | None:
    """Keep a letter of a mailbox, and that it was read so far.

    Returns:
        The row of the letter; None when somebody else has kept it, or the numbers are of another time.
    """
    row = tx.lock_one(Mailbox, mailbox)
    if row.validity != validity or number <= row.last:
        return None
    row.last, row.visited_at = number, tx.now
    tx.session.flush()
    return keep_letter(tx, new)


def marked(tx: Tx, mailbox: int, validity: int, number: int) -> None:
    """Note up to which letter those that were kept are marked as read in the mailbox."""
    mine = Mailbox.id == mailbox, Mailbox.validity == validity, Mailbox.marked < number
    tx.session.execute(update(Mailbox).where(*mine).values(marked=number))


def keep_named(tx: Tx, mailbox: int, name: str, new: NewLetter) -> int | None:
    """Keep a letter of a mailbox whose letters have names and no numbers (UIDL), and that it was; None when it was."""
    row = tx.lock_one(Mailbox, mailbox)
    if tx.session.get(MailboxLetter, (mailbox, name)) is not None:
        return None
    row.visited_at = tx.now
    tx.session.add(MailboxLetter(mailbox_id=mailbox, name=name))
    tx.session.flush()
    return keep_letter(tx, new)


def kept_names(tx: Tx, mailbox: int) -> set[str]:
    """List the letters of such a mailbox that were kept and may be there still."""
    return set(tx.session.scalars(select(MailboxLetter.name).where(MailboxLetter.mailbox_id == mailbox)))


def forget_names(tx: Tx, mailbox: int, names: Collection[str]) -> None:
    """Forget letters that are not in their mailbox any more."""
    for name in names:
        mine = MailboxLetter.mailbox_id == mailbox, MailboxLetter.name == name
        tx.session.execute(delete(MailboxLetter).where(*mine))


def _view(row: Mailbox) -> MailboxView:
    return MailboxView(row.id, row.validity, row.last, row.marked, row.unread_until, row.since)
