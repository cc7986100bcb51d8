"""Fault 11: half an hour at half load: nothing leaks, and no table grows that should not."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from itertools import count

from sqlalchemy import func, select

from core.desk import Tx
from core.inbox.model import InboxState, Letter, Update
from core.outbox.model import Owed, OwedState
from tests.faults.crowd import STREAMS, Crowd
from tests.faults.desks import FaultDesk, desk
from tests.faults.gauges import Gauges, Sample, count_rows, slope
from tests.faults.harness import Control, Edition, Given, Outcome, Run

#: Tables that grow with what comes in, for ever or until the scheduler forgets: docs/operations.md tells the rules.
GROWING = {
    "activity", "card", "case_", "chat_message", "contact", "contact_address", "entry", "file", "history", "letter",
    "outbox", "search_document", "telegram_update", "timer", "work",
}  # fmt: skip

#: Tables of so many rows more at most: each representative has two queues of their own, and changes of numbers are
#: summed up when there are many.
BOUNDED = {"queue": 4, "tally": 1000}

#: Each person in chat is one contact who writes again and again, and each representative one who works.
_CHATTERS, _CHAT_PAUSE_S, _WORK_PAUSE_S = 10, 2.0, 1.0

#: Samples in a run; those of the first third are of a desk that still warms up.
_SAMPLES, _WARM = 60, 1 / 3

#: So much may memory grow while it is watched, by the line that fits best: what the allocator does is no leak.
_MEMORY_SHARE, _MEMORY_BYTES = 0.05, 8 * 1024 * 1024

#: So many files, threads or connections more there may be at rest than at work in the beginning: pools fill up late.
_MORE = 10

_PATIENCE_S = 120.0


async def _live(shape: str, given: Given) -> Outcome:
    """Find out what the desk can do; do half of that for so long; look at it again and again."""
    async with desk(given, shape) as house:
        representatives = await house.hire(2)
        crowd, numbers = Crowd(house), count()
        per_second = await _capacity(house, crowd, numbers, given.numbers["trial"]) / 2
        gauges = Gauges(house)
        load = asyncio.gather(
            crowd.write_letters(numbers, pause_s=STREAMS / per_second), _chat(house), _work(house, representatives)
        )
        samples = await _watch(gauges, given.numbers["seconds"])
        load.cancel()
        await asyncio.gather(load, return_exceptions=True)
        await _drained(house)
        samples.append(await gauges.read())
        tables = await house.look(count_rows)
    steady = samples[int(len(samples) * _WARM) :]
    broken = [*_leaks(samples, steady), *_growth(steady[0].rows, tables)]
    return Outcome(tuple(broken), _figures(samples, steady, per_second, len(crowd.letters)))


async def _capacity(house: FaultDesk, crowd: Crowd, numbers: count[int], trial: int) -> float:
    """Tell how many letters a second become cases of which everybody is told."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await crowd.write_letters(iter([next(numbers) for _ in range(trial)]))
    await _drained(house)
    return trial / (loop.time() - begun)


async def _drained(house: FaultDesk) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + _PATIENCE_S
    while await house.look(_waiting):
        assert loop.time() < end, "it does not drain"
        await asyncio.sleep(0.1)


def _waiting(tx: Tx) -> int:
    waiting = [
        select(func.count()).select_from(Letter).where(Letter.state == InboxState.KEPT),
        select(func.count()).select_from(Update).where(Update.state == InboxState.KEPT),
        select(func.count()).select_from(Owed).where(Owed.state.in_((OwedState.OWED, OwedState.UNKNOWN))),
    ]
    return sum(tx.session.scalar(one) or 0 for one in waiting)


async def _chat(house: FaultDesk) -> None:
    people = [await house.client.person(f"Chatter {number:03}") for number in range(_CHATTERS)]
    for turn in count():
        await house.client.say(people[turn % _CHATTERS], f"Words {turn}")
        await asyncio.sleep(_CHAT_PAUSE_S / _CHATTERS)


async def _work(house: FaultDesk, representatives: list[int]) -> None:
    """Accept, answer, resolve and look, case after case."""
    for number in count(1):
        who = representatives[number % len(representatives)]
        for words in (f"/accept {number}", f"/reply {number} Look at the cable", f"/resolve {number}", "/assigned"):
            await house.client.say(who, words)
            await asyncio.sleep(_WORK_PAUSE_S)


async def _watch(gauges: Gauges, seconds: int) -> list[Sample]:
    samples = []
    for _ in range(_SAMPLES):
        await asyncio.sleep(seconds / _SAMPLES)
        samples.append(await gauges.read())
    return samples


def _leaks(samples: list[Sample], steady: list[Sample]) -> list[str]:
    """Tell what grew though the load was the same all the time."""
    broken, bytes_ = [], [one.memory_bytes for one in steady[:-1]]
    grown, allowed = slope(bytes_) * len(bytes_), max(_MEMORY_BYTES, _MEMORY_SHARE * bytes_[0])
    if grown > allowed:
        broken.append(f"memory: {grown / 1e6:.1f} MB more after {len(bytes_)} samples; {allowed / 1e6:.1f} MB may be")
    warm, rest = samples[: len(samples) - len(steady)], samples[-1]
    for what in ("files", "threads", "connections"):
        before, after = max(getattr(one, what) for one in warm), getattr(rest, what)
        if after > before + _MORE:
            broken.append(f"{what}: {after} at rest, {before} at work in the beginning")
    return broken


def _growth(before: dict[str, int], after: dict[str, int]) -> list[str]:
    grown = {name: after[name] - before[name] for name in after if after[name] > before[name]}
    grown = {name: more for name, more in grown.items() if name not in GROWING and more > BOUNDED.get(name, 0)}
    return [f"growth: {name} by {more} rows" for name, more in grown.items()]


def _figures(samples: list[Sample], steady: list[Sample], per_second: float, letters: int) -> dict[str, float]:
    first, last = steady[0], samples[-1]
    grown = Counter(last.rows) - Counter(first.rows)
    return {
        "letters": letters,
        "letters per second": round(per_second, 1),
        "MB at first": round(first.memory_bytes / 1e6, 1),
        "MB at last": round(last.memory_bytes / 1e6, 1),
        "files": last.files,
        "threads": last.threads,
        "connections": last.connections,
        "log MB": round(max(one.log_bytes for one in samples) / 1e6, 1),
        **{f"{name} grew by": more for name, more in grown.most_common(4)},
    }


RUNS = [
    Run(
        f"soak-{shape}",
        partial(_live, shape),
        numbers={"seconds": 1800, "trial": 300},
        small={"seconds": 60, "trial": 100},
        edition=Edition.FULL,
        controls=(Control("close", ("memory", "files"), edition=Edition.FULL),),
        minutes=29,  # it is begun only when nothing else is left
    )
    for shape in ("embedded", "scaled")
]
