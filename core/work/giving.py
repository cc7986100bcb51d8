"""How a public queue gives out what is new in it: by load, by turns, or to who had the customer last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select

from core.desk import Tx
from core.people.model import Person
from core.work.loads import candidates
from core.work.model import Queue, QueueTurn
from core.work.privacy import members
from core.work.rules import Candidate, Policy, QueueKind, able, beginning, choose, next_in_turn

#: Tells who last had a customer; it is asked only where a queue wants to know.
Last = Callable[[], int | None]


def given_out(tx: Tx, number: int, *, but: int | None = None, last: Last | None = None) -> int | None:
    """Choose who gets what is new in a public queue by its policy; None when it waits in the queue.

    Args:
        but: somebody who is not to get it.
        last: tells who had the customer last, and gets it where the queue says so, if they work now and have room.
    """
    queue = tx.session.get_one(Queue, number)
    asks = last if queue.to_last else None
    if queue.kind is not QueueKind.PUBLIC or (queue.policy is Policy.MANUAL and asks is None):
        return None
    may_see = members(tx, number) if queue.private else None
    everybody = (one for one in candidates(tx) if one.person != but and (may_see is None or one.person in may_see))
    fit = able(everybody, queue.skill)
    person = asks() if asks is not None else None
    if person is not None and any(one.person == person and one.working for one in fit):
        return _counted(tx, queue, person, fit)
    return _by_policy(tx, queue, fit)


def _counted(tx: Tx, queue: Queue, person: int, fit: Sequence[Candidate]) -> int:
    """Count what somebody gets past their turn as one, so that the others get the next."""
    if queue.policy is Policy.ROUND_ROBIN:
        _turns(tx, queue.id, [one.person for one in fit if one.working])[person].given += 1
    return person


def _by_policy(tx: Tx, queue: Queue, fit: Sequence[Candidate]) -> int | None:
    if queue.policy is Policy.MANUAL:
        return None
    if queue.policy is Policy.LEAST_LOADED:
        return choose(one for one in fit if one.working)
    working = [one.person for one in fit if one.working]
    turns = _turns(tx, queue.id, working)
    person = next_in_turn({one: turns[one].given for one in working}, fit)
    if person is not None:
        turns[person].given += 1
        _keep_up(turns, working)
    return person


def _keep_up(turns: Mapping[int, QueueTurn], working: Sequence[int]) -> None:
    """Let who does not work now miss their turns, or they would be flooded when they are back."""
    least = min(turns[one].given for one in working)
    for person, turn in turns.items():
        if person not in working and turn.given < least:
            turn.given = least


def _turns(tx: Tx, queue: int, people: Sequence[int]) -> dict[int, QueueTurn]:
    """Find how often a queue gave to whom, once a transaction; who is new begins at the average."""
    key = "turns", queue
    if key not in tx.memo:
        here = select(QueueTurn).join(Person, Person.id == QueueTurn.person_id)
        rows = tx.session.scalars(here.where(QueueTurn.queue_id == queue, Person.dismissed_at.is_(None)))
        tx.memo[key] = {row.person_id: row for row in rows}
    turns: dict[int, QueueTurn] = tx.memo[key]
    start = beginning([turn.given for turn in turns.values()])
    for person in people:
        if person not in turns:
            turns[person] = QueueTurn(queue_id=queue, person_id=person, given=start)
            tx.session.add(turns[person])
    return turns
