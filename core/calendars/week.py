"""The hours of a week, read from how people write them and shown as compactly as they would."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time
from itertools import groupby, pairwise
from typing import Any

#: One stretch of work; one that ends no later than it begins ends on the next day.
Shift = tuple[time, time]

#: The shifts of each day, Monday first.
Week = tuple[tuple[Shift, ...], ...]

DAYS = 7

#: Monday to Friday, nine to six, as a week is kept.
OFFICE_HOURS: dict[str, list[list[str]]] = {str(day): [["09:00", "18:00"]] for day in range(5)}

_MIDNIGHT = time()

_WEEKDAYS = (
    "mon(day)?s?|пн|пон|понеділ(ок|ка|ку|ки)", "tue(s|sday)?s?|вт|вівтор(ок|ка|ку|ки)", "wed(nesday)?s?|ср|серед[ауи]",
    "thu(r|rs|rsday)?s?|чт|четвер(га|гу|ги)?", "fri(day)?s?|пт|пʼятниц[яюі]", "sat(urday)?s?|сб|субот[ауи]",
    "sun(day)?s?|нд|неділ[яюі]",
)  # fmt: skip
_SPANS = {
    "weekdays|workdays|будн[іия]|будні дні|робочі дні": range(5),
    "weekends?|вихідні": range(5, 7),
    "daily|every ?day|щодня|щоденно": range(7),
}
_DAY = "|".join(f"(?P<day{number}>{names})" for number, names in enumerate(_WEEKDAYS))
_SPAN = "|".join(f"(?P<span{number}>{names})" for number, names in enumerate(_SPANS))
_CLOCK = r"(?:(?:[01]?\d|2[0-3])(?:[:.][0-5]\d)?|24(?:[:.]00)?)"
_TOKEN = re.compile(
    rf"(?P<shift>(?P<start>{_CLOCK})-(?P<end>{_CLOCK}))(?![:.]?\d)|(?:{_SPAN})\b|(?:{_DAY})\b\.?"
    r"|(?P<off>off|free|вихідний|немає)\b|(?P<to>-)|(?P<filler>[,;:]|(?:and|from|on|та|і|й|з|із|у|в)\b)"
)
Token = re.Match[str]


def read_week(words: str) -> Week | None:
    """Read hours such as `9-18`, `mon-fri 9-18, sat 10-14`, `пн-пт 9:00-12:00 13:00-18:00`, `22-6`; None for others.

    Hours without days are those of Monday to Friday. What is said of a day later takes the place of what was said
    before. Two shifts of one day may not overlap, and there must be one in the week; `0-24` is a whole day.
    """
    week: list[tuple[Shift, ...]] = [()] * DAYS
    for days, shifts in _groups(_plain(words)):
        if not days or not _are_apart(shifts):
            return None
        for day in days:
            week[day] = tuple(sorted(shifts))
    return tuple(week) if any(week) else None


def _plain(words: str) -> str:
    text = re.sub(r"['’`]", "ʼ", words.casefold())
    text = re.sub(r"[–—−‒]|(?<=\w)\s+(?:to|till|until|through|до|по)\s+(?=\w)", "-", text)
    return re.sub(r"\s*-\s*", "-", text)


def _groups(text: str) -> list[tuple[list[int], list[Shift]]]:
    """Take the words apart into days and their shifts; nothing when something in them is neither."""
    tokens = _tokens(text)
    runs = [list(run) for _, run in groupby((one for one in tokens if not one["filler"]), key=_tells_hours)]
    if runs and _tells_hours(runs[0][0]):  # hours first: of the days after them, or of all working days
        runs = [runs[1], runs[0]] if len(runs) == 2 else [[], *runs]  # noqa: PLR2004 - hours and days
    if len(runs) % 2:
        return []
    return [
        (_days(days), [_shift(one) for one in hours if one["shift"]])
        for days, hours in zip(runs[::2], runs[1::2], strict=True)
    ]


def _tokens(text: str) -> list[Token]:
    """Read what follows upon what; nothing when there is anything else."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        token = None if text[at].isspace() else _TOKEN.match(text, at)
        if token is None and not text[at].isspace():
            return []
        found += [token] if token else []
        at = token.end() if token else at + 1
    return found


def _tells_hours(token: Token) -> bool:
    return bool(token["shift"] or token["off"])


def _days(tokens: Sequence[Token]) -> list[int]:
    """List the days of some words, of none the working days; nothing when they are not whole."""
    if not tokens:
        return list(range(5))
    days: list[int] = []
    to = False
    for token in tokens:
        if token["to"]:
            if to or not days:
                return []
            to = True
            continue
        named = _named(token)
        if to:
            named = [(days[-1] + step) % DAYS for step in range(1, (named[0] - days[-1]) % DAYS + 1)]
        days, to = days + named, False
    return [] if to else days


def _named(token: Token) -> list[int]:
    for number, span in enumerate(_SPANS.values()):
        if token[f"span{number}"]:
            return list(span)
    return [next(number for number in range(DAYS) if token[f"day{number}"])]


def _shift(token: Token) -> Shift:
    return _clock(token["start"]), _clock(token["end"])


def _clock(word: str) -> time:
    hours, _, minutes = word.replace(".", ":").partition(":")
    return time(int(hours) % 24, int(minutes or 0))


def _are_apart(shifts: Sequence[Shift]) -> bool:
    """Tell whether no two shifts of a day overlap; what is as long as a day must be the day itself."""
    in_order = sorted(shifts)
    if any(start == end != _MIDNIGHT for start, end in in_order):
        return False
    return all(start < end <= following for (start, end), (following, _) in pairwise(in_order))


def from_kept(kept: Mapping[str, Any]) -> Week:
    """Read a week as it is kept: a list of shifts by the number of the day, 0 is Monday."""
    return tuple(
        tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in kept.get(str(day), ()))
        for day in range(DAYS)
    )


def to_keep(week: Week) -> dict[str, list[list[str]]]:
    """Make of a week what is kept."""
    return {
        str(day): [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in shifts]
        for day, shifts in enumerate(week)
        if shifts
    }


def stretches(week: Week) -> list[tuple[int, int, str]]:
    """Put neighbouring days with the same hours together, as (first day, last day, hours such as `09:00–18:00`)."""
    found = []
    for shifts, group in groupby(range(DAYS), key=lambda day: week[day]):
        days = list(group)
        if shifts:
            found.append((days[0], days[-1], ", ".join(_shown(one) for one in shifts)))
    return found


def _shown(shift: Shift) -> str:
    start, end = shift
    return f"{start:%H:%M}–{'24:00' if end == _MIDNIGHT else f'{end:%H:%M}'}"
