"""What stands in the way of a meeting: what those who are to be there have at the same time; read only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, and_, or_, select

from core.activities.model import Activity, Required
from core.activities.required import required
from core.activities.rules import MEETINGS
from core.activities.views import Clash
from core.desk import Tx
from core.people import queries as people
from core.people.views import Representative
from core.work import queries
from core.work.model import Queue, Work
from core.work.privacy import sees
from core.work.rules import WorkKind, WorkState

#: So many clashes are told of one person.
TOLD = 3

#: What takes place at a time.
_AT_A_TIME = (*MEETINGS, WorkKind.CALL)


def clashes(tx: Tx, number: int, by: Representative) -> list[Clash]:
    """List what those who are to be at a meeting have at the same time, and who of them is away then.

    A call without an end counts where it begins. What whoever asks may not see is told as a time without a name.
    """
    activity = tx.session.get(Activity, number)
    work = tx.session.get(Work, number)
    if activity is None or work is None or work.kind not in MEETINGS or not (activity.due_at and activity.ends_at):
        return []
    queue = tx.find(Queue, work.queue_id) if work.queue_id else None
    persons = [*([queue.owner_id] if queue and queue.owner_id else []), *required(tx, number)]
    found: list[Clash] = []
    for person in dict.fromkeys(persons):
        found += _of(tx, people.get(tx, person), number, (activity.due_at, activity.ends_at), by)
    return found


def _of(
    tx: Tx, person: Representative, number: int, span: tuple[datetime, datetime], by: Representative
) -> list[Clash]:
    away = person.away_until is not None and person.away_until > span[0]
    found = [Clash(person.name, None, person.away_until)] if away else []
    ids = [one for one in tx.session.scalars(_theirs(person.id)) if one != number]
    if not ids:
        return found
    rows = tx.session.execute(
        queries.items_query()
        .join(Activity, Activity.work_id == Work.id)
        .add_columns(Activity.due_at, Activity.ends_at)
        .where(Work.id.in_(ids), Activity.work_id.in_(ids), *_within(*span))
        .order_by(Activity.due_at, Work.id)
        .limit(TOLD)
    )
    for work, queue, owner, at, until in rows:
        seen = queries.item_view(work, queue, owner) if sees(tx, work, by) else None
        found.append(Clash(person.name, at, until, seen))
    return found


def _theirs(person: int) -> CompoundSelect[int]:
    """Select the open items that take place at a time and which somebody holds, or is required for.

    Both ways apart: of one condition for both the database makes a look at everybody's.
    """
    open_ = Work.state == WorkState.OPEN, Work.kind.in_(_AT_A_TIME)
    queues = select(Queue.id).where(Queue.owner_id == person)
    held = select(Work.id).where(Work.queue_id.in_(queues), *open_)
    required_for = (
        select(Work.id).join(Required, Required.work_id == Work.id).where(Required.person_id == person, *open_)
    )
    return held.union(required_for)


def _within(at: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    """Say of activities that they take place, at least in part, between two instants."""
    ends_later = or_(Activity.ends_at > at, and_(Activity.ends_at.is_(None), Activity.due_at >= at))
    return Activity.due_at < until, ends_later
