"""When somebody is told of something, and of what: quiet hours and choices, values in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class News(StrEnum):
    """What somebody on the staff may be told of unasked.

    `assigned`: what comes into their hands, leaves them, or happens to it. `desk`: what somebody must know of the desk
    itself, such as what could not be delivered. Neither can be turned off.
    """

    ASSIGNED = "assigned"
    ANSWERS = "answers"
    MENTIONS = "mentions"
    WATCHED = "watched"
    REMINDERS = "reminders"
    DESK = "desk"


#: What somebody may choose to be told of, in the order in which it is shown.
CHOSEN = (News.ASSIGNED, News.ANSWERS, News.MENTIONS, News.WATCHED, News.REMINDERS)


class Loudness(StrEnum):
    """How somebody wants to be told of something."""

    ON = "on"
    SILENT = "silent"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of each day in which somebody wants no messages, by the clock of their zone; they may pass midnight."""

    start: time
    end: time


#: Of what a member of staff is told within a minute, at most so much may be news of watched queues, and of one item:
#: whoever writes to it and writes again leaves room for what others want.
WATCHED_AT_ONCE, OF_ONE_AT_ONCE = 3, 5

#: Of how much somebody was told, by its kind and the item it is about.
Told = Mapping[tuple[str, int | None], int]


def loudness(chosen: Mapping[str, str] | None, news: News) -> Loudness:
    """Tell how somebody wants to be told of something: aloud unless they chose otherwise."""
    return Loudness((chosen or {}).get(news, Loudness.ON))


def may_be(news: News) -> tuple[Loudness, ...]:
    """List how somebody may choose to be told of something: what is assigned to them is never off."""
    return (Loudness.ON, Loudness.SILENT) if news is News.ASSIGNED else tuple(Loudness)


def passes(news: News, *, urgent: bool) -> bool:
    """Tell whether something is told in quiet hours too: what is urgent, and where a colleague calls by name."""
    return urgent or news is News.MENTIONS


def quiet_until(quiet: Quiet | None, zone: str, now: datetime) -> datetime | None:
    """Tell when the quiet hours end in which it is now; None outside of them.

    They are read on the clock of the zone, so that they begin and end at the same hour all year round.
    """
    if quiet is None:
        return None
    here = now.astimezone(ZoneInfo(zone))
    at = here.time().replace(tzinfo=None)
    over_night = quiet.end <= quiet.start
    within = (at >= quiet.start or at < quiet.end) if over_night else quiet.start <= at < quiet.end
    if not within:
        return None
    day = here.date() + timedelta(days=1 if over_night and at >= quiet.start else 0)
    end = datetime.combine(day, quiet.end, tzinfo=ZoneInfo(zone)).astimezone(now.tzinfo)
    return end if end > now else None


def too_much(told: Told, which: tuple[News, int | None], at_most: int) -> bool:
    """Tell whether somebody was told of so much within the last minute that more is gathered into one line.

    Args:
        which: the kind of what more there is, and the item it is about.
        at_most: of how much in all; 0 for any number.
    """
    if not at_most:
        return False
    news, work = which
    watched = sum(count for (kind, _), count in told.items() if kind == News.WATCHED)
    same = sum(count for (_, item), count in told.items() if item == work and work is not None)
    return (
        sum(told.values()) >= at_most
        or (news is News.WATCHED and watched >= min(WATCHED_AT_ONCE, at_most))
        or same >= min(OF_ONE_AT_ONCE, at_most)
    )


def next_minute(now: datetime) -> datetime:
    """Tell when the minute ends that it is now: what was gathered in it is told then."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
