"""Where new work goes, and how an item ends or comes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.desk import Tx
from core.errors import Misused, Refused
from core.history.actions import Actor, record
from core.people import queries as people
from core.people.absence import stand_in
from core.people.model import Person
from core.people.quiet import News
from core.people.rules import Right, check
from core.people.views import Representative
from core.texts.said import Said, said
from core.timers.actions import cancel_timers, set_timer
from core.work import cards, queries, tally
from core.work.actions import REASON_LENGTH, check_may_move, lock_open, tell_watchers, touch, watching
from core.work.giving import Knowing, given_out
from core.work.history import snooze_reason
from core.work.loads import candidates, given
from core.work.model import Queue, Work
from core.work.queues import intake_queue, landing, personal_queue
from core.work.rules import NOWHERE, QueueKind, WorkKind, WorkState, choose
from core.work.views import ItemView
from core.work.waiting import expect

#: The timer that ends a snooze.
SNOOZE = "snooze"


def place_new(
    tx: Tx, kind: WorkKind, title: str, by: Actor, *, queue: int | None = None, knowing: Knowing | None = None
) -> Work:
    """Make an item and give it its place.

    Args:
        queue: where an address of ours sends its cases, which may give it out by a policy of its own; None is that of
            the desk: the least loaded representative who is working, else who works next, else the public queue
            "Intake".
        knowing: tell who knows the customer: see `core.work.giving.given_out`.
    """
    target, origin = _first_place(tx, queue, knowing) if queue is not None else (landing(tx, by_policy(tx)), None)
    given(tx, target.owner_id)
    at, home = tx.now, target if target.kind is QueueKind.PUBLIC else origin
    work = Work(kind=kind, title=title, queue_id=target.id, entered_at=at, created_at=at, touched_at=at)
    work.came_from_id, work.home_id = origin.id if origin else None, home.id if home else None
    if kind is WorkKind.CASE and home is not None and home.priority is not None:
        work.priority = home.priority
    tx.add(work)
    tally.moved(tx, NOWHERE, tally.where_counted(work, QueueKind(target.kind)))
    record(tx, "opened", by, work=work.id, target=target.id)
    if target.kind is QueueKind.ASSIGNED and target.owner_id:
        expect(tx, work, target.owner_id)
    return work


def _first_place(tx: Tx, queue: int, knowing: Knowing | None) -> tuple[Queue, Queue | None]:
    """Find where new work for a queue goes: into it, or to whom it gives it, and out of which it was given then.

    What is for one that is closed goes where all other new work does.
    """
    here = landing(tx, queue)
    if here.closed_at is not None:
        return landing(tx, by_policy(tx)), None
    person = given_out(tx, here.id, knowing=knowing)
    return (landing(tx, personal_queue(tx, person, QueueKind.ASSIGNED)), here) if person is not None else (here, None)


def announce(tx: Tx, work: Work, *, but: int | None = None, why: Said | None = None) -> None:
    """Tell whoever an item is new for: the one it is assigned to, or those who watch its public queue.

    Args:
        why: said instead of that it is new.
    """
    queue = tx.session.get_one(Queue, work.queue_id)
    if queue.kind is QueueKind.PUBLIC:
        tell_watchers(tx, work, queue.id, but)
    elif queue.owner_id and queue.owner_id != but:
        owner = people.get(tx, queue.owner_id)
        if owner.to:
            cards.post(tx, work.id, owner.to, why or said("card.why.new_assigned"))


def holder_of(tx: Tx, work: Work) -> Representative | None:
    """Tell who has an item, accepted or not; None while it is nobody's or closed."""
    queue = tx.find(Queue, work.queue_id) if work.queue_id else None
    return people.get(tx, queue.owner_id) if queue and queue.owner_id else None


def last_holder(tx: Tx, work: Work) -> Representative | None:
    """Tell who had a closed item when it was closed, if they still work here."""
    queue = tx.session.get(Queue, work.came_from_id) if work.state is WorkState.CLOSED and work.came_from_id else None
    row = tx.session.get(Person, queue.owner_id) if queue and queue.owner_id else None
    return people.view(tx, row) if row and row.dismissed_at is None else None


def by_policy(tx: Tx, *, but: int | None = None) -> int:
    """Find where new work goes that no queue gives out: to the Assigned of the least loaded, or to Intake.

    Args:
        but: somebody who is not to get it.
    """
    person = choose(one for one in candidates(tx) if one.person != but) if tx.house.auto_assign else None
    return personal_queue(tx, person, QueueKind.ASSIGNED) if person is not None else intake_queue(tx)


