"""Accept, by eight at once: what the desk does for it, beside nothing but the SQL that must be."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

from sqlalchemy import Engine, text

from core.cases.actions import accept
from core.desk import Desk
from core.errors import DeskError
from core.people import queries as people
from core.people.views import Representative
from core.settings import House
from core.store import migrate
from core.store.engine import Engines, open_engines
from tests import servers
from tests.bench import ground
from tests.bench.ground import QUEUES, Size

#: So many accept; each round so many cases, of which each is tried by two.
CROWD, CASES, ROUNDS = 8, 400, 5

Take = Callable[[int, int], bool]

_LOCK = text("SELECT queue_id, came_from_id FROM work WHERE id = :work AND queue_id = 1 AND state = 'open' FOR UPDATE")
_SQLITE_LOCK = text("SELECT queue_id, came_from_id FROM work WHERE id = :work AND queue_id = 1 AND state = 'open'")
_MOVE = text(
    "UPDATE work SET queue_id = :queue, came_from_id = 1, entered_at = :now, touched_at = :now WHERE id = :work"
)
_NOTE = text(
    "INSERT INTO history (at, verb, work_id, actor_kind, actor_id, via, facts) "
    "VALUES (:now, 'accepted', :work, 'person', :person, 'telegram', '{}')"
)
_CARD = text("UPDATE card SET wanted = wanted + 1, due_at = :now WHERE work_id = :work")


def _bare(engines: Engines) -> Take:
    """Take an item with four statements: lock it, move it, note it, and want its cards anew."""

    def take(person: int, work: int) -> bool:
        facts = {"work": work, "person": person, "queue": QUEUES + 2 * person, "now": ground.NOW.replace(tzinfo=None)}
        with engines.writing(), engines.change.begin() as connection:
            if connection.execute(_SQLITE_LOCK if engines.is_sqlite else _LOCK, facts).first() is None:
                return False
            for statement in (_MOVE, _NOTE, _CARD):
                connection.execute(statement, facts)
        return True

    return take


def _whole(desk: Desk) -> Take:
    """Take an item as a press does: with rights, history, numbers, cards, and the word to its customer."""
    known: dict[int, Representative] = {one: desk.look(people.get, one) for one in range(1, CROWD + 1)}

    def take(person: int, work: int) -> bool:
        try:
            desk.run(accept, work, known[person])
        except DeskError:
            return False
        return True

    return take


def _round(take: Take, numbers: list[int]) -> float:
    """Let everybody try to take what two of them try; returns what was taken in a second."""
    ready, taken = threading.Barrier(CROWD + 1), [0] * CROWD

    def go(place: int) -> None:
        mine = numbers[place // 2 :: CROWD // 2]
        ready.wait()
        taken[place] = sum(take(place + 1, one) for one in (mine if place % 2 else reversed(mine)))

    with ThreadPoolExecutor(CROWD) as pool:
        done = [pool.submit(go, place) for place in range(CROWD)]
        ready.wait()
        start = perf_counter()
        for one in done:
            one.result()
    assert sum(taken) == len(numbers), "each is taken once"
    return len(numbers) / (perf_counter() - start)


def _free(engine: Engine) -> Iterator[list[int]]:
    """Hand out cases that wait in the first public queue, so many at a time."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id FROM work WHERE queue_id = 1 ORDER BY id")).all()
    numbers: list[int] = [row[0] for row in rows]
    for start in range(0, len(numbers), CASES):
        yield numbers[start : start + CASES]


def _compare(url: str) -> tuple[float, float]:
    engines = open_engines(url, pool_size=CROWD)
    migrate.upgrade(engines)
    size = Size(40_000)
    ground.fill(engines, size)
    ground.open_last(engines, size, 2 * CASES * (ROUNDS + 2) * 2)
    ways: list[Take] = [_bare(engines), _whole(Desk(engines, House(), now=lambda: ground.NOW))]
    free, rates = _free(engines.look), ([], [])  # type: tuple[Any, ...]
    for _ in range(ROUNDS + 1):  # the first warms up
        for way, found in zip(ways, rates, strict=True):
            found.append(_round(way, next(free)))
    engines.dispose()
    bare, whole = (statistics.median(found[1:]) for found in rates)
    return bare, whole


def measure(folder: Path, say: Callable[[str], None]) -> None:
    """Measure both databases; PostgreSQL without `fsync`, SQLite with it."""
    say("| database | bare SQL /s | the desk /s | ratio |")
    say("|---|---|---|---|")
    with ExitStack() as stack:
        postgres = servers.new_database(stack.enter_context(servers.postgres(servers.shared_folder())))
        for name, url in (("SQLite", f"sqlite:///{folder / 'desk.sqlite3'}"), ("PostgreSQL", postgres)):
            bare, whole = _compare(url)
            say(f"| {name} | {bare:.0f} | {whole:.0f} | {whole / bare:.2f} |")
