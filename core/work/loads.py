"""Who could get new work, and what each has already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select

from core.desk import Tx
from core.people.hours import works_from
from core.people.model import Person
from core.work import tally
from core.work.model import Queue
from core.work.rules import Candidate, QueueKind

#: In the memo of a transaction: who could get new work. Whatever is touched may have moved.
CANDIDATES = "candidates"

_PERSONAL = select(Queue.owner_id, Queue.kind, Queue.id).where(Queue.owner_id.is_not(None))


def candidates(tx: Tx) -> list[Candidate]:
    """List who could get new work, with what each has open; counted once a transaction until something moves."""
    known: dict[int, Candidate] | None = tx.memo.get(CANDIDATES)
    if known is None:
        known = tx.memo[CANDIDATES] = {one.person: one for one in _count_candidates(tx)}
    return list(known.values())


def _count_candidates(tx: Tx) -> Iterable[Candidate]:
    personal = tally.numbers(tx, accepted=False, which=Queue.owner_id.is_not(None))
    queues = {(owner, QueueKind(kind)): queue for owner, kind, queue in tx.session.execute(_PERSONAL)}
    tx.memo.update({("personal queue", *whose): queue for whose, queue in queues.items()})
    numbers = {whose: personal.get(queue, tally.Number()) for whose, queue in queues.items()}
    rows = tx.session.scalars(
        select(Person).where(Person.dismissed_at.is_(None), Person.chat_id.is_not(None), Person.blocked_at.is_(None))
    )
    for row in rows:
        assigned = numbers.get((row.id, QueueKind.ASSIGNED), tally.Number())
        progress = numbers.get((row.id, QueueKind.IN_PROGRESS), tally.Number())
        start = works_from(row, tx.now)
        full = row.cap is not None and progress.items >= row.cap
        load, skills = assigned.items + progress.items, frozenset(row.skills)
        yield Candidate(row.id, start == tx.now, start, load, assigned.last_at, full, skills)


def given(tx: Tx, owner: int | None) -> None:
    """Count new work among what its owner has, should it be counted again in this transaction."""
    known: dict[int, Candidate] = tx.memo.get(CANDIDATES, {})
    if owner in known:
        known[owner] = replace(known[owner], load=known[owner].load + 1, last_given_at=tx.now)


def moved(tx: Tx) -> None:
    """Forget what was counted: something has moved."""
    tx.memo.pop(CANDIDATES, None)
