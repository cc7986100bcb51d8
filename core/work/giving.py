"""How a public queue gives out what is new in it: by load, by turns, or first to those who know the customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select

from core.desk import Tx
from core.people.model import Person
from core.work.loads import candidates
from core.work.model import Queue, QueueTurn
from core.work.privacy import members
from core.work.rules import Candidate, First, Policy, QueueKind, able, beginning, choose, next_in_turn

#: Tell who knows a customer, in the order in which they come; each is asked only where a queue wants to know.
Knowing = Mapping[First, Callable[[], int | None]]


def given_out(tx: Tx, number: int, *, but: int | None = None, knowing: Knowing | None = None) -> int | None:
    """Choose who gets what is new in a public queue by its policy; None when it waits in the queue.

    Args:
        but: somebody who is not to get it.
        knowing: tell who knows the customer, and gets it where the queue says so, if they work now and have room.
    """
    queue = tx.session.get_one(Queue, number)
    asks = [ask for which, ask in (knowing or {}).items() if which in first_of(queue)]
    if queue.kind is not QueueKind.PUBLIC or (queue.policy is Policy.MANUAL and not asks):
        return None
    may_see = members(tx, number) if queue.private else None
    everybody = (one for one in candidates(tx) if one.person != but and (may_see is None or one.person in may_see))
    fit = able(everybody, queue.skill)
    working = {one.person for one in fit if one.working}
    known = next((person for ask in asks if (person := ask()) is not None and person in working), None)
    return _counted(tx, queue, known, fit) if known is not None else _by_policy(tx, queue, fit)


def first_of(queue: Queue) -> frozenset[First]:
    """Tell who comes before the policy of a queue."""
    return frozenset({*([First.OWNER] if queue.to_owner else []), *([First.LAST] if queue.to_last else [])})


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
