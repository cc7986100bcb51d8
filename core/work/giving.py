"""How a public queue gives out what is new in it: by load, or by turns, to those who may see it and know about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from core.desk import Tx
from core.people.model import Person
from core.work.loads import candidates
from core.work.model import Queue, QueueTurn
from core.work.privacy import members
from core.work.rules import Policy, QueueKind, able, beginning, choose, next_in_turn


def given_out(tx: Tx, number: int, *, but: int | None = None) -> int | None:
    """Choose who gets what is new in a public queue by its policy; None when it waits in the queue.

    Args:
        but: somebody who is not to get it.
    """
    queue = tx.session.get_one(Queue, number)
    if queue.kind is not QueueKind.PUBLIC or queue.policy is Policy.MANUAL:
        return None
    may_see = members(tx, number) if queue.private else None
    everybody = (one for one in candidates(tx) if one.person != but and (may_see is None or one.person in may_see))
    fit = able(everybody, queue.skill)
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
