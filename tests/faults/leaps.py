"""A wall clock that leaps by an hour while two schedulers live by it, and what people were told meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from threading import Barrier
from time import sleep
from zoneinfo import ZoneInfo

from core.activities.actions import plan_task
from core.cases import actions as cases
from core.desk import Desk, Tx
from core.digests.slots import daily_instant
from core.people import actions as people
from core.people.model import Person
from core.people.views import Representative
from core.store.engine import Engines
from core.work.placing import snooze
from tests.core.clock import FakeClock
from tests.core.office import Office, key_of
from workers.scheduler import ClockConfig, Scheduler

#: When a digest comes: where the clocks of Kyiv are put forward and back, about midnight, and at an ordinary hour.
HOURS = (time(0, 10), time(3, 0), time(3, 30), time(4, 0), time(9, 0), time(23, 40))
ZONES = ("Europe/Kyiv", "Europe/Kyiv", "Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Europe/Kyiv")

HOUR = timedelta(hours=1)

#: Noon before the clocks of Kyiv are put forward, and before they are put back.
KYIV_SPRING, KYIV_AUTUMN = datetime(2026, 3, 28, 12, 0, tzinfo=UTC), datetime(2026, 10, 24, 12, 0, tzinfo=UTC)


@dataclass
class Clocks:
    """Two clocks: one on the wall, which may leap, and a steady one, which only goes on."""

    wall: FakeClock
    steady_s: float = 0.0

    def go_on(self, span: timedelta) -> None:
        """Let time pass."""
        self.wall.advance(span)
        self.steady_s += span.total_seconds()


@dataclass
class Told:
    """What is not as it should be; all empty when each digest and reminder came once and none too early.

    Attributes:
        digests: how many were due.
    """

    digests: int = 0
    twice: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)


@dataclass
class House:
    """People who want digests, and tasks and cases they want to be reminded of.

    Attributes:
        due: when each task and snoozed case is due, by its number.
    """

    office: Office
    random: Random
    until: datetime
    due: dict[int, datetime] = field(default_factory=dict)
    readers: list[tuple[Representative, time, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.start = self.office.clock.at
        for number, (at, zone) in enumerate(zip(HOURS, ZONES, strict=True)):
            reader = self.office.join(f"Reader {number}")
            self.office.desk.run(_live_by, reader, at, zone)
            self.readers.append((reader, at, zone))

    def plan(self, tasks: int, snoozes: int) -> None:
        """Plan tasks and snooze cases until random instants."""
        reader = self.readers[0][0]
        for _ in range(tasks):
            at = self._some_time()
            self.due[self.office.desk.run(plan_task, "Call", reader, due_at=at).number] = at
        for _ in range(snoozes):
            number, at = self.office.open_case(), self._some_time()
            self.office.desk.run(cases.accept, number, self._holder(number))
            self.office.desk.run(snooze, number, at, "parts", self._holder(number))
            self.due[number] = at

    def _holder(self, number: int) -> Representative:
        holder = self.office.item(number).holder_id
        return next(reader for reader, _, _ in self.readers if reader.id == holder)

    def _some_time(self) -> datetime:
        return self.start + self.random.random() * (self.until - self.start)

    def told(self) -> Told:
        """Compare what people were told until now with what they were to be told."""
        told, now = Told(), self.office.clock.at
        for reader, at, zone in self.readers:
            rows = [row.created_at for row in self.office.owed(person_id=reader.id) if key_of(row) == "digest.head"]
            due = list(_digests(self.start, now, at, zone))
            told.digests += len(due)
            _compare(told, f"digest of {at} {zone}", due, rows)
        reminders = {"card.why.task_due", "card.why.snooze_over_for"}
        for number, instant in self.due.items():
            rows = [row.created_at for row in self.office.owed(work_id=number) if key_of(row) in reminders]
            _compare(told, f"reminder of №{number}", [instant], rows)
        return told


def _live_by(tx: Tx, reader: Representative, at: time, zone: str) -> None:
    person = tx.session.get_one(Person, reader.id)
    person.hours, person.zone = {str(day): [["00:00", "23:59"]] for day in range(7)}, zone
    people.set_digest(tx, reader, at)


def _digests(start: datetime, end: datetime, at: time, zone: str) -> Iterator[datetime]:
    """List the instants between two others at which somebody's digest is due: one a local date."""
    day: date = start.astimezone(ZoneInfo(zone)).date()
    while (instant := daily_instant(day, at, zone)) <= end:
        if instant > start:
            yield instant
        day += timedelta(days=1)


def _compare(told: Told, what: str, due: list[datetime], came: list[datetime]) -> None:
    """Hold what came against what was due: the first at or after the first, and so on."""
    told.twice += [f"{what} at {at}" for at in came[len(due) :]]
    told.missing += [f"{what} at {at}" for at in due[len(came) :]]
    told.early += [f"{what}, due {at}, at {then}" for at, then in zip(due, came, strict=False) if then < at]


def live_through(
    engines: Engines, clocks: Clocks, house: House, leaps: list[timedelta], longest_step: timedelta
) -> Counter[str]:
    """Let two schedulers, both of which think that they are live, tick until the end; the clock leaps meanwhile.

    Args:
        longest_step: between two ticks.

    Returns:
        How often time went on, and how often it leapt.
    """
    both = [_scheduler(engines, clocks, house) for _ in range(2)]
    moments = sorted(house.start + house.random.random() * 0.9 * (house.until - house.start) for _ in leaps)
    waiting, done = list(zip(moments, leaps, strict=True)), Counter[str]()
    with ThreadPoolExecutor(3) as pool:
        while clocks.wall.at <= house.until:
            leap = waiting.pop(0)[1] if waiting and waiting[0][0] <= clocks.wall.at else None
            _tick_at_once(pool, both, clocks, leap, house.random.random() / 50)
            done["leaps"] += leap is not None
            done["steps"] += 1
            clocks.go_on(house.random.random() * longest_step)
        for _ in range(2):  # what is due by now
            _tick_at_once(pool, both, clocks, None, 0)
    return done


def _scheduler(engines: Engines, clocks: Clocks, house: House) -> Scheduler:
    desk = Desk(engines, house.office.desk.house, now=clocks.wall)
    return Scheduler(desk, ClockConfig("the same name for both"), steady=lambda: clocks.steady_s)


def _tick_at_once(
    pool: ThreadPoolExecutor, both: list[Scheduler], clocks: Clocks, leap: timedelta | None, after_s: float
) -> None:
    """Tick both at the same moment; the clock leaps somewhere in the middle."""
    ready = Barrier(2)

    def tick(one: Scheduler) -> None:
        ready.wait(10)
        one.tick()

    ticking = [pool.submit(tick, one) for one in both]
    if leap is not None:
        sleep(after_s)
        clocks.wall.advance(leap)
    for one in ticking:
        one.result()
