"""Keep a number of child processes alive: the dead are replaced, and none outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic

import structlog

#: A child that lived for so long before it died is replaced at once, another after a growing pause.
_STEADY_S = 10.0
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0

_TICK_S = 0.2

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Place:
    """One child's place, with the child that has it now."""

    child: subprocess.Popen[bytes]
    began_s: float
    pause_s: float = _FIRST_PAUSE_S
    restart_at_s: float | None = None


class Supervisor:
    """Runs `count` processes of one command.

    Each child gets a pipe as its standard input that is never written to: when it ends, the parent is gone, however it
    died. A child calls `end_with_parent` to notice.

    Args:
        command: the command and its arguments.
        count: how many run at the same time.
        grace_s: after a signal, so long is given to a child before it is killed.
    """

    def __init__(self, command: Sequence[str], count: int, grace_s: float = 10.0) -> None:
        self._command = list(command)
        self._count = count
        self._grace_s = grace_s
        self._places: list[_Place] = []

    def run(self, stopping: Event) -> None:
        """Start the children and keep them alive until `stopping` is set, then end them."""
        self._places = [_Place(self._start(), monotonic()) for _ in range(self._count)]
        while not stopping.wait(_TICK_S):
            for place in self._places:
                self._look_after(place)
        self._end()

    def _start(self) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603 - our own command
        log.info("child_started", pid=child.pid)
        return child

    def _look_after(self, place: _Place) -> None:
        code = place.child.poll()
        if code is None:
            return
        now = monotonic()
        if place.restart_at_s is None:
            place.pause_s = 0.0 if now - place.began_s >= _STEADY_S else _grown(place.pause_s)
            place.restart_at_s = now + place.pause_s
            _close(place.child)
            log.warning("child_died", pid=place.child.pid, code=code, again_in_s=place.pause_s)
        if now >= place.restart_at_s:
            place.child, place.began_s, place.restart_at_s = self._start(), now, None

    def _end(self) -> None:
        for place in self._places:
            _close(place.child)
            if place.child.poll() is None:
                place.child.send_signal(signal.SIGTERM)
        deadline = monotonic() + self._grace_s
        for place in self._places:
            try:
                place.child.wait(max(0.0, deadline - monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("child_killed", pid=place.child.pid)
                place.child.kill()
                place.child.wait()


def _grown(pause_s: float) -> float:
    return min(max(pause_s * 2, _FIRST_PAUSE_S), _LONGEST_PAUSE_S)


def _close(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None:
        child.stdin.close()


def end_with_parent() -> None:
    """In a child: ask this process to end as soon as the parent is gone."""

    def watch() -> None:
        # Not by `sys.stdin`: its lock would be held when the child ends by itself, and abort the interpreter.
        while os.read(sys.stdin.fileno(), 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=watch, name="parent-watch", daemon=True).start()
