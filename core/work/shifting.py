"""Move many items from one public queue into another at once: what merging, unmerging and splitting have in common.

That a queue is rearranged says nothing about its items: since when they wait, and whether they are missed, stays.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from core.desk import Tx
from core.errors import NotFound
from core.history.actions import record_all
from core.outbox.actions import Message
from core.outbox.model import OwedKind
from core.people.news import tell
from core.people.quiet import News
from core.people.views import Representative
from core.store.rows import in_parts, table_of
from core.texts.said import Notice
from core.work import cards, tally
from core.work.actions import watching
from core.work.loads import moved
from core.work.model import Queue, Work
from core.work.queues import may_keep
from core.work.rules import QueueKind, WorkState

_Work = table_of(Work)


@dataclass(frozen=True, slots=True)
class Standing:
    """An item as it stands: its number and title, since when it stands there, and when it was last changed."""

    number: int
    title: str
    entered_at: datetime
    touched_at: datetime


def lock_queues(tx: Tx, *queues: int) -> dict[int, Queue]:
    """Lock public queues, in the order of their ids, so that those who lock the same ones wait and never deadlock.

    Until the end of the transaction nothing is put into them (`core.work.queues.landing`), while what stands in them
    can be taken out.

    Raises:
        NotFound: `queue.gone`: there is no such queue, or it is somebody's own.
    """
    found: dict[int, Queue] = {}
    for queue in sorted(set(queues)):
        locked = select(Queue).where(Queue.id == queue).with_for_update(key_share=True)
        row = tx.session.scalar(locked.execution_options(populate_existing=True))
        if row is None or row.kind is not QueueKind.PUBLIC:
            raise NotFound("queue.gone")
        found[queue] = row
    return found


def lock_kept(tx: Tx, queue: int, by: Representative) -> Queue:
    """Lock an open public queue that somebody may change.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`: there is no such public queue, or it is closed.
    """
    may_keep(by)
    row = lock_queues(tx, queue)[queue]
    if row.closed_at is not None:
        raise NotFound("queue.gone")
    return row


def lock_standing(tx: Tx, queue: int) -> list[Standing]:
    """Lock the items that stand in a queue."""
    return _locked(tx, Work.queue_id == queue)


def personal_queues(tx: Tx) -> Sequence[int]:
    """List the queues of people: named one by one, what stands in them is found by an index."""
    return tx.session.scalars(select(Queue.id).where(Queue.owner_id.is_not(None))).all()


def lock_accepted(tx: Tx, queue: int) -> list[Standing]:
    """Lock the open items in people's hands that came from a queue: after those that stand in it, or one may slip by.

    They are looked for first and locked by their numbers, or PostgreSQL would go through all items in that order.
    """
    there = Work.state == WorkState.OPEN, Work.came_from_id == queue, Work.queue_id.in_(personal_queues(tx))
    numbers = sorted(tx.session.scalars(select(Work.id).where(*there)))
    return [one for some in in_parts(numbers) for one in _locked(tx, Work.id.in_(some), *there)]


def _locked(tx: Tx, *which: ColumnElement[bool]) -> list[Standing]:
    columns = select(Work.id, Work.title, Work.entered_at, Work.touched_at)
    found = tx.session.execute(columns.where(*which).order_by(Work.id).with_for_update())
    return [Standing(*row) for row in found]


def shift(tx: Tx, numbers: Sequence[int], left: int, into: int, by: Representative, verb: str) -> None:
    """Move locked items that stand in one public queue into another."""
    for some in in_parts(numbers):
        tx.session.execute(update(_Work).where(_Work.c.id.in_(some)).values(queue_id=into, home_id=into))
    tally.moved_many(tx, len(numbers), (left, False), (into, False))
    _changed(tx, numbers, left, into, by, verb)


def shift_origin(tx: Tx, numbers: Sequence[int], left: int, into: int, by: Representative, verb: str) -> None:
    """Let locked items that are in people's hands and came from one public queue have come from another."""
    for some in in_parts(numbers):
        tx.session.execute(update(_Work).where(_Work.c.id.in_(some)).values(came_from_id=into))
    tally.moved_many(tx, _in_progress(tx, numbers), (left, True), (into, True))
    _changed(tx, numbers, left, into, by, verb)


def _in_progress(tx: Tx, numbers: Sequence[int]) -> int:
    """Count the items that are In Progress: what is only assigned is not counted where it came from."""
    progress = select(Queue.id).where(Queue.kind == QueueKind.IN_PROGRESS)
    return sum(
        len(tx.session.scalars(select(Work.id).where(Work.id.in_(some), Work.queue_id.in_(progress))).all())
        for some in in_parts(numbers)
    )


def _changed(tx: Tx, numbers: Sequence[int], left: int, into: int, by: Representative, verb: str) -> None:
    for number in numbers:
        tx.forget(Work, number)
    moved(tx)
    record_all(tx, verb, by.actor, numbers, origin=left, target=into)
    cards.changed_all(tx, numbers)


def tell_all_watching(tx: Tx, queues: Collection[int], by: Representative, what: Notice) -> None:
    """Owe everybody who watches one of some queues one line about all that was moved, but who moved it."""
    readers = {one.id: one for queue in queues for one in watching(tx, queue)}
    for _, one in sorted(readers.items()):
        if one.to and one.id != by.id:
            tell(tx, one.to, Message(OwedKind.NOTICE, what.to_json(), sound=False), News.WATCHED)
