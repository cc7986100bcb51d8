"""What a service level asks for, and a clock that runs in working time: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.calendars.reckoning import reach, worked
from core.calendars.rules import Calendar
from core.calendars.week import Week

NOTHING = timedelta()

#: The longest target, in working time.
LONGEST = timedelta(hours=2000)


class ClockKind(StrEnum):
    """What is measured: until the first answer to the customer, or until the case is resolved."""

    FIRST = "first"
    RESOLVE = "resolve"


class Whom(StrEnum):
    """Who is told: who has the case, the managers of its queue, or the administrators."""

    OWNER = "owner"
    MANAGERS = "managers"
    ADMINISTRATORS = "administrators"


@dataclass(frozen=True, slots=True)
class Rung:
    """Who is told so much working time after a clock has run out."""

    after: timedelta
    whom: Whom


LADDER = (
    Rung(NOTHING, Whom.OWNER),
    Rung(timedelta(minutes=30), Whom.MANAGERS),
    Rung(timedelta(hours=2), Whom.ADMINISTRATORS),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a service level asks for.

    Attributes:
        targets: working time by clock and priority; a clock that has none for a priority does not run.
        pauses: the clock of the resolution stands while the last word is ours.
        warn_percent, warn_before: the owner is warned when so much of the target is used, and so long before its end.
        ladder: who is told after it.
        week: the hours it counts; None for those of the house.
        closures: whether the closures of the house count.
    """

    targets: Mapping[ClockKind, Mapping[int, timedelta]]
    pauses: bool = True
    warn_percent: int | None = 75
    warn_before: timedelta | None = timedelta(minutes=15)
    ladder: tuple[Rung, ...] = LADDER
    week: Week | None = None
    closures: bool = True

    def target(self, kind: ClockKind, priority: int) -> timedelta | None:
        """Tell the working time that a clock has."""
        return self.targets.get(kind, {}).get(priority)


@dataclass(frozen=True, slots=True)
class Step:
    """Something to be done when a clock has run for so long: to warn, to note that it is broken, to tell others."""

    at: timedelta
    key: str
    whom: Whom | None


#: The step at which a clock has run out.
BROKEN = "broken"


def steps(terms: Terms, target: timedelta) -> tuple[Step, ...]:
    """List what is to be done on the way of a clock, in order; of two warnings at one time there is one."""
    warnings = {
        at: Step(at, key, Whom.OWNER)
        for at, key in (
            (_before(target, terms.warn_before), "before"),
            (target * (terms.warn_percent or 0) / 100, "part"),
        )
        if NOTHING < at < target
    }
    rungs = [Step(target + one.after, f"{one.whom}+{one.after.total_seconds():.0f}", one.whom) for one in terms.ladder]
    return tuple(sorted([*warnings.values(), Step(target, BROKEN, None), *rungs], key=lambda one: one.at))


def _before(target: timedelta, before: timedelta | None) -> timedelta:
    return target - before if before is not None else NOTHING


@dataclass(frozen=True, slots=True)
class Run:
    """A clock: its target, what it had used when it was last set going, and since when it goes; None while it stands.

    Attributes:
        told: the keys of the steps that were taken.
    """

    target: timedelta
    used: timedelta
    since: datetime | None
    told: frozenset[str] = frozenset()

    def used_by(self, calendar: Calendar, now: datetime) -> timedelta:
        """Tell the working time used until now."""
        return self.used + (worked(calendar, self.since, now) if self.since else NOTHING)

    def moment(self, calendar: Calendar, at: timedelta) -> datetime | None:
        """Tell when the clock will have run for so long: in working time, never before it was set going.

        Raises:
            Refused: `calendar.never`.
        """
        if self.since is None:
            return None
        return reach(calendar, self.since, max(NOTHING, at - self.used))

    def stopped(self, calendar: Calendar, now: datetime) -> Run:
        """Let it stand from now on, with what it has used until now."""
        return replace(self, used=self.used_by(calendar, now), since=None)

    def going(self, now: datetime) -> Run:
        """Let it go on from an instant, if it stands."""
        return self if self.since else replace(self, since=now)

    def retargeted(self, old: Calendar, terms: Terms, target: timedelta, now: datetime) -> Run:
        """Give it another target, and perhaps other hours: what it has used stays used; warnings may be due again."""
        used = self.used_by(old, now)
        reached = {one.key for one in steps(terms, target) if one.at <= used}
        return Run(target, used, now if self.since else None, self.told & reached)

    def recounted(self, calendar: Calendar, terms: Terms, target: timedelta, now: datetime) -> Run:
        """Give it the target and hours of other terms, as if those had held since it was last set going."""
        used = self.used_by(calendar, now)
        reached = {one.key for one in steps(terms, target) if one.at <= used}
        return Run(target, self.used, self.since, self.told & reached)


def due_steps(run: Run, calendar: Calendar, all_steps: Sequence[Step], now: datetime) -> list[Step]:
    """List the steps that have come and were not taken, in order."""
    return [one for one in _left(run, all_steps) if (at := run.moment(calendar, one.at)) is not None and at <= now]


def next_moment(run: Run, calendar: Calendar, all_steps: Sequence[Step]) -> datetime | None:
    """Tell when the next step comes that was not taken; None while it stands or when there is none."""
    left = next(iter(_left(run, all_steps)), None)
    return run.moment(calendar, left.at) if left is not None else None


def _left(run: Run, all_steps: Iterable[Step]) -> list[Step]:
    return [one for one in all_steps if one.key not in run.told]
