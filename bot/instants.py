"""What has been read of a time → the first instant after now that it may mean; and when there is none."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import days
from core.errors import Misused

#: A stretch of hours that ends before it begins goes over midnight, up to so much; a longer one is a mistake.
_LONGEST_STRETCH = timedelta(hours=12)

#: Months of a year.
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Found:
    """What has been read so far.

    Attributes:
        end: the place of the first word that does not belong to it.
        span: from now on, by an exact clock.
        shift: months and days from now on, by the clock on the wall.
        dates: those it may be, the nearest first; none for "the next time that the clock shows it".
        hours: what such a day without an hour means.
        part: of the day.
        hours_at: where the clock and its end were read.
        length: how long it takes.
    """

    end: int
    span: timedelta | None = None
    shift: tuple[int, int] | None = None
    dates: tuple[date, ...] = ()
    hours: tuple[time, ...] = days.ANY_HOUR
    clock: time | None = None
    until: time | None = None
    hours_at: tuple[int, int] = (0, 0)
    part: time | None = None
    length: timedelta | None = None

    @property
    def empty(self) -> bool:
        """Whether there is no time in it yet."""
        return not self.spans and not self.dates and self.clock is None and self.part is None

    @property
    def spans(self) -> bool:
        """Whether it is a span from now."""
        return self.span is not None or self.shift is not None


@dataclass(frozen=True, slots=True)
class Told:
    """The words that say a time, and those of them that say its hours."""

    words: str
    hours: str


def instants(found: Found, zone: str, now: datetime, told: Told) -> tuple[datetime, datetime | None]:
    """Tell the first instant after now that it may mean, and its end if that was said.

    Raises:
        Misused: `when.past`, `when.skipped` or `when.unknown`, with the words.
    """
    here = ZoneInfo(zone)
    at = _instant(found, here, now, told)
    if found.until is None:
        return at, at + found.length if found.length else None
    day = at.astimezone(here).date()
    goes_on = found.clock is not None and found.until <= found.clock
    ends = _on_the_wall(day + timedelta(days=goes_on), found.until, here, now)
    if not ends:
        raise Misused("when.skipped", words=told.words)
    until = next((one for one in ends if one > at), None)
    if until is None or until - at > (_LONGEST_STRETCH if goes_on else timedelta(days=2)):
        raise Misused("when.unknown", words=told.hours)
    return at, until


def length(found: Found) -> timedelta | None:
    """Tell how long something took that was from one hour to another; None where that was not said."""
    if found.clock is None or found.until is None:
        return found.length
    begun, ended = (datetime.combine(date.min, one) for one in (found.clock, found.until))
    return ended - begun if ended > begun else ended - begun + timedelta(days=1)


def latest(found: Found, zone: str, now: datetime, told: Told) -> datetime:
    """Tell the last instant up to now that it may mean: a span is counted back, a weekday was in the last seven days.

    Raises:
        Misused: `when.future` or `when.skipped`, with the words.
    """
    here = ZoneInfo(zone)
    local = now.astimezone(here)
    if found.span is not None:
        return now - found.span
    if found.shift is not None:
        day = _later(local.date(), -found.shift[0], -found.shift[1])
        return datetime.combine(day, local.time(), here).astimezone(now.tzinfo)
    hour = found.clock or found.part or days.NOON
    over = [day for day in _back(found.dates, local.date()) if day <= local.date()]
    there_is = not over
    for day in over:
        instants = _on_the_wall(day, hour, here, now)
        there_is = there_is or bool(instants)
        if day == local.date() and found.clock is None and found.part is None:
            return min(now, *instants)
        if before := [one for one in instants if one <= now]:
            return before[-1]
    raise Misused("when.future" if there_is else "when.skipped", words=told.words)


def _back(dates: tuple[date, ...], today: date) -> list[date]:
    """List the days that may be meant, the latest first: of a weekday the one before, of a date that of last year."""
    if not dates:
        return [today, today - timedelta(days=1)]
    weekday = len(dates) > 1 and dates[1] - dates[0] == timedelta(days=7)
    yearly = [_year_before(dates[0])] if len(dates) > 1 and not weekday and dates[0] > today else []
    return sorted({*dates, *([dates[0] - timedelta(days=7)] if weekday else yearly)}, reverse=True)


def _year_before(day: date) -> date:
    return _later(day, -_MONTHS, 0)


def _instant(found: Found, here: ZoneInfo, now: datetime, told: Told) -> datetime:
    local = now.astimezone(here)
    at = found.clock or found.part
    if found.span is not None:
        return now + found.span
    if found.shift is not None:
        day = _later(local.date(), *found.shift)
        if at is None:
            return datetime.combine(day, local.time(), here).astimezone(now.tzinfo)
        days: tuple[date, ...] = (day,)
    else:
        days = found.dates or tuple(local.date() + timedelta(days=ahead) for ahead in range(3))
    there_is = False
    for day in days:
        for hour in (at,) if at is not None else found.hours:
            instants = _on_the_wall(day, hour, here, now)
            there_is = there_is or bool(instants)
            for instant in instants:
                if instant > now:
                    return instant
    raise Misused("when.past" if there_is else "when.skipped", words=told.words)


def _on_the_wall(day: date, hour: time, here: ZoneInfo, now: datetime) -> list[datetime]:
    """List the instants at which the clock shows an hour: two when it is put back over it, none when put forward."""
    naive = datetime.combine(day, hour)
    both = [naive.replace(tzinfo=here, fold=fold).astimezone(UTC) for fold in (0, 1)]
    there = [one for one in both if one.astimezone(here).replace(tzinfo=None, fold=0) == naive]
    return [one.astimezone(now.tzinfo) for one in sorted(set(there))]


def _later(day: date, months: int, days: int) -> date:
    """Tell the day so many months and days later; the last of a month that is too short."""
    year, month = divmod(day.month - 1 + months, _MONTHS)
    year, month = day.year + year, month + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1])) + timedelta(days=days)
