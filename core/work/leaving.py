"""Handing over all that somebody has, at once: to a colleague, into a queue, or to whoever the desk would give it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from core.desk import Tx
from core.errors import Refused
from core.history.actions import record
from core.outbox.actions import owe_notice
from core.people import queries as people
from core.people.model import Person
from core.people.rules import Right, Role, check
from core.people.views import Representative
from core.texts.said import notice
from core.work import tally
from core.work.actions import Target, move, personal_target
from core.work.model import Queue, QueueTurn, QueueWatch, Work
from core.work.placing import announce, by_policy
from core.work.queues import landing
from core.work.rules import QueueKind


@dataclass(frozen=True, slots=True)
class Heir:
    """Who gets what somebody has: a colleague, a public queue, or, with neither, whoever the desk would give it."""

    person: Representative | None = None
    queue: int | None = None


def held(tx: Tx, person: int) -> int:
    """Count what stands in somebody's Assigned and In Progress."""
    queues = tx.session.scalars(select(Queue.id).where(Queue.owner_id == person)).all()
    return sum(tally.items_in(tx, queue) for queue in queues)


def hand_over(tx: Tx, person: int, heir: Heir, by: Representative) -> int:
    """Move all that somebody has, accepted or not; each with its history, and whoever gets it is told in one line.

    Returns:
        How many items were moved.

    Raises:
        Refused: `right.missing`: it is not yours; `away.self`: to the same person.
    """
    if person != by.id:
        check(by.role, Right.MOVE_ANY)
    if heir.person is not None and heir.person.id == person:
        raise Refused("away.self")
    if heir.queue is not None:
        landing(tx, heir.queue)  # before the items: whoever merges queues locks in that order
    items = _items(tx, person)
    for work in items:
        target = _target(tx, heir, person)
        move(tx, work, target, by.actor, "handed_over", to=person)
        if heir.person is None and target.kind is QueueKind.ASSIGNED:
            announce(tx, work, but=by.id)
    _tell(tx, heir, person, len(items), by)
    return len(items)


def _items(tx: Tx, person: int) -> list[Work]:
    """Find what somebody has and lock it, in the order of the numbers, so that two who lock never wait in a ring."""
    here = select(Queue.id).where(Queue.owner_id == person)
    query = select(Work).where(Work.queue_id.in_(here)).order_by(Work.id)
    return list(tx.session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def _target(tx: Tx, heir: Heir, person: int) -> Target:
    if heir.person is not None:
        return personal_target(tx, heir.person.id, QueueKind.ASSIGNED)
    queue = landing(tx, heir.queue if heir.queue is not None else by_policy(tx, but=person))
    return Target(queue.id, QueueKind(queue.kind), queue.owner_id)


def _tell(tx: Tx, heir: Heir, person: int, count: int, by: Representative) -> None:
    if heir.person is None or not count or heir.person.id == by.id or heir.person.to is None:
        return
    name = people.get(tx, person).name
    owe_notice(tx, heir.person.to, notice("handed_over.to_you", count=count, name=name, by=by.name))


def may_dismiss(by: Representative) -> None:
    """Insist that somebody may let others leave.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.DISMISS)


def dismiss(tx: Tx, person: int, heir: Heir | None, by: Representative) -> int:
    """Let somebody leave the staff; what they have is handed over in the same step.

    Returns:
        How many items were handed over.

    Raises:
        Refused: `right.missing`; `dismiss.self`; `dismiss.last`: the desk needs an administrator; `dismiss.holds`: they
            have something, and nobody was named who gets it.
        NotFound: `person.unknown`: they have left before.
    """
    may_dismiss(by)
    if person == by.id:
        raise Refused("dismiss.self")
    row = tx.session.get_one(Person, person, with_for_update=True, populate_existing=True)
    if row.dismissed_at is not None:
        people.find(tx, row.handle)
    if row.role is Role.ADMINISTRATOR and not _another_administrator(tx, person):
        raise Refused("dismiss.last")
    count = held(tx, person)
    if count and heir is None:
        raise Refused("dismiss.holds", name=row.name, handle=row.handle, count=count)
    row.dismissed_at = tx.now  # first: nothing of it can go to them
    tx.session.flush()
    moved = hand_over(tx, person, heir or Heir(), by)
    tx.session.execute(delete(QueueWatch).where(QueueWatch.person_id == person))
    tx.session.execute(delete(QueueTurn).where(QueueTurn.person_id == person))
    tx.session.execute(update(Person).where(Person.substitute_id == person).values(substitute_id=None))
    record(tx, "dismissed", by.actor, subject=("person", person), items=moved)
    return moved


def _another_administrator(tx: Tx, person: int) -> bool:
    others = select(Person.id).where(
        Person.role == Role.ADMINISTRATOR, Person.dismissed_at.is_(None), Person.id != person
    )
    return tx.session.scalar(others.limit(1)) is not None
