"""How many items stand where, without counting them: each move notes a change, and the numbers are sums of changes.

To count the items of a queue takes the longer the more there are, and to keep one number a queue would make everybody
who moves something out of it or into it wait for each other. Changes are only added; `sum_up` makes few of many.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select

from core.desk import Tx
from core.work.model import Queue, Tally, Work
from core.work.rules import Counted, QueueKind, counted

#: So many changes, besides two for each queue, are left to be added up whenever somebody asks.
_LEFT = 500


@dataclass(frozen=True, slots=True)
class Number:
    """How many items there are, and when the latest came of those ever counted."""

    items: int = 0
    last_at: datetime | None = None


def where_counted(work: Work, kind: QueueKind) -> Counted:
    """Tell where an item is counted that stands in a queue of a kind."""
    return counted(work.queue_id, kind, work.came_from_id)


def moved(tx: Tx, before: Counted, after: Counted) -> None:
    """Note that an item is counted elsewhere now."""
    rows = [_change(where, -1, None) for where in sorted(before - after)]
    rows += [_change(where, 1, tx.now) for where in sorted(after - before)]
    if tx.together is not None:
        for row in rows:
            tx.together.add(Tally(**row))
    elif rows:
        tx.session.execute(insert(Tally), rows)  # one statement for all of them


def moved_many(tx: Tx, count: int, before: tuple[int, bool], after: tuple[int, bool]) -> None:
    """Note that so many items are counted elsewhere now, all alike."""
    if count:
        rows = [_change(before, -count, None), _change(after, count, tx.now)]
        tx.session.execute(insert(Tally), sorted(rows, key=itemgetter("queue_id")))


def add_up(tx: Tx, changes: Mapping[tuple[int, bool], int]) -> None:
    """Note that so many more, or fewer, items are counted in each of some places."""
    rows = [_change(where, by, tx.now if by > 0 else None) for where, by in sorted(changes.items()) if by]
    if rows:
        tx.session.execute(insert(Tally), rows)


def _change(where: tuple[int, bool], change: int, at: datetime | None) -> dict[str, Any]:
    queue, accepted = where
    return {"queue_id": queue, "accepted": accepted, "change": change, "at": at}


def items_in(tx: Tx, queue: int) -> int:
    """Tell how many items stand in a queue."""
    found = select(func.sum(Tally.change)).where(Tally.queue_id == queue, ~Tally.accepted)
    return tx.session.scalar(found) or 0


def numbers(tx: Tx, *, accepted: bool, which: ColumnElement[bool] | None = None) -> dict[int, Number]:
    """Tell for each queue how many items stand in it or, `accepted`, how many are In Progress that came from it.

    Args:
        which: only queues of which this holds.
    """
    found = select(Tally.queue_id, func.sum(Tally.change), func.max(Tally.at)).where(Tally.accepted == accepted)
    if which is not None:
        found = found.where(Tally.queue_id.in_(select(Queue.id).where(which)))
    return {queue: Number(count, at) for queue, count, at in tx.session.execute(found.group_by(Tally.queue_id))}


def is_long(tx: Tx) -> bool:
    """Tell whether there are so many changes that they should be summed up."""
    rows = select(func.count()).select_from(Tally).scalar_subquery()
    queues = select(func.count()).select_from(Queue).scalar_subquery()
    return bool(tx.session.scalar(select(rows > queues * 2 + _LEFT)))


def sum_up(tx: Tx) -> None:
    """Put one change for each number in the place of all that are there; what others add meanwhile stays beside it."""
    gone = delete(Tally).returning(Tally.queue_id, Tally.accepted, Tally.change, Tally.at)
    rows = tx.session.execute(gone, execution_options={"synchronize_session": False})
    sums: dict[tuple[int, bool], Number] = {}
    for queue, accepted, change, at in rows:
        known = sums.get((queue, accepted), Number())
        last = max((one for one in (known.last_at, at) if one is not None), default=None)
        sums[queue, accepted] = Number(known.items + change, last)
    if sums:
        rows_left = [_change(where, one.items, one.last_at) for where, one in sorted(sums.items(), key=_by_place)]
        tx.session.execute(insert(Tally), rows_left)


def _by_place(one: tuple[tuple[int, bool], Number]) -> tuple[int, bool]:
    return one[0]
