"""Gather what a digest tells; read only."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from core.cases.missed import count_missed, missed_query
from core.desk import Tx
from core.digests.views import DeskDigest, OwnDigest, PersonCounts
from core.inbox.model import InboxState, Letter
from core.outbox.model import Owed, OwedState
from core.people import queries as people
from core.people.views import Representative
from core.store.base import is_written
from core.work import queries as work_queries
from core.work import tally
from core.work.model import Queue, Work
from core.work.rules import QueueKind
from core.work.views import ItemView

#: What happened within this time is news.
NEWS = timedelta(days=1)

#: So many items are named; of the others only the number is told.
NAMED = 5


def own_digest(tx: Tx, person: int) -> OwnDigest:
    """Gather the work of one representative."""
    assigned = work_queries.personal_queue_id(tx, person, QueueKind.ASSIGNED)
    progress = work_queries.personal_queue_id(tx, person, QueueKind.IN_PROGRESS)
    fresh = [] if assigned is None else _fresh(tx, assigned)
    missed = _missed_of(tx, person)
    return OwnDigest(
        fresh=_items(tx, fresh[:NAMED]),
        fresh_count=len(fresh),
        assigned_count=tally.items_in(tx, assigned) if assigned is not None else 0,
        progress_count=tally.items_in(tx, progress) if progress is not None else 0,
        missed=_items(tx, missed[:NAMED]),
        missed_count=len(missed),
        oldest=_oldest(tx, person),
    )


def _fresh(tx: Tx, queue: int) -> list[int]:
    return list(
        tx.session.scalars(
            select(Work.id)
            .where(Work.queue_id == queue, Work.entered_at > tx.now - NEWS)
            .order_by(Work.entered_at.desc(), Work.id.desc())
        )
    )


def _missed_of(tx: Tx, person: int) -> list[int]:
    query = missed_query(tx).join(Queue, Queue.id == Work.queue_id).where(Queue.owner_id == person)
    return list(tx.session.scalars(query))


def _oldest(tx: Tx, person: int) -> ItemView | None:
    """Find the oldest item that somebody has: numbers are given in the order in which items are made."""
    mine = select(Queue.id).where(Queue.owner_id == person)
    number = tx.session.scalar(select(func.min(Work.id)).where(Work.queue_id.in_(mine)))
    return None if number is None else work_queries.item(tx, number)


def _items(tx: Tx, numbers: list[int]) -> tuple[ItemView, ...]:
    return tuple(work_queries.items(tx, numbers))


def desk_digest(tx: Tx, person: int) -> DeskDigest:
    """Gather the whole desk, for a manager."""
    return DeskDigest(
        queues=tuple(work_queries.counts(tx, person, tx.now - NEWS)),
        people=_people(tx),
        missed_count=count_missed(tx),
        set_aside_count=_count(tx, Letter, is_written(Letter.state, InboxState.SET_ASIDE)),
        dead_count=_count(
            tx,
            Owed,
            is_written(Owed.state, OwedState.DEAD),
            Owed.contact_id.is_not(None),
            Owed.settled_at > tx.now - NEWS,
        ),
        overdue_count=_count(tx, Work, Work.due_at <= tx.now),
    )


def _people(tx: Tx) -> tuple[PersonCounts, ...]:
    numbers = tally.numbers(tx, accepted=False)
    closed = select(Work.came_from_id, func.count()).where(Work.closed_at > tx.now - NEWS)  # came from where it closed
    done_from = dict(tx.session.execute(closed.group_by(Work.came_from_id)).all())
    standing: dict[tuple[int | None, QueueKind], int] = {}
    done: dict[int | None, int] = {}
    mine = select(Queue.id, Queue.owner_id, Queue.kind).where(Queue.owner_id.is_not(None))
    for queue, owner, kind in tx.session.execute(mine):
        standing[owner, QueueKind(kind)] = numbers.get(queue, tally.Number()).items
        done[owner] = done.get(owner, 0) + done_from.get(queue, 0)
    return tuple(_person(one, standing, done.get(one.id, 0)) for one in people.staff(tx))


def _person(one: Representative, standing: dict[tuple[int | None, QueueKind], int], done: int) -> PersonCounts:
    return PersonCounts(
        one.name,
        standing.get((one.id, QueueKind.ASSIGNED), 0),
        standing.get((one.id, QueueKind.IN_PROGRESS), 0),
        done,
    )


def _count(tx: Tx, table: type[Letter | Owed | Work], *where: object) -> int:
    return tx.session.scalar(select(func.count()).select_from(table).where(*where)) or 0  # type: ignore[arg-type] # column expressions
