"""What a press costs with few and with very many open items among a million cases: time, and the processor's time."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle, islice
from time import perf_counter, process_time

from sqlalchemy import select

from core.desk import Desk, Tx
from core.people import queries as people
from core.settings import House
from core.store import migrate
from core.store.engine import open_engines
from core.work.model import Work
from tests.bench import ground, kept
from tests.bench.asking import Ask, Asker, draw
from tests.bench.costs import cpu_s, of_postgres
from tests.bench.ground import MANAGER, REPRESENTATIVES, STAFF_CHAT, USUAL, Size
from tests.bench.lists import CASES, Say, late

#: Open items, of which half wait in the first public queue: a thousandth and a tenth of all cases.
OPEN = tuple(sorted({max(20, CASES // 1000), max(20, CASES // 10)}))

#: So many items go through each verb, and so often everything is looked at; the first few warm up and do not count.
TIMES, WARM = 200, 5

#: The queue that items are taken out of, and the one that they are forwarded to.
OUT_OF, INTO = 1, 2


@dataclass(slots=True)
class Cost:
    """How long each press took, in milliseconds, and the processor's time of all of them, in seconds.

    The processor's time is that of this process and, where there is one, of the server of the database.
    """

    took: list[float] = field(default_factory=list)
    cpu_s: float = 0.0

    @property
    def cpu_ms(self) -> float:
        """The processor's time of one press."""
        return self.cpu_s * 1000 / max(1, len(self.took))


def _measured(asks: Iterator[Ask], server: int | None) -> Cost:
    """Do things one after the other; how much the processor worked is told for all of them, as the system counts."""
    for ask in islice(asks, WARM):
        ask()
    found, before = Cost(), _cpu(server)
    for ask in asks:
        start = perf_counter()
        ask()
        found.took.append((perf_counter() - start) * 1000)
    found.cpu_s = _cpu(server) - before
    return found


def _cpu(server: int | None) -> float:
    return process_time() + (cpu_s(server) if server is not None else 0.0)


def _waiting(tx: Tx) -> list[int]:
    """List some of the items that wait in the first public queue, as a list of it shows them."""
    query = select(Work.id).where(Work.queue_id == OUT_OF).order_by(Work.priority, Work.answered, Work.entered_at)
    return list(tx.session.scalars(query.limit(TIMES + WARM)))


def _verbs(desk: Desk) -> dict[str, Iterator[Ask]]:
    """Let each of some items be accepted, forwarded by who has it, and assigned to another; verb after verb."""
    asker, items = Asker(desk), desk.look(_waiting)
    crowd = [(number, 2 + place % (REPRESENTATIVES - 2)) for place, number in enumerate(items)]
    return {
        "Accept": (asker.presses(person, "accept", number) for number, person in crowd),
        "Forward": (asker.presses(person, "forward", number, INTO) for number, person in crowd),
        "Assign": (asker.presses(person, "assign", number, person + 1) for number, person in crowd),
    }


def _looks(desk: Desk) -> dict[str, Iterator[Ask]]:
    asker, (first, *_) = Asker(desk), desk.look(_waiting)
    reader = desk.look(people.get, USUAL)
    asked = {
        "/queue": asker.says(USUAL, STAFF_CHAT + USUAL, f"/queue Queue {OUT_OF}"),
        "/progress": asker.says(USUAL, STAFF_CHAT + USUAL, "/progress"),
        "/queues": asker.says(MANAGER, STAFF_CHAT + MANAGER, "/queues"),
        "card": draw(desk, first, reader),
        "/find printer": asker.says(USUAL, STAFF_CHAT + USUAL, "/find printer"),
        "/find printer is:open": asker.says(USUAL, STAFF_CHAT + USUAL, "/find printer is:open"),
    }
    return {name: islice(cycle([ask]), TIMES + WARM) for name, ask in asked.items()}


def _desk_at_sizes(url: str, database: str, server: int | None, say: Say) -> None:
    engines = open_engines(url)
    migrate.upgrade(engines)
    desk = Desk(engines, House(), now=lambda: ground.NOW)
    for count in OPEN:
        ground.open_last(engines, Size(CASES), count)
        for made in (_looks, _verbs):
            for name, asks in made(desk).items():
                say(_row(database, count, name, _measured(asks, server)))
    engines.dispose()


def _row(database: str, count: int, name: str, cost: Cost) -> str:
    p50, p99 = statistics.median(cost.took), late(cost.took)
    return f"| {database} | {count} | {name} | {p50:.1f} | {p99:.1f} | {cost.cpu_ms:.1f} |"


def measure(say: Callable[[str], None]) -> None:
    """Measure SQLite, then PostgreSQL; the desks are made the first time, which takes some minutes."""
    say(f"{CASES} cases in all.\n")
    say("| database | open | asked | p50 ms | p99 ms | CPU ms |")
    say("|---|---|---|---|---|---|")
    size = Size(CASES)
    _desk_at_sizes(kept.sqlite_copy(size, "presses", say), "SQLite", None, say)
    with ExitStack() as stack:
        uri = stack.enter_context(kept.postgres())
        server = of_postgres(kept.folder() / "postgres")
        _desk_at_sizes(kept.postgres_copy(uri, size, "presses", say), "PostgreSQL", server, say)
