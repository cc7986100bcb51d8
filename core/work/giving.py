"""How a public queue gives out what is new in it, and who keeps it so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import record
from core.people.absence import skill as read_skill
from core.people.model import Person
from core.people.rules import Right, check
from core.people.views import Representative
from core.work import queries
from core.work.loads import candidates
from core.work.model import Queue, QueueTurn
from core.work.privacy import members
from core.work.rules import Policy, QueueKind, able, beginning, choose, next_in_turn
from core.work.views import QueueView

#: The longest time in Assigned, in minutes of work: two weeks of eight hours a day.
MOST_MINUTES = 4_800


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


def set_policy(tx: Tx, queue: int, policy: Policy, skill: str | None, by: Representative) -> QueueView:
    """Say how a public queue gives out what is new in it, and what somebody must know about for that, if anything.

    Raises:
        Refused: `right.missing`.
        NotFound: `queue.gone`.
        Misused: `usage.skills`; `usage.queue_give`: nobody is chosen, so that nobody need know anything.
    """
    row = _kept_by(tx, queue, by)
    if policy is Policy.MANUAL and skill:
        raise Misused("usage.queue_give")
    row.policy, row.skill = policy, read_skill(skill) if skill else None
    tx.session.flush()
    record(tx, "queue_policy", by.actor, subject=("queue", queue), policy=str(policy), skill=row.skill)
    return queries.get_queue(tx, queue)


def set_accept_within(tx: Tx, queue: int, minutes: int | None, by: Representative) -> QueueView:
    """Say how many minutes of work what came out of a queue may lie in somebody's Assigned; None for any number.

    Raises:
        Refused: `right.missing`; `queue.accept_within`: nobody waits so long.
        NotFound: `queue.gone`.
    """
    row = _kept_by(tx, queue, by)
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise Refused("queue.accept_within", most=MOST_MINUTES)
    row.accept_within = minutes
    tx.session.flush()
    record(tx, "queue_accept", by.actor, subject=("queue", queue), minutes=minutes)
    return queries.get_queue(tx, queue)


def _kept_by(tx: Tx, queue: int, by: Representative) -> Queue:
    check(by.role, Right.KEEP_QUEUES)
    row = tx.session.get(Queue, queue, with_for_update=True)
    if row is None or row.kind is not QueueKind.PUBLIC or row.closed_at is not None:
        raise NotFound("queue.gone")
    return row
