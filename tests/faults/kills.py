"""A random, repeatable sequence of SIGKILLs, spread over what comes in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from math import inf
from random import Random


@dataclass(frozen=True, slots=True)
class Kill:
    """End a part so long after so much has come in."""

    after: int
    delay_ms: int
    victim: str

    def __str__(self) -> str:
        return f"{self.victim} after {self.after} and {self.delay_ms} ms"


def plan(seed: int, victims: Sequence[str], kills: int, events: int) -> list[Kill]:
    """Draw which parts are killed when: each part in turn, at random moments, early enough for something to follow.

    Args:
        seed: the same one draws the same sequence, which is printed.
        events: how much comes in altogether.
    """
    random = Random(seed)
    moments = sorted(random.sample(range(events // 20, events * 9 // 10), kills))
    order = random.sample(sorted(victims), len(victims))
    drawn = [Kill(moment, random.randrange(200), order[turn % len(order)]) for turn, moment in enumerate(moments)]
    print(f"seed {seed}:", "; ".join(map(str, drawn)))
    return drawn


#: So much more than its moment may come in while a kill is waited for.
_AHEAD = 20


def _no_limit(_events: float) -> None:
    """Let come in what comes."""


async def play(
    drawn: Sequence[Kill],
    events: Callable[[], int],
    strike: Callable[[str], Awaitable[None]],
    *,
    allow: Callable[[float], None] = _no_limit,
) -> None:
    """Let each kill happen when its moment has come.

    Args:
        strike: kills a part and starts it again at once, as a service manager does.
        allow: told how much may have come in before the next kill is over: on a slow machine all kills would come
            after everything else.
    """
    moments: list[float] = [kill.after + _AHEAD for kill in drawn[1:]]
    for kill, room in zip(drawn, [*moments, inf], strict=True):
        while events() < kill.after:
            await asyncio.sleep(0.005)
        allow(room)
        await asyncio.sleep(kill.delay_ms / 1000)
        await strike(kill.victim)
