"""What a hostile client may cost: the door's memory is measured from outside."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import psutil
import pytest

_MB = 1024 * 1024

#: A letter's worth of memory, a chunk off the wire, and what Python itself does not give back.
_ALLOWED_BYTES = 25 * _MB


@pytest.fixture
def serving() -> Iterator[tuple[int, psutil.Process]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.smtp.serving"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        while not (line := process.stdout.readline()).strip().isdigit():
            assert line, "the door did not open"
        yield int(line), psutil.Process(process.pid)
        process.stdin.close()


class Gauge:
    """Watches how large a process gets."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._before = process.memory_info().rss
        self._most = self._before
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._done.wait(0.01):
            self._most = max(self._most, self._process.memory_info().rss)

    def grown(self) -> int:
        self._done.set()
        self._thread.join()
        return self._most - self._before


def attack(port: int, block: bytes, times: int) -> bytes:
    """Begin a letter, pour in a block again and again, end it, and read the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
        answers = wire.makefile("rb")
        for line in (b"HELO x", b"MAIL FROM:<a@example.com>", b"RCPT TO:<b@desk.example>", b"DATA"):
            wire.sendall(line + b"\r\n")
        for _ in range(5):
            answers.readline()
        for _ in range(times):
            wire.sendall(block)
        wire.sendall(b"\r\n.\r\n")
        return answers.readline()


@pytest.mark.parametrize(
    ("block", "times", "answer"),
    [
        pytest.param(b"\r\n" * (_MB // 2), 24, b"250", id="24 MB of empty lines"),
        pytest.param(b"\r\n" * (_MB // 2), 60, b"552 5.3.4", id="60 MB of empty lines"),
        pytest.param(b"x" * _MB, 100, b"552 5.3.4", id="a line of 100 MB"),
        pytest.param(b"a: b\r\n" * 170_000, 20, b"552 5.3.4", id="20 MB of header"),
    ],
)
def test_holds_its_memory_against(serving: tuple[int, psutil.Process], block: bytes, times: int, answer: bytes) -> None:
    port, process = serving
    gauge = Gauge(process)
    assert attack(port, block, times).startswith(answer)
    assert gauge.grown() < _ALLOWED_BYTES
