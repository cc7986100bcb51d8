"""From which address a member of staff forwards letters of customers, so that they become the customers' cases."""

from __future__ import annotations

from sqlalchemy import select

from core.customers.rules import is_mail_address
from core.desk import Tx
from core.errors import Misused, Refused
from core.history.actions import record
from core.people import queries as people
from core.people.model import Person
from core.people.views import Representative
from core.work.model import MailAddress


def mailbox(tx: Tx, by: Representative) -> str | None:
    """Tell the address that you forward from."""
    return tx.session.get_one(Person, by.id).mailbox


def by_mailbox(tx: Tx, address: str) -> Representative | None:
    """Find the member of staff who forwards from an address."""
    row = tx.session.scalar(select(Person).where(Person.mailbox == address, Person.dismissed_at.is_(None)))
    return people.view(tx, row) if row else None


def set_mailbox(tx: Tx, by: Representative, address: str | None) -> None:
    """Say which address you forward from; None for none.

    Raises:
        Misused: `usage.mailbox`: it is no address.
        Refused: `mailbox.ours`, an address of the desk; `mailbox.taken`, one of another member of staff.
    """
    known = address.strip().strip("<>").casefold() if address is not None else None
    if known is not None:
        if not is_mail_address(known):
            raise Misused("usage.mailbox")
        if tx.session.get(MailAddress, known) is not None:
            raise Refused("mailbox.ours")
        if _is_anothers(tx, known, by.id):
            raise Refused("mailbox.taken")
    tx.lock_one(Person, by.id).mailbox = known
    record(tx, "mailbox", by.actor, subject=("person", by.id))


def _is_anothers(tx: Tx, address: str, person: int) -> bool:
    """Tell whether another member of staff has an address; all are locked, or two could name one at the same moment."""
    staff = select(Person.id, Person.mailbox).where(Person.dismissed_at.is_(None)).order_by(Person.id)
    rows = tx.session.execute(staff.with_for_update()).all()
    return any(row.mailbox == address and row.id != person for row in rows)
