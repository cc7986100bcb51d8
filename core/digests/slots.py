"""When digests come: one slot a person and local date, at their hour, on the days they work."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.desk import Tx
from core.digests.actions import send_digest
from core.people import queries as people
from core.people.model import Person
from core.timers.actions import set_timer
from core.timers.model import Timer

#: The timer of a digest; its slot is `person:date`.
DIGEST = "digest"

#: The next working day is looked for among so many.
_AHEAD_DAYS = 8

#: So late a digest still comes when its day is over: the clock may have been put forward past its hour.
_LATE = timedelta(hours=2)


def plan(tx: Tx) -> None:
    """Set the timer of everybody's next digest; move it when they have chosen another hour since."""
    for person in tx.session.scalars(
        select(Person).where(Person.dismissed_at.is_(None), Person.digest_at.is_not(None))
    ):
        planned = next_slot(person, tx.now)
        if planned is not None:
            _set(tx, person.id, *planned)


def next_slot(person: Person, now: datetime) -> tuple[date, datetime] | None:
    """Tell the local date and the instant of somebody's next digest; None when they want none or never work."""
    today = now.astimezone(ZoneInfo(person.zone)).date()
    for day in (today + timedelta(days=offset) for offset in range(_AHEAD_DAYS)):
        at = slot_on(person, day)
        if at is not None and at > now:
            return day, at
    return None


def slot_on(person: Person, day: date) -> datetime | None:
    """Tell when somebody's digest comes on a local date; None when it does not."""
    if person.digest_at is None or not person.hours.get(str(day.weekday())):
        return None
    return daily_instant(day, person.digest_at, person.zone)


def daily_instant(day: date, at: time, zone: str) -> datetime:
    """Tell the one instant, in UTC, at which a clock on the wall shows a time on a date.

    A time that is skipped, because the clock is put forward, is read on the clock as it went before; of one that comes
    twice the first is taken (PEP 495, fold=0). So each date has one instant, and a later date a later one.
    """
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def _set(tx: Tx, person: int, day: date, at: datetime) -> None:
    slot = f"{person}:{day.isoformat()}"
    if set_timer(tx, DIGEST, slot, at, subject=person):
        return
    row = tx.session.scalar(select(Timer).where(Timer.task == DIGEST, Timer.slot == slot).with_for_update())
    if row is not None and row.fired_at is None:
        row.due_at = at


def come(tx: Tx, timer: Timer) -> None:
    """Send the digest that a timer stands for, unless its reader has changed their mind since.

    One that could not come on its day, nor soon after, because no scheduler ran, is left out: it would tell of another
    day.
    """
    person = tx.session.get(Person, timer.subject_id)
    day = date.fromisoformat(timer.slot.partition(":")[2])
    at = slot_on(person, day) if person is not None and person.dismissed_at is None else None
    if person is None or at is None:
        return
    if at > tx.now:
        timer.fired_at, timer.due_at = None, at  # they chose a later hour
    elif tx.now.astimezone(ZoneInfo(person.zone)).date() == day or tx.now <= at + _LATE:
        send_digest(tx, people.view(tx, person))
