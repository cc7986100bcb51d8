"""Fault 7, letters: the database is away, or its disk is full; nothing is taken then that is not kept."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter

from tests.faults.count import Tally, wait_until_whole
from tests.faults.crowd import Crowd
from tests.faults.desks import desk
from tests.faults.disks import small_disk
from tests.faults.harness import Control, Edition, Given, Outcome, Run

_TRY_LATER = 451

#: What was in hand when the fault began is answered within.
_GRACE_S = 1.0

_PATIENCE_S, _CONTROL_S = 60.0, 12.0


async def _away(given: Given) -> Outcome:
    """Stop the database server in the midst of letters, and start it again."""
    async with desk(given, "scaled") as house:
        assert house.postgres is not None
        representatives = await house.hire(given.numbers["representatives"])
        crowd = Crowd(house)
        async with crowd.flow(given.numbers["per_second"]):
            await asyncio.sleep(1)
            await asyncio.to_thread(house.postgres.stop)
            await asyncio.sleep(_GRACE_S)
            before = crowd.answers.copy()
            await asyncio.sleep(given.numbers["outage_s"])
            answers = crowd.answers - before
            await asyncio.to_thread(house.postgres.start)
        tally = await wait_until_whole(crowd, representatives, patience_s=_CONTROL_S if given.off else _PATIENCE_S)
    return _judged(tally, crowd, answers, allowed={_TRY_LATER})


async def _full(given: Given) -> Outcome:
    """Fill the disk in the midst of letters, and make room again; what fits is still taken, and is there."""
    with small_disk(given.folder / "disk") as disk:
        database = disk.folder / "desk.sqlite3"
        async with desk(given, "embedded", database=f"sqlite:///{database}", data=str(disk.folder)) as house:
            representatives = await house.hire(given.numbers["representatives"])
            crowd, process = Crowd(house), house.parts["run"].process.pid
            async with crowd.flow(given.numbers["per_second"]):
                await asyncio.sleep(1)
                await asyncio.to_thread(disk.fill, process)
                before = crowd.answers.copy()
                await asyncio.sleep(given.numbers["outage_s"])
                answers = crowd.answers - before
                await asyncio.to_thread(disk.empty, process)
            tally = await wait_until_whole(crowd, representatives, patience_s=_CONTROL_S if given.off else _PATIENCE_S)
        with sqlite3.connect(database) as connection:
            checked = connection.execute("PRAGMA integrity_check").fetchall()
        connection.close()
    outcome = _judged(tally, crowd, answers, allowed={_TRY_LATER, 250})
    corrupt = [f"corrupt: {words}" for (words,) in checked if words != "ok"]
    return Outcome((*outcome.broken, *corrupt), {**outcome.figures, "a_disk_of_its_own": disk.real})


def _judged(tally: Tally, crowd: Crowd, answers: Counter[int], *, allowed: set[int]) -> Outcome:
    outcome = tally.outcome(letters=len(crowd.letters), put_off=answers[_TRY_LATER], taken=answers[250])
    wrong = [f"answered: {code}, {times} times" for code, times in answers.items() if code not in allowed]
    wrong += [] if answers[_TRY_LATER] else ["answered: nobody was put off, so there was no fault"]
    return Outcome((*outcome.broken, *wrong), outcome.figures)


_NUMBERS = {"outage_s": 300, "per_second": 10, "representatives": 5}
_SMALL = {"outage_s": 3, "representatives": 1}
_CONTROLS = (Control("commit", ("lost",), edition=Edition.FULL),)

RUNS = [
    Run("database-away", _away, _NUMBERS, _SMALL, controls=_CONTROLS, minutes=7),
    Run("disk-full", _full, _NUMBERS, _SMALL, controls=_CONTROLS, minutes=7),
]
