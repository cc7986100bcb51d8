"""Fault 9: the clock is put forward and back, it leaps, and two schedulers run at once."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from random import Random
from time import sleep

from sqlalchemy import event, select, text
from structlog.testing import capture_logs

from core import clock
from core.activities.actions import plan_task
from core.desk import Desk, Tx
from core.outbox.model import Owed
from core.settings import House as Settings
from core.store.engine import Engines
from tests.cherha.processes import Running, running
from tests.core.databases import empty
from tests.core.office import Office, key_of
from tests.faults import outside
from tests.faults.harness import Control, Edition, Given, Outcome, Run
from tests.faults.leaps import HOUR, KYIV_AUTUMN, KYIV_SPRING, Clocks, House, live_through
from tests.faults.stores import store


async def _leaps(kind: str, given: Given) -> Outcome:
    return await asyncio.to_thread(_live_by_the_wall, kind, given)


def _live_by_the_wall(kind: str, given: Given) -> Outcome:
    """Let two schedulers live through the days on which the clock is put forward, and back, while it leaps besides."""
    broken: list[str] = []
    figures: Counter[str] = Counter()
    with store(given, kind) as (_, engines), capture_logs():
        _let_races_happen(engines)
        if given.off == "slots":
            with engines.change.begin() as connection:
                connection.execute(text("ALTER TABLE timer DROP CONSTRAINT uq_timer_task_slot"))
        for start in (KYIV_SPRING, KYIV_AUTUMN)[: given.numbers["seasons"]]:
            house, done = _season(engines, given, start)
            told = house.told()
            broken += [f"{kind}: {one}" for kind in ("twice", "missing", "early") for one in getattr(told, kind)]
            figures.update({**done, "reminders": len(house.due), "digests": told.digests})
    return Outcome(tuple(broken), figures)


def _let_races_happen(engines: Engines) -> None:
    """Let a moment pass before a timer is written down, so that the other scheduler has looked meanwhile too."""
    if not engines.is_sqlite:  # there the other one waits for its turn before it looks

        @event.listens_for(engines.change, "before_cursor_execute")
        def pause(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            if statement.startswith("INSERT INTO timer"):
                sleep(0.01)


def _season(engines: Engines, given: Given, start: datetime) -> tuple[House, Counter[str]]:
    empty(engines)
    office, random, days = Office(engines), given.random(), given.numbers["days"]
    office.clock.at = start
    house = House(office, random, start + timedelta(days=days))
    house.plan(8 * days, 3 * days)
    leaps = [random.choice((1, -1)) * HOUR for _ in range(2 * days)]
    print(f"seed {given.seed}, {start:%B}: leaps of {[leap / HOUR for leap in leaps]} hours")
    done = live_through(engines, Clocks(office.clock), house, leaps, timedelta(minutes=given.numbers["step_minutes"]))
    return house, done


# --- two real processes ---------------------------------------------------------------------------

#: Who is stopped for longer than the lease wakes up and thinks that it still holds it.
_LEASE_S, _STOPPED_S, _AWAKE_S = 1, 2.5, 2.0


async def _processes(given: Given) -> Outcome:
    return await asyncio.to_thread(_stop_by_turns, given)


def _stop_by_turns(given: Given) -> Outcome:
    """Stop one of two schedulers after the other, while task upon task falls due."""
    with ExitStack() as stack:
        url, engines = stack.enter_context(store(given, "postgresql"))
        broker = stack.enter_context(outside.valkey())
        settings = {"database_url": url, "redis_url": broker.url, "data": given.folder, "lease_s": _LEASE_S}
        both = [stack.enter_context(running(given.folder, "scheduler", **settings)) for _ in range(2)]
        for one in both:
            one.wait_for("The clock is running")
        desk = Desk(engines, Settings())
        due = _plan_tasks(desk, Office(engines), given)
        for turn in range(given.numbers["stops"]):
            _stop(both[turn % 2])
        sleep(max(0.0, (max(due.values()) - clock.now()).total_seconds()) + 4)
        lives = [sum("scheduler_live" in line for line in one.said) for one in both]
        told = desk.look(_reminders)
    broken = [] if min(lives) else [f"idle: one was never the live one: {lives}"]
    counted = Counter(number for number, _ in told)
    broken += [f"missing: reminder of №{number}" for number in due if number not in counted]
    broken += [f"twice: reminder of №{number}" for number, times in counted.items() if times > 1]
    broken += [f"early: reminder of №{number}" for number, at in told if at < due[number]]
    return Outcome(tuple(broken), {"reminders": len(told), "stops": given.numbers["stops"], "turns": sum(lives)})


def _stop(one: Running) -> None:
    one.process.send_signal(signal.SIGSTOP)
    sleep(_STOPPED_S)
    one.process.send_signal(signal.SIGCONT)
    sleep(_AWAKE_S)


def _plan_tasks(desk: Desk, office: Office, given: Given) -> dict[int, datetime]:
    olena, random = office.join("Olena"), Random(given.seed)
    begin, over = clock.now() + timedelta(seconds=5), given.numbers["stops"] * (_STOPPED_S + _AWAKE_S)

    def plan(tx: Tx) -> dict[int, datetime]:
        instants = [begin + timedelta(seconds=random.random() * over) for _ in range(given.numbers["tasks"])]
        return {plan_task(tx, "Call", olena, due_at=at).number: at for at in instants}

    return desk.run(plan)


def _reminders(tx: Tx) -> list[tuple[int, datetime]]:
    rows = tx.session.scalars(select(Owed).where(Owed.work_id.is_not(None)))
    return [(row.work_id or 0, row.created_at) for row in rows if key_of(row) == "card.why.task_due"]


_FULL = {"seasons": 2, "days": 3, "step_minutes": 30}
_SMALL = {"seasons": 1, "days": 1, "step_minutes": 60}

RUNS = [
    Run(
        "clock-sqlite",
        partial(_leaps, "sqlite"),
        numbers=_FULL,
        small=_SMALL,
        quick={"step_minutes": 120},
        edition=Edition.QUICK,
        seeds=(1, 2, 3, 4, 5),
        minutes=1,
    ),
    Run(
        "clock-postgresql",
        partial(_leaps, "postgresql"),
        numbers=_FULL,
        small=_SMALL,
        edition=Edition.FULL,
        seeds=(1, 2, 3, 4, 5),
        controls=(
            Control("slots", ("twice",), {"step_minutes": 180}),
        ),  # SQLite has one writer, who looks before they write
        minutes=2,
    ),
    Run(
        "schedulers",
        _processes,
        numbers={"tasks": 2000, "stops": 20},
        small={"tasks": 60, "stops": 2},
        edition=Edition.FULL,
        seeds=(1,),
        minutes=3,
    ),
]
