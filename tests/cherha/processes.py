"""Commands of the desk as processes, as a person at a terminal starts and ends them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from tests import nursery

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30.0


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


#: One sender of a test writes what hundreds would: only the tests of these limits have them on.
UNLIMITED = {"mail_per_minute": "0", "mail_per_hour": "0", "chat_per_minute": "0", "news_per_minute": "0"}


def environment(**settings: object) -> dict[str, str]:
    """Make the environment of a command: nothing of ours but what is given, as `CHERHA_…`, and no limit of senders."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("CHERHA_")}
    given = {f"CHERHA_{name.upper()}": str(value) for name, value in {**UNLIMITED, **settings}.items()}
    return {**bare, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "NO_COLOR": "1", **given}


def cherha(folder: Path, *words: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder until it ends."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = nursery.start(words, folder, environment(**settings), out.fileno(), err.fileno()).wait(60)
        for file in (out, err):
            file.seek(0)
        return subprocess.CompletedProcess(words, code, out.read().decode(), err.read().decode())


@dataclass
class Running:
    """A command that goes on; what it says is read all the time, so that it never waits for us."""

    process: nursery.Child | subprocess.Popen[bytes]
    output: IO[bytes]
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.output:
            self.said.append(line.decode(errors="replace").rstrip())

    def wait_for(self, words: str) -> str:
        """Wait until it says something, and return that line."""
        deadline = monotonic() + PATIENCE_S
        while monotonic() < deadline:
            for line in list(self.said):
                if words in line:
                    return line
            if self.process.poll() is not None:
                sleep(0.2)
                assert any(words in line for line in self.said), "\n".join(self.said)
            sleep(0.02)
        raise AssertionError("\n".join([f"never said {words!r}:", *self.said]))

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send it a signal and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def close(self) -> None:
        """End it if it still runs, and read the last it said."""
        self.process.kill()
        self.process.wait()
        self._reader.join(PATIENCE_S)  # what it started may hold the other end a moment longer
        if not self._reader.is_alive():
            self.output.close()


def launch(
    folder: Path, words: Sequence[str], env: Mapping[str, str], stderr: int | None = None, *, module: str = "cherha"
) -> Running:
    """Start a command in a folder; both its outputs are one unless a file for the errors is given.

    Args:
        module: what is run instead of the desk as it is.
    """
    ours, theirs = os.pipe()
    try:
        process = nursery.start(words, folder, dict(env), theirs, theirs if stderr is None else stderr, module=module)
    finally:
        os.close(theirs)
    return Running(process, os.fdopen(ours, "rb"))


@contextmanager
def running(folder: Path, *words: str, fresh: bool = False, **settings: object) -> Iterator[Running]:
    """Run a command in a folder for the block; both its outputs are one.

    Args:
        fresh: by a new interpreter, as a person at a terminal starts it.
    """
    if fresh:
        command = [sys.executable, "-u", "-m", "cherha", *words]
        process = subprocess.Popen(
            command, cwd=folder, env=environment(**settings), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert process.stdout is not None
        started = Running(process, process.stdout)
    else:
        started = launch(folder, words, environment(**settings))
    try:
        yield started
    finally:
        started.close()
