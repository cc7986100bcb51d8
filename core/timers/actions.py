"""Set timers, take those that are due, and hold leases."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from core.desk import Tx
from core.store.rows import table_of
from core.timers.model import Lease, Timer

# Put together once: twice a second somebody asks.
_DUE = (
    select(Timer.id)
    .where(Timer.fired_at.is_(None), Timer.due_at <= bindparam("now"))
    .order_by(Timer.due_at)
    .limit(bindparam("most"))
)

_Timer = table_of(Timer)
_CANCEL = delete(_Timer).where(
    _Timer.c.task == bindparam("task"), _Timer.c.subject_id == bindparam("subject"), _Timer.c.fired_at.is_(None)
)


_SET = insert(table_of(Timer))


def set_timer(
    tx: Tx,
    task: str,
    slot: str,
    due_at: datetime,
    *,
    subject: int | None = None,
    facts: dict[str, Any] | None = None,
) -> bool:
    """Set a timer; (task, slot) exists once, whoever sets it how often.

    Returns:
        Whether it was set now; False when it stood already, fired or not.
    """
    known = tx.session.scalar(select(Timer.id).where(Timer.task == task, Timer.slot == slot))
    if known is not None:
        return False
    tx.session.add(Timer(task=task, slot=slot, due_at=due_at, subject_id=subject, facts=facts or {}))
    tx.session.flush()
    return True


def set_anew(tx: Tx, task: str, subject: int, due_at: datetime | None, *, fresh: bool = False) -> None:
    """Set the one timer that a subject has for a task, in the place of what has not fired yet; None for no timer.

    Args:
        fresh: there was none before.
    """
    if not fresh:
        tx.write(_CANCEL, task=task, subject=subject)
    if due_at is not None:
        slot = f"{subject}:{due_at.isoformat()}:{token_hex(6)}"  # whatever was set and fired for it at this instant
        # By a statement: SQLite may give it the number of one that was deleted, whose object is still at hand.
        tx.write(_SET, task=task, slot=slot, due_at=due_at, subject_id=subject, facts={})


def cancel_timers(tx: Tx, task: str, subject: int) -> None:
    """Forget what has not fired yet for a subject."""
    tx.session.execute(delete(Timer).where(Timer.task == task, Timer.subject_id == subject, Timer.fired_at.is_(None)))


def due_timers(tx: Tx, limit: int = 200) -> list[int]:
    """List the ids of timers that are due and have not fired, the most overdue first."""
    return list(tx.session.scalars(_DUE, {"now": tx.now, "most": limit}))


def fire(tx: Tx, timer: int) -> Timer | None:
    """Take a due timer; None when another took it, or the clock was put back meanwhile and it is not due any more.

    Its effect belongs in the same transaction.
    """
    due = (Timer.fired_at.is_(None), Timer.due_at <= tx.now)
    row = tx.session.scalar(select(Timer).where(Timer.id == timer, *due).with_for_update(skip_locked=True))
    if row is not None:
        row.fired_at = tx.now
    return row


#: So far may the clocks of two machines differ. A lease that ends later than any could by that was taken before the
#: clock was put back: its holder, if it still lives, will renew it by the new time.
_SKEW = timedelta(minutes=5)


def hold(tx: Tx, name: str, holder: str, span: timedelta) -> bool:
    """Take or renew a lease for a span.

    Returns:
        Whether `holder` has it now; False while somebody else's runs.
    """
    row = tx.lock(Lease, name)
    if row is None:
        tx.session.add(Lease(name=name, holder=holder, until=tx.now + span))
        tx.session.flush()  # a race for the first lease ends in a unique violation and is run again
        return True
    if row.holder != holder and tx.now < row.until <= tx.now + span + _SKEW:
        return False
    row.holder, row.until = holder, tx.now + span
    return True


def let_go(tx: Tx, name: str, holder: str) -> None:
    """Give a lease back at once, so that a standby need not wait for its end."""
    tx.session.execute(
        update(Lease).where(Lease.name == name, Lease.holder == holder).values(until=tx.now - timedelta(seconds=1))
    )


def forget_fired(tx: Tx, before: datetime) -> int:
    """Delete timers that fired before an instant; returns how many."""
    gone = tx.session.execute(delete(Timer).where(Timer.fired_at < before))
    return int(getattr(gone, "rowcount", 0))
