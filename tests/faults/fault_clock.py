"""Fault 9: the clock is put forward and back, it leaps, and two schedulers live by it at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from time import sleep

from sqlalchemy import event, text
from structlog.testing import capture_logs

from core.store.engine import Engines
from tests.core.databases import empty
from tests.core.office import Office
from tests.faults.harness import Control, Edition, Given, Outcome, Run
from tests.faults.leaps import HOUR, KYIV_AUTUMN, KYIV_SPRING, Clocks, House, live_through
from tests.faults.stores import store
from tests.faults.unprotected_clock import without


async def _leaps(kind: str, given: Given) -> Outcome:
    return await asyncio.to_thread(_live_by_the_wall, kind, given)


def _live_by_the_wall(kind: str, given: Given) -> Outcome:
    """Let two schedulers live through the days on which the clock is put forward, and back, while it leaps besides."""
    broken: list[str] = []
    figures: Counter[str] = Counter()
    with store(given, kind) as (_, engines), capture_logs(), without(given.off):
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


_FULL = {"seasons": 2, "days": 3, "step_minutes": 30}
_SMALL = {"seasons": 1, "days": 1, "step_minutes": 60}


def _controls(edition: Edition) -> tuple[Control, ...]:
    kinds = {"taking": "twice", "catching up": "missing", "instants": "early"}
    return tuple(Control(off, (kind,), edition=edition) for off, kind in kinds.items())


RUNS = [
    Run(
        "clock-sqlite",
        partial(_leaps, "sqlite"),
        numbers=_FULL,
        small=_SMALL,
        quick={"step_minutes": 120},
        edition=Edition.QUICK,
        seeds=(1, 2, 3, 4, 5),
        controls=_controls(Edition.SMALL),
        minutes=1,
    ),
    Run(
        "clock-postgresql",
        partial(_leaps, "postgresql"),
        numbers=_FULL,
        small=_SMALL,
        edition=Edition.FULL,
        seeds=(1, 2, 3, 4, 5),
        # SQLite has one writer, who looks before they write: there it is of no use.
        controls=(Control("slots", ("twice",), {"step_minutes": 180}), *_controls(Edition.FULL)),
        minutes=2,
    ),
]
