"""From an action to the words of its reply, with few and with very many open cases among a million."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from core.desk import Desk
from core.settings import House
from core.store import migrate
from core.store.engine import Engines, open_engines
from tests.bench import ground, kept
from tests.bench.asking import Ask, looks, rare
from tests.bench.ground import Size

#: All cases, and how many of them are open: those that the others are measured against, and the others.
CASES = int(os.environ.get("CHERHA_BENCH_CASES", "1000000"))
FEW = CASES // 10_000
MANY = (CASES // 1000, CASES // 100, CASES // 10)

#: Each is asked so often of either desk, in turn, after some times to warm up; one that takes long, for so long.
TIMES, WARM, SECONDS = 100, 5, 3.0

Say = Callable[[str], None]


@dataclass(slots=True)
class Times:
    """How long a thing took with few and with many open cases, in milliseconds."""

    few: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return statistics.median(self.many) / statistics.median(self.few)


def _took(ask: Ask) -> float:
    start = perf_counter()
    ask()
    return (perf_counter() - start) * 1000


def _measured(few: Ask, many: Ask) -> Times:
    """Ask both desks in turn, so that whatever else the machine does falls on both."""
    for _ in range(WARM):
        few(), many()
    found, until = Times(), perf_counter() + SECONDS
    while len(found.few) < TIMES and (perf_counter() < until or len(found.few) < WARM):
        found.few.append(_took(few))
        found.many.append(_took(many))
    return found


def late(times: list[float]) -> float:
    """Tell what ninety-nine of a hundred are quicker than."""
    return sorted(times)[min(len(times) - 1, round(len(times) * 0.99))]


@contextmanager
def _desk(url: str) -> Iterator[tuple[Engines, Desk]]:
    engines = open_engines(url)
    migrate.upgrade(engines)
    yield engines, Desk(engines, House(), now=lambda: ground.NOW)
    engines.dispose()


def _compare(copy: Callable[[str], str], database: str, say: Say) -> None:
    size = Size(CASES)
    with _desk(copy("few")) as (few_engines, few), _desk(copy("many")) as (many_engines, many):
        ground.open_last(few_engines, size, FEW)
        for count in MANY:
            ground.open_last(many_engines, size, count)
            asked = looks(few), looks(many)
            for name in asked[0]:
                say(_row(database, count, name, _measured(asked[0][name], asked[1][name])))
        for name, ask in rare(many).items():
            say(f"| {database} | {MANY[-1]} | {name} | | | {_took(ask):.0f} | | |")


def _row(database: str, count: int, name: str, times: Times) -> str:
    few, many = statistics.median(times.few), statistics.median(times.many)
    return (
        f"| {database} | {count} | {name} | {few:.1f} | {late(times.few):.1f} "
        f"| {many:.1f} | {late(times.many):.1f} | {times.ratio:.2f} |"
    )


def measure(say: Say) -> None:
    """Measure SQLite, then PostgreSQL; the desks are made the first time, which takes some minutes."""
    say(f"| database | open | asked | p50 ms at {FEW} | p99 | p50 ms | p99 | ratio |")
    say("|---|---|---|---|---|---|---|---|")
    size = Size(CASES)
    _compare(lambda name: kept.sqlite_copy(size, name, say), "SQLite", say)
    with ExitStack() as stack:
        uri = stack.enter_context(kept.postgres())
        _compare(lambda name: kept.postgres_copy(uri, size, name, say), "PostgreSQL", say)
