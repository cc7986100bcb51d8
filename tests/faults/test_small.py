"""Two hundred letters and sixty chat messages under five SIGKILLs, in the quick edition fewer: each is counted once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from core.people.rules import Role
from tests.conftest import EVERYTHING
from tests.faults.count import Tally, wait_until_whole
from tests.faults.crowd import Crowd
from tests.faults.kills import plan, play
from tests.flows.house import SHAPES, FlowDesk

LETTERS, PEOPLE, EACH, KILLS, SEED = 200, 20, 3, 5, 20261124

#: The quick edition.
SOME_LETTERS, SOME_PEOPLE, SOME_KILLS = 40, 5, 2

#: The control needs no more to lose something.
FEW = 40

#: Off: all of 260 cards go to one representative, which at Telegram's pace would take five minutes.
LIMITS = False

#: As short as a busy machine allows: a dead part is missed within seconds.
HASTE = {"lease_s": "1", "heartbeat_s": "1", "send_lease_s": "3"}


async def _live_through(house: FlowDesk, letters: int, people: int, kills: int) -> Tally:
    representative = await house.join("Olena", Role.ADMINISTRATOR)
    crowd = Crowd(house)
    drawn = plan(SEED, sorted(SHAPES[house.shape]), kills, letters + people * EACH)
    async with asyncio.timeout(120):
        await asyncio.gather(
            crowd.write_letters(letters), crowd.chat(people, EACH), play(house, drawn, crowd.events)
        )  # fmt: skip
    assert crowd.events() == letters + people * EACH
    return await wait_until_whole(crowd, representative, patience_s=60)


@pytest.mark.timeout(240)  # what a slow machine needs; the patience with a desk that stands still is far shorter
@pytest.mark.parametrize("shape", ["embedded", pytest.param("scaled", marks=pytest.mark.slow)])
async def test_everything_is_counted_once_whatever_is_killed(
    shape: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    scaled = shape == "scaled"
    database = request.getfixturevalue("postgres_url" if scaled else "sqlite_url")
    redis = request.getfixturevalue("redis_url") if scaled else ""
    async with FlowDesk(shape, tmp_path, database, redis, HASTE, limits=LIMITS) as house:
        if EVERYTHING:
            tally = await _live_through(house, LETTERS, PEOPLE, KILLS)
        else:
            tally = await _live_through(house, SOME_LETTERS, SOME_PEOPLE, SOME_KILLS)
    assert (tally.lost, tally.twice, tally.disordered, tally.untold) == ([], [], [], [])
    assert tally.repeats <= tally.marked


async def test_without_the_sweep_letters_would_be_lost(tmp_path: Path, sqlite_url: str) -> None:
    async with FlowDesk("embedded", tmp_path, sqlite_url, settings=HASTE | {"sweep": "false"}, limits=LIMITS) as house:
        representative = await house.join("Olena", Role.ADMINISTRATOR)
        crowd = Crowd(house)
        await crowd.write_letters(FEW)
        await house.kill("run")  # with letters in hand; and none comes after them, whose call would do for these too
        await house.start("run")
        tally = await wait_until_whole(crowd, representative, patience_s=2)
    assert tally.lost
    assert all(words.startswith("Letter") for words in tally.lost)
