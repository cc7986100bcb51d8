from __future__ import annotations

import os
import signal
import smtplib
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
import redis

from core.desk import Desk
from core.digests.numbers import DeskNumbers, numbers
from core.settings import House
from core.store import migrate
from core.store.engine import open_engines
from tests.cherha.processes import Running, free_port, running
from tests.waiting import until


class Spread:
    """A desk of several processes."""

    def __init__(self, folder: Path, stack: ExitStack, desk: Desk, **settings: object) -> None:
        self.desk = desk
        self.port = free_port()
        settings |= {"smtp_listen": f"127.0.0.1:{self.port}", "heartbeat_s": 1, "lease_s": 1}
        self.parts = {
            name: stack.enter_context(running(folder, *words, **settings))
            for name, words in (
                ("intake", ("intake",)),
                ("worker", ("worker", "--processes", "2", "--threads", "2")),
                ("scheduler", ("scheduler",)),
            )
        }
        self.parts["intake"].wait_for("The mail door is open")
        self.parts["worker"].wait_for("workers of 2 threads are running")
        self.parts["scheduler"].wait_for("The clock is running")

    def write(self, number: int) -> None:
        """Bring a letter to the door."""
        raw = f"From: ivan{number}@example.com\r\nMessage-ID: <{number}@example.com>\r\n\r\nHello {number}\r\n"
        with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as door:
            door.sendmail(f"ivan{number}@example.com", ["desk@localhost"], raw)

    def numbers(self) -> DeskNumbers:
        """Count what there is."""
        return self.desk.look(numbers)

    def wait_for_cases(self, count: int) -> None:
        """Wait until there are so many cases."""
        until(lambda: self.numbers().cases["open"] == count, 30)

    def workers(self) -> list[int]:
        """List the worker processes."""
        parent: Running = self.parts["worker"]
        return [child.pid for child in psutil.Process(parent.process.pid).children()]


@pytest.mark.long
def test_nothing_is_lost_though_workers_are_killed_and_redis_forgets(
    postgres_url: str, redis_url: str, tmp_path: Path
) -> None:
    engines = open_engines(postgres_url)
    migrate.upgrade(engines)
    client = redis.Redis.from_url(redis_url)
    with ExitStack() as stack:
        stack.callback(engines.dispose)
        stack.callback(client.close)
        settings = {"database_url": postgres_url, "redis_url": redis_url, "data": tmp_path / "var"}
        desk = Spread(tmp_path, stack, Desk(engines, House()), **settings)
        desk.write(0)
        desk.wait_for_cases(1)
        before = desk.workers()
        assert len(before) == 2
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        for number in range(1, 20):
            desk.write(number)
            client.flushall()
        desk.wait_for_cases(20)
        assert not set(desk.workers()) & set(before)
        assert desk.numbers().letters == {"kept": 0, "understood": 20, "repeated": 0, "set_aside": 0}
        for part in desk.parts.values():
            part.process.send_signal(signal.SIGTERM)
        ends = {name: part.process.wait(20) for name, part in desk.parts.items()}
        assert ends == {"intake": 0, "worker": 0, "scheduler": 0}
