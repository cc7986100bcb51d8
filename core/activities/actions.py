"""Plan tasks and finish them; what is planned for a case keeps it from being missed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from core.activities.model import Activity
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import record
from core.people.rules import Right, check
from core.people.views import Representative
from core.texts.said import said
from core.timers.actions import cancel_timers, set_timer
from core.work import cards, placing, queries
from core.work.actions import lock_open, touch
from core.work.model import Work
from core.work.queues import personal_queue
from core.work.rules import QueueKind, WorkKind, WorkState
from core.work.views import ItemView

#: The timer that says a task is due.
TASK_DUE = "task_due"

#: Characters of a task's title.
TITLE_LENGTH = 200


def plan_task(
    tx: Tx, title: str, by: Representative, *, due_at: datetime | None = None, regarding: int | None = None
) -> ItemView:
    """Plan a task; it stands in your In Progress, and you are reminded when it is due.

    Args:
        regarding: the case it belongs to; while it is planned, that case is not missed.

    Raises:
        Misused: `task.empty`.
        Refused: `task.past`: it would be due already; `item.closed` of the case; `case.is_task`.
        NotFound: there is no such case.
    """
    check(by.role, Right.PLAN)
    clean = " ".join(title.split())
    if not clean:
        raise Misused("task.empty")
    if due_at is not None and due_at <= tx.now:
        raise Refused("task.past", at=due_at)
    if regarding is not None and lock_open(tx, regarding)[0].kind is not WorkKind.CASE:
        raise Refused("case.is_task", number=regarding)
    queue = personal_queue(tx, by.id, QueueKind.IN_PROGRESS)
    work = placing.place_new(tx, WorkKind.TASK, clean[:TITLE_LENGTH], by.actor, queue=queue)
    work.next_planned_at = due_at
    tx.session.add(Activity(work_id=work.id, regarding_id=regarding, created_by=by.id, due_at=due_at))
    tx.session.flush()
    if due_at is not None:
        set_timer(tx, TASK_DUE, str(work.id), due_at, subject=work.id)
    if regarding is not None:
        touch(tx.session.get_one(Work, regarding), tx)
        record(tx, "task_planned", by.actor, work=regarding, task=work.id)
        replan(tx, regarding)
        cards.changed(tx, regarding)
    return queries.item(tx, work.id)


def finished(tx: Tx, number: int) -> None:
    """After a task has ended: forget its reminder and plan the case it regards anew. Nothing for a case."""
    activity = tx.session.get(Activity, number)
    if activity is None:
        return
    cancel_timers(tx, TASK_DUE, number)
    if activity.regarding_id is not None:
        case = tx.session.get_one(Work, activity.regarding_id, with_for_update=True)
        touch(case, tx)
        replan(tx, activity.regarding_id)
        cards.changed(tx, activity.regarding_id)


def replan(tx: Tx, number: int) -> None:
    """Compute anew when the next thing is planned for an item: the end of its snooze or a task that regards it.

    Nothing is planned for what is closed.
    """
    work = tx.session.get_one(Work, number)
    if work.state is WorkState.CLOSED:
        return
    task = tx.session.scalar(
        select(func.min(Activity.due_at))
        .join(Work, Work.id == Activity.work_id)
        .where(Activity.regarding_id == number, Work.state == WorkState.OPEN, Activity.due_at > tx.now)
    )
    planned = [at for at in (work.snoozed_until, task) if at is not None and at > tx.now]
    work.next_planned_at = min(planned, default=None)
    tx.session.flush()


def remind_due(tx: Tx, number: int) -> None:
    """Remind the holder of a task that it is due; a reminder is no change."""
    work = tx.session.get(Work, number)
    if work is None or work.state is WorkState.CLOSED:
        return
    holder = placing.holder_of(tx, work)
    if holder and holder.to:
        cards.post(tx, number, holder.to, said("card.why.task_due"), passing=True)
    activity = tx.session.get(Activity, number)
    if activity is not None and activity.regarding_id is not None:
        replan(tx, activity.regarding_id)


def regarding(tx: Tx, number: int) -> int | None:
    """Tell which case an activity regards.

    Raises:
        NotFound: `item.unknown`.
    """
    activity = tx.session.get(Activity, number)
    if activity is None:
        raise NotFound("item.unknown", number=number)
    return activity.regarding_id


def open_tasks_of(tx: Tx, number: int) -> list[ItemView]:
    """List the open tasks that regard a case, the next due first."""
    numbers = tx.session.scalars(
        select(Activity.work_id)
        .join(Work, Work.id == Activity.work_id)
        .where(Activity.regarding_id == number, Work.state == WorkState.OPEN)
        .order_by(Activity.due_at, Activity.work_id)
    )
    return [queries.item(tx, one) for one in numbers]
