"""How long something may lie in Assigned: in time that its holder works, as the queue says out of which it came."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.calendars.reckoning import reach
from core.desk import Tx
from core.errors import Refused
from core.people.hours import calendar_of
from core.people.model import Person
from core.people.rules import Presence
from core.timers.actions import set_timer
from core.work.model import Queue, Work

#: The timers that remind who has it, and that take it away again.
ACCEPT_SOON, NOT_ACCEPTED = "accept_soon", "not_accepted"


def expect(tx: Tx, work: Work, owner: int) -> None:
    """Begin to wait until somebody accepts what was put into their Assigned, if there is an end to that."""
    minutes = _allowed(tx, work)
    if not minutes:
        return
    person = tx.session.get_one(Person, owner)
    over = _after(person, tx.now, timedelta(minutes=minutes))
    slot = slot_of(work)
    set_timer(tx, NOT_ACCEPTED, slot, over, subject=work.id)
    facts = {"over": over.isoformat()}
    half = _after(person, tx.now, timedelta(minutes=minutes) / 2)
    set_timer(tx, ACCEPT_SOON, slot, half, subject=work.id, facts=facts)


def slot_of(work: Work) -> str:
    """Name this stay of an item where it stands: once it has moved, what was planned for it means nothing any more."""
    return f"{work.id}:{work.queue_id}:{work.entered_at.isoformat()}"


def _allowed(tx: Tx, work: Work) -> int:
    origin = tx.find(Queue, work.came_from_id) if work.came_from_id else None
    if origin is not None and origin.owner_id is None:
        return origin.accept_within or 0
    return tx.house.accept_within


def _after(person: Person, now: datetime, work: timedelta) -> datetime:
    """Tell when so much of somebody's working time is over; of who has none, so much of any time."""
    if person.presence is not Presence.BY_HOURS:
        return now + work
    try:
        return reach(calendar_of(person), now, work, within=timedelta(days=60))
    except Refused:
        return now + work
