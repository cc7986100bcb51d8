"""What a letter costs from the door to a committed case with its card and its receipt owed: all processes counted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

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
from tests.bench.costs import cpu_s, of_postgres
from tests.bench.door import Sent, bring, made
from tests.bench.rates import Rate, median
from tests.cherha.processes import free_port, running

#: Letters a round, each from a sender of its own, over so many connections.
LETTERS, CONNECTIONS, SIZE = 1600, 16, 5_000

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """A running desk: its door, its processes with those of its database, and the way to look into it."""

    desk: Desk
    port: int
    pids: tuple[int, ...]

    def cpu_s(self) -> float:
        """Add up the processor time of all processes, those of the database too."""
        return cpu_s(*self.pids)

    def waiting(self) -> bool:
        """Tell whether letters are kept that nobody has understood yet."""
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
def shape(folder: Path, database_url: str, redis_url: str, parts: dict[tuple[str, ...], str]) -> Iterator[Shape]:
    """Run a desk where somebody works, as these commands, each with the words that it says when it is ready."""
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
        database = () if engines.is_sqlite else (of_postgres(servers.shared_folder() / "postgres"),)
        yield Shape(desk, port, (*(part.process.pid for part in started), *database))
        for part in started:
            part.end()
    engines.dispose()


def round_of(shape: Shape, letters: Sequence[Sent]) -> Rate:
    """Bring letters in and wait until all are understood."""
    before, start = shape.cpu_s(), perf_counter()
    asyncio.run(bring(shape.port, CONNECTIONS, letters))
    while shape.waiting():
        time.sleep(0.1)
    return Rate.of(len(letters), perf_counter() - start, shape.cpu_s() - before)


def measure(folder: Path, say: Callable[[str], None]) -> None:
    """Measure one process on SQLite and the parts on PostgreSQL and Redis, in turn."""
    with ExitStack() as stack:
        redis = stack.enter_context(servers.valkey())
        postgres = servers.new_database(stack.enter_context(servers.postgres(servers.shared_folder())))
        for name in ("one", "many"):
            (folder / name).mkdir()
        shapes = {
            "one process, SQLite": stack.enter_context(
                shape(folder / "one", f"sqlite:///{folder / 'one' / 'desk.sqlite3'}", "", {("run",): "is running"})
            ),
            "in parts, PostgreSQL and Redis": stack.enter_context(
                shape(
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
        rounds: dict[str, list[Rate]] = {name: [] for name in shapes}
        for _ in range(ROUNDS + 1):  # the first warms up
            for name, one in shapes.items():
                rounds[name].append(round_of(one, list(made(LETTERS, SIZE, apart=True))))
        for name, told in rounds.items():
            middle = median(told[1:])
            say(f"| {name} | {middle.per_second:.0f} | {middle.cpu_ms:.1f} |")
