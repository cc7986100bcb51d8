"""The days that a public queue counts: until its cases are missed, and until their words are erased."""

from __future__ import annotations

from sqlalchemy import update

from core.desk import Tx
from core.errors import Misused
from core.history.actions import record
from core.people.views import Representative
from core.work.model import Queue, Work
from core.work.shifting import lock_kept

#: The most days until a case is missed, and until the words of one that was closed are erased: twenty years.
MOST_MISSED, MOST_KEPT = 365, 7_300


def set_missed_days(tx: Tx, queue: int, days: int | None, by: Representative) -> None:
    """Say after how many quiet days the cases of a public queue are missed; None takes the desk's own days.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`: there is no such public queue.
        Misused: `usage.queue_missed`: not from 1 to 365 days.
    """
    row = lock_kept(tx, queue, by)
    _check(days, MOST_MISSED, "usage.queue_missed")
    if row.missed_after_days != days:
        record(tx, "queue_missed_set", by.actor, subject=("queue", queue), before=row.missed_after_days, days=days)
        row.missed_after_days = days
        tx.session.flush()


def set_keep_days(tx: Tx, queue: int, days: int | None, by: Representative) -> None:
    """Say how many days after it is closed a case of a public queue keeps its words; None keeps them for ever.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`: there is no such public queue.
        Misused: `usage.queue_keep`: not from 1 to 7300 days.
    """
    row = lock_kept(tx, queue, by)
    _check(days, MOST_KEPT, "usage.queue_keep")
    if row.keep_days != days:
        record(tx, "queue_edited", by.actor, subject=("queue", queue), field="keep", before=row.keep_days, after=days)
        row.keep_days, row.erased_until = days, None
        tx.session.flush()


def look_again(tx: Tx, work: Work) -> None:
    """Let what erases the words of a queue's cases look again at one that is closed, for something was said in it."""
    if work.closed_at is not None:
        passed = Queue.id == work.home_id, Queue.erased_until > work.closed_at
        again = update(Queue).where(*passed).values(erased_until=work.closed_at)
        tx.session.execute(again, execution_options={"synchronize_session": False})


def _check(days: int | None, most: int, usage: str) -> None:
    if days is not None and not 1 <= days <= most:
        raise Misused(usage)
