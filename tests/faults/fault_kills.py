"""Fault 1: letters, and some messages in chat, while every part of the desk is killed again and again."""

from __future__ import annotations

import asyncio
from functools import partial
from time import monotonic

from tests.faults.count import wait_until_whole
from tests.faults.crowd import Crowd
from tests.faults.desks import desk
from tests.faults.harness import Control, Edition, Given, Outcome, Run
from tests.faults.kills import plan, play

#: Words of each person in chat.
_EACH = 3

#: Nothing may stand still for so long; without the sweep, what is lost stays so: it would have come by again meanwhile.
_PATIENCE_S, _CONTROL_S = 60.0, 10.0


async def _live(shape: str, given: Given) -> Outcome:
    """Write while parts are killed; then kill everything at once, with the last letters in hand."""
    letters, people = given.numbers["letters"], given.numbers["people"]
    async with desk(given, shape) as house:
        representatives = await house.hire(given.numbers["representatives"])
        crowd = Crowd(house)
        drawn = plan(given.seed, house.victims(), given.numbers["kills"], letters + people * _EACH)
        writing = asyncio.gather(crowd.write_letters(letters), crowd.chat(people, _EACH))
        begun = monotonic()
        await asyncio.gather(writing, play(drawn, crowd.events, house.strike, allow=crowd.allow))
        written_s = round(monotonic() - begun)
        await house.strike_all()  # no letter comes after it, whose wake-up call would do for those before
        tally = await wait_until_whole(crowd, representatives, patience_s=_CONTROL_S if given.off else _PATIENCE_S)
    drained_s = round(monotonic() - begun) - written_s
    unanswered, kills = crowd.answers.total() - len(crowd.letters), sum(house.struck.values())
    figures = {"unanswered": unanswered, "kills": kills, "written_s": written_s, "drained_s": drained_s}
    return tally.outcome(letters=len(crowd.letters), **figures)


_SMALL = {"letters": 200, "people": 20, "kills": 5, "representatives": 2}
_QUICK = {"letters": 40, "people": 5, "kills": 2, "representatives": 1}
_FEW = {"letters": 40, "people": 0, "kills": 1}
_FULL = {"letters": 10_000, "people": 100, "kills": 50, "representatives": 20}

_SEEDS = (1, 2, 3, 4, 5)

RUNS = [
    Run(
        "kills-embedded",
        partial(_live, "embedded"),
        numbers=_FULL,
        small=_SMALL,
        quick=_QUICK,
        edition=Edition.QUICK,
        seeds=_SEEDS,
        controls=(
            Control("sweep", ("lost",), _FEW, edition=Edition.QUICK),
            Control("commit", ("lost",), {"letters": 80, "people": 0, "kills": 3}),
        ),
        minutes=14,
    ),
    Run(
        "kills-scaled",
        partial(_live, "scaled"),
        numbers=_FULL,
        small={"letters": 80, "people": 5, "kills": 7, "representatives": 2},
        seeds=_SEEDS,
        controls=(Control("sweep", ("lost",), _FEW, Edition.FULL),),
        minutes=14,
    ),
]
