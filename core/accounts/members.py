"""Let customers belong to an account, and leave it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.accounts import queries
from core.accounts.actions import lock_kept, may_keep
from core.accounts.views import Joined
from core.customers.accounts import name_of
from core.customers.model import Contact
from core.desk import Tx
from core.errors import Refused
from core.history.actions import record
from core.people.views import Representative
from core.work import cards

#: So many customers are named at once.
MOST = 50


def join(tx: Tx, account: int, contacts: Sequence[int], by: Representative) -> list[Joined]:
    """Let customers belong to an account, and to no other any more; the clocks of their open cases stay as they are.

    Returns:
        Their names, and where each was before.

    Raises:
        Refused: `right.missing`; `account.too_many`; `contact.erased` or `contact.merged` of one of them.
        NotFound: `account.gone`.
    """
    _check_count(contacts)
    may_keep(by)
    rows = _lock(tx, contacts)  # before the account, as whoever links an address does
    lock_kept(tx, account, by)
    joined = []
    for row in rows:
        if row.merged_into_id is not None or row.erased_at is not None:
            raise Refused("contact.merged" if row.merged_into_id is not None else "contact.erased")
        elsewhere = row.account_id if row.account_id != account else None
        joined.append(Joined(row.name, name_of(tx, elsewhere) if elsewhere is not None else ""))
        if row.account_id != account:
            before, row.account_id = row.account_id, account
            record(tx, "account_joined", by.actor, subject=("contact", row.id), account=account, before=before)
    _changed(tx, rows)
    return joined


def leave(tx: Tx, contacts: Sequence[int], by: Representative) -> list[tuple[str, str]]:
    """Let customers belong to no account any more; their addresses do not bring them back.

    Returns:
        Their names, each with that of the account.

    Raises:
        Refused: `right.missing`; `account.too_many`; `account.nowhere`, of one who belongs to none.
    """
    may_keep(by)
    _check_count(contacts)
    rows = _lock(tx, contacts)
    left = []
    for row in rows:
        if row.account_id is None:
            raise Refused("account.nowhere", name=row.name)
        left.append((row.name, name_of(tx, row.account_id)))
        record(tx, "account_left", by.actor, subject=("contact", row.id), account=row.account_id)
        row.account_id = None
    _changed(tx, rows)
    return left


def _check_count(contacts: Sequence[int]) -> None:
    if len(contacts) > MOST:
        raise Refused("account.too_many", limit=MOST)


def _lock(tx: Tx, contacts: Sequence[int]) -> Sequence[Contact]:
    """Lock customers in the order of their ids, as everybody does who locks several."""
    locked = select(Contact).where(Contact.id.in_(contacts)).order_by(Contact.id).with_for_update()
    return tx.session.scalars(locked.execution_options(populate_existing=True)).all()


def _changed(tx: Tx, rows: Sequence[Contact]) -> None:
    tx.session.flush()
    cards.changed_all(tx, queries.open_cases_of_contacts(tx, [row.id for row in rows]))
