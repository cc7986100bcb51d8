"""Words → an instant: `tomorrow 9:00`, `о 15:30`, `fri 5pm`, `за пів години`; at the beginning or the end of words.

What looks like a time and is none is refused by name: it must not become a part of the title, with a wrong time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import timewords as known
from core.errors import Misused

#: What a day without an hour may mean, the first that is not over.
_ANY_HOUR = (known.MORNING, known.EVENING, time(23, 59))

#: A bare hour up to this one, as in `at 5`, is one of the afternoon: nobody works at five in the morning.
_LAST_AFTERNOON_HOUR = 6

_BETWEEN = " \t\n,;:–—-"


@dataclass(frozen=True, slots=True)
class Reading:
    """An instant that was read, and the words that are left: those after it, or before it."""

    at: datetime
    rest: str


@dataclass(frozen=True, slots=True)
class _Word:
    """One word as it is compared, and where it stands in what was written."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Found:
    """What has been read so far.

    Attributes:
        end: the place of the first word that does not belong to it.
        span: from now on; then there is nothing else.
        dates: those it may be, the nearest first; none for "the next time that the clock shows it".
        hours: what such a day without an hour means.
        part: of the day.
    """

    end: int
    span: timedelta | None = None
    dates: tuple[date, ...] = ()
    hours: tuple[time, ...] = _ANY_HOUR
    clock: time | None = None
    part: time | None = None

    @property
    def empty(self) -> bool:
        """Whether there is no time in it yet."""
        return self.span is None and not self.dates and self.clock is None and self.part is None


def when(words: str, zone: str, now: datetime) -> Reading | None:
    """Read an instant at the beginning of some words, in the reader's zone; None when there is none.

    A day without a time means nine in the morning, or the evening when that is over; a time without a day means its
    next occurrence, and so does a weekday. A bare hour from one to six is one of the afternoon.

    Raises:
        Misused: `when.unknown` for what looks like a time and is none, `when.past` for what is over; with the words.
    """
    text = words.strip()
    split = _split(text)
    found = _read(split, 0, now.astimezone(ZoneInfo(zone)).date(), ending=False)
    _refuse_likeness(split, found, text)
    if found.empty or (found.end == 1 and known.DAYS.get(split[0].text, 0) < 0):
        return None  # "yesterday" alone is told of, not meant
    told = text[: split[found.end - 1].end]
    return Reading(_instant(found, zone, now, told), text[len(told) :].lstrip(_BETWEEN))


def when_ending(words: str, zone: str, now: datetime) -> Reading | None:
    """Read an instant at the end of some words that come before it; None when there is none.

    It is stricter than `when`: `3.11` may be a version there, `за тиждень` a report's week and `sun` the sun.

    Raises:
        Misused: as `when`.
    """
    text = words.strip()
    split = _split(text)
    today = now.astimezone(ZoneInfo(zone)).date()
    for first in range(1, len(split)):
        found = _read(split, first, today, ending=True)
        alone = found.end == first + 1 and known.DAYS.get(_at(split, first), 0) < 0
        if not found.empty and found.end == len(split) and not alone:
            at = _instant(found, zone, now, text[split[first].start :])
            return Reading(at, text[: split[first].start].rstrip(_BETWEEN))
    last = split[-1] if len(split) > 1 else None
    if last and known.LIKE_A_CLOCK.fullmatch(last.text) and not known.CLOCK.fullmatch(last.text):
        raise Misused("when.unknown", words=text[last.start :])
    return None


def what_and_when(words: str, zone: str, now: datetime) -> tuple[str, datetime | None]:
    """Part words into what is said and the instant at their beginning or end, if there is one.

    Raises:
        Misused: as `when`.
    """
    read = when(words, zone, now) or when_ending(words, zone, now)
    return (read.rest, read.at) if read else (words.strip(), None)


def _split(text: str) -> list[_Word]:
    return [
        _Word(one[0].casefold().rstrip(",;").replace("'", "ʼ").replace("’", "ʼ"), one.start(), one.end())
        for one in re.finditer(r"\S+", text)
    ]


