"""Other names by which accounts are found: those of accounts that were merged into them, and what people call them."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from core.accounts.actions import edited, free_name, lock_kept
from core.customers.accounts import key_of
from core.customers.model import Account, AccountAlias
from core.desk import Tx
from core.errors import NotFound, Refused
from core.people.views import Representative

#: The most aliases that are given to one account by hand.
MOST_ALIASES = 20


def aliases(tx: Tx, account: int) -> tuple[str, ...]:
    """List the other names of an account."""
    found = select(AccountAlias.name).where(AccountAlias.account_id == account).order_by(AccountAlias.key)
    return tuple(tx.session.scalars(found))


def add_alias(tx: Tx, account: int, name: str, by: Representative) -> None:
    """Let an account be found by another name, too; nothing happens where it is already.

    Raises:
        Refused: `right.missing`; `account.exists` or `account.is_alias`: the name is one already;
            `account.aliases_many`.
        Misused: `account.name`.
        NotFound: `account.gone`.
    """
    row = lock_kept(tx, account, by)
    known = tx.session.get(AccountAlias, key_of(name))
    if known is not None and known.account_id == account:
        return
    clean = free_name(tx, name)
    count = select(func.count()).select_from(AccountAlias).where(AccountAlias.account_id == account)
    if (tx.session.scalar(count) or 0) >= MOST_ALIASES:
        raise Refused("account.aliases_many", limit=MOST_ALIASES)
    tx.add(AccountAlias(key=key_of(clean), name=clean, account_id=account))
    edited(tx, row, by, "alias", added=clean)


def remove_alias(tx: Tx, account: int, name: str, by: Representative) -> None:
    """Let an account no longer be found by another name.

    Raises:
        Refused: `right.missing`.
        NotFound: `account.gone`; `account.not_its_alias`.
    """
    row = lock_kept(tx, account, by)
    known = tx.session.get(AccountAlias, key_of(name))
    if known is None or known.account_id != account:
        raise NotFound("account.not_its_alias", alias=" ".join(name.split()), name=row.name)
    tx.session.delete(known)
    edited(tx, row, by, "alias", removed=known.name)


def hand_over(tx: Tx, gone: Account, stays: Account) -> None:
    """Let the names of an account that is merged lead to the one that goes on; the name itself is free by now."""
    tx.session.execute(update(AccountAlias).where(AccountAlias.account_id == gone.id).values(account_id=stays.id))
    tx.session.flush()
    key = key_of(gone.name)
    if tx.session.get(AccountAlias, key) is None:
        tx.add(AccountAlias(key=key, name=gone.name, account_id=stays.id))


def forget(tx: Tx, account: int) -> None:
    """Let the other names of an account that is closed be free."""
    tx.session.execute(delete(AccountAlias).where(AccountAlias.account_id == account))
