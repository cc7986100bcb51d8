"""A random, repeatable sequence of SIGKILLs, spread over what comes in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.flows.house import FlowDesk


@dataclass(frozen=True, slots=True)
class Kill:
    """End a part as soon as so much has come in."""

    after: int
    part: str


def plan(seed: int, parts: list[str], kills: int, events: int) -> list[Kill]:
    """Draw which parts are killed when: each part in turn, at random moments, early enough for something to follow.

    Args:
        seed: the same one draws the same sequence.
        events: how much comes in altogether.
    """
    random = Random(seed)
    moments = sorted(random.sample(range(events // 20, events * 9 // 10), kills))
    order = random.sample(parts, len(parts))
    drawn = [Kill(moment, order[turn % len(order)]) for turn, moment in enumerate(moments)]
    print(f"seed {seed}:", ", ".join(f"{kill.part} after {kill.after}" for kill in drawn))
    return drawn


async def play(house: FlowDesk, drawn: list[Kill], events: Callable[[], int]) -> None:
    """Kill each part when its moment has come, and start it again at once, as a service manager does."""
    for kill in drawn:
        while events() < kill.after:
            await asyncio.sleep(0.005)
        await house.kill(kill.part)
        await house.start(kill.part)
