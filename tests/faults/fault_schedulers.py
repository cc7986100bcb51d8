"""Fault 9, in real processes: two schedulers, stopped and killed by turns; the phones tell what came when."""

from __future__ import annotations

import asyncio
import re
import signal
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core import clock
from core.activities.actions import plan_task
from core.desk import Tx
from core.people import actions as people
from core.people import queries
from core.people.model import Person
from tests.faults.desks import FaultDesk, desk
from tests.faults.harness import Control, Edition, Given, Outcome, Run

#: Who is stopped for longer than the lease (1 s) wakes up and thinks that it still holds it.
_STOPPED_S, _AWAKE_S = 2.5, 2.0

#: After the last is due so much more is waited for.
_LATE_S = 15.0

#: Digests come on a minute; those of a new hour are planned within so long.
_PLANNED_WITHIN = timedelta(seconds=45)

_ZONE = "Europe/Kyiv"

#: How messages read in which somebody is reminded of a task, or has their digest, in which tasks are named as well.
_REMINDER, _DIGEST = re.compile(r"^⏰ <b>.*</b>\n.*(Call \d{5})"), re.compile("Digest</b>")


@dataclass(frozen=True, slots=True)
class Due:
    """When what is due: by the words that name it."""

    tasks: dict[str, datetime]
    digests: dict[int, datetime]

    def last(self) -> datetime:
        """Tell when the last is due."""
        return max([*self.tasks.values(), *self.digests.values()])


async def _live(given: Given) -> Outcome:
    """Stop and kill two schedulers by turns while task upon task falls due, and everybody's digest."""
    async with desk(given, "chat", log_level="INFO") as house:
        await house.start("scheduler", beside=True)
        persons = await asyncio.gather(*(house.join(f"Person {one}") for one in range(given.numbers["people"])))
        due = await asyncio.to_thread(house.on_desk, lambda desk: desk.run(_plan, persons, given))
        for turn in range(given.numbers["turns"]):
            part = ("scheduler", "standby scheduler")[turn % 2]
            await (_stop, _kill)[turn // 2 % 2](house, part)
        await asyncio.sleep(max(0.0, (due.last() - clock.now()).total_seconds()) + _LATE_S)
        reminders, digests = _heard(house)
        holders = re.findall(r"scheduler_live +holder=(\S+)", house.log())
    broken = [] if len(set(holders)) > 1 else [f"idle: only {holders} was ever the live one"]
    broken += _compare("reminder of", due.tasks, reminders) + _compare("digest of", due.digests, digests)
    figures = {"reminders": len(reminders), "digests": len(digests), "turns": given.numbers["turns"]}
    return Outcome(tuple(broken), {**figures, "times one took over": len(holders)})


async def _stop(house: FaultDesk, part: str) -> None:
    process = house.parts[part].process
    process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(_STOPPED_S)
    process.send_signal(signal.SIGCONT)
    await asyncio.sleep(_AWAKE_S)


async def _kill(house: FaultDesk, part: str) -> None:
    await house.kill(part)
    await asyncio.sleep(_STOPPED_S)
    await house.start("scheduler", beside=part != "scheduler")
    await asyncio.sleep(_AWAKE_S)


def _plan(tx: Tx, chats: list[int], given: Given) -> Due:
    """Plan each task for a moment of its own, and each digest for one of the minutes that come."""
    random, begin = given.random(), clock.now() + timedelta(seconds=5)
    over_s = given.numbers["turns"] * (_STOPPED_S + _AWAKE_S)
    due = Due({}, {})
    for row in tx.session.scalars(select(Person).where(Person.chat_id.in_(chats)).order_by(Person.id)):
        row.hours, row.zone = {str(day): [["00:00", "23:59"]] for day in range(7)}, _ZONE
        minute = begin + _PLANNED_WITHIN + timedelta(minutes=1, seconds=random.random() * over_s)
        due.digests[row.chat_id or 0] = at = minute.replace(second=0, microsecond=0)
        person = queries.view(tx, row)
        people.set_digest(tx, person, at.astimezone(ZoneInfo(_ZONE)).time())
        for _ in range(given.numbers["each"]):
            title, at = f"Call {len(due.tasks):05}", begin + timedelta(seconds=random.random() * over_s)
            due.tasks[title] = at
            plan_task(tx, title, person, due_at=at)
    return due


def _heard(house: FaultDesk) -> tuple[list[tuple[str, datetime]], list[tuple[int, datetime]]]:
    """Read on the phones what came when."""
    reminders, digests = [], []
    for call in house.api.sandbox.world.log:
        text, at = call["text"] or "", datetime.fromtimestamp(call["at"], UTC)
        if not call["method"].startswith("send"):
            continue
        if _DIGEST.search(text):
            digests.append((call["chat_id"], at))
        elif found := _REMINDER.search(text):
            reminders.append((found[1], at))
    return reminders, digests


_Key = TypeVar("_Key", int, str)


def _compare(what: str, due: dict[_Key, datetime], came: list[tuple[_Key, datetime]]) -> list[str]:
    counted = Counter(key for key, _ in came)
    broken = [f"missing: {what} {key}" for key in due if key not in counted]
    broken += [f"twice: {what} {key}" for key, times in counted.items() if times > 1]
    return broken + [f"early: {what} {key}, due {due[key]}, at {at}" for key, at in came if at < due[key]]


RUNS = [
    Run(
        "schedulers",
        _live,
        numbers={"people": 50, "each": 20, "turns": 24},
        small={"people": 4, "each": 15, "turns": 4},
        edition=Edition.FULL,
        controls=(
            Control("fence", ("twice",), edition=Edition.FULL),
            Control("takeover", ("missing",), edition=Edition.FULL),
            Control("catching up", ("missing",), edition=Edition.FULL),
            Control("instants", ("early",), edition=Edition.FULL),
        ),
        minutes=4,
    ),
]
