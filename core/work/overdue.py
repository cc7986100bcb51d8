"""What was not accepted in time: who has it is reminded, and then it goes back to where somebody takes it."""

from __future__ import annotations

from datetime import datetime

from core.desk import Tx
from core.history.actions import DESK
from core.people import queries as people
from core.people.quiet import News
from core.texts.said import said
from core.timers.model import Timer
from core.work import cards
from core.work.actions import Target, move, tell_watchers
from core.work.giving import given_out
from core.work.model import Queue, Work
from core.work.placing import announce, by_policy
from core.work.queues import landing, personal_queue
from core.work.rules import QueueKind, WorkState
from core.work.waiting import slot_of


def remind(tx: Tx, timer: Timer) -> None:
    """Remind somebody of what waits in their Assigned, and say when it goes to another; a reminder is no change."""
    found = _still_there(tx, timer)
    if found is None:
        return
    work, queue = found
    owner = people.get(tx, queue.owner_id or 0)
    if owner.to:
        why = said("card.why.accept_soon", at=datetime.fromisoformat(timer.facts["over"]))
        cards.post(tx, work.id, owner.to, why, News.REMINDERS, passing=True)


def give_back(tx: Tx, timer: Timer) -> None:
    """Take from somebody's Assigned what was not accepted: to whom the queue it came from gives it next, else there.

    What the desk gave itself goes to another by the policy of the desk, else to Intake.
    """
    found = _still_there(tx, timer)
    if found is None:
        return
    work, queue = found
    owner = people.get(tx, queue.owner_id or 0)
    origin = landing(tx, work.came_from_id) if work.came_from_id else None
    if origin is None or origin.owner_id is not None or origin.closed_at is not None:
        goal = by_policy(tx, but=owner.id)
    else:
        person = given_out(tx, origin.id, but=owner.id)
        goal = personal_queue(tx, person, QueueKind.ASSIGNED) if person is not None else origin.id
    target = tx.session.get_one(Queue, goal)
    if target.id == queue.id:
        return
    move(tx, work, Target(target.id, QueueKind(target.kind), target.owner_id), DESK, "not_accepted", to=owner.id)
    if origin is not None:
        work.came_from_id = origin.id  # a release gives it back there, and not to who did not take it
        tx.session.flush()
    if owner.to:
        cards.post(tx, work.id, owner.to, said("card.why.not_accepted"), sound=False)
    if target.kind is QueueKind.PUBLIC:
        tell_watchers(tx, work, target.id, None)
    else:
        announce(tx, work, why=said("card.why.not_accepted_by", name=owner.name))


def _still_there(tx: Tx, timer: Timer) -> tuple[Work, Queue] | None:
    """Find the item of a timer, if it has stood where it stands ever since that was set."""
    number = timer.subject_id or 0
    known = tx.find(Work, number)
    if known is not None and known.came_from_id:
        landing(tx, known.came_from_id)  # before the item: whoever merges queues locks in that order
    work = tx.lock(Work, number)
    if work is None or work.state is WorkState.CLOSED or timer.slot != slot_of(work):
        return None
    queue = tx.session.get_one(Queue, work.queue_id)
    return (work, queue) if queue.kind is QueueKind.ASSIGNED else None
