"""How long the words of closed cases are kept: a queue may say, and once a day they are erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from core.cases.erasing import erase_words
from core.cases.model import Case
from core.desk import Tx
from core.history.actions import DESK, record_all
from core.timers.actions import set_timer
from core.work.model import Queue, Work
from core.work.rules import WorkState

#: The timer that says that it is time to erase.
ERASE = "erase_words"

#: Cases that are erased in one transaction, and how soon the next ones are.
AT_ONCE, AGAIN_AFTER = 100, timedelta(seconds=5)

#: The hour, in UTC, at which it begins.
HOUR = 1


def plan(tx: Tx) -> None:
    """Set the timer of this day."""
    day = tx.now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    set_timer(tx, ERASE, f"{day:%Y-%m-%d}", day)


def erase_due(tx: Tx) -> int:
    """Erase the words of some of the cases whose time is over, the longest closed first; the next ones follow soon.

    Each queue remembers how far it was seen to, so that nothing is looked at twice, however old the desk grows.

    Returns:
        How many they were.
    """
    erased = 0
    queues = select(Queue.id, Queue.keep_days, Queue.erased_until).where(Queue.keep_days.is_not(None))
    for queue, days, since in tx.session.execute(queues.order_by(Queue.id)).all():
        before = tx.now - timedelta(days=days or 0)
        found = _closed(tx, queue, since, before, AT_ONCE - erased)
        _erase(tx, [number for number, _ in found])
        erased += len(found)
        full = erased >= AT_ONCE
        seen = update(Queue).where(Queue.id == queue).values(erased_until=found[-1][1] if full else before)
        tx.session.execute(seen)
        if full:
            at = tx.now + AGAIN_AFTER
            set_timer(tx, ERASE, at.isoformat(), at)
            break
    return erased


def _closed(tx: Tx, queue: int, since: datetime | None, before: datetime, most: int) -> list[tuple[int, datetime]]:
    """List cases of a queue that were closed in a span of time and still have words, with when they were."""
    span = [Work.closed_at < before, *([Work.closed_at >= since] if since is not None else [])]
    due = select(Work.id, Work.closed_at).join(Case, Case.work_id == Work.id).where(Work.home_id == queue, *span)
    words = or_(Case.erased_at.is_(None), Work.touched_at >= Case.erased_at)  # those of an activity, said since
    rows = tx.session.execute(due.where(words).order_by(Work.closed_at, Work.id).limit(most))
    return [(number, at) for number, at in rows if at is not None]


def _erase(tx: Tx, numbers: Sequence[int]) -> None:
    """Erase those that are still closed once they are locked."""
    locked = select(Work.id).where(Work.id.in_(numbers), Work.state == WorkState.CLOSED).order_by(Work.id)
    closed = tx.session.scalars(locked.with_for_update()).all()
    erase_words(tx, closed)
    record_all(tx, "words_erased", DESK, closed)
