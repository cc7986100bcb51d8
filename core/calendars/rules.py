"""When work is done: weekly hours, other hours of a date, closures and time off, made into stretches of instants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.calendars.spans import Span, subtract, union
from core.calendars.week import DAYS, Shift, Week

#: A shift may begin on the day before and, where a zone leaps over a day (Pacific/Apia in 2011), one day earlier still.
_DAYS_BEFORE = timedelta(days=2)
_DAY = timedelta(days=1)
_MONDAY = date(1970, 1, 5)
_LEAP_DAY = (2, 29)


@dataclass(frozen=True, slots=True)
class Closure:
    """Dates on which no work is done, the last included; a yearly one returns on the same days of every year.

    What is yearly from or to the 29th of February begins on the 1st of March, or ends on the 28th, in common years.
    """

    first: date
    last: date
    yearly: bool = False

    def between(self, start: date, end: date) -> Iterator[tuple[date, date]]:
        """List when it is, where that touches the dates from `start` to `end`, both included."""
        if not self.yearly:
            found = [(self.first, self.last)]
        else:
            over = self.last.year - self.first.year
            years = range(start.year - over - 1, end.year + 1)
            found = [(_in_year(self.first, year, 3, 1), _in_year(self.last, year + over, 2, 28)) for year in years]
        yield from ((first, last) for first, last in found if first <= last and first <= end and start <= last)


def _in_year(day: date, year: int, month: int, instead: int) -> date:
    """Find the same day of another year; instead of a 29th of February that there is not, another day."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, month, instead)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody, or the whole house, works.

    Attributes:
        zone: where the clock hangs that all hours are told by.
        weeks: what one week is like, or several that follow on each other again and again.
        since: a day of the first of them.
        dates: the hours of single dates, instead of the week's; none closes a date.
        yearly: the hours of a (month, day) of every year; a date of `dates` goes before.
        closures: dates without work, whatever the hours say; midnight ends also what began before.
        time_off: stretches without work.
    """

    zone: str
    weeks: tuple[Week, ...]
    since: date = _MONDAY
    dates: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)
    yearly: Mapping[tuple[int, int], tuple[Shift, ...]] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()
    time_off: tuple[Span, ...] = ()

    def shifts_of(self, day: date) -> tuple[Shift, ...]:
        """Tell the hours of a date."""
        special = self.dates.get(day)
        if special is None and self.yearly:
            special = self.yearly.get((day.month, day.day))
        if special is not None:
            return special
        week = (day - self.since + timedelta(days=self.since.weekday())).days // DAYS
        return self.weeks[week % len(self.weeks)][day.weekday()]


def instant(day: date, at: time, here: ZoneInfo) -> datetime:
    """Tell the instant, in UTC, at which a clock on the wall shows a time.

    A time that is leapt over is so much later; one that comes twice is the first (PEP 495, fold=0).
    """
    return datetime.combine(day, at, here).astimezone(UTC)


def work_in(calendar: Calendar, start: datetime, end: datetime) -> list[Span]:
    """List when work is done between two instants: in order, apart from each other, in UTC."""
    if start >= end:
        return []
    here = ZoneInfo(calendar.zone)
    first, last = start.astimezone(here).date() - _DAYS_BEFORE, end.astimezone(here).date() + _DAY
    shifts = union(_shifts(calendar, first, last, here))
    open_ = [(max(one, start), min(other, end)) for one, other in shifts if one < end and start < other]
    away = [*_closed(calendar, first, last, here), *(one for one in calendar.time_off if one[0] < end)]
    return subtract(open_, away) if away else open_


def _shifts(calendar: Calendar, first: date, last: date, here: ZoneInfo) -> Iterator[Span]:
    """Convert each end of each shift by itself; one that ends no later than it begins ends on the next day."""
    day = first
    while day <= last:
        for start, end in calendar.shifts_of(day):
            ends_on = day if end > start else day + _DAY
            yield instant(day, start, here), instant(ends_on, end, here)
        day += _DAY


def _closed(calendar: Calendar, first: date, last: date, here: ZoneInfo) -> Iterator[Span]:
    for closure in calendar.closures:
        for start, end in closure.between(first, last):
            yield instant(start, time(), here), instant(end + _DAY, time(), here)