def _at(words: Sequence[_Word], place: int) -> str:
    return words[place].text if 0 <= place < len(words) else ""


def _read(words: Sequence[_Word], first: int, today: date, *, ending: bool) -> _Found:
    """Read as much of a time as stands at a place: a span, or a day, a clock and a part of the day in any order."""
    span = _span(words, first, ending=ending)
    if span is not None:
        return span
    found = _Found(first)
    while True:
        place = _after_leads(words, found.end)
        before = _at(words, place - 1) if place > found.end else ""
        more = _more(words, place, found, today, before)
        if more is None or (ending and found.empty and not before and not _surely(words, place, more)):
            return found
        found = more


def _after_leads(words: Sequence[_Word], place: int) -> int:
    while _at(words, place) in known.LEADS:
        place += 1
    return place + (_at(words, place) == "the" and _at(words, place + 1) in known.LED_PARTS)


def _more(words: Sequence[_Word], place: int, found: _Found, today: date, before: str) -> _Found | None:
    word = _at(words, place)
    if not found.dates and (day := _day(words, place, today, before)):
        dates, hours, end = day
        return replace(found, dates=dates, hours=hours, end=end, part=found.part or known.PARTS.get(word))
    if found.clock is None and (clock := _clock(words, place, before, found.part)):
        return replace(found, clock=clock[0], end=clock[1])
    if found.part is None and found.clock is None:
        part = known.PARTS.get(word) or (known.LED_PARTS.get(word) if found.dates or before else None)
        return replace(found, part=part, end=place + 1) if part else None
    return None


def _surely(words: Sequence[_Word], place: int, more: _Found) -> bool:
    """Tell whether what stands at the end of a title is a time, and not a version, a price or the sun."""
    word = _at(words, place)
    if any(short.fullmatch(word) for short in known.SHORT_WEEKDAYS):
        return bool(known.CLOCK.fullmatch(_at(words, more.end))) or _at(words, more.end) in known.CLOCK_LEADS
    return "." not in word or (bool(more.dates) and bool(known.LONG_DATE.fullmatch(word)))


def _span(words: Sequence[_Word], first: int, *, ending: bool) -> _Found | None:
    lead = _at(words, first)
    led = lead in known.SPAN_LEADS
    if ending and not led:
        return None
    one = _one(words, first + 1) if led else None
    span, end = one or _counted(words, first + led)
    if not span or (ending and lead == "за" and span >= timedelta(days=1)):
        return None
    return _Found(end, span=span)


def _one(words: Sequence[_Word], place: int) -> tuple[timedelta, int] | None:
    """Read half an hour, or one of something without a number."""
    half = known.half_hour(tuple(_at(words, place + ahead) for ahead in range(3)))
    if half:
        return timedelta(minutes=30), place + half
    article = _at(words, place) in {"a", "an", "one"}
    unit = known.unit(_at(words, place + article))
    return (timedelta(**{unit: 1}), place + article + 1) if unit else None


#: Nobody plans further ahead; a longer span is cut to it.
LONGEST = timedelta(days=3660)


def _counted(words: Sequence[_Word], place: int) -> tuple[timedelta, int]:
    """Read `2h`, `3 days`, `1 год 30 хв`; nothing of it is no time at all."""
    span = timedelta()
    while found := known.SPAN.fullmatch(_at(words, place)):
        apart = not found[2]
        unit = known.unit(_at(words, place + 1)) if apart else known.unit(found[2], glued=True)
        if unit is None:
            break
        span = min(span + timedelta(**{unit: float(found[1].replace(",", "."))}), LONGEST)
        place += 1 + apart
    return span, place


_Day = tuple[tuple[date, ...], tuple[time, ...], int]


