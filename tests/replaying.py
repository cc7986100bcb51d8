"""Translates the desk's own answers about time into the words of cases about time; it has no rules of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from core.calendars import reckoning, spans
from core.calendars.rules import Calendar, instant, work_in
from core.calendars.week import Shift, Week
from core.errors import Refused

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EVER = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
_MINUTE = timedelta(minutes=1)


@dataclass
class Replayed:
    """What became of cases: each disagreement as (id, expected, got), and the kinds that are not answered yet."""

    passed: int = 0
    disagreements: list[tuple[str, Any, Any]] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)


def replay(folder: Path) -> Replayed:
    """Ask the desk every case of a folder."""
    result = Replayed()
    for path in sorted(folder.rglob("*.json")):
        case = json.loads(path.read_text())
        answer = ANSWERS.get(case["kind"])
        if answer is None:
            result.skipped[case["kind"]] = result.skipped.get(case["kind"], 0) + 1
            continue
        try:
            got = answer(case["input"])
        except Exception as error:  # noqa: BLE001 - an error is an answer that disagrees
            got = repr(error)
        if _agrees(case["assert"], case["expected"], got):
            result.passed += 1
        else:
            result.disagreements.append((case["id"], case["expected"], got))
    return result


def _agrees(how: str, expected: Any, got: Any) -> bool:
    match how:
        case "count":
            return len(got) == expected
        case "first":
            return got[: len(expected)] == expected
        case "last":
            return got[-len(expected) :] == expected if isinstance(expected, list) else got[-1:] == [expected]
        case "prefix_of":
            return got == expected[: len(got)]
    return got == expected


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _said(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def _pairs(found: list[spans.Span]) -> list[list[str | None]]:
    return [[_said(start), _said(end)] for start, end in found]


def _clock(text: str) -> time:
    return time() if text.startswith("24") else time.fromisoformat(text)


def _shifts(words: list[list[str]]) -> tuple[Shift, ...]:
    return tuple((_clock(start), _clock(end)) for start, end in words)


def _week(words: dict[str, list[list[str]]]) -> Week:
    return tuple(_shifts(words.get(day, [])) for day in _DAYS)


def _calendar(asked: dict[str, Any]) -> Calendar:
    one = asked["resources"][0]
    zone, cycle = one.get("tz", "UTC"), one.get("cycle")
    away = [(_instant(start), _instant(end)) for start, end in one.get("time_off", [])]
    weeks = [one.get("weekly", {})] if cycle is None else cycle["weeks"]
    if "available" in one:
        weeks = [{day: [["00:00", "24:00"]] for day in _DAYS}]
        away += spans.subtract([_EVER], [(_instant(start), _instant(end)) for start, end in one["available"]])
    if "valid_from" in one:
        away.append((_EVER[0], instant(date.fromisoformat(one["valid_from"]), time(), ZoneInfo(zone))))
    return Calendar(
        zone=zone,
        weeks=tuple(_week(week) for week in weeks),
        since=date.fromisoformat(cycle["anchor"]) if cycle else date(1970, 1, 5),
        dates={date.fromisoformat(day): _shifts(words) for day, words in one.get("overrides", {}).items()},
        yearly={(int(day[:2]), int(day[3:])): _shifts(words) for day, words in one.get("overrides_yearly", {}).items()},
        time_off=tuple(away),
    )


def _query(asked: dict[str, Any]) -> tuple[Calendar, datetime, datetime]:
    return _calendar(asked), _instant(asked["query"]["from"]), _instant(asked["query"]["to"])


def _minutes(work: timedelta) -> float:
    return work / _MINUTE


def _within(asked: dict[str, Any]) -> dict[str, timedelta]:
    return {"within": timedelta(days=asked["horizon_days"])} if "horizon_days" in asked else {}


def _plan(asked: dict[str, Any], *, back: bool = False) -> str | None:
    work = asked["minutes"] * _MINUTE
    reach = reckoning.reach_back if back or work < timedelta() else reckoning.reach
    try:
        return _said(reach(_calendar(asked), _instant(asked["from"]), abs(work), **_within(asked)))
    except Refused:
        return None


def _transition(asked: dict[str, Any]) -> str | None:
    ask = {
        "next_open": reckoning.next_opening,
        "next_close": reckoning.next_closing,
        "previous_open": reckoning.previous_opening,
        "previous_close": reckoning.previous_closing,
    }[asked["which"]]
    return _said(ask(_calendar(asked), _instant(asked["at"]), **_within(asked)))


def _by_day(asked: dict[str, Any]) -> dict[str, float]:
    return {day.isoformat(): _minutes(work) for day, work in reckoning.worked_by_day(*_query(asked)).items()}


def _localtime(asked: dict[str, Any]) -> str | None:
    local = datetime.fromisoformat(asked["local"])
    return _said(instant(local.date(), local.time(), ZoneInfo(asked["tz"])))


def _setops(asked: dict[str, Any]) -> Any:
    iso = asked.get("unit") != "int"
    sets = [[(_instant(a), _instant(b)) if iso else (a, b) for a, b in one] for one in asked["sets"]]
    match asked["op"]:
        case "union":
            found = spans.union([stretch for one in sets for stretch in one])
        case "intersect":
            found = reduce(spans.intersect, sets)
        case _:
            found = spans.subtract(sets[0], [stretch for one in sets[1:] for stretch in one])
    return _pairs(found) if iso else [list(stretch) for stretch in found]


#: What answers each kind of question.
ANSWERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "plan": _plan,
    "plan0_back": lambda asked: _plan(asked, back=True),
    "work_minutes": lambda asked: _minutes(reckoning.worked(*_query(asked))),
    "work_minutes_by_day": _by_day,
    "transition": _transition,
    "open_at": lambda asked: reckoning.is_open(_calendar(asked), _instant(asked["at"])),
    "intervals": lambda asked: _pairs(work_in(*_query(asked))),
    "localtime": _localtime,
    "setops": _setops,
}
