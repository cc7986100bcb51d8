"""What a letter costs from the door to a committed case with its card and its receipt owed: all processes counted."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter

import psutil
from sqlalchemy import select

from core.desk import Desk, Tx
from core.inbox.model import InboxState, Letter
from core.people import actions as people
from core.people.actions import TelegramUser
from core.people.rules import Presence, Role
from core.settings import House
from core.store import migrate
from core.store.base import is_written
from core.store.engine import open_engines
from tests import servers
from tests.bench.door import crowd
from tests.cherha.processes import Running, free_port, running

#: Letters a round, each from a sender of its own, over so many connections.
LETTERS, CONNECTIONS, SIZE = 1600, 16, 5_000

ROUNDS = 5


class _Shape:
    """A running desk: its processes, and the way to look into it."""

    def __init__(self, desk: Desk, port: int, parts: list[Running], *, postgres: bool) -> None:
        self.desk = desk
        self.port = port
        self._parts = parts
        self._postgres = postgres

    def cpu_s(self) -> float:
        """Add up the processor time of all processes, those of the database too."""
        found = []
        for part in self._parts:
            process = psutil.Process(part.process.pid)
            found += [process, *process.children(recursive=True)]
        if self._postgres:
            found += [one for one in psutil.process_iter(["name"]) if one.info["name"] == "postgres"]
        return sum(sum(one.cpu_times()[:2]) for one in found if one.is_running())

    def waiting(self) -> bool:
        return self.desk.look(any_letter_kept)


def any_letter_kept(tx: Tx) -> bool:
    """Ask cheaply, for what asks runs on the same machine."""
    return tx.session.scalar(select(Letter.id).where(is_written(Letter.state, InboxState.KEPT)).limit(1)) is not None


def _someone(desk: Desk) -> None:
    def enter(tx: Tx) -> None:
        invited = people.invite(tx, Role.REPRESENTATIVE, None)
        person = people.join(tx, invited.token, TelegramUser(1, 1001, "Olena", "en"), "en")
        people.set_presence(tx, person, Presence.WORKING)

    desk.run(enter)


@contextmanager
def _shape(folder: Path, database_url: str, redis_url: str, parts: dict[tuple[str, ...], str]) -> Iterator[_Shape]:
    engines = open_engines(database_url)
    migrate.upgrade(engines)
    desk = Desk(engines, House())
    _someone(desk)
    port = free_port()
    settings = {"smtp_listen": f"127.0.0.1:{port}", "data": folder, "log_level": "WARNING"}
    settings |= {"database_url": database_url, "redis_url": redis_url}
    with ExitStack() as stack:
        started = []
        for words, ready in parts.items():
            started.append(stack.enter_context(running(folder, *words, **settings)))
            started[-1].wait_for(ready)
        yield _Shape(desk, port, started, postgres=not engines.is_sqlite)
        for part in started:
            part.end()
    engines.dispose()


def _round(shape: _Shape) -> tuple[float, float]:
    """Bring letters in and wait until all are understood: letters a second, and milliseconds of processors a letter."""
    before, start = shape.cpu_s(), perf_counter()
    asyncio.run(crowd(shape.port, CONNECTIONS, LETTERS, SIZE, apart=True))
    while shape.waiting():
        time.sleep(0.1)
    return LETTERS / (perf_counter() - start), (shape.cpu_s() - before) / LETTERS * 1000


def measure(folder: Path, say: Callable[[str], None]) -> None:
    """Measure one process on SQLite and the parts on PostgreSQL and Redis, in turn."""
    with ExitStack() as stack:
        redis = stack.enter_context(servers.valkey())
        postgres = servers.new_database(stack.enter_context(servers.postgres(servers.shared_folder())))
        for name in ("one", "many"):
            (folder / name).mkdir()
        shapes = {
            "one process, SQLite": stack.enter_context(
                _shape(folder / "one", f"sqlite:///{folder / 'one' / 'desk.sqlite3'}", "", {("run",): "is running"})
            ),
            "in parts, PostgreSQL and Redis": stack.enter_context(
                _shape(
                    folder / "many",
                    postgres,
                    redis,
                    {
                        ("intake",): "is open",
                        ("worker", "--processes", "1"): "are running",
                        ("scheduler",): "is running",
                    },
                )
            ),
        }
        say("| shape | letters/s | CPU ms a letter |")
        say("|---|---|---|")
        rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in shapes}
        for _ in range(ROUNDS + 1):  # the first warms up
            for name, shape in shapes.items():
                rounds[name].append(_round(shape))
        for name, told in rounds.items():
            rate, cpu = (statistics.median(one[place] for one in told[1:]) for place in (0, 1))
            say(f"| {name} | {rate:.0f} | {cpu:.1f} |")
