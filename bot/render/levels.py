"""Service levels, the hours of the house and its closures, put into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bot.render.myself import week as week_words
from core.calendars.views import ClosureView
from core.calendars.week import Week
from core.sla.model import Scope
from core.sla.rules import ClockKind, Rung, Terms
from core.sla.views import LevelView, UseView
from core.texts.said import Button, Notice, Said, said
from core.work.rules import PRIORITIES

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


def span(working: timedelta) -> Said:
    """Put working time into words, in hours and minutes: what a day is would be a guess."""
    hours, minutes = working // _HOUR, working % _HOUR // _MINUTE
    if not hours:
        return said("span.minutes", minutes=minutes)
    return said("span.hours_minutes", hours=hours, minutes=minutes) if minutes else said("span.hours", hours=hours)


def levels(found: Sequence[LevelView]) -> Notice:
    """List service levels with all that they ask for."""
    if not found:
        return Notice((said("level.none"),))
    return Notice(tuple(line for one in found for line in level_lines(one)))


def level_lines(one: LevelView) -> list[Said]:
    """Show what a service level asks for, and for what it is."""
    asked = one.terms
    lines = [said("level.head", name=one.name)]
    lines += [_targets(kind, asked.targets[kind]) for kind in ClockKind if asked.targets.get(kind)]
    if one.uses:
        lines.append(said("level.uses", uses=[_use(use) for use in one.uses]))
    else:
        lines.append(said("level.unused", name=one.name))
    warnings = _warnings(asked)
    lines.append(said("level.warns", warnings=warnings) if warnings else said("level.warns_not"))
    rungs = [_rung(rung) for rung in asked.ladder]
    lines.append(said("level.ladder", rungs=rungs) if rungs else said("level.no_ladder"))
    lines.append(said("level.hours", hours=week_words(asked.week)) if asked.week else said("level.house_hours"))
    lines += [] if asked.closures else [said("level.no_closures")]
    lines.append(said("level.pauses" if asked.pauses else "level.pauses_not"))
    return lines


def _targets(kind: ClockKind, by_priority: Mapping[int, timedelta]) -> Said:
    if len(by_priority) == len(PRIORITIES) and len(set(by_priority.values())) == 1:
        return said(f"level.{kind}", targets=span(by_priority[1]))
    targets = [
        said("level.target_of", priority=said(f"priority.{PRIORITIES[priority]}"), span=span(by_priority[priority]))
        for priority in sorted(by_priority)
    ]
    return said(f"level.{kind}", targets=targets)


def _use(use: UseView) -> Said:
    return said("level.use_default") if use.scope is Scope.DEFAULT else said(f"level.use_{use.scope}", name=use.name)


def _warnings(asked: Terms) -> list[Said]:
    percent = [said("level.warn_percent", percent=asked.warn_percent)] if asked.warn_percent is not None else []
    before = [said("level.warn_before", span=span(asked.warn_before))] if asked.warn_before is not None else []
    return [*percent, *before]


def _rung(rung: Rung) -> Said:
    whom = said(f"level.whom_{rung.whom}")
    return said("level.rung_after", whom=whom, span=span(rung.after)) if rung.after else said("level.rung", whom=whom)


def house_hours(week: Week, zone: str) -> Notice:
    """Show when the house works."""
    return Notice((said("house.hours", hours=week_words(week), zone=zone), said("house.more")))


def closures(found: Sequence[ClosureView], today: date, *, may_keep: bool) -> Notice:
    """List the closures of the house, for who keeps them with a button that removes each."""
    if not found:
        return Notice((said("closures.none"),))
    lines = [said("closures.head"), *(closure_line(one, today) for one in found)]
    buttons = tuple(Button(said("button.remove_number", number=one.id), "closure_remove", (one.id,)) for one in found)
    rows = tuple(buttons[start : start + 2] for start in range(0, len(buttons), 2)) if may_keep else ()
    return Notice(tuple(lines), rows[:20])


def closure_line(one: ClosureView, today: date) -> Said:
    """Show the dates of a closure, and its name."""
    first, last = one.dates.first, one.dates.last
    dates = said("closures.day", day=first) if first == last else said("closures.days", first=first, last=last)
    if one.dates.yearly:
        dates = said("closures.yearly", dates=dates)
    elif last.year != today.year:
        dates = said("closures.of_year", dates=dates, year=last.year)
    return said("closures.line", number=one.id, dates=dates, name=one.name)
