"""Fault 3: mail clients that hang up right after the final dot, and bring the letter again, for they saw no answer."""

from __future__ import annotations

import asyncio
from functools import partial
from time import monotonic

from sqlalchemy import func, select

from core.cases.model import Case
from core.desk import Tx
from tests.faults.count import wait_until_whole
from tests.faults.crowd import Crowd, subject
from tests.faults.desks import desk
from tests.faults.harness import Control, Edition, Given, Outcome, Run

_PATIENCE_S, _CONTROL_S = 60.0, 10.0


async def _live(shape: str, given: Given) -> Outcome:
    """Let every client hang up, then come again and wait for its answer."""
    clients = given.numbers["clients"]
    async with desk(given, shape) as house:
        representatives = await house.hire(given.numbers["representatives"])
        crowd = Crowd(house)
        numbers = iter(range(clients))

        async def hang_up() -> None:
            for number in numbers:
                # Who waits for no answer has more at the door at once than it takes on a busy machine, and is told so.
                while not (await crowd.hand_in(number, leave=True)).ended:
                    await asyncio.sleep(0.2)

        await asyncio.gather(*(hang_up() for _ in range(given.numbers["streams"])))
        crowd.letters += map(subject, range(clients))
        patience_s, begun = _CONTROL_S if given.off else _PATIENCE_S, monotonic()
        first = await wait_until_whole(crowd, representatives, patience_s=patience_s)
        drained_s = round(monotonic() - begun, 1)
        crowd.letters.clear()
        await crowd.write_letters(clients)
        second = await wait_until_whole(crowd, representatives, patience_s=patience_s)
        there = await house.look(_cases)
    second.lost += first.lost
    figures = {"lost_at_first": len(first.lost), "drained_s": drained_s, "door_s": round(crowd.waited_s, 2)}
    return second.outcome(clients=clients, cases=there, **figures)


def _cases(tx: Tx) -> int:
    return tx.session.scalar(select(func.count()).select_from(Case)) or 0


_CONTROLS = (
    Control("shield", ("lost",), edition=Edition.FULL),
    Control("identity", ("twice",), edition=Edition.FULL),
)

RUNS = [
    Run(
        f"hangups-{shape}",
        partial(_live, shape),
        numbers={"clients": 1000, "streams": 50, "representatives": 10},
        small={"clients": 60, "representatives": 2},
        edition=edition,
        controls=controls,
        minutes=2,
    )
    for shape, edition, controls in (
        ("embedded", Edition.SMALL, _CONTROLS),
        ("scaled", Edition.FULL, _CONTROLS),
    )
]
