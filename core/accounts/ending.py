"""How accounts end: merged into another that goes on, or closed once none of their cases is open."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from core.accounts import aliases, parents, queries
from core.accounts.actions import lock_kept, may_keep
from core.customers.account_tree import levels_below
from core.customers.accounts import name_of
from core.customers.model import Account, AccountDomain, Contact
from core.desk import Tx
from core.errors import Refused
from core.history.actions import record
from core.people.views import Representative
from core.sla.actions import hold_instead
from core.sla.model import Scope
from core.work import cards

#: So many of the open cases that keep an account from being closed are named.
NAMED = 10


def check_apart(account: int, into: int, by: Representative) -> None:
    """Insist that two accounts are not one already, before it is asked whether they are to be merged.

    Raises:
        Refused: `right.missing`; `account.same`.
    """
    may_keep(by)
    if account == into:
        raise Refused("account.same")


def merge(tx: Tx, account: int, into: int, by: Representative) -> str:
    """Let an account go on as another: customers, domains, names, parts; owner, level and note where that has none.

    It cannot be undone. The clocks of open cases stay as they are.

    Returns:
        The name of the account that goes on.

    Raises:
        Refused: `right.missing`; `account.same`; `account.too_deep`.
        NotFound: `account.gone`: one of them was closed or merged meanwhile.
    """
    check_apart(account, into, by)
    _lock_customers(tx, account)
    rows = {one: lock_kept(tx, one, by) for one in sorted((account, into))}
    gone, stays = rows[account], rows[into]
    stays.owner_id = stays.owner_id or gone.owner_id
    stays.note = stays.note or gone.note
    parents.take_place(tx, gone, stays)
    open_ones = tx.session.scalars(queries.open_cases(account)).all()
    tx.session.execute(update(AccountDomain).where(AccountDomain.account_id == account).values(account_id=into))
    tx.session.execute(update(Contact).where(Contact.account_id == account).values(account_id=into))
    hold_instead(tx, Scope.ACCOUNT, account, into)
    gone.closed_at, gone.name_key, gone.merged_into_id = tx.now, None, into
    tx.session.flush()
    aliases.hand_over(tx, gone, stays)
    cards.changed_all(tx, open_ones)
    for one, other in ((account, into), (into, account)):
        record(tx, "account_merged", by.actor, subject=("account", one), other=other)
    return stays.name


def close(tx: Tx, account: int, by: Representative) -> str:
    """Close an account: nobody belongs to it any more, and another may be called so.

    Returns:
        Its name.

    Raises:
        Refused: `right.missing`; `account.has_open`, with the numbers; `account.has_parts`, with their names.
        NotFound: `account.gone`.
    """
    may_keep(by)
    _lock_customers(tx, account)
    row = lock_kept(tx, account, by)
    _check_no_parts(tx, row)
    _check_nothing_open(tx, row)
    left = queries.count_contacts(tx, account)
    tx.session.execute(delete(AccountDomain).where(AccountDomain.account_id == account))
    tx.session.execute(update(Contact).where(Contact.account_id == account).values(account_id=None))
    hold_instead(tx, Scope.ACCOUNT, account, None)
    aliases.forget(tx, account)
    row.closed_at, row.name_key, row.parent_id = tx.now, None, None
    tx.session.flush()
    record(tx, "account_closed", by.actor, subject=("account", account), name=row.name, contacts=left)
    return row.name


def _lock_customers(tx: Tx, account: int) -> None:
    """Lock those who belong to an account before the account itself, as whoever lets them join does."""
    theirs = select(Contact.id).where(Contact.account_id == account).order_by(Contact.id)
    tx.session.scalars(theirs.with_for_update()).all()


def _check_no_parts(tx: Tx, row: Account) -> None:
    """Insist that nothing is a part of an account: it would lose the owner and the level that it has by it."""
    parts = [one for level in levels_below(tx, row.id)[:1] for one in level]
    if parts:
        raise Refused("account.has_parts", name=row.name, parts=[name_of(tx, one) for one in parts[:NAMED]])


def _check_nothing_open(tx: Tx, row: Account) -> None:
    """Insist that none of an account's cases is open."""
    open_ones = queries.open_cases(row.id)
    count = tx.session.scalar(select(func.count()).select_from(open_ones.subquery())) or 0
    if count:
        numbers = tx.session.scalars(open_ones.order_by("work_id").limit(NAMED)).all()
        raise Refused("account.has_open", name=row.name, count=count, numbers=[f"№{number}" for number in numbers])
