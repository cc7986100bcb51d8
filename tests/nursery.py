"""Processes of the desk that start at once: one process imports the desk, and each command is a fork of it.

A fork is a process like any other, with memory, files and an end of its own; it only skips the second or more that
a new interpreter needs to import the desk. Some tests start a new one all the same: `tests/cherha/test_run.py`.

`python -m tests.nursery SOCKET [TEMPLATE KEEPER]` serves all processes of a run until the last of them is gone, and
ends what it started.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import random
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from tests import servers

ROOT = Path(__file__).parents[1]

#: What each connection begins with: how many bytes tell of a command; 0 from who joins.
_HEAD = struct.Struct("!I")

# --- the side of the tests ------------------------------------------------------------------------


class Child:
    """A command that runs; of the attributes and methods of `subprocess.Popen`, those that tests use."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._file = line.makefile("rb")
        self.pid = int(self._file.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Tell how it ended, or None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends, at most so many seconds, and tell how: the exit code, or minus the signal.

        Raises:
            subprocess.TimeoutExpired: it still runs.
        """
        if self.returncode is None:
            if not select.select([self._line], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            said = self._file.readline()
            self.returncode = int(said) if said else -signal.SIGKILL
            self._file.close()
            self._line.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send_signal(signal.SIGKILL)


def start(
    words: Sequence[str], folder: Path, env: dict[str, str], stdout: int, stderr: int, *, module: str = "cherha"
) -> Child:
    """Start `cherha`, or another module, with these words in a folder; its outputs are two open files of ours."""
    line = socket.socket(socket.AF_UNIX)
    line.connect(_nursery(os.getpid()))
    told = json.dumps({"words": [module, *words], "folder": str(folder), "env": env}).encode()
    socket.send_fds(line, [_HEAD.pack(len(told))], [stdout, stderr])
    line.sendall(told)
    return Child(line)


@cache
def _nursery(_pid: int) -> str:
    """Join the nursery of this run, or start it; it ends with the last process that joined it."""
    path = f"{servers.shared_folder()}/nursery"
    with Path(f"{path}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            _KEPT.append(_join(path))
        except OSError:
            _start_nursery(path)
            _KEPT.append(_join(path))
    return path


#: Open as long as this process lives, so that the nursery does.
_KEPT: list[socket.socket] = []


#: The nursery that was begun, until it is ready.
_BEGUN: list[subprocess.Popen[bytes]] = []


def begin(template: Path) -> None:
    """Start the nursery of this run beside what this process does next; it lives as long as this process and its forks.

    Args:
        template: where it also makes the SQLite database that tests copy.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        _BEGUN.append(_started(f"{servers.shared_folder()}/nursery", str(template), keeper=theirs.fileno()))
    _KEPT.append(ours)


def is_ready() -> None:
    """Wait until the nursery that was begun can be joined, if one was."""
    while _BEGUN:
        _wait_for(_BEGUN.pop())


def _join(path: str) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    try:
        line.connect(path)
        line.sendall(_HEAD.pack(0))
    except OSError:
        line.close()
        raise
    return line


def _start_nursery(path: str) -> None:
    Path(path).unlink(missing_ok=True)
    _wait_for(_started(path))


def _started(*words: str, keeper: int | None = None) -> subprocess.Popen[bytes]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("CHERHA_")}
    kept = () if keeper is None else (keeper,)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.nursery", *words, *map(str, kept)], cwd=ROOT,
        env=bare | {"NO_COLOR": "1", "COLUMNS": "200"}, pass_fds=kept,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def _wait_for(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    process.returncode = 0  # nobody waits for it: others may need it for longer than this process lives


@atexit.register
def _leave() -> None:
    for line in _KEPT:
        line.close()


# --- the side of the nursery ----------------------------------------------------------------------


def _import_the_desk(template: Path | None) -> None:
    """Import all that any command does, and use what imports more when it is first used."""
    for package in ("core", "bot", "workers", "cherha"):
        for found in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not found.name.endswith("__main__") and "migrations" not in found.name:
                importlib.import_module(found.name)
    from tests.core.databases import sqlite_template

    with tempfile.TemporaryDirectory() as folder:
        sqlite_template(template or Path(folder))


class _Nursery:
    def __init__(self, path: str, keeper: int | None) -> None:
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(path)
        self._door.listen(64)
        self._lines: dict[int, socket.socket] = {}
        self._keepers = [] if keeper is None else [socket.socket(fileno=keeper)]
        self._ended, waking = os.pipe()
        os.set_blocking(waking, False)
        os.set_blocking(self._ended, False)
        signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends when the tests do

    def serve(self) -> list[str] | None:
        """Serve until the last who joined is gone. Returns None then; in each child: its module and words."""
        while True:
            ready = select.select([self._door, self._ended, *self._keepers], [], [])[0]
            if self._ended in ready:
                os.read(self._ended, 4096)
                self._tell_of_ends()
            if self._door in ready and (words := self._begin()) is not None:
                return words
            gone = [one for one in self._keepers if one in ready]
            for keeper in gone:
                keeper.close()
                self._keepers.remove(keeper)
            if gone and not self._keepers:
                for pid in self._lines:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                return None

    def _tell_of_ends(self) -> None:
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                line = self._lines.pop(found[0])
                with suppress(OSError):
                    line.sendall(b"%d\n" % os.waitstatus_to_exitcode(found[1]))
                line.close()

    def _begin(self) -> list[str] | None:
        line = self._door.accept()[0]
        head, files, _, _ = socket.recv_fds(line, 4, 2)
        (size,) = _HEAD.unpack(head)
        if not size:
            self._keepers.append(line)
            return None
        with line.makefile("rb") as file:
            told = json.loads(file.read(size))
        pid = os.fork()
        if not pid:
            self._become(line, files, told["folder"], told["env"])
            return list(told["words"])
        for number in files:
            os.close(number)
        self._lines[pid] = line
        line.sendall(b"%d\n" % pid)
        return None

    def _become(self, line: socket.socket, files: list[int], folder: str, env: dict[str, str]) -> None:
        """Be as an interpreter that was started for this command alone."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for one in (line, self._door, *self._lines.values(), *self._keepers):
            one.close()
        os.close(self._ended)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, to in zip(files, (1, 2), strict=True):
            os.dup2(number, to)
            os.close(number)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115 - until the end
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115 - until the end
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(env)
        random.seed()


def main(path: str, template: str | None = None, keeper: str | None = None) -> None:
    """Serve; and in a child: run the command, and end as it ends."""
    _import_the_desk(Path(template) if template else None)
    gc.collect()
    gc.freeze()
    nursery = _Nursery(path, int(keeper) if keeper else None)
    print("ready", flush=True)  # noqa: T201 - to who started it
    words = nursery.serve()
    if words is not None:
        _run(words[0], words[1:])
    for one in (path, f"{path}.lock"):
        Path(one).unlink(missing_ok=True)
    with suppress(OSError):  # the database is still in it
        Path(path).parent.rmdir()


def _run(module: str, words: list[str]) -> None:
    """Run a command and end as it ends, but leave its memory to the system: taking it apart would copy all of it."""
    sys.argv = ["cherha", *words]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code: object = 0
    except SystemExit as ended:
        code = ended.code
    if code is None or isinstance(code, int):
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code or 0)
    raise SystemExit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
