"""Words → an instant: `tomorrow 9:00`, `о 15:30`, `fri 5pm`, `за пів години`; at the beginning or the end of words.

What looks like a time and is none is refused by name: it must not become a part of the title, with a wrong time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import clocks, days, spans
from bot import timewords as known
from bot.instants import Found, Told, instants, latest, length
from core.errors import Misused

_BETWEEN = " \t\n,;:–—-"


@dataclass(frozen=True, slots=True)
class Reading:
    """An instant that was read, with its end where it has one, and the words that are left: after it, or before it."""

    at: datetime
    rest: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned, and the instant if there is one, with its end if that was said."""

    title: str
    at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Word:
    """One word as it is compared, and where it stands in what was written."""

    text: str
    start: int
    end: int


def when(words: str, zone: str, now: datetime) -> Reading | None:
    """Read an instant at the beginning of some words, in the reader's zone; None when there is none.

    A day without a time means nine in the morning, or the evening when that is over; a time without a day means its
    next occurrence, and so does a weekday. A bare hour from one to six is one of the afternoon.

    Raises:
        Misused: `when.unknown` for what looks like a time and is none or could be another, `when.past` for what is
            over, `when.skipped` for an hour that there is not, because the clock is put forward; with the words.
    """
    text = words.strip()
    split = _split(text)
    texts = [one.text for one in split]
    found = _read(texts, 0, now.astimezone(ZoneInfo(zone)).date(), ending=False)
    _refuse_likeness(split, found, text)
    if found.empty or (found.end == 1 and known.DAYS.get(split[0].text, 0) < 0):
        return None  # "yesterday" alone is told of, not meant
    _refuse_count(split, found, text)
    end = split[found.end - 1].end
    at, until = instants(found, zone, now, Told(text[:end], _hours(split, found, text)))
    return Reading(at, text[end:].lstrip(_BETWEEN), until)


def when_ending(words: str, zone: str, now: datetime) -> Reading | None:
    """Read an instant at the end of some words that come before it; None when there is none.

    It is stricter than `when`: `3.11` may be a version there, `за тиждень` a report's week and `sun` the sun.

    Raises:
        Misused: as `when`.
    """
    text = words.strip()
    split = _split(text)
    texts = [one.text for one in split]
    today = now.astimezone(ZoneInfo(zone)).date()
    for first in range(1, len(split)):
        found = _read(texts, first, today, ending=True)
        alone = found.end == first + 1 and known.DAYS.get(texts[first], 0) < 0
        if not found.empty and found.end == len(split) and not alone:
            _refuse_no_date(split[first - 1], found, text)
            told = Told(text[split[first].start :], _hours(split, found, text))
            at, until = instants(found, zone, now, told)
            return Reading(at, text[: split[first].start].rstrip(_BETWEEN), until)
    last = split[-1] if len(split) > 1 else None
    if last and known.LIKE_A_CLOCK.fullmatch(last.text) and not known.CLOCK.fullmatch(last.text):
        raise Misused("when.unknown", words=text[last.start :])
    return None


def happened(words: str, zone: str, now: datetime) -> Reading | None:
    """Read an instant that is over at the beginning of some words, in the reader's zone; None when there is none.

    `yesterday 15:00`, `mon 9:30`, `last mon`, `2h ago`: a time without a day is the last such, a day without a time
    noon. A span without "ago" is how long something took.

    Raises:
        Misused: `when.unknown` as in `when`; `when.future` for what is still to come.
    """
    text = words.strip()
    split = _split(text)
    texts = [one.text for one in split]
    last = _at(texts, 0) in known.LAST and known.weekday(_at(texts, 1)) is not None
    local = now.astimezone(ZoneInfo(zone))
    if last:  # of the same weekday as today that is a week ago
        local = datetime.combine(local.date(), time(), local.tzinfo) - timedelta(seconds=1)
    found = _one_ago(texts) or _read(texts, int(last), local.date(), ending=False)
    ago = _at(texts, found.end) in known.AGO
    if found.empty or (found.spans and not ago):
        return None
    _refuse_likeness(split, found, text)
    end = split[found.end + ago - 1].end
    told = Told(text[:end], _hours(split, found, text))
    at, took = latest(found, zone, local.astimezone(now.tzinfo), told), length(found)
    return Reading(at, text[end:].lstrip(_BETWEEN), at + took if took else None)


def _one_ago(words: Sequence[str]) -> Found | None:
    """Read one of something that is over: `an hour ago`, `тиждень тому`, `пів години тому`."""
    stretch, end = spans.one(words, 0) or (spans.Stretch(), 0)
    if _at(words, end) not in known.AGO or stretch == spans.Stretch():
        return None
    return Found(end, shift=(stretch.months, stretch.days)) if stretch.shift else Found(end, span=stretch.exact)


def planned(words: str, zone: str, now: datetime) -> Planned:
    """Part words into what is said and the instant at their beginning or end, if there is one.

    Raises:
        Misused: as `when`.
    """
    read = when(words, zone, now) or when_ending(words, zone, now)
    return Planned(read.rest, read.at, read.until) if read else Planned(words.strip())


def what_and_when(words: str, zone: str, now: datetime) -> tuple[str, datetime | None]:
    """Part words as `planned` does, where only the instant matters.

    Raises:
        Misused: as `when`.
    """
    read = planned(words, zone, now)
    return read.title, read.at


