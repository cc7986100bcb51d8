"""Whatever happens to an activity is a change of the case that it regards, and plans that case anew."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from core.activities.model import Activity
from core.desk import Tx
from core.history.actions import Actor, record
from core.work import cards
from core.work.actions import touch
from core.work.days import look_again
from core.work.model import Work
from core.work.rules import WorkState


def case_changed(tx: Tx, number: int, by: Actor, what: str, **facts: Any) -> None:
    """Write into the history of the case that an activity regards, if it regards one, what happened to it."""
    activity = tx.session.get(Activity, number)
    if activity is not None and activity.regarding_id is not None:
        kind = tx.session.get_one(Work, number).kind
        record(tx, f"{kind}_{what}", by, work=activity.regarding_id, task=number, **facts)
        changed(tx, number)


def changed(tx: Tx, number: int) -> None:
    """After something was done to an activity: that is a change of the case it regards. Nothing for a case."""
    activity = tx.session.get(Activity, number)
    if activity is None or activity.regarding_id is None:
        return
    case = tx.lock_one(Work, activity.regarding_id)
    touch(case, tx)
    look_again(tx, case)  # its words may have been erased: those of its activities are its own
    replan(tx, activity.regarding_id)
    cards.changed(tx, activity.regarding_id)


def as_private(tx: Tx, number: int) -> None:
    """Let what was done or logged for a case be as private as that is now; nothing for an activity.

    What is still open stands in a queue of its own.
    """
    case = tx.find(Work, number)
    theirs = select(Activity.work_id).where(Activity.regarding_id == number)
    over = Work.id.in_(theirs), Work.state == WorkState.CLOSED
    if case is not None:
        tx.session.execute(update(Work).where(*over).values(home_id=case.home_id))


def regard_instead(tx: Tx, cases: Collection[int], instead: int) -> None:
    """Let whatever regards some cases regard another one; that case is to be planned anew afterwards."""
    tx.session.execute(update(Activity).where(Activity.regarding_id.in_(cases)).values(regarding_id=instead))


def be_with_instead(tx: Tx, contact: int, instead: int) -> None:
    """Let whatever is planned with a customer be planned with another contact: they are the same person."""
    tx.session.execute(update(Activity).where(Activity.contact_id == contact).values(contact_id=instead))


def replan(tx: Tx, number: int) -> None:
    """Compute anew when the next thing is planned for an item, and for the case that it regards.

    For a case that is the earliest end of a snooze, its own or an activity's, or the earliest activity; for an activity
    the end of its snooze, or its own time. Nothing is planned for what is closed.
    """
    tx.session.flush()  # or what was changed and not written yet would be read over
    work = tx.lock(Work, number)
    if work is None:
        return
    activity = tx.session.get(Activity, number)
    if work.state is WorkState.OPEN:
        own = [work.snoozed_until] if work.snoozed_until and work.snoozed_until > tx.now else []
        if activity is None:
            work.next_planned_at = min([*own, *_planned(tx, number)], default=None)
        else:
            work.next_planned_at = own[0] if own else activity.due_at
        tx.session.flush()
    if activity is not None and activity.regarding_id is not None:
        replan(tx, activity.regarding_id)


def _planned(tx: Tx, number: int) -> Sequence[datetime]:
    """List when the open activities of a case come or are no longer snoozed, as far as it is still to come."""
    rows = tx.session.execute(
        select(Activity.due_at, Work.snoozed_until)
        .join(Work, Work.id == Activity.work_id)
        .where(Activity.regarding_id == number, Work.state == WorkState.OPEN)
    )
    return [at for row in rows for at in row if at is not None and at > tx.now]
