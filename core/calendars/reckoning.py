"""Reckoning with working time: how much lies between two instants, and which instant is so much of it away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from core.calendars.rules import Calendar, instant, work_in
from core.calendars.spans import Span, intersect
from core.errors import Refused

#: So far away an instant is looked for; a calendar that never opens is given up there.
WITHIN = timedelta(days=20 * 365)

_NOTHING = timedelta()
_FIRST_LOOK, _LONGEST_LOOK = timedelta(days=7), timedelta(days=364)


def worked(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Tell how much work is done between two instants; nothing when the second is not later."""
    return sum((other - one for one, other in work_in(calendar, start, end)), _NOTHING)


def worked_by_day(calendar: Calendar, start: datetime, end: datetime) -> dict[date, timedelta]:
    """Tell how much work is done on each local date between two instants; dates without any are left out."""
    here = ZoneInfo(calendar.zone)
    found = work_in(calendar, start, end)
    first, last = start.astimezone(here).date(), end.astimezone(here).date()
    days = [first + timedelta(days=number) for number in range((last - first).days + 2)]
    midnights = [(day, instant(day, datetime.min.time(), here)) for day in days]
    by_day = {
        day: sum((two - one for one, two in intersect(found, [(midnight, following)])), _NOTHING)
        for (day, midnight), (_, following) in pairwise(midnights)
    }
    return {day: work for day, work in by_day.items() if work}


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Tell whether work is done at an instant: at the first of a stretch it is, at its end not any more."""
    return bool(work_in(calendar, at, at + timedelta.resolution))


def reach(calendar: Calendar, at: datetime, work: timedelta, *, within: timedelta = WITHIN) -> datetime:
    """Tell the first instant by which so much work has been done since `at`; with no work, when it next is done.

    Raises:
        Refused: `calendar.never`: there is not so much working time that near.
    """
    for start, end in _ahead(calendar, at, at + within):
        if work <= end - start:
            return start + work
        work -= end - start
    raise Refused("calendar.never", zone=calendar.zone, days=within.days)


def reach_back(calendar: Calendar, at: datetime, work: timedelta, *, within: timedelta = WITHIN) -> datetime:
    """Tell the last instant since which so much work has been done until `at`; with no work, when it last was.

    Raises:
        Refused: `calendar.never`: there is not so much working time that near.
    """
    for start, end in _back(calendar, at - within, at):
        if work <= end - start:
            return end - work
        work -= end - start
    raise Refused("calendar.never", zone=calendar.zone, days=within.days)


def next_opening(calendar: Calendar, at: datetime, *, within: timedelta = WITHIN) -> datetime | None:
    """Tell the first instant after `at` at which work begins; None when there is none that near."""
    return next((start for start, _ in _joined(_ahead(calendar, at, at + within)) if start > at), None)


def next_closing(calendar: Calendar, at: datetime, *, within: timedelta = WITHIN) -> datetime | None:
    """Tell the first instant after `at` at which work ends; None when there is none that near."""
    end = next((end for _, end in _joined(_ahead(calendar, at, at + within))), None)
    return end if end is not None and not is_open(calendar, end) else None


def previous_opening(calendar: Calendar, at: datetime, *, within: timedelta = WITHIN) -> datetime | None:
    """Tell the last instant before `at` at which work began; None when there is none that near."""
    start = next((start for start, _ in _joined_back(_back(calendar, at - within, at))), None)
    return start if start is not None and not is_open(calendar, start - timedelta.resolution) else None


def previous_closing(calendar: Calendar, at: datetime, *, within: timedelta = WITHIN) -> datetime | None:
    """Tell the last instant before `at` at which work ended; None when there is none that near."""
    return next((end for _, end in _joined_back(_back(calendar, at - within, at)) if end < at), None)


def _ahead(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """List stretches from an instant on, looking further each time; one may be cut where a look ends."""
    look = _FIRST_LOOK
    while start < end:
        until = min(start + look, end)
        yield from work_in(calendar, start, until)
        start, look = until, min(look * 4, _LONGEST_LOOK)


def _back(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """List stretches back from an instant, the last first."""
    look = _FIRST_LOOK
    while start < end:
        since = max(end - look, start)
        yield from reversed(work_in(calendar, since, end))
        end, look = since, min(look * 4, _LONGEST_LOOK)


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Join what was cut where a look ended."""
    waiting: Span | None = None
    for start, end in spans:
        if waiting is not None and waiting[1] != start:
            yield waiting
            waiting = None
        waiting = waiting[0] if waiting else start, end
    if waiting is not None:
        yield waiting


def _joined_back(spans: Iterator[Span]) -> Iterator[Span]:
    waiting: Span | None = None
    for start, end in spans:
        if waiting is not None and waiting[0] != end:
            yield waiting
            waiting = None
        waiting = start, waiting[1] if waiting else end
    if waiting is not None:
        yield waiting