def _day(words: Sequence[_Word], place: int, today: date, before: str) -> _Day | None:
    word = _at(words, place)
    if word in known.DAYS:
        return (today + timedelta(days=known.DAYS[word]),), _ANY_HOUR, place + 1
    weekday = 0 if known.is_next_week(before, word) else known.weekday(word)
    if weekday is not None:
        nearest = today + timedelta(days=(weekday - today.weekday()) % 7)
        return (nearest, nearest + timedelta(days=7)), (known.MORNING,), place + 1
    dates, end = known.numbered_date(word, today), place + 1
    if not dates and (named := _month_and_day(words, place)):
        month, day, end = named
        year = known.YEAR.fullmatch(_at(words, end))
        dates, end = known.dates(day, month, int(year[0]) if year else None, today), end + bool(year)
    return (dates, _ANY_HOUR, end) if dates else None


def _month_and_day(words: Sequence[_Word], place: int) -> tuple[int, int, int] | None:
    """Read `25 грудня`, `25th of December` or `Dec 25`, as (month, day, place after it); the day may be none."""
    of = _at(words, place + 1) == "of"
    for month_at, day_at in ((place + 1 + of, place), (place, place + 1)):
        month, day = known.month(_at(words, month_at)), known.DAY_OF_MONTH.fullmatch(_at(words, day_at))
        if month and day:
            return month, int(day[1]), max(month_at, day_at) + 1
    return None


def _clock(words: Sequence[_Word], place: int, before: str, part: time | None) -> tuple[time, int] | None:
    """Read a time of day, with what follows it: `9:00`, `5 pm`, `9 вечора`; a bare hour only after `at` or so."""
    word, following = _at(words, place), _at(words, place + 1)
    full, bare = known.CLOCK.fullmatch(word), known.HOUR.fullmatch(word)
    if not full and not bare:
        return None
    glued = full[3] if full else bare[2] if bare else None
    half = known.HALVES.get(glued or following)
    oclock = not glued and following in known.OCLOCK
    end = place + 1 + (oclock or (not glued and half is not None))
    if full:
        return time(_hour(int(full[1]), half), int(full[2])), end
    led = before in known.CLOCK_LEADS or word.startswith("@")
    if bare is None or (half is None and not oclock and not led):
        return None
    return time(_bare_hour(int(bare[1]), half, part)), end


def _hour(hour: int, half: bool | None) -> int:
    if half is None:
        return hour
    return hour % 12 + 12 if half and hour <= 12 else hour % 12 if not half else hour  # noqa: PLR2004 - of the clock


def _bare_hour(hour: int, half: bool | None, part: time | None) -> int:
    if half is None and part is not None:
        half = part >= known.NOON
    if half is None and 1 <= hour <= _LAST_AFTERNOON_HOUR:
        half = True
    return _hour(hour, half)


def _refuse_likeness(words: Sequence[_Word], found: _Found, text: str) -> None:
    """Refuse the word that looks like the missing half of a time, and is none."""
    if found.span is not None:
        return
    place = _after_leads(words, found.end)
    word, end = _at(words, place), place + 1
    like = found.clock is None and bool(known.LIKE_A_CLOCK.fullmatch(word))
    if not found.dates and not like:
        named = _month_and_day(words, place)
        like, end = bool(known.LIKE_A_DATE.fullmatch(word) or named), named[2] if named else end
    if like:
        raise Misused("when.unknown", words=text[words[place].start : words[end - 1].end])


def _instant(found: _Found, zone: str, now: datetime, told: str) -> datetime:
    """Tell the first instant after now that it may mean.

    Raises:
        Misused: `when.past`, with the words.
    """
    if found.span is not None:
        return now + found.span
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    at = found.clock or found.part
    for day in found.dates or tuple(today + timedelta(days=ahead) for ahead in range(3)):
        for hour in (at,) if at is not None else found.hours:
            for fold in (0, 1):  # an hour that comes twice, because the clock is put back
                instant = datetime.combine(day, hour, here).replace(fold=fold).astimezone(now.tzinfo)
                if instant > now:
                    return instant
    raise Misused("when.past", words=told)
