"""Letters a second at the mail door, kept durably, beside a bare aiosmtpd that throws them away."""

from __future__ import annotations

import asyncio
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from subprocess import PIPE, Popen
from time import perf_counter

import psutil

from core.store import migrate
from core.store.engine import open_engines
from tests import servers
from tests.cherha.processes import free_port, running

#: Letters a round, after a tenth as many to warm up.
LETTERS = 1500

#: Each pair is measured so often, one after the other.
ROUNDS = 5

_numbers = count()


@dataclass(frozen=True, slots=True)
class Rate:
    """One round: letters a second as clients saw it, and CPU time of the server a letter, in milliseconds."""

    per_second: float
    cpu_ms: float


def _letter(size: int, sender: str) -> bytes:
    head = f"From: {sender}\r\nMessage-ID: <{next(_numbers)}@customer.example>\r\nSubject: x\r\n\r\n".encode()
    line = b"x" * 70 + b"\r\n"
    return head + line * ((size - len(head)) // len(line)) + b".\r\n"


async def _client(port: int, letters: int, size: int, *, apart: bool) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await reader.readline()
    writer.write(b"EHLO bench.example\r\n")
    while (await reader.readline())[3:4] == b"-":
        pass
    for _ in range(letters):
        sender = f"a{next(_numbers) if apart else ''}@customer.example"
        for words, expected in (
            (f"MAIL FROM:<{sender}>\r\n".encode(), b"2"),
            (b"RCPT TO:<desk@localhost>\r\n", b"2"),
            (b"DATA\r\n", b"3"),
            (_letter(size, sender), b"2"),
        ):
            writer.write(words)
            answer = await reader.readline()
            if not answer.startswith(expected):
                raise RuntimeError(answer.decode())
    writer.close()


async def crowd(port: int, connections: int, letters: int, size: int, *, apart: bool = False) -> None:
    """Bring letters to a door over many connections at once.

    Args:
        apart: each from a sender of its own.
    """
    await asyncio.gather(*(_client(port, letters // connections, size, apart=apart) for _ in range(connections)))


def _round(port: int, server: psutil.Process, connections: int, size: int) -> Rate:
    asyncio.run(crowd(port, connections, max(LETTERS // 10, connections), size))
    before, start = sum(server.cpu_times()[:2]), perf_counter()
    asyncio.run(crowd(port, connections, LETTERS, size))
    letters = LETTERS // connections * connections
    took, cpu = perf_counter() - start, sum(server.cpu_times()[:2]) - before
    return Rate(letters / took, cpu / letters * 1000)


@contextmanager
def _bare() -> Iterator[tuple[int, psutil.Process]]:
    port = free_port()
    with Popen([sys.executable, "-m", "tests.bench.bare", str(port)], stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield port, psutil.Process(process.pid)
        process.kill()


@contextmanager
def _door(folder: Path, database_url: str, redis_url: str) -> Iterator[tuple[int, psutil.Process]]:
    engines = open_engines(database_url)
    migrate.upgrade(engines)
    engines.dispose()
    port = free_port()
    settings = {"smtp_listen": f"127.0.0.1:{port}", "data": folder, "log_level": "WARNING"}
    with running(folder, "intake", database_url=database_url, redis_url=redis_url, **settings) as door:
        door.wait_for("The mail door is open")
        yield port, psutil.Process(door.process.pid)
        door.end()


def measure(folder: Path, say: Callable[[str], None]) -> None:
    """Measure the door on SQLite and on PostgreSQL, each round next to one of the bare server."""
    with ExitStack() as stack:
        redis = stack.enter_context(servers.valkey())
        postgres = servers.new_database(stack.enter_context(servers.postgres(servers.shared_folder())))
        bare = stack.enter_context(_bare())
        doors = {
            "SQLite": stack.enter_context(_door(folder, f"sqlite:///{folder / 'desk.sqlite3'}", redis)),
            "PostgreSQL": stack.enter_context(_door(folder, postgres, redis)),
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
