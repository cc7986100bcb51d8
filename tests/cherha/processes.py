"""Commands of the desk as processes, as a person at a terminal starts and ends them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30.0


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**settings: object) -> dict[str, str]:
    """Make the environment of a command: nothing of ours but what is given, as `CHERHA_…`."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("CHERHA_")}
    given = {f"CHERHA_{name.upper()}": str(value) for name, value in settings.items()}
    return {**bare, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "NO_COLOR": "1", **given}


def cherha(folder: Path, *words: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder until it ends."""
    command = [sys.executable, "-m", "cherha", *words]
    return subprocess.run(
        command, cwd=folder, env=environment(**settings), capture_output=True, text=True, timeout=60, check=False
    )


@dataclass
class Running:
    """A command that goes on; what it says is read all the time, so that it never waits for us."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())

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


@contextmanager
def running(folder: Path, *words: str, **settings: object) -> Iterator[Running]:
    """Run a command in a folder for the block; both its outputs are one."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "cherha", *words],
        cwd=folder,
        env=environment(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Running(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
