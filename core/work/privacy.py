"""Who sees a queue and its items: everybody, or of a private one its members, the managers, and whoever has an item.

An item belongs to the public queue it stands in or last stood in (`Work.home_id`), accepted, assigned or closed: it is
private for as long as that queue is. A queue that was merged is as private as the one it went into.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select, true

from core.desk import Tx
from core.errors import NotFound
from core.people.rules import Right, may
from core.people.views import Representative
from core.work.model import Queue, QueueMember, Work
from core.work.rules import WorkState


def is_hidden(tx: Tx, queue: int, by: Representative) -> bool:
    """Tell whether a queue is private, and somebody neither a member of it nor a manager."""
    if may(by.role, Right.SEE_PRIVATE):
        return False
    row = tx.find(Queue, queue)
    while row is not None and row.merged_into_id is not None:
        row = tx.find(Queue, row.merged_into_id)
    return row is not None and row.private and tx.session.get(QueueMember, (row.id, by.id)) is None


def sees(tx: Tx, work: Work, by: Representative) -> bool:
    """Tell whether somebody sees an item: it is not private, or they are a member or manager, or have or had it."""
    is_open = work.state is WorkState.OPEN
    if work.home_id is None or (is_open and _holds(tx, work.queue_id, by)):
        return True
    if not is_hidden(tx, work.home_id, by):
        return True
    return not is_open and _holds(tx, work.came_from_id, by)


def _holds(tx: Tx, queue: int | None, by: Representative) -> bool:
    row = tx.find(Queue, queue) if queue is not None else None
    return row is not None and row.owner_id == by.id


def check_sees(tx: Tx, work: Work, by: Representative) -> None:
    """Insist that somebody sees an item; of one that they do not see it is said that there is none.

    Raises:
        NotFound: `item.unknown`.
    """
    if not sees(tx, work, by):
        raise NotFound("item.unknown", number=work.id)


def hidden_queues(tx: Tx, by: Representative) -> frozenset[int]:
    """List the queues that somebody does not see, those that were merged into one of them as well."""
    if may(by.role, Right.SEE_PRIVATE):
        return frozenset()
    mine = and_(QueueMember.queue_id == Queue.id, QueueMember.person_id == by.id)
    found = select(Queue.id, Queue.private, Queue.merged_into_id, QueueMember.person_id.is_(None)).outerjoin(
        QueueMember, mine
    )
    rows = tx.session.execute(found.where(or_(Queue.private, Queue.merged_into_id.is_not(None)))).all()
    hidden = {queue for queue, private, into, foreign in rows if private and into is None and foreign}
    merged = {queue: into for queue, _, into, _ in rows if into is not None}
    while more := {queue for queue, into in merged.items() if into in hidden} - hidden:
        hidden |= more
    return frozenset(hidden)


def seen_items(tx: Tx, by: Representative) -> ColumnElement[bool]:
    """Say of items in a statement whether somebody sees them; it asks nothing where no queue is hidden from them."""
    hidden = hidden_queues(tx, by)
    if not hidden:
        return true()
    mine = select(Queue.id).where(Queue.owner_id == by.id)
    held = or_(Work.queue_id.in_(mine), and_(Work.queue_id.is_(None), Work.came_from_id.in_(mine)))
    return or_(Work.home_id.is_(None), Work.home_id.not_in(hidden), held)


def members(tx: Tx, queue: int) -> list[int]:
    """List the members of a queue."""
    found = select(QueueMember.person_id).where(QueueMember.queue_id == queue).order_by(QueueMember.person_id)
    return list(tx.session.scalars(found))
