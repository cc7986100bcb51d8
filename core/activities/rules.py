"""When an activity reminds, how long it lasts, and what can become of it: values in, values out."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from core.work.rules import WorkKind


class ActivityStatus(StrEnum):
    """What has become of an activity."""

    PLANNED = "planned"
    DONE = "done"
    CALLED_OFF = "called_off"


class Direction(StrEnum):
    """Which way a letter, a chat message or a call went: to us, or out."""

    IN = "in"
    OUT = "out"


#: What begins and ends, and stands in somebody's way: two of them at one time clash.
MEETINGS = frozenset({WorkKind.APPOINTMENT, WorkKind.SERVICE})

#: What is to be written, outside the desk or as an answer of a case.
WRITTEN = frozenset({WorkKind.LETTER, WorkKind.CHAT})

#: What goes one way or the other, and may be logged when it happened outside the desk.
CONTACTS = WRITTEN | {WorkKind.CALL}

#: What is done by a time, and does not begin at it: a snooze hides it.
DUE = WRITTEN | {WorkKind.TASK}

#: How long before it somebody is reminded, unless they said otherwise: of what is due, when it is due.
LEAD = {
    WorkKind.TASK: timedelta(0),
    WorkKind.CALL: timedelta(minutes=15),
    WorkKind.APPOINTMENT: timedelta(minutes=15),
    WorkKind.SERVICE: timedelta(minutes=15),
    WorkKind.LETTER: timedelta(0),
    WorkKind.CHAT: timedelta(0),
}

#: How long an appointment or a service activity takes whose end nobody said.
USUAL_LENGTH = timedelta(hours=1)

#: Nobody is reminded earlier than this.
LONGEST_LEAD = timedelta(days=28)

#: Nothing takes longer.
LONGEST = timedelta(days=10)


def remind_at(at: datetime, lead: timedelta, now: datetime) -> datetime | None:
    """Tell when to remind of something at an instant: so long before, at the instant itself when it is too late for
    that, and never once it is over.
    """  # noqa: D205 - one sentence
    return next((one for one in (at - lead, at) if one > now), None)


def ends(kind: WorkKind, at: datetime | None, until: datetime | None) -> datetime | None:
    """Tell when something ends that begins at an instant: appointments and service activities always do."""
    if at is None or until is not None or kind not in MEETINGS:
        return until if at is not None else None
    return at + USUAL_LENGTH


def moved_end(at: datetime, ends_at: datetime | None, to: datetime) -> datetime | None:
    """Tell when something ends that is moved as a whole."""
    return to + (ends_at - at) if ends_at is not None else None
