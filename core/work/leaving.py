"""Handing over all that somebody has, at once: to a colleague, into a queue, or to whoever the desk would give it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from core.customers.model import Account
from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.actions import record, record_all
from core.outbox.actions import Message
from core.outbox.model import OwedKind
from core.people import queries as people
from core.people.model import Person
from core.people.news import tell
from core.people.quiet import News
from core.people.rules import Right, Role, check
from core.people.views import Representative
from core.store.rows import in_parts, table_of
from core.texts.said import notice
from core.work import cards, tally
from core.work.loads import given, moved
from core.work.model import Queue, QueueTurn, QueueWatch, Work
from core.work.placing import by_policy
from core.work.queues import landing, personal_queue
from core.work.rules import QueueKind
from core.work.shifting import tell_all_watching

_Work = table_of(Work)


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
    goals = _Goals(tx, heir, person)
    going: dict[int, list[_Held]] = {}
    for one in _items(tx, person):
        going.setdefault(goals.next(), []).append(one)
    for goal, items in going.items():
        _move_all(tx, items, tx.session.get_one(Queue, goal), person, by)
        _tell(tx, tx.session.get_one(Queue, goal), person, len(items), by)
    moved(tx)
    return sum(map(len, going.values()))


@dataclass(frozen=True, slots=True)
class _Held:
    """One item as somebody has it."""

    number: int
    queue: int
    accepted_from: int | None


class _Goals:
    """Where each item goes; a queue that was named is locked before the items are, as whoever merges queues does."""

    def __init__(self, tx: Tx, heir: Heir, person: int) -> None:
        self._tx, self._but = tx, person
        self._fixed: int | None = None
        if heir.person is not None:
            self._fixed = personal_queue(tx, heir.person.id, QueueKind.ASSIGNED)
        elif heir.queue is not None:
            self._fixed = landing(tx, heir.queue).id

    def next(self) -> int:
        """Tell where the next one goes; what the desk gives it counts among what they have."""
        if self._fixed is not None:
            return self._fixed
        goal = landing(self._tx, by_policy(self._tx, but=self._but))
        given(self._tx, goal.owner_id)
        return goal.id


def _items(tx: Tx, person: int) -> list[_Held]:
    """Find what somebody has and lock it, in the order of the numbers, so that two who lock never wait in a ring."""
    kinds = {row[0]: row[1] for row in tx.session.execute(select(Queue.id, Queue.kind).where(Queue.owner_id == person))}
    here = select(Work.id, Work.queue_id, Work.came_from_id).where(Work.queue_id.in_(kinds)).order_by(Work.id)
    return [
        _Held(number, queue, origin if kinds[queue] is QueueKind.IN_PROGRESS else None)
        for number, queue, origin in tx.session.execute(here.with_for_update())
        if queue is not None  # they all stand in one of those
    ]


def _move_all(tx: Tx, items: Sequence[_Held], goal: Queue, person: int, by: Representative) -> None:
    """Move locked items into a queue, as `actions.move` does one, but where they came from stays: nobody is there."""
    changed: dict[str, object] = {"queue_id": goal.id, "entered_at": tx.now, "touched_at": tx.now}
    changed |= {"missed_told_at": None, "missed_raised_at": None}
    if goal.kind is QueueKind.PUBLIC:
        changed["home_id"] = goal.id
    numbers = [one.number for one in items]
    for some in in_parts(numbers):
        tx.session.execute(update(_Work).where(_Work.c.id.in_(some)).values(changed))
    counts = Counter((one.accepted_from, True) for one in items if one.accepted_from is not None)
    counts.update((one.queue, False) for one in items)
    tally.add_up(tx, {where: -count for where, count in counts.items()} | {(goal.id, False): len(items)})
    for number in numbers:
        tx.forget(Work, number)
    for queue in sorted({one.queue for one in items}):
        there = [one.number for one in items if one.queue == queue]
        record_all(tx, "handed_over", by.actor, there, origin=queue, target=goal.id, to=person)
    cards.changed_all(tx, numbers)


def _tell(tx: Tx, goal: Queue, person: int, count: int, by: Representative) -> None:
    name = people.get(tx, person).name
    if goal.kind is QueueKind.PUBLIC:
        what = notice("handed_over.to_queue", count=count, name=name, by=by.name, queue=goal.name)
        return tell_all_watching(tx, [goal.id], by, what)
    reader = people.get(tx, goal.owner_id or 0)
    if reader.to and reader.id != by.id:
        what = notice("handed_over.to_you", count=count, name=name, by=by.name)
        tell(tx, reader.to, Message(OwedKind.NOTICE, what.to_json()), News.ASSIGNED)
    return None


def may_dismiss(by: Representative) -> None:
    """Insist that somebody may let others leave.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.DISMISS)


def dismiss(tx: Tx, person: int, heir: Heir | None, by: Representative) -> int:
    """Let somebody leave the staff; what they have, and the accounts in their care, are handed over in the same step.

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
    row = tx.lock_one(Person, person)
    if row.dismissed_at is not None:
        raise NotFound("person.unknown", word=row.handle, known=[one.handle for one in people.staff(tx)])
    if row.role is Role.ADMINISTRATOR and not _another_administrator(tx, person):
        raise Refused("dismiss.last")
    count = held(tx, person)
    if count and heir is None:
        raise Refused("dismiss.holds", name=row.name, handle=row.handle, count=count)
    row.dismissed_at = tx.now  # first: nothing of it can go to them
    row.mailbox = row.signatures = None  # theirs, and of no more use
    tx.session.flush()
    handed = hand_over(tx, person, heir or Heir(), by)
    care = heir.person.id if heir is not None and heir.person is not None else None
    tx.session.execute(update(Account).where(Account.owner_id == person).values(owner_id=care))
    tx.session.execute(delete(QueueWatch).where(QueueWatch.person_id == person))
    tx.session.execute(delete(QueueTurn).where(QueueTurn.person_id == person))
    tx.session.execute(update(Person).where(Person.substitute_id == person).values(substitute_id=None))
    record(tx, "dismissed", by.actor, subject=("person", person), items=handed)
    return handed


def _another_administrator(tx: Tx, person: int) -> bool:
    others = select(Person.id).where(
        Person.role == Role.ADMINISTRATOR, Person.dismissed_at.is_(None), Person.id != person
    )
    return tx.session.scalar(others.limit(1)) is not None
