"""Fault 7, the half of the bot: the database is away; each chat is told once, and all that was sent comes after."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from random import Random
from time import monotonic

from core.people.rules import Role
from core.texts.said import said
from core.texts.say import Reader, say_html
from tests.faults.desks import FaultDesk, desk
from tests.faults.disks import small_disk
from tests.faults.fault_chats import Talks, faults_of_ours, hook, wait_until_whole, was_told
from tests.faults.harness import Control, Edition, Given, Outcome, Run
from tests.faults.phones import Phones

#: Nothing may stand still for so long after the database is back: the longest pause between two tries, and room.
_PATIENCE_S, _CONTROL_S = 60.0, 20.0

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_WAITS = {locale: say_html(said("away.waits"), Reader(locale, "Europe/Kyiv", _NOW)) for locale in ("en", "uk")}


@asynccontextmanager
async def _stopped(house: FaultDesk) -> AsyncIterator[None]:
    """Let there be no server for the block."""
    assert house.postgres is not None
    await asyncio.to_thread(house.postgres.stop)
    yield
    await asyncio.to_thread(house.postgres.start)


@asynccontextmanager
async def _locked(house: FaultDesk) -> AsyncIterator[None]:
    """Hold the lock of the database for the block, and do nothing with it."""
    lock = sqlite3.connect(house.database_url.partition("///")[2], isolation_level=None, timeout=30)
    lock.execute("BEGIN IMMEDIATE")
    yield
    lock.execute("ROLLBACK")
    lock.close()


async def _met(talks: Talks, phones: Phones, persons: dict[int, str]) -> list[tuple[int, int]]:
    """Let everybody write once and be heard; returns the cards that came of it."""
    await asyncio.gather(*(talks.talk(person, 1, Random(person)) for person in persons))
    async with asyncio.timeout(_PATIENCE_S):
        while len(phones.cards) < len(persons) or not all(was_told(talks.house, person) for person in persons):
            await asyncio.sleep(0.1)
    return list(phones.cards)


def _told(house: FaultDesk, persons: dict[int, str], way: str) -> list[str]:
    """Check that each chat was told once that it waits, in its language; a webhook brings only who is first."""
    broken, heard = [], 0
    for person, locale in persons.items():
        texts = [one.get("text") for one in house.api.sandbox.world.chats[person].messages.values()]
        times, other = texts.count(_WAITS[locale]), sum(map(texts.count, _WAITS.values()))
        heard += times
        if other != times or times > 1 or (way == "polling" and not times):
            broken.append(f"told: {person} was told {times} times, {other - times} times in another language")
    return broken if heard else ["told: nobody was told"]


async def _press_all(phones: Phones, cards: list[tuple[int, int]]) -> None:
    for chat, number in cards:
        await phones.press_once(chat, number, "accept")


Away = Callable[[FaultDesk], AbstractAsyncContextManager[None]]


async def _full(given: Given) -> Outcome:
    """Live through it on a disk of its own, which is full for a while."""
    with small_disk(given.folder / "disk") as disk:

        @asynccontextmanager
        async def full(house: FaultDesk) -> AsyncIterator[None]:
            process = house.parts["run"].process.pid
            await asyncio.to_thread(disk.fill, process)
            yield
            await asyncio.to_thread(disk.empty, process)

        where = f"sqlite:///{disk.folder / 'desk.sqlite3'}"
        outcome = await _live("embedded", "polling", full, given, database=where, data=str(disk.folder))
        # There is room within the log and the database on a full disk: what was kept there may be confirmed, and none
        # of it is lost, or that is broken besides.
        broken = tuple(words for words in outcome.broken if not words.startswith("confirmed"))
        return Outcome(broken, {**outcome.figures, "a_disk_of_its_own": disk.real})


async def _live(shape: str, way: str, away: Away, given: Given, **where: str) -> Outcome:
    numbers = given.numbers
    seconds, each = numbers["seconds"], numbers["each"]
    patience_s = _CONTROL_S if given.off else _PATIENCE_S
    async with desk(given, shape, **hook(way), **where) as house:
        for one in range(2):
            await house.join(f"Person {one}", Role.REPRESENTATIVE)
        phones, talks = (
            Phones(house.client, house.api.sandbox.world, patience_s),
            Talks(house, pause_s=2 * (seconds + 2) / each),
        )
        persons = {
            await house.client.person(f"Chatter {one:03}", language=locale): locale
            for one in range(numbers["people"])
            for locale in ["en" if one % 2 else "uk"]
        }
        cards = await _met(talks, phones, persons)
        async with asyncio.TaskGroup() as crowd:
            for person in persons:
                crowd.create_task(talks.talk(person, each, Random(f"{given.seed}:{person}")))
            await asyncio.sleep(1)
            async with away(house):
                sent = talks.messages()
                await _press_all(phones, cards)
                await asyncio.sleep(seconds)
                sent = talks.messages() - sent + phones.presses()
                kept_back = house.unconfirmed()
                broken = _told(house, persons, way)
            back = monotonic()
        broken += await wait_until_whole(talks, phones, patience_s)
        drained_s = monotonic() - back
    broken += [] if given.off else faults_of_ours(house)
    broken += [f"confirmed: {sent - kept_back} of {sent}"] if kept_back < sent else []
    figures = {"messages": talks.messages(), "presses": phones.presses(), "meanwhile": sent, "drained_s": drained_s}
    figures["confirmed meanwhile"] = max(0, sent - kept_back)
    return Outcome(tuple(broken), figures)


_FULL = {"seconds": 300, "people": 20, "each": 50}
_SMALL = {"seconds": 3, "people": 4, "each": 5}
_OFFSET = Control("offset", ("lost",), edition=Edition.FULL)

RUNS = [
    Run("outage-polling", partial(_live, "chat", "polling", _stopped), _FULL, _SMALL, controls=(_OFFSET,), minutes=7),
    Run(
        "outage-webhook",
        partial(_live, "chat", "webhook", _stopped),
        _FULL,
        _SMALL,
        edition=Edition.FULL,
        controls=(_OFFSET,),
        minutes=7,
    ),
    Run(
        "outage-locked",
        partial(_live, "embedded", "polling", _locked),
        _FULL | {"seconds": 120},
        _SMALL | {"seconds": 14},
        edition=Edition.FULL,
        # A lock is waited for: only what comes after that is confirmed and lost.
        controls=(Control("offset", ("lost",), {"seconds": 40}, Edition.FULL),),
        minutes=4,
    ),
    Run("outage-full", _full, _FULL, _SMALL, edition=Edition.FULL, controls=(_OFFSET,), minutes=7),
]
