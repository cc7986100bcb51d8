"""Find activities and what they regard; read only."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, ScalarSelect, SQLColumnExpression, exists, func, select
from sqlalchemy.orm import aliased

from core.activities.model import Activity
from core.activities.required import required
from core.activities.rules import ActivityStatus, Direction
from core.activities.views import ActivityView
from core.customers.model import Contact
from core.desk import Tx
from core.errors import NotFound
from core.people import queries as people
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


def activity(tx: Tx, item: ItemView) -> ActivityView:
    """Show an activity with what it regards, when it is and what came of it."""
    row = tx.session.get_one(Activity, item.number)
    case = tx.session.get(Work, row.regarding_id) if row.regarding_id else None
    contact = tx.session.get(Contact, row.contact_id) if row.contact_id else None
    return ActivityView(
        item,
        ActivityStatus(row.status),
        row.due_at,
        row.ends_at,
        (case.id, case.title) if case else None,
        contact.name if contact else "",
        row.place or "",
        invited=row.invitation_id is not None,
        remind=None if row.remind_minutes is None else timedelta(minutes=row.remind_minutes),
        outcome=row.outcome or "",
        took=None if row.minutes is None else timedelta(minutes=row.minutes),
        snoozed_for=history.snooze_reason(tx, item.number) if item.snoozed_until else "",
        answer=row.answer or "",
        answered_at=row.answered_at,
        direction=Direction(row.direction) if row.direction else None,
        people=tuple(people.get(tx, one).name for one in required(tx, item.number)),
    )


def any_open_of(case: SQLColumnExpression[int]) -> ScalarSelect[bool]:
    """Select whether anything open regards a case, as a part of a query about that case."""
    planned = aliased(Work)
    found = select(Activity.work_id).join(planned, planned.id == Activity.work_id)
    found = found.where(Activity.regarding_id == case, planned.state == WorkState.OPEN)
    return select(exists(found.correlate(Work))).scalar_subquery()


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


def of_contact(tx: Tx, contact: int, which: ColumnElement[bool], limit: int) -> list[ItemView]:
    """List what was planned or logged with a customer and not for one of their cases, the latest first.

    Args:
        which: says of items whether they are seen.
    """
    rows = tx.session.execute(
        queries.items_query()
        .join(Activity, Activity.work_id == Work.id)
        .where(Activity.contact_id == contact, Activity.regarding_id.is_(None), which)
        .order_by(Activity.due_at.is_(None), Activity.due_at.desc(), Work.id.desc())
        .limit(limit)
    )
    return [queries.item_view(*row) for row in rows]


def open_of(tx: Tx, number: int) -> list[ItemView]:
    """List the open activities that regard a case, the next first, those without a time last."""
    rows = tx.session.execute(
        queries.items_query()
        .join(Activity, Activity.work_id == Work.id)
        .where(Activity.regarding_id == number, Work.state == WorkState.OPEN)
        .order_by(Work.next_planned_at.is_(None), Work.next_planned_at, Work.id)
    )
    return [queries.item_view(*row) for row in rows]
