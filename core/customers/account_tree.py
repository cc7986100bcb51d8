"""Accounts that are parts of others: a tree without loops, a few levels deep, out of which parts inherit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from core.customers.model import Account
from core.desk import Tx

#: So many levels a tree of accounts has at most; nothing looks further up or down.
MOST_LEVELS = 5


def upwards(tx: Tx, account: int) -> Iterator[int]:
    """Tell an account, then those that it is a part of, the nearest first; each is read only when it is asked for."""
    seen = [account]
    yield account
    while len(seen) < MOST_LEVELS:
        row = tx.find(Account, seen[-1])
        if row is None or row.parent_id is None or row.parent_id in seen:
            return
        seen.append(row.parent_id)
        yield row.parent_id


def levels_below(tx: Tx, account: int) -> list[Sequence[int]]:
    """List the parts of an account level by level: its own, then those of these."""
    levels: list[Sequence[int]] = []
    below = parts_of(tx, [account])
    while below and len(levels) < MOST_LEVELS:
        levels.append(below)
        below = parts_of(tx, below) if len(levels) < MOST_LEVELS else []
    return levels


def parts_of(tx: Tx, accounts: Sequence[int]) -> Sequence[int]:
    """List the open accounts that are directly parts of some, by name."""
    parts = select(Account.id).where(Account.parent_id.in_(accounts), Account.closed_at.is_(None))
    return tx.session.scalars(parts.order_by(Account.name_key)).all()


def whole(tx: Tx, account: int) -> list[int]:
    """List an account and all that are parts of it, however deep."""
    return [account, *(one for level in levels_below(tx, account) for one in level)]