def _split(text: str) -> list[_Word]:
    return [
        _Word(one[0].casefold().rstrip(",;").replace("'", "ʼ").replace("’", "ʼ"), one.start(), one.end())
        for one in re.finditer(r"\S+", text)
    ]


def _hours(words: Sequence[_Word], found: Found, text: str) -> str:
    """Tell the words that say the hours."""
    first, after = found.hours_at
    return text[words[first].start : words[after - 1].end] if after else ""


def _at(words: Sequence[str], place: int) -> str:
    return words[place] if 0 <= place < len(words) else ""


def _read(words: Sequence[str], first: int, today: date, *, ending: bool) -> Found:
    """Read as much of a time as stands at a place: a span, or a day, a clock and a part of the day in any order."""
    found = _span(words, first, ending=ending) or Found(first)
    if found.span is not None:
        return found
    while True:
        place = _after_leads(words, found.end)
        before = _at(words, place - 1) if place > found.end else ""
        more = _length(words, found) or _more(words, place, found, today, before)
        if more is None or (ending and found.empty and not before and not _surely(words, place, more)):
            return found
        found = more


def _after_leads(words: Sequence[str], place: int) -> int:
    while _at(words, place) in known.LEADS:
        place += 1
    return place + (_at(words, place) == "the" and _at(words, place + 1) in {*known.LED_PARTS, "day"})


def _more(words: Sequence[str], place: int, found: Found, today: date, before: str) -> Found | None:
    word = _at(words, place)
    if not found.dates and not found.spans and (day := days.read(words, place, today, before)):
        dates, any_hour, end = day
        return replace(found, dates=dates, hours=any_hour, end=end, part=found.part or known.PARTS.get(word))
    after_day = bool(found.dates) or found.spans or found.part is not None
    if found.clock is None and (
        hours := clocks.read(words, place, before=before, part=found.part, after_day=after_day)
    ):
        return replace(found, clock=hours.at, until=hours.until, hours_at=(hours.start, hours.end), end=hours.end)
    if found.part is None and found.clock is None and not found.spans:
        part = known.PARTS.get(word) or (known.LED_PARTS.get(word) if found.dates or before else None)
        return replace(found, part=part, end=place + 1) if part else None
    return None


def _length(words: Sequence[str], found: Found) -> Found | None:
    """Read how long it takes, behind the hour: `for 2h`, `на 45 хв`."""
    if found.clock is None or found.until or found.length or _at(words, found.end) not in known.LENGTH_LEADS:
        return None
    stretch, end = spans.one(words, found.end + 1) or spans.counted(words, found.end + 1)
    return replace(found, length=stretch.exact, end=end) if stretch.exact and not stretch.shift else None


def _surely(words: Sequence[str], place: int, more: Found) -> bool:
    """Tell whether what stands at the end of a title is a time, and not a version, a price or the sun."""
    word = _at(words, place)
    if any(short.fullmatch(word) for short in known.SHORT_WEEKDAYS):
        following = _at(words, more.end)
        last = more.end + 1 == len(words) and clocks.is_number(following)
        return last or bool(known.CLOCK.fullmatch(following)) or following in known.CLOCK_LEADS
    return "." not in word or (bool(more.dates) and bool(known.LONG_DATE.fullmatch(word)))


def _span(words: Sequence[str], first: int, *, ending: bool) -> Found | None:
    lead = _at(words, first)
    led = lead in known.SPAN_LEADS
    if ending and not led:
        return None
    one = spans.one(words, first + 1) if led else None
    stretch, end = one or spans.counted(words, first + led)
    if stretch == spans.Stretch() or (ending and lead == "за" and stretch.long):
        return None
    if stretch.exact or not stretch.shift:
        return Found(end, span=min(stretch.exact + timedelta(days=stretch.days), spans.LONGEST))
    return Found(end, shift=(stretch.months, stretch.days))


def _refuse_likeness(words: Sequence[_Word], found: Found, text: str) -> None:
    """Refuse the word that looks like the missing half of a time, and is none."""
    if found.span is not None:
        return
    texts = [one.text for one in words]
    place = _after_leads(texts, found.end)
    word, end = _at(texts, place), place + 1
    like = found.clock is None and bool(known.LIKE_A_CLOCK.fullmatch(word))
    if not found.dates and not found.spans and not like:
        named = days.month_and_day(texts, place)
        slashed = known.SLASHED.fullmatch(word) and known.CLOCK.fullmatch(_at(texts, place + 1))
        like, end = bool(slashed or known.LIKE_A_DATE.fullmatch(word) or named), named[2] if named else end
    if like:
        raise Misused("when.unknown", words=text[words[place].start : words[end - 1].end])


def _refuse_count(words: Sequence[_Word], found: Found, text: str) -> None:
    """Refuse a bare number between a day and other words: `monday 11 boxes` may be eleven o'clock or eleven boxes."""
    texts = [one.text for one in words]
    if found.clock is None and not found.empty and clocks.is_number(_at(texts, found.end)):
        raise Misused("when.hour_or_count", words=text[: words[found.end].end], number=_at(texts, found.end))


def _refuse_no_date(before: _Word, found: Found, text: str) -> None:
    """Refuse what looks like the day of an hour at the end of words, and is none that can be told."""
    no_date = known.LIKE_A_DATE.fullmatch(before.text) and known.LONG_DATE.fullmatch(before.text)
    if not found.dates and not found.spans and (no_date or known.SLASHED.fullmatch(before.text)):
        raise Misused("when.unknown", words=text[before.start : before.end])
