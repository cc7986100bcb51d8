"""Let an account be a part of another: without loops, not too deep, whoever does it at the same moment."""

from __future__ import annotations

from core.accounts.actions import edited, lock_kept
from core.customers.account_tree import MOST_LEVELS, levels_below, parts_of, whole
from core.customers.model import Account
from core.desk import Tx
from core.errors import Refused
from core.people.views import Representative


def set_parent(tx: Tx, account: int, parent: int | None, by: Representative) -> None:
    """Let an account be a part of another, or of none; where it has no owner or level, that one's are its own.

    Raises:
        Refused: `right.missing`; `account.own_parent`: it would be a part of itself; `account.too_deep`.
        NotFound: `account.gone`: one of them was closed or merged meanwhile.
    """
    rows = {one: lock_kept(tx, one, by) for one in sorted({account, parent or account})}
    row = rows[account]
    above = lock_upwards(tx, parent) if parent is not None else []
    if account in above:
        raise Refused("account.own_parent", name=row.name, parent=rows[parent or account].name)
    check_depth(tx, row, len(above))
    before, row.parent_id = row.parent_id, parent
    edited(tx, row, by, "parent", before=before, after=parent)


def lock_upwards(tx: Tx, account: int) -> list[int]:
    """Lock an account and those that it is a part of, so that no loop is made on both sides at once."""
    found: list[int] = []
    here: int | None = account
    while here is not None and here not in found and len(found) <= MOST_LEVELS:
        row = tx.lock(Account, here)
        found.append(here)
        here = row.parent_id if row is not None else None
    return found


def check_depth(tx: Tx, row: Account, above: int) -> None:
    """Insist that a tree is not too deep once an account stands below so many others.

    Raises:
        Refused: `account.too_deep`.
    """
    if above + 1 + len(levels_below(tx, row.id)) > MOST_LEVELS:
        raise Refused("account.too_deep", name=row.name, limit=MOST_LEVELS)


def take_place(tx: Tx, gone: Account, stays: Account) -> None:
    """Let an account stand where one stood that is merged into it, and take over its parts; both are locked.

    Raises:
        Refused: `account.too_deep`.
    """
    within, by_itself = stays.id in whole(tx, gone.id), stays.parent_id is None
    if within or (by_itself and gone.id not in whole(tx, stays.id)):
        stays.parent_id = gone.parent_id
    for part in parts_of(tx, [gone.id]):
        if part != stays.id:
            tx.lock_one(Account, part).parent_id = stays.id
    gone.parent_id = None
    tx.session.flush()
    above = lock_upwards(tx, stays.id)
    check_depth(tx, stays, len(above) - 1)
