"""When somebody works: their weekly hours in their own zone, and what they said of themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.people.model import Person
from core.people.rules import Presence


def is_working(person: Person, now: datetime) -> bool:
    """Tell whether somebody works now."""
    if person.presence is not Presence.BY_HOURS:
        return person.presence is Presence.WORKING
    return any(start <= now < end for start, end in _shifts(person.hours, person.zone, now))


def works_from(person: Person, now: datetime) -> datetime | None:
    """Tell since or from when somebody works; None when they are away or have no hours this week or next."""
    if person.presence is Presence.AWAY:
        return None
    if person.presence is Presence.WORKING:
        return now
    return min((max(start, now) for start, end in _shifts(person.hours, person.zone, now) if end > now), default=None)


def _shifts(hours: dict[str, Any], zone: str, now: datetime) -> list[tuple[datetime, datetime]]:
    """List the shifts of yesterday, which may go on after midnight, and of the next eight days, in UTC."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    days = [today + timedelta(days=offset) for offset in range(-1, 9)]
    return [
        _shift(day, time.fromisoformat(start), time.fromisoformat(end), here)
        for day in days
        for start, end in hours.get(str(day.weekday()), [])
    ]


def _shift(day: date, start: time, end: time, here: ZoneInfo) -> tuple[datetime, datetime]:
    """Tell when a shift begins and ends; one that ends no later than it begins ends on the next day."""
    last = day if end > start else day + timedelta(days=1)
    return datetime.combine(day, start, here).astimezone(UTC), datetime.combine(last, end, here).astimezone(UTC)
