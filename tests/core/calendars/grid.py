"""Working time by brute force: every minute of some days, open or not, worked out without the desk's arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from core.calendars.rules import Calendar

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Grid:
    """The minutes from `start` on, each open or not."""

    start: datetime
    open: list[bool]

    def index(self, at: datetime) -> int:
        return (at - self.start) // MINUTE

    def at(self, index: int) -> datetime:
        return self.start + index * MINUTE

    def spans(self, one: int, other: int) -> list[tuple[datetime, datetime]]:
        """List the runs of open minutes between two of them."""
        found, begun = [], None
        for index in range(one, other + 1):
            is_open = index < other and self.open[index]
            if is_open and begun is None:
                begun = index
            if not is_open and begun is not None:
                found.append((self.at(begun), self.at(index)))
                begun = None
        return found

    def edges(self, *, opening: bool) -> list[int]:
        """List the minutes at which work begins, or ends."""
        before = zip(self.open, self.open[1:], strict=False)
        return [index for index, (was, is_) in enumerate(before, start=1) if was is not opening and is_ is opening]


def grid(calendar: Calendar, first: date, days: int) -> Grid:
    """Lay out the minutes of some days; those before and after are open to no question."""
    minutes, walls, known = _walls(calendar.zone, first, days)
    opened = [False] * len(minutes)
    for number in range(-3, days + 4):
        day = first + timedelta(days=number)
        for one, other in _shifts(calendar, day):
            ends_on = day if other > one else day + timedelta(days=1)
            begin = _find(walls, known, datetime.combine(day, one))
            for index in range(begin, _find(walls, known, datetime.combine(ends_on, other))):
                opened[index] = True
    closed = {day: _is_closed(calendar, day) for day in {wall.date() for wall in walls}}
    for index, wall in enumerate(walls):
        away = any(one <= minutes[index] < other for one, other in calendar.time_off)
        if away or closed[wall.date()]:
            opened[index] = False
    return Grid(minutes[0], opened)


def _shifts(calendar: Calendar, day: date) -> tuple[tuple[time, time], ...]:
    if day in calendar.dates:
        return calendar.dates[day]
    if (day.month, day.day) in calendar.yearly:
        return calendar.yearly[day.month, day.day]
    monday = calendar.since - timedelta(days=calendar.since.weekday())
    weeks, weekday = divmod((day - monday).days, 7)
    return calendar.weeks[weeks % len(calendar.weeks)][weekday]


def _is_closed(calendar: Calendar, day: date) -> bool:
    for closure in calendar.closures:
        one = closure.first
        while one <= closure.last:
            if one == day or (closure.yearly and (one.month, one.day) == (day.month, day.day)):
                return True
            one += timedelta(days=1)
    return False


@cache
def _walls(zone: str, first: date, days: int) -> tuple[list[datetime], list[datetime], dict[datetime, int]]:
    """List the minutes, what the clock on the wall shows at each, and the first minute at which it shows something."""
    start = datetime.combine(first, time(), UTC)
    minutes = [start + number * MINUTE for number in range(days * 1440)]
    walls = [minute.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for minute in minutes]
    return minutes, walls, {wall: index for index, wall in reversed(list(enumerate(walls)))}


def _find(walls: list[datetime], known: dict[datetime, int], wanted: datetime) -> int:
    """Find the first minute at which the clock on the wall shows a time; one leapt over is so much after the leap."""
    if wanted in known:
        return known[wanted]
    for index, (before, wall) in enumerate(pairwise(walls), start=1):
        if before < wanted < wall:
            return min(index + (wanted - before - MINUTE) // MINUTE, len(walls))
    return 0 if wanted < walls[0] else len(walls)
