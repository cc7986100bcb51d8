"""Fault 6: Redis is wiped, stopped, hung and full while letters come in and people ask the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

from tests.faults.count import Tally, wait_until_whole
from tests.faults.crowd import Crowd
from tests.faults.desks import FaultDesk, desk
from tests.faults.harness import Control, Edition, Given, Outcome, Run
from tests.faults.outside import Valkey

_WIPE_EACH_S = 0.05
_PATIENCE_S, _CONTROL_S = 90.0, 12.0

#: What is done to Redis, and how it is undone; wiped, it comes back by itself.
_FAULTS: dict[str, tuple[Callable[[Valkey], None], Callable[[Valkey], None]]] = {
    "hung": (Valkey.hang, Valkey.go_on),
    "stopped": (Valkey.kill, Valkey.start),
    "wiped": (Valkey.wipe, Valkey.wipe),
    "full": (Valkey.fill, Valkey.empty),
}


@dataclass
class _Life:
    """Letters in a steady flow, and somebody who asks the bot once a second.

    Attributes:
        asked_s: how long each answer of the bot took.
    """

    house: FaultDesk
    crowd: Crowd
    person: int
    per_second: int
    asked_s: list[float] = field(default_factory=list)
    _asking: bool = False

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Go on for the block."""
        self._asking = True
        asking = asyncio.create_task(self._ask())
        async with self.crowd.flow(self.per_second):
            yield
            self._asking = False
            await asking

    async def _ask(self) -> None:
        while self._asking:
            begun = monotonic()
            said = await self.house.client.say(self.person, "/me")
            await self.house.client.wait_for(self.person, "🗓", after=said.id, timeout_s=60)
            self.asked_s.append(monotonic() - begun)
            await asyncio.sleep(max(0.0, 1 - self.asked_s[-1]))


async def _live(given: Given) -> Outcome:
    """Do to Redis one thing after the other, and wait each time until everything is drained."""
    figures: dict[str, float] = {}
    tally = Tally()
    async with desk(given, "scaled") as house:
        representatives = await house.hire(given.numbers["representatives"])
        asker = await house.join("Asker")
        await house.client.say(asker, "/me away")  # so that no card gets in between
        life = _Life(house, Crowd(house), asker, given.numbers["per_second"])
        for kind in list(_FAULTS)[: given.numbers["kinds"]]:
            await _suffer(kind, life, given.numbers["outage_s"])
            begun = monotonic()
            patience_s = _CONTROL_S if given.off else _PATIENCE_S
            tally = await wait_until_whole(life.crowd, representatives, patience_s=patience_s)
            figures[f"{kind}_drained_s"] = round(monotonic() - begun, 1)
            if not tally.whole:
                break
        figures |= {"door_s": round(life.crowd.waited_s, 2), "bot_s": round(max(life.asked_s), 2)}
        outcome = tally.outcome(letters=len(life.crowd.letters), asked=len(life.asked_s), **figures)
    limit_s, drained_s = given.numbers["held_up_ms"] / 1000, given.numbers["drained_s"]
    late = [f"held up: {name} {figures[name]} s" for name in ("door_s", "bot_s") if figures[name] > limit_s]
    late += [f"late: {name} {took}" for name, took in figures.items() if "drained" in name and took > drained_s]
    return Outcome((*outcome.broken, *late), outcome.figures)


async def _suffer(kind: str, life: _Life, outage_s: float) -> None:
    """Let Redis fail in the midst of letters, with some of them called for and not taken up."""
    broker = life.house.broker
    assert broker is not None
    begin, end = _FAULTS[kind]
    async with life.going_on():
        await asyncio.sleep(1)
        await asyncio.to_thread(begin, broker)
        over = monotonic() + outage_s
        while monotonic() < over:
            await asyncio.sleep(_WIPE_EACH_S)
            if kind == "wiped":
                await asyncio.to_thread(broker.wipe)
    if kind == "wiped":  # what is called for while nobody listens is surely among what is forgotten
        await life.house.kill("worker")
        async with life.going_on():
            await asyncio.sleep(1)
    await asyncio.to_thread(end, broker)
    if kind == "wiped":
        await life.house.start_again("worker")


_NUMBERS = {"kinds": 4, "outage_s": 60, "per_second": 20, "representatives": 30, "held_up_ms": 1000, "drained_s": 60}

RUNS = [
    Run(
        "redis",
        _live,
        numbers=_NUMBERS,
        small={"kinds": 1, "outage_s": 2, "representatives": 2, "held_up_ms": 3000},  # busy machines hold up too
        controls=(
            Control("sweep", ("lost",), {"kinds": 3}, Edition.FULL),
            Control("waker", ("held up",), {"outage_s": 6}, Edition.FULL),
        ),
        minutes=7,
    ),
]