def close(tx: Tx, number: int, by: Actor, verb: str, **facts: Any) -> Work:
    """End an item: it leaves its queue and every list. Rights are checked by the verb that calls this.

    Raises:
        NotFound: there is no such item.
        Refused: `item.closed`.
    """
    work, queue = lock_open(tx, number)
    before = tally.where_counted(work, QueueKind(queue.kind))
    work.done_in_id = work.came_from_id if queue.kind is QueueKind.IN_PROGRESS else queue.id
    work.came_from_id = queue.id
    work.state, work.queue_id, work.closed_at = WorkState.CLOSED, None, tx.now
    work.snoozed_until = work.next_planned_at = None
    touch(work, tx)
    cancel_timers(tx, SNOOZE, number)
    tx.session.flush()
    tally.moved(tx, before, NOWHERE)
    record(tx, verb, by, work=number, origin=queue.id, **facts)
    cards.changed(tx, number)
    return work


def reopen(tx: Tx, number: int, by: Actor) -> Work:
    """Bring a closed item back: into the Assigned of who had it, if they still work here, else by policy.

    Raises:
        Refused: `item.open` when it is not closed; `item.merged`.
    """
    work = tx.lock_one(Work, number)
    if work.merged_into_id is not None:
        raise Refused("item.merged", number=number, into=work.merged_into_id)
    if work.state is WorkState.OPEN:
        raise Refused("item.open", number=number)
    target = landing(tx, _last_holder(tx, work) or by_policy(tx))
    work.queue_id = target.id
    if target.kind is QueueKind.PUBLIC:
        work.home_id = target.id
    work.state, work.closed_at, work.entered_at, work.came_from_id = WorkState.OPEN, None, tx.now, None
    touch(work, tx)
    tx.session.flush()
    tally.moved(tx, NOWHERE, tally.where_counted(work, QueueKind(target.kind)))
    record(tx, "reopened", by, work=number, target=work.queue_id)
    cards.changed(tx, number)
    return work


def _last_holder(tx: Tx, work: Work) -> int | None:
    queue = landing(tx, work.came_from_id) if work.came_from_id else None
    if queue is None or queue.owner_id is None:
        return queue.id if queue is not None and queue.closed_at is None else None
    person = tx.session.get_one(Person, queue.owner_id)
    if person.dismissed_at:
        return None
    other = stand_in(tx, person.id)
    return personal_queue(tx, other.id if other else person.id, QueueKind.ASSIGNED)


def snooze(tx: Tx, number: int, until: datetime, why: str, by: Representative) -> ItemView:
    """Plan an item for later: it is not missed before, and its holder is reminded then.

    Raises:
        Refused: `snooze.past`; `item.taken` or `item.assigned_to_other` unless you are a manager; `item.closed`.
        NotFound: there is no such item.
    """
    check(by.role, Right.PLAN)
    work, queue = lock_open(tx, number, by)
    if until <= tx.now:
        raise Refused("snooze.past", at=until)
    check_may_move(tx, work, queue, by)
    cancel_timers(tx, SNOOZE, number)
    set_timer(tx, SNOOZE, f"{number}:{until.isoformat()}:{tx.now.isoformat()}", until, subject=number)
    touch(work, tx)
    work.snoozed_until = until
    work.next_planned_at = until
    tx.session.flush()
    record(tx, "snoozed", by.actor, work=number, until=until.isoformat(), why=why[:REASON_LENGTH])
    cards.changed(tx, number)
    return queries.item(tx, number)


def explain_snooze(tx: Tx, number: int, why: str, by: Representative) -> ItemView:
    """Add the reason to a snooze that was set without one.

    Raises:
        Misused: `snooze.no_reason`: there are no words.
        Refused: `snooze.over` when it is not snoozed any more; otherwise as `snooze`.
        NotFound: there is no such item.
    """
    check(by.role, Right.PLAN)
    work, queue = lock_open(tx, number, by)
    check_may_move(tx, work, queue, by)
    clean = " ".join(why.split())[:REASON_LENGTH]
    if not clean:
        raise Misused("snooze.no_reason")
    if work.snoozed_until is None:
        raise Refused("snooze.over", number=number)
    touch(work, tx)
    record(tx, "snooze_reason", by.actor, work=number, why=clean)
    cards.changed(tx, number)
    return queries.item(tx, number)


def wake_up(tx: Tx, number: int) -> None:
    """End a snooze: remind the holder, or who watches the queue. A reminder is no change."""
    work = tx.lock(Work, number)
    if work is None or work.state is WorkState.CLOSED or work.queue_id is None:
        return
    work.snoozed_until = work.next_planned_at = None
    queue = tx.session.get_one(Queue, work.queue_id)
    listeners = [people.get(tx, queue.owner_id)] if queue.owner_id else watching(tx, queue.id)
    why = snooze_reason(tx, number)
    reason = said("card.why.snooze_over_for", why=why) if why else said("card.why.snooze_over")
    for reader in listeners:
        if reader.to:
            cards.post(tx, number, reader.to, reason, News.REMINDERS, passing=True)
    cards.changed(tx, number)
