"""Find tasks and what they regard; read only."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, Select, SQLColumnExpression, func, select
from sqlalchemy.orm import aliased

from core.activities.model import Activity
from core.activities.views import TaskView
from core.desk import Tx
from core.errors import NotFound
from core.work import history, queries
from core.work.model import Work
from core.work.rules import WorkState
from core.work.views import ItemView


def regarding(tx: Tx, number: int) -> int | None:
    """Tell which case an activity regards.

    Raises:
        NotFound: `item.unknown`.
    """
    activity = tx.session.get(Activity, number)
    if activity is None:
        raise NotFound("item.unknown", number=number)
    return activity.regarding_id


def task(tx: Tx, item: ItemView) -> TaskView:
    """Show a task with what it regards and when it is due."""
    activity = tx.session.get_one(Activity, item.number)
    case = tx.session.get(Work, activity.regarding_id) if activity.regarding_id else None
    why = history.snooze_reason(tx, item.number) if item.snoozed_until else ""
    return TaskView(item, activity.due_at, (case.id, case.title) if case else None, why)


def _open_tasks(case: SQLColumnExpression[int] | int) -> Select[int]:
    """Select the open tasks that regard a case, the next due first, those without a time last."""
    task = aliased(Work)
    return (
        select(Activity.work_id)
        .join(task, task.id == Activity.work_id)
        .where(Activity.regarding_id == case, task.state == WorkState.OPEN)
        .order_by(task.next_planned_at.is_(None), task.next_planned_at, Activity.work_id)
    )


def next_task_number(case: SQLColumnExpression[int]) -> ScalarSelect[int]:
    """Select the open task that is the next to be done for a case, as a part of a query about that case."""
    return _open_tasks(case).limit(1).correlate(Work).scalar_subquery()


def all_of(tx: Tx, number: int, *, offset: int = 0, limit: int = 8) -> list[ItemView]:
    """List a page of the activities that regard a case, open ones first, those closed last before the earlier ones."""
    rows = tx.session.execute(
        queries.items_query()
        .join(Activity, Activity.work_id == Work.id)
        .where(Activity.regarding_id == number)
        .order_by(
            Work.state.desc(), Work.next_planned_at.is_(None), Work.next_planned_at, Work.closed_at.desc(), Work.id
        )
        .offset(offset)
        .limit(limit)
    )
    return [queries.item_view(*row) for row in rows]


def count_of(tx: Tx, number: int) -> int:
    """Count the activities that regard a case."""
    found = select(func.count()).select_from(Activity).where(Activity.regarding_id == number)
    return tx.session.scalar(found) or 0


def open_tasks_of(tx: Tx, number: int) -> list[ItemView]:
    """List the open tasks that regard a case, the next first."""
    return queries.items(tx, tx.session.scalars(_open_tasks(number)).all())
