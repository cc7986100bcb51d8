"""Words of a command → values; what cannot be read is refused with an example of how to say it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import Misused

_NUMBER = re.compile(r"[№#nN]?\s*(\d{1,12})")
_CLOCK = re.compile(r"(?:о|об|at|@)?\s*([01]?\d|2[0-3])[:.]([0-5]\d)")
_SPAN = re.compile(
    r"(?:in|через|за)?\s*\+?(\d{1,3})\s*"
    r"(m|min|minutes?|хв|хвилин[иу]?|h|hours?|год|годин[иу]?|d|days?|д|дн|дн[іи]в?|день|w|weeks?|тиж\w*)\b",
    re.IGNORECASE,
)
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?|(\d{4})-(\d{2})-(\d{2})")
_DAYS = {"today": 0, "сьогодні": 0, "tomorrow": 1, "tmr": 1, "завтра": 1, "післязавтра": 2}
_WEEKDAYS = tuple(
    re.compile(names)
    for names in (
        "mon(day)?|пн|понеділ(ок|ка|ку)", "tue(s|sday)?|вт|вівтор(ок|ка|ку)", "wed(nesday)?|ср|серед[ауи]",
        "thu(r|rs|rsday)?|чт|четвер(га|гу)?", "fri(day)?|пт|пʼятниц[яюі]", "sat(urday)?|сб|субот[ауи]",
        "sun(day)?|нд|неділ[яюі]",
    )
)  # fmt: skip
_UNITS = {
    "m": "minutes",
    "х": "minutes",
    "h": "hours",
    "г": "hours",
    "d": "days",
    "д": "days",
    "w": "weeks",
    "т": "weeks",
}

#: The hour meant by a day without one.
MORNING = time(9, 0)


def number(words: str, about: int | None, usage: str) -> tuple[int, str]:
    """Read the number of an item at the beginning, or take that of the message replied to.

    Returns:
        The number and the words after it.

    Raises:
        Misused: `usage`.
    """
    found = _NUMBER.match(words.strip())
    if found and (found.end() == len(words.strip()) or not words.strip()[found.end()].isalnum()):
        rest = words.strip()[found.end() :].strip()
        if not (about is not None and rest.startswith((":", "."))):  # "9:00" after a reply is no number
            return int(found[1]), rest
    if about is not None:
        return about, words.strip()
    raise Misused(usage)


@dataclass(frozen=True, slots=True)
class Reading:
    """An instant that was read, and the words that follow it."""

    at: datetime
    rest: str


def when(words: str, zone: str, now: datetime) -> Reading | None:
    """Read an instant at the beginning of some words, in the reader's zone; None when there is none.

    Understands `tomorrow 9:00`, `завтра о 15:30`, `fri 10:00`, `24.12 9:00`, `2026-12-24`, `18:30`, `2h`, `за 3 дні`.
    A day without a time means nine in the morning; a time without a day means its next occurrence.
    """
    text = words.strip()
    span = _SPAN.match(text)
    if span:
        unit = _UNITS[span[2][0].casefold()]
        return Reading(now + timedelta(**{unit: int(span[1])}), text[span.end() :].strip())
    here = ZoneInfo(zone)
    local = now.astimezone(here)
    day, rest = _day(text, local.date())
    clock = _CLOCK.match(rest)
    if clock:
        at, rest = time(int(clock[1]), int(clock[2])), rest[clock.end() :].strip()
    elif day is None:
        return None
    else:
        at = MORNING
    if day is None:
        day = local.date() if at > local.time() else local.date() + timedelta(days=1)
    return Reading(datetime.combine(day, at, here).astimezone(now.tzinfo), rest)


def _day(text: str, today: date) -> tuple[date | None, str]:
    first, _, rest = text.partition(" ")
    word = first.casefold().strip(",").replace("'", "ʼ").replace("’", "ʼ")
    if word in {"next", "on", "у", "в", "до", "until", "till", "наступний", "наступного"} and rest:
        return _day(rest, today)
    if word in _DAYS:
        return today + timedelta(days=_DAYS[word]), rest.strip()
    for weekday, names in enumerate(_WEEKDAYS):
        if names.fullmatch(word):
            ahead = (weekday - today.weekday()) % 7 or 7
            return today + timedelta(days=ahead), rest.strip()
    found = _DATE.match(text)
    if found:
        day = _date(found, today)
        if day is not None:
            return day, text[found.end() :].strip()
    return None, text


def _date(found: re.Match[str], today: date) -> date | None:
    try:
        if found[4]:
            return date(int(found[4]), int(found[5]), int(found[6]))
        day = date(int(found[3] or today.year), int(found[2]), int(found[1]))
    except ValueError:
        return None
    return day.replace(year=day.year + 1) if not found[3] and day < today else day


def clock(words: str) -> time | None:
    """Read a time of day such as `9:00` or `18.30`; None when it is none."""
    found = _CLOCK.fullmatch(words.strip())
    return time(int(found[1]), int(found[2])) if found else None


def days(words: str, usage: str) -> int | None:
    """Read a number of days; None when nothing was said.

    Raises:
        Misused: `usage`.
    """
    text = words.strip()
    if not text:
        return None
    if not text.isdigit() or not 0 <= int(text) <= 365:  # noqa: PLR2004 - a year
        raise Misused(usage)
    return int(text)
