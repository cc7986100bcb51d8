"""Words → the days that they may mean: `завтра`, `next fri`, `25 грудня`, `24.12`, `fri 27.11`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from bot import timewords as known

#: What a day that is over means without an hour.
NOON = known.NOON

#: What a day without an hour may mean, the first that is not over.
ANY_HOUR = (known.MORNING, known.EVENING, time(23, 59))

#: The days it may be, what such a day without an hour means, and the place after it.
Day = tuple[tuple[date, ...], tuple[time, ...], int]


def read(words: Sequence[str], place: int, today: date, before: str) -> Day | None:
    """Read the day that stands at a place: a name, a weekday, a date; `before` is the word that leads to it."""
    word = _at(words, place)
    if word in known.DAYS:
        return (today + timedelta(days=known.DAYS[word]),), ANY_HOUR, place + 1
    if known.after_tomorrow(tuple(words[place : place + 3])):
        return (today + timedelta(days=2),), ANY_HOUR, place + 3
    weekday = 0 if known.is_next_week(before, word) else known.weekday(word)
    if weekday is not None:
        return _weekday(words, place, today, weekday, of_next=before in known.NEXT)
    dates, end = known.numbered_date(word, today), place + 1
    if not dates and (named := month_and_day(words, place)):
        month, day, end = named
        year = known.YEAR.fullmatch(_at(words, end))
        dates, end = known.dates(day, month, int(year[0]) if year else None, today), end + bool(year)
    return (dates, ANY_HOUR, end) if dates else None


def _weekday(words: Sequence[str], place: int, today: date, weekday: int, *, of_next: bool) -> Day | None:
    """Read a day of the week: the nearest, with `next` that of the week after this one, or the date that follows it."""
    dated = read(words, place + 1, today, "") if known.weekday(_at(words, place + 1)) is None else None
    if dated and _at(words, place + 1) not in known.DAYS:
        fitting = tuple(day for day in dated[0] if day.weekday() == weekday)
        return (fitting, dated[1], dated[2]) if fitting else None
    monday = today - timedelta(days=today.weekday())
    if of_next:
        return (monday + timedelta(days=7 + weekday),), (known.MORNING,), place + 1
    nearest = today + timedelta(days=(weekday - today.weekday()) % 7)
    return (nearest, nearest + timedelta(days=7)), (known.MORNING,), place + 1


def month_and_day(words: Sequence[str], place: int) -> tuple[int, int, int] | None:
    """Read `25 грудня`, `25th of December` or `Dec 25`, as (month, day, place after it); the day may be none."""
    of = _at(words, place + 1) == "of"
    for month_at, day_at in ((place + 1 + of, place), (place, place + 1)):
        month, day = known.month(_at(words, month_at)), known.DAY_OF_MONTH.fullmatch(_at(words, day_at))
        if month and day:
            return month, int(day[1]), max(month_at, day_at) + 1
    return None


def _at(words: Sequence[str], place: int) -> str:
    return words[place] if 0 <= place < len(words) else ""
