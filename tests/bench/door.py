"""Letters a second at the mail door, kept durably, beside a bare aiosmtpd that throws them away."""

from __future__ import annotations

import asyncio
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from subprocess import PIPE, Popen
from time import perf_counter

from core.store import migrate
from core.store.engine import open_engines
from tests import servers
from tests.bench.costs import cpu_s
from tests.bench.rates import Rate
from tests.cherha.processes import free_port, running

#: Letters a round, after a tenth as many to warm up.
LETTERS = 1500

#: Each pair is measured so often, one after the other.
ROUNDS = 5

_numbers = count()


#: A letter and who sends it.
Sent = tuple[str, bytes]


def made(letters: int, size: int, *, apart: bool = False) -> Iterator[Sent]:
    """Make letters one by one.

    Args:
        size: bytes of each, roughly.
        apart: each is from a sender of its own.
    """
    for _ in range(letters):
        sender = f"a{next(_numbers) if apart else ''}@customer.example"
        yield sender, _letter(size, sender)


def _letter(size: int, sender: str) -> bytes:
    head = f"From: {sender}\r\nMessage-ID: <{next(_numbers)}@customer.example>\r\nSubject: x\r\n\r\n".encode()
    line = b"x" * 70 + b"\r\n"
    return head + line * ((size - len(head)) // len(line))


async def _client(port: int, letters: Iterable[Sent]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await reader.readline()
    writer.write(b"EHLO bench.example\r\n")
    while (await reader.readline())[3:4] == b"-":
        pass
    for sender, letter in letters:
        for words, expected in (
            (f"MAIL FROM:<{sender}>\r\n".encode(), b"2"),
            (b"RCPT TO:<desk@localhost>\r\n", b"2"),
            (b"DATA\r\n", b"3"),
            (letter + b".\r\n", b"2"),
        ):
            writer.write(words)
            answer = await reader.readline()
            if not answer.startswith(expected):
                raise RuntimeError(answer.decode())
    writer.close()


async def bring(port: int, connections: int, letters: Sequence[Sent]) -> None:
    """Bring letters to a door over many connections at once."""
    await asyncio.gather(*(_client(port, letters[place::connections]) for place in range(connections)))


async def _crowd(port: int, connections: int, letters: int, size: int) -> None:
    """Bring letters that are made meanwhile: so many of 75 KB need not be held."""
    await asyncio.gather(*(_client(port, made(letters // connections, size)) for _ in range(connections)))


def _round(port: int, pid: int, connections: int, size: int) -> Rate:
    asyncio.run(_crowd(port, connections, max(LETTERS // 10, connections), size))
    before, start = cpu_s(pid), perf_counter()
    asyncio.run(_crowd(port, connections, LETTERS, size))
    letters = LETTERS // connections * connections
    return Rate.of(letters, perf_counter() - start, cpu_s(pid) - before)


@contextmanager
def _bare() -> Iterator[tuple[int, int]]:
    port = free_port()
    with Popen([sys.executable, "-m", "tests.bench.bare", str(port)], stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield port, process.pid
        process.kill()


@contextmanager
def intake(folder: Path, database_url: str, redis_url: str) -> Iterator[tuple[int, int]]:
    """Run a mail door and nothing behind it; yields its port and its process."""
    engines = open_engines(database_url)
    migrate.upgrade(engines)
    engines.dispose()
    port = free_port()
    settings = {"smtp_listen": f"127.0.0.1:{port}", "data": folder, "log_level": "WARNING"}
    with running(folder, "intake", database_url=database_url, redis_url=redis_url, **settings) as door:
        door.wait_for("The mail door is open")
        yield port, door.process.pid
        door.end()


def measure(folder: Path, say: Callable[[str], None]) -> None:
    """Measure the door on SQLite and on PostgreSQL, each round next to one of the bare server."""
    with ExitStack() as stack:
        redis = stack.enter_context(servers.valkey())
        postgres = servers.new_database(stack.enter_context(servers.postgres(servers.shared_folder())))
        bare = stack.enter_context(_bare())
        doors = {
            "SQLite": stack.enter_context(intake(folder, f"sqlite:///{folder / 'desk.sqlite3'}", redis)),
            "PostgreSQL": stack.enter_context(intake(folder, postgres, redis)),
        }
        say("| database | connections | letter | door /s | bare /s | ratio | door CPU ms | bare CPU ms |")
        say("|---|---|---|---|---|---|---|---|")
        for connections, size in ((1, 5_000), (16, 5_000), (64, 5_000), (16, 75_000)):
            for name, door in doors.items():
                pairs = [(_round(*door, connections, size), _round(*bare, connections, size)) for _ in range(ROUNDS)]
                say(_row(name, connections, size, pairs))


def _row(name: str, connections: int, size: int, pairs: list[tuple[Rate, Rate]]) -> str:
    def middle(pick: Callable[[tuple[Rate, Rate]], float]) -> float:
        return statistics.median(map(pick, pairs))

    return (
        f"| {name} | {connections} | {size // 1000} KB | {middle(lambda p: p[0].per_second):.0f} "
        f"| {middle(lambda p: p[1].per_second):.0f} | {middle(lambda p: p[0].per_second / p[1].per_second):.2f} "
        f"| {middle(lambda p: p[0].cpu_ms):.2f} | {middle(lambda p: p[1].cpu_ms):.2f} |"
    )
