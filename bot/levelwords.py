"""Words about service levels and closures → values; what cannot be read is refused with an example."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from bot import timewords as known
from core.calendars.rules import Closure
from core.calendars.week import read_week
from core.errors import Misused
from core.sla.rules import LADDER, LONGEST, ClockKind, Rung, Terms, Whom

#: A working day, where targets are told in days.
DAY = timedelta(hours=8)

#: What stands for no target, and the shortest.
_NONE, _MINUTE = frozenset("-–—"), timedelta(minutes=1)

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": DAY}
_UNIT = {"m": "m(?:in)?|хв", "h": "h|hrs?|год|г", "d": "d|days?|дн|д"}
_PIECE = re.compile(rf"(\d{{1,4}}(?:[.,]\d)?)\s?(?:(?P<m>{_UNIT['m']})|(?P<h>{_UNIT['h']})|(?P<d>{_UNIT['d']}))\.?")
_ONE = rf"(?:\d{{1,4}}(?:[.,]\d)?\s?(?:{_UNIT['m']}|{_UNIT['h']}|{_UNIT['d']})\.?)+"
_TARGET = rf"(?:{_ONE}|[-–—])"
_WHOM = {
    Whom.OWNER: "owner|власник(?:у|ові)?",
    Whom.MANAGERS: "managers?|керівник(?:и|ам|у|ові)?",
    Whom.ADMINISTRATORS: "admin(?:istrator)?s?|адміністратор(?:и|ам|у|ові)?",
}
_RUNG = rf"(?:0|{_ONE})\s+(?:{'|'.join(_WHOM.values())})"
_ON, _OFF = "on|так", "off|ні"
_SPACED = r"(?<![^\W_])"

#: What a part of a level begins with, and what may follow.
_PARTS = {
    "first": rf"(?:first|answer|відповідь)\s+({_TARGET}(?:\s*/\s*{_TARGET})*)",
    "resolve": rf"(?:resolve|resolution|вирішення|вирішити)\s+({_TARGET}(?:\s*/\s*{_TARGET})*)",
    "warn": rf"(?:warn|попередити)\s+({_OFF}|\d{{1,2}}\s?%(?:[\s,]+{_ONE})?|{_ONE})",
    "ladder": rf"(?:escalate|ескалація)\s+({_OFF}|{_RUNG}(?:\s*,\s*{_RUNG})*)",
    "pauses": rf"(?:pause|пауза)\s+({_ON}|{_OFF})",
    "closures": rf"(?:closures|перерви)\s+({_ON}|{_OFF})",
    "hours": r"(?:hours|години)\s+(.+)",
}
_PART = {name: re.compile(rf"{_SPACED}{pattern}(?![^\W_])", re.IGNORECASE) for name, pattern in _PARTS.items()}

#: What takes a level's own hours away.
_HOUSE = frozenset({"house", "служби", "як у служби"})

Change = Callable[[Terms], Terms]


@dataclass(frozen=True, slots=True)
class ReadTerms:
    """The words before the first part, and what the parts make of a level."""

    name: str
    change: Change
    parts: int


def read_terms(words: str, usage: str) -> ReadTerms:
    """Read `Gold first 1h/4h/8h resolve 4h/2d/5d warn 75% 15m escalate 30m managers pause off hours mon-fri 9-18`.

    Three times are those of urgent, normal and low priority, one is that of all; `-` is none. The hours come last.

    Raises:
        Misused: `usage`: something in it is no part of a level.
    """
    rest, changes, starts = words, list[Change](), [len(words)]
    for name in reversed(_PARTS):  # hours first: they reach to the end
        found = _PART[name].search(rest)
        if found:
            changes.append(_read(name, found[1].strip(), usage))
            rest = rest[: found.start()] + " " * (found.end() - found.start()) + rest[found.end() :]
            starts.append(found.start())
    first = min(starts)
    if rest[first:].strip(" ,;"):
        raise Misused(usage)
    return ReadTerms(" ".join(rest[:first].split()), partial(_apply, tuple(changes)), len(changes))


def _apply(changes: tuple[Change, ...], asked: Terms) -> Terms:
    for change in changes:
        asked = change(asked)
    return asked


def _read(part: str, value: str, usage: str) -> Change:
    match part:
        case "first" | "resolve":
            targets = _targets(value, usage)
            return lambda asked: replace(asked, targets={**asked.targets, ClockKind(part): targets})
        case "warn":
            percent, before = _warnings(value)
            return lambda asked: replace(asked, warn_percent=percent, warn_before=before)
        case "ladder":
            ladder = tuple(_ladder(value))
            return lambda asked: replace(asked, ladder=ladder)
        case "pauses":
            return lambda asked: replace(asked, pauses=_is_on(value))
        case "closures":
            return lambda asked: replace(asked, closures=_is_on(value))
    week = None if value.casefold() in _HOUSE else read_week(value)
    if week is None and value.casefold() not in _HOUSE:
        raise Misused("usage.house_hours")
    return lambda asked: replace(asked, week=week)


def _is_on(value: str) -> bool:
    return value.casefold() in _ON.split("|")


def _targets(value: str, usage: str) -> Mapping[int, timedelta]:
    told = [one.strip() for one in value.split("/")]
    if len(told) not in {1, 3}:
        raise Misused(usage)
    spans = [None if one in _NONE else span(one) or timedelta() for one in (told if len(told) > 1 else told * 3)]
    if any(one is not None and not _MINUTE <= one <= LONGEST for one in spans):
        raise Misused("level.target", hours=LONGEST // timedelta(hours=1))
    return {priority: one for priority, one in enumerate(spans, 1) if one is not None}


def span(words: str) -> timedelta | None:
    """Read working time such as `1h 30m`, `2d` or `1 год 30 хв`; None when nothing of it is time."""
    total = sum(
        (float(one[1].replace(",", ".")) * _UNITS[one.lastgroup or "m"] for one in _PIECE.finditer(words.casefold())),
        timedelta(),
    )
    return total or None


def _warnings(value: str) -> tuple[int | None, timedelta | None]:
    if value.casefold() in _OFF.split("|"):
        return None, None
    percent = re.match(r"(\d+)\s?%", value)
    return int(percent[1]) if percent else None, span(value[percent.end() :] if percent else value)


def _ladder(value: str) -> Iterator[Rung]:
    if value.casefold() in _OFF.split("|"):
        return
    for told in value.split(","):
        whom = next(one for one, names in _WHOM.items() if re.search(rf"\b(?:{names})$", told.strip(), re.IGNORECASE))
        yield Rung(span(told) or timedelta(), whom)


#: What a level begins with, before its targets are told.
BARE = Terms({}, ladder=LADDER)

_DATE = r"\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}(?:\.\d{2,4})?\b|\d{1,2}\s+[^\W\d_]+(?:\s+20\d\d\b)?"
_CLOSURE = re.compile(rf"(?P<first>{_DATE})(?:\s*[-–—]\s*(?P<last>{_DATE}))?[\s,:]*(?P<name>.*)", re.DOTALL)
_YEARLY = re.compile(rf"{_SPACED}(?:yearly|every year|щороку|щорічно)(?![^\W_])[\s,]*", re.IGNORECASE)


def read_closure(words: str, today: date) -> tuple[str, Closure]:
    """Read `25.12 Christmas`, `24.12-26.12.2026 Holidays` or `1 January yearly New Year`: a name, and dates.

    A date without a year is the next that there is.

    Raises:
        Misused: `usage.closures`.
    """
    found = _CLOSURE.fullmatch(words.strip())
    first = _day(found["first"], today) if found else None
    if found is None or first is None:
        raise Misused("usage.closures")
    last = _day(found["last"], first) if found["last"] else first
    if last is None:
        raise Misused("usage.closures")
    name, times = _YEARLY.subn("", found["name"])
    return name.strip(" ,"), Closure(first, last, yearly=times > 0)


def _day(words: str, after: date) -> date | None:
    """Read one day; without a year it is the first from `after` on."""
    if iso := known.ISO_DATE.fullmatch(words):
        found = known.dates(int(iso[3]), int(iso[2]), int(iso[1]), after)
    elif "." in words:
        day, month, *year = (int(one) for one in words.split("."))
        found = known.dates(day, month, _year(year[0]) if year else None, after)
    else:
        day_word, month_word, *year_word = words.casefold().split()
        named = known.month(month_word)
        year_told = int(year_word[0]) if year_word else None
        found = known.dates(int(day_word), named, year_told, after) if named else ()
    return found[0] if found else None


def _year(told: int) -> int:
    return told + 2000 if told < 100 else told  # noqa: PLR2004 - 26 is 2026
