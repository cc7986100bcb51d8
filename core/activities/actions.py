"""Plan tasks, move and finish them; whatever happens to a task is a change of the case that it regards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from core.activities.model import Activity
from core.desk import Tx
from core.errors import Misused, Refused
from core.history.actions import Actor, record
from core.people.rules import Right, check
from core.people.views import Representative
from core.texts.said import said
from core.timers.actions import cancel_timers, set_timer
from core.work import actions as work_actions
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
    _case_changed(tx, work.id, by.actor, "task_planned")
    return queries.item(tx, work.id)


def assign(tx: Tx, number: int, to: Representative, by: Representative) -> ItemView:
    """Put an item into a representative's Assigned; that of a task is a change of the case it regards.

    Raises:
        As `core.work.actions.assign`.
    """
    item = work_actions.assign(tx, number, to, by)
    changed(tx, number)
    return item


def forward(tx: Tx, number: int, to_queue: int, by: Representative) -> ItemView:
    """Put an item into a public queue; that of a task is a change of the case it regards.

    Raises:
        As `core.work.actions.forward`.
    """
    item = work_actions.forward(tx, number, to_queue, by)
    changed(tx, number)
    return item


def release(tx: Tx, number: int, by: Representative) -> ItemView:
    """Give an accepted item back; that of a task is a change of the case it regards.

    Raises:
        As `core.work.actions.release`.
    """
    item = work_actions.release(tx, number, by)
    changed(tx, number)
    return item


def snooze(tx: Tx, number: int, until: datetime, why: str, by: Representative) -> ItemView:
    """Plan an item for later; a case stays planned for as long as one of its tasks does.

    Raises:
        As `core.work.placing.snooze`.
    """
    placing.snooze(tx, number, until, why, by)
    replan(tx, number)
    _case_changed(tx, number, by.actor, "task_snoozed", until=until.isoformat(), why=why)
    return queries.item(tx, number)


def explain_snooze(tx: Tx, number: int, why: str, by: Representative) -> ItemView:
    """Add the reason to a snooze that was set without one.

    Raises:
        As `core.work.placing.explain_snooze`.
    """
    item = placing.explain_snooze(tx, number, why, by)
    changed(tx, number)
    return item


def regard_instead(tx: Tx, cases: Collection[int], instead: int) -> None:
    """Let whatever regards some cases regard another one; that case is to be planned anew afterwards."""
    tx.session.execute(update(Activity).where(Activity.regarding_id.in_(cases)).values(regarding_id=instead))


def finished(tx: Tx, number: int, by: Actor) -> None:
    """After a task has ended: forget its reminder and plan the case it regards anew. Nothing for a case."""
    if tx.session.get(Activity, number) is not None:
        cancel_timers(tx, TASK_DUE, number)
        _case_changed(tx, number, by, "task_done")


def reopened(tx: Tx, number: int, by: Actor) -> None:
    """After an item was opened again: set the reminder of a task anew, and plan anew."""
    activity = tx.session.get(Activity, number)
    if activity is not None and activity.due_at is not None and activity.due_at > tx.now:
        set_timer(tx, TASK_DUE, str(number), activity.due_at, subject=number)
    replan(tx, number)
    _case_changed(tx, number, by, "task_reopened")


def _case_changed(tx: Tx, task: int, by: Actor, verb: str, **facts: Any) -> None:
    """Write into the history of the case that a task regards, if it regards one, what happened to the task."""
    activity = tx.session.get(Activity, task)
    if activity is not None and activity.regarding_id is not None:
        record(tx, verb, by, work=activity.regarding_id, task=task, **facts)
        changed(tx, task)


def changed(tx: Tx, number: int) -> None:
    """After something was done to a task: that is a change of the case it regards. Nothing for a case."""
    activity = tx.session.get(Activity, number)
    if activity is None or activity.regarding_id is None:
        return
    touch(tx.session.get_one(Work, activity.regarding_id, with_for_update=True), tx)
    replan(tx, activity.regarding_id)
    cards.changed(tx, activity.regarding_id)


def replan(tx: Tx, number: int) -> None:
    """Compute anew when the next thing is planned for an item, and for the case that it regards.

    For a case that is the earliest end of a snooze, its own or a task's, or a task that falls due; for a task the end
    of its snooze, or when it is due. Nothing is planned for what is closed.
    """
    tx.session.flush()  # or what was changed and not written yet would be read over
    work = tx.session.get(Work, number, with_for_update=True, populate_existing=True)
    if work is None:
        return
    activity = tx.session.get(Activity, number)
    if work.state is WorkState.OPEN:
        own = [work.snoozed_until] if work.snoozed_until and work.snoozed_until > tx.now else []
        if activity is None:
            work.next_planned_at = min([*own, *_planned_tasks(tx, number)], default=None)
        else:
            work.next_planned_at = own[0] if own else activity.due_at
        tx.session.flush()
    if activity is not None and activity.regarding_id is not None:
        replan(tx, activity.regarding_id)


def _planned_tasks(tx: Tx, number: int) -> Sequence[datetime]:
    """List when the open tasks of a case are due or no longer snoozed, as far as it is still to come."""
    rows = tx.session.execute(
        select(Activity.due_at, Work.snoozed_until)
        .join(Work, Work.id == Activity.work_id)
        .where(Activity.regarding_id == number, Work.state == WorkState.OPEN)
    )
    return [at for row in rows for at in row if at is not None and at > tx.now]


def remind_due(tx: Tx, number: int) -> None:
    """Remind the holder of a task that it is due, unless it is snoozed; a reminder is no change."""
    work = tx.session.get(Work, number)
    if work is None or work.state is WorkState.CLOSED:
        return
    holder = placing.holder_of(tx, work)
    snoozed = work.snoozed_until is not None and work.snoozed_until > tx.now
    if holder and holder.to and not snoozed:
        cards.post(tx, number, holder.to, said("card.why.task_due"), passing=True)
    replan(tx, number)
    cards.changed(tx, number)
    activity = tx.session.get(Activity, number)
    if activity is not None and activity.regarding_id is not None:
        cards.changed(tx, activity.regarding_id)
