"""A few processes that read letters for this one: started when needed, used again, replaced, and ended when idle."""

from __future__ import annotations

import datetime as dt
import io
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import BoundedSemaphore, Lock, Timer
from time import monotonic

import structlog

from core.errors import TryLater
from core.intake import letter, reading, rules
from core.intake.reading import Understood
from core.intake.rules import bounce, statuses
from workers.reading.frames import receive, send

#: What reads; it finds our code from where this file lies.
COMMAND = (sys.executable, "-m", "workers.reading.child")
_ROOT = Path(__file__).parents[2]

#: So long a new process may take to begin, on a machine that has much else to do.
_BEGIN_S = 30.0

#: A process that dies over a letter though no limit was reached, such as one that somebody killed, is not its fault.
_ATTEMPTS = 2

#: All that an answer may be made of.
_VALUES = {
    (one.__module__, one.__qualname__): one
    for one in (
        *(
            letter.Address,
            letter.Attachment,
            letter.Part,
            letter.Forwarded,
            letter.Meeting,
            letter.Letter,
            rules.Kind,
            reading.Understood,
        ),
        *(bounce.Bounce, statuses.Why),
        *(dt.datetime, dt.timezone, dt.timedelta),
    )
}

log = structlog.get_logger(__name__)


class Readers:
    """Reads letters in at most `count` processes.

    Whoever wants to read waits for a turn first: `with readers.turn: readers.read(…)`.

    Args:
        count: processes at the same time; each takes about 25 MB.
        wall_s: for one letter; a limit on processor time is the child's own.
        idle_s: a process that was not needed for so long is ended.
        command: what is run; it is handed a socket as its standard input.
    """

    def __init__(
        self, count: int = 2, *, wall_s: float = 10.0, idle_s: float = 60.0, command: Sequence[str] = COMMAND
    ) -> None:
        self.turn = BoundedSemaphore(count)
        self._wall_s = wall_s
        self._idle_s = idle_s
        self._command = command
        self._idle: list[_Child] = []
        self._lock = Lock()
        self._timer: Timer | None = None

    def read(self, raw: bytes, mail_from: str, within_s: float | None = None) -> Understood | None:
        """Read a letter; None when it cannot be read within the limits.

        Args:
            within_s: a shorter time than that of these readers.

        Raises:
            TryLater: no process can be started now.
        """
        for _ in range(_ATTEMPTS):
            child = self._take()
            try:
                found = child.read(raw, mail_from, within_s or self._wall_s)
            except TimeoutError:
                log.warning("letter_takes_too_long", pid=child.pid, bytes=len(raw))
                child.end()
                return None
            except (OSError, EOFError, pickle.UnpicklingError):
                if child.end() == -signal.SIGXCPU:
                    log.warning("letter_takes_too_long", pid=child.pid, bytes=len(raw))
                    return None
            else:
                self._give_back(child)
                return found
        log.warning("letter_ends_its_reader", bytes=len(raw))
        return None

    def close(self) -> None:
        """End the processes that have nothing to do."""
        with self._lock:
            idle, self._idle = self._idle, []
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        for child in idle:
            child.end()

    def _take(self) -> _Child:
        """Take the process that was used last, so that one that is not needed grows old; start one if there is none."""
        while True:
            with self._lock:
                child = self._idle.pop() if self._idle else None
            if child is None:
                return self._start()
            if child.lives():
                return child
            child.end()

    def _start(self) -> _Child:
        try:
            return _Child(self._command)
        except (OSError, EOFError) as error:
            log.error("reader_not_started", reason=type(error).__name__)  # noqa: TRY400 - the reason tells all
            raise TryLater("error.reader_away") from error

    def _give_back(self, child: _Child) -> None:
        child.used_at_s = monotonic()
        with self._lock:
            self._idle.append(child)
            self._look_again()

    def _look_again(self) -> None:
        if self._timer is None and self._idle:
            self._timer = Timer(self._idle_s, self._end_idle)
            self._timer.daemon = True
            self._timer.start()

    def _end_idle(self) -> None:
        since_s = monotonic() - self._idle_s
        with self._lock:
            old = [child for child in self._idle if child.used_at_s <= since_s or not child.lives()]
            self._idle = [child for child in self._idle if child not in old]
            self._timer = None
            self._look_again()
        for child in old:
            child.end()


class _Child:
    """One process that reads; used by one thread at a time.

    Raises:
        OSError: it cannot be started; or `EOFError`.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.used_at_s = monotonic()
        self._line, theirs = socket.socketpair()
        try:
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - our own command
                    command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, cwd=_ROOT
                )
        except OSError:
            self._line.close()
            raise
        try:
            receive(self._line, monotonic() + _BEGIN_S)
        except (OSError, EOFError):
            self.end()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def lives(self) -> bool:
        return self._process.poll() is None

    def read(self, raw: bytes, mail_from: str, wall_s: float) -> Understood | None:
        """Have a letter read; None when the child says that it cannot be.

        Raises:
            TimeoutError: it takes too long.
            EOFError: the child died; or `OSError`.
        """
        deadline_s = monotonic() + wall_s
        self._line.settimeout(wall_s)
        send(self._line, mail_from.encode("utf-8", "replace"), raw)
        answer = receive(self._line, deadline_s)
        return _Values(io.BytesIO(answer)).load() if answer else None

    def end(self) -> int:
        """End it at once, and tell how it ended."""
        self._line.close()
        if self._process.poll() is None:
            self._process.kill()
        return self._process.wait()


class _Values(pickle.Unpickler):
    """Takes values of the intake and nothing else, whatever a child that read a hostile letter may say."""

    def find_class(self, module: str, name: str) -> type:
        found = _VALUES.get((module, name))
        if found is None:
            raise pickle.UnpicklingError(name)
        return found
