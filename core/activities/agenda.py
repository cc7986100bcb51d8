"""Somebody's days in order: activities, due tasks, and what was snoozed until then; read only."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, or_, select

from core.activities.model import Activity, Required
from core.activities.rules import DUE
from core.activities.views import Agenda, AgendaItem
from core.desk import Tx
from core.people.rules import Right, check
from core.people.views import Representative
from core.work import queries
from core.work.model import Queue, Work
from core.work.privacy import seen_items
from core.work.rules import WorkKind, WorkState

#: More than this nobody reads.
AT_MOST = 300


def agenda(tx: Tx, by: Representative, days: int, *, of: Representative | None = None) -> Agenda:
    """Show the days from today on, in the reader's zone.

    Args:
        of: whose days; one's own by default, those of others are for who sees the whole desk.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    whose = of or by
    if whose.id != by.id:
        check(by.role, Right.SEE_DESK)
    here = ZoneInfo(by.zone)
    today = tx.now.astimezone(here).date()
    dates = [today + timedelta(days=ahead) for ahead in range(days)]
    end = datetime.combine(dates[-1] + timedelta(days=1), time(), here)
    overdue: list[AgendaItem] = []
    found: dict[date, list[AgendaItem]] = defaultdict(list)
    for one in sorted(_coming(tx, whose, end), key=lambda one: (one.at, one.item.number)):
        day = one.at.astimezone(here).date()
        (overdue if day < today else found[day]).append(one)
    shown = tuple((day, tuple(found[day])) for day in dates)
    return Agenda(shown, tuple(overdue), _undated(tx, whose.id))


def _coming(tx: Tx, whose: Representative, end: datetime) -> list[AgendaItem]:
    person = whose.id
    items = queries.items_query().outerjoin(Activity, Activity.work_id == Work.id)
    timed = items.add_columns(Activity.due_at, Activity.ends_at)
    query = timed.order_by(Work.next_planned_at, Work.id).limit(AT_MOST)
    soon = or_(Activity.due_at < end, Work.snoozed_until < end)
    rows = list(tx.session.execute(query.where(Queue.owner_id == person, soon)))
    if needed := _needed(tx, whose):
        others = or_(Queue.owner_id.is_(None), Queue.owner_id != person)
        rows += tx.session.execute(query.where(Work.id.in_(needed), others, Activity.due_at < end))
    return [one for one in map(_shown, rows) if one.at < end]


def _needed(tx: Tx, whose: Representative) -> list[int]:
    """List the open activities of others at which somebody is needed, and which they see."""
    query = select(Required.work_id).join(Work, Work.id == Required.work_id)
    open_ones = Required.person_id == whose.id, Work.state == WorkState.OPEN
    return list(tx.session.scalars(query.where(*open_ones, seen_items(tx, whose))))


def _shown(row: Row[*tuple[Work, Queue | None, str | None, datetime | None, datetime | None]]) -> AgendaItem:
    """Tell when an item comes up: what is snoozed at the end of that, calls and meetings when they are anyway."""
    work, queue, owner, due_at, ends_at = row
    item = queries.item_view(work, queue, owner)
    sleeps = item.snoozed_until is not None and item.kind in {WorkKind.CASE, *DUE}
    if due_at is None or sleeps:
        return AgendaItem(item, item.snoozed_until or item.since, None, snoozed=True)
    return AgendaItem(item, due_at, ends_at, snoozed=False)


def _undated(tx: Tx, person: int) -> int:
    """Count the activities without a time."""
    query = (
        select(func.count())
        .select_from(Work)
        .join(Queue, Queue.id == Work.queue_id)
        .join(Activity, Activity.work_id == Work.id)
        .where(Queue.owner_id == person, Activity.due_at.is_(None), Work.snoozed_until.is_(None))
    )
    return tx.session.scalar(query) or 0
