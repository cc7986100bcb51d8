"""When somebody works: their weekly hours in their own zone, and what they said of themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.calendars.reckoning import is_open, reach
from core.calendars.rules import Calendar
from core.calendars.week import from_kept
from core.errors import Refused
from core.people.model import Person
from core.people.rules import Presence

#: Whoever does not work within so long has no hours that could be waited for.
_WITHIN = timedelta(days=9)


def calendar_of(person: Person) -> Calendar:
    """Show somebody's hours as a calendar."""
    return Calendar(person.zone, (from_kept(person.hours),))


def is_away(person: Person, now: datetime) -> bool:
    """Tell whether somebody is away until some time that has not come."""
    return person.away_until is not None and now < person.away_until


def is_working(person: Person, now: datetime) -> bool:
    """Tell whether somebody works now."""
    if is_away(person, now):
        return False
    if person.presence is not Presence.BY_HOURS:
        return person.presence is Presence.WORKING
    return is_open(calendar_of(person), now)


def works_from(person: Person, now: datetime) -> datetime | None:
    """Tell since or from when somebody works; None when they are away or have no hours this week or next."""
    if person.presence is Presence.AWAY:
        return None
    start = max(now, person.away_until or now)
    if person.presence is Presence.WORKING:
        return start
    if start - now > _WITHIN:
        return None
    try:
        return reach(calendar_of(person), start, timedelta(), within=_WITHIN)
    except Refused:
        return None
